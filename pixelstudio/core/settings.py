"""Every setting, typed, with a default that works on a laptop with no account anywhere; read once at start."""

from __future__ import annotations

import os
import re
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from pixelstudio.core.limits import (
    API_GENERATIONS_PER_MINUTE,
    DONE_JOBS_KEPT,
    DRAIN_S,
    FAILED_JOBS_KEPT,
    PROMPT_LLM_TOKENS_PER_DAY,
    REQUESTS_PER_SECOND,
    SIDE_MAX,
    SIDE_MIN,
    SOCKETS_PER_ADDRESS,
    WAIT_OBJECTIVE_S,
    WAITING_JOBS_MAX,
    WAITING_JOBS_PER_PERSON,
)

_MODEL_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@-]{0,79}")
_SECRET: Final = re.compile(r"whsec_(?:[A-Za-z0-9+/]{4}){8,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_CAP: Final = re.compile(r"([a-z][a-z0-9-]{0,39})=(\d{1,9})")
_SENDER: Final = re.compile(r"(?:[^<>\x00-\x1f\"]{1,80} <[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)")
_SIZE: Final = re.compile(r"(\d{3,4})x(\d{3,4})")


class SettingsFault(Exception):
    """The settings do not stand; `faults` has every one of them, not the first, and the message lists them."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(["The settings cannot be used:", *(f"  {fault}" for fault in faults)]))
        self.faults = faults


class Settings(BaseSettings):
    """What a maintainer may set, by environment variable of the same name in capitals."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_file=".env", env_file_encoding="utf-8", hide_input_in_errors=True)

    host: str = Field("0.0.0.0", description="Address the server listens on. Phones on the same network reach 0.0.0.0.")  # noqa: S104
    port: int = Field(3000, ge=1, le=65_535, description="Port the server listens on.")
    public_url: str = Field(
        "", description="The address people type when it is not this machine's own, such as https://studio.example.org."
    )
    trusted_proxy_hops: int = Field(
        0, ge=0, le=8, description="How many reverse proxies in front of the server may be believed about addresses."
    )
    requests_per_second: float = Field(
        REQUESTS_PER_SECOND, ge=10, le=100_000, description="Requests one address may make a second, over time; 30 times as many at once."
    )
    sockets_per_address: int = Field(
        SOCKETS_PER_ADDRESS, ge=5, le=100_000, description="Open pages one address may have; a school behind one router is one address."
    )
    data_dir: Path = Field(Path("var"), description="Folder for the SQLite file and the pictures.")
    database_url: SecretStr = Field(
        SecretStr(""), description="postgresql://user:password@host/name; empty means a SQLite file in DATA_DIR."
    )
    redis_url: SecretStr = Field(
        SecretStr(""),
        description="redis://, rediss:// or unix:// address of a Redis that several servers share as their cache; empty: each keeps its own.",
    )
    worker_concurrency: int = Field(
        0,
        ge=0,
        le=256,
        description="Jobs one worker process runs at a time; 0 means four, and all that paid providers may draw beside them.",
    )
    worker_drain_s: Annotated[
        float, Field(ge=0, le=600, description="Seconds a worker told to stop waits for pictures it has asked a paid provider for.")
    ] = DRAIN_S
    child_processes: int = Field(2, ge=1, le=16, description="Child processes that draw and decode pictures.")
    lease_s: Annotated[float, Field(gt=0, le=300, description="Seconds after which a silent worker's job is given to another.")] = 10.0
    waiting_jobs_per_person: int = Field(
        WAITING_JOBS_PER_PERSON, ge=1, le=100_000, description="Pictures one person may have on their way at a time."
    )
    waiting_jobs_max: int = Field(
        WAITING_JOBS_MAX, ge=1, le=1_000_000, description="Jobs that may wait in all; whoever asks for more is told to come back."
    )
    wait_objective_s: Annotated[
        float,
        Field(gt=0, le=86_400, description="Seconds nobody should wait in line longer; when somebody does, the log and /admin say so."),
    ] = WAIT_OBJECTIVE_S
    done_jobs_keep: int = Field(
        DONE_JOBS_KEPT, ge=1, le=100_000, description="Jobs that came out well which the queue remembers of one person, the newest."
    )
    failed_jobs_keep: int = Field(
        FAILED_JOBS_KEPT, ge=1, le=100_000, description="Jobs that failed or were called off which the queue remembers of one person."
    )
    finished_jobs_keep_days: int = Field(30, ge=1, le=3_650, description="Days the queue remembers jobs that have ended.")
    facts_keep_hours: int = Field(
        24, ge=1, le=8_760, description="Hours the facts by which processes tell each other what happened are kept."
    )
    deleted_pictures_keep_days: int = Field(30, ge=0, le=365, description="Days the bytes of a deleted picture are kept.")
    openai_api_key: SecretStr = Field(SecretStr(""), description="Key of an OpenAI account; without it OpenAI's models are not offered.")
    openai_base_url: str = Field("https://api.openai.com/v1", description="Where OpenAI is asked, for a gateway in between.")
    openai_calls_per_minute: int = Field(0, ge=0, le=100_000, description="Pictures a minute your account there allows; 0: not limited.")
    openai_compatible_base_url: str = Field(
        "", description="Address of another endpoint that speaks OpenAI's image protocol, such as http://localhost:8080/v1."
    )
    openai_compatible_api_key: SecretStr = Field(SecretStr(""), description="Its key, if it wants one.")
    openai_compatible_name: str = Field("Other endpoint", min_length=1, max_length=40, description="What it is called in the studio.")
    openai_compatible_models: str = Field("", description="Its models, separated by commas: id or id=Title.")
    openai_compatible_sizes: str = Field(
        "1024x1024", description="The sizes its models draw, separated by commas; the first is the default."
    )
    openai_compatible_price_credits: int = Field(1, ge=0, le=1_000, description="Credits for one picture of its models.")
    openai_compatible_concurrency: int = Field(2, ge=1, le=64, description="Pictures it is asked for at a time.")
    openai_compatible_calls_per_minute: int = Field(0, ge=0, le=100_000, description="Pictures a minute it allows; 0: not limited.")
    openai_compatible_timeout_s: float = Field(180.0, ge=30, le=1_800, description="Seconds after which it is given up on a picture.")
    spending_caps_credits: str = Field(
        "",
        description="Most credits a month that may be drawn at a provider, separated by commas, such as openai=500,stability=200; empty: no bound.",
    )
    a1111_base_url: str = Field(
        "", description="Address of a Stable Diffusion web UI started with --api (A1111, Forge, SD.Next), such as http://localhost:7860."
    )
    a1111_login: SecretStr = Field(SecretStr(""), description="user:password, when it was started with --api-auth.")
    a1111_name: str = Field("Web UI", min_length=1, max_length=40, description="What it is called in the studio.")
    a1111_price_credits: int = Field(0, ge=0, le=1_000, description="Credits for one picture of it.")
    a1111_timeout_s: float = Field(300.0, ge=30, le=1_800, description="Seconds after which it is given up on a picture.")
    comfyui_base_url: str = Field("", description="Address of a ComfyUI server, such as http://localhost:8188.")
    comfyui_name: str = Field("ComfyUI", min_length=1, max_length=40, description="What it is called in the studio.")
    comfyui_price_credits: int = Field(0, ge=0, le=1_000, description="Credits for one picture of it.")
    comfyui_timeout_s: float = Field(300.0, ge=30, le=1_800, description="Seconds after which it is given up on a picture.")
    local_model: str = Field(
        "", description="Folder of an image model on this machine, exported for OpenVINO or as diffusers keeps it; empty: none is offered."
    )
    local_model_name: str = Field("Local model", min_length=1, max_length=40, description="What it is called in the studio.")
    local_model_python: str = Field(
        "", description="Interpreter of the environment that openvino-genai or diffusers is installed in; empty: the studio's own."
    )
    local_model_memory_mb: int = Field(
        16_384, ge=512, le=1_048_576, description="Address space, in MB, that drawing with it may take before its process is ended."
    )
    local_model_price_credits: int = Field(0, ge=0, le=1_000, description="Credits for one picture of it.")
    local_model_timeout_s: float = Field(600.0, ge=30, le=3_600, description="Seconds after which it is given up on a picture.")
    stability_api_key: SecretStr = Field(
        SecretStr(""), description="Key of a Stability AI account; without it Stability's models are not offered."
    )
    stability_base_url: str = Field("https://api.stability.ai", description="Where Stability AI is asked, for a gateway in between.")
    huggingface_api_key: SecretStr = Field(
        SecretStr(""), description="Hugging Face token that may call inference providers; without it their models are not offered."
    )
    huggingface_base_url: str = Field("https://router.huggingface.co", description="Where inference providers are asked.")
    huggingface_hub_url: str = Field("https://huggingface.co", description="Where it is looked up which provider has a model.")
    huggingface_bill_to: str = Field("", max_length=100, description="Organisation that pays at Hugging Face; empty: whose token it is.")
    horde_api_key: SecretStr = Field(
        SecretStr(""), description="Key of an AI Horde account, or 0000000000 for none; without it the Horde's models are not offered."
    )
    horde_base_url: str = Field("https://aihorde.net/api/v2", description="Where the AI Horde is asked.")
    replicate_api_token: SecretStr = Field(
        SecretStr(""), description="Token of a Replicate account; without it its models are not offered."
    )
    replicate_base_url: str = Field("https://api.replicate.com/v1", description="Where Replicate is asked, for a gateway in between.")
    replicate_calls_per_minute: int = Field(
        600, ge=0, le=100_000, description="Pictures a minute your account there allows: 6 when little money is left; 0: not limited."
    )
    replicate_webhook_secret: SecretStr = Field(
        SecretStr(""),
        description="What Replicate signs its webhooks with; empty: the account is asked. Two, separated by a comma, while it is changed.",
    )
    fal_key: SecretStr = Field(SecretStr(""), description="Key of a fal.ai account; without it its models are not offered.")
    fal_concurrency: int = Field(2, ge=1, le=64, description="Pictures a fal.ai account may have drawn at a time; a new one 2.")
    fal_queue_url: str = Field("https://queue.fal.run", description="Where fal.ai's queue is, for a gateway in between.")
    fal_platform_url: str = Field("https://api.fal.ai/v1", description="Where fal.ai tells of its models and prices.")
    fal_keys_url: str = Field(
        "https://rest.fal.ai/.well-known/jwks.json", description="Where fal.ai publishes the keys it signs its webhooks with."
    )
    content_credentials: bool = Field(
        default=False, description="Put Content Credentials (C2PA) into downloads, and read them on /verify; needs the extra c2pa."
    )
    content_credentials_certificate: str = Field(
        "",
        description="PEM file that signs them: the certificate, whatever stands above it, and its key without a password; empty: self-made.",
    )
    webhook_secret: SecretStr = Field(
        SecretStr(""),
        description="What your own relays for Hugging Face and Stability sign with: whsec_ and base64. Two, separated by a comma, while it is changed.",
    )
    results_from_loopback: bool = Field(
        default=False, description="For the stand-in only: pictures may be fetched from this very machine, in plain http."
    )
    smtp_url: SecretStr = Field(
        SecretStr(""),
        description="Server that sends mail, such as smtps://user:password@mail.example.org; empty: no mail is sent.",
    )
    mail_from: str = Field(
        "",
        max_length=200,
        description="Whom mail is from, such as Pixel Studio <studio@example.org>; empty: studio at the host of PUBLIC_URL.",
    )
    prompt_llm_base_url: str = Field(
        "", description="Address of an endpoint that speaks OpenAI's chat completions; it then writes prompts instead of the templates."
    )
    prompt_llm_api_key: SecretStr = Field(SecretStr(""), description="Its key, if it wants one.")
    prompt_llm_model: str = Field("", max_length=120, description="The model asked there; it must be set with the address.")
    prompt_llm_timeout_s: float = Field(20.0, ge=1, le=120, description="Seconds after which the templates write instead.")
    prompt_llm_tokens_per_day: int = Field(
        PROMPT_LLM_TOKENS_PER_DAY, ge=0, le=1_000_000_000, description="Tokens it may cost in a day; after that the templates write."
    )
    rate_limit_requests_per_minute: int = Field(
        API_GENERATIONS_PER_MINUTE, ge=1, le=100_000, description="Generations one address may ask the API for in a minute."
    )
    drain_s: Annotated[
        float,
        Field(ge=0, le=300, description="Seconds a server goes on answering after SIGTERM while /readyz says no, for a balancer in front."),
    ] = 0.0
    metrics_token: SecretStr = Field(
        SecretStr(""), description="What /metrics asks for from other machines, as a bearer token; empty: it answers this machine alone."
    )
    worker_metrics_port: int = Field(
        0, ge=0, le=65_535, description="Port on which a worker process of its own tells this machine its metrics; 0 means none."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="The least important level that is logged.")
    log_json: bool = Field(default=False, description="Log one JSON object a line instead of text for people.")
    failpoint: str = Field("", description="For tests only: the named point at which the process kills itself.")

    @field_validator("public_url")
    @classmethod
    def _is_an_origin(cls, value: str) -> str:
        origin = value.rstrip("/")
        if origin and (not origin.startswith(("http://", "https://")) or "/" in origin.split("://", 1)[1]):
            msg = "must be an origin such as https://studio.example.org, without a path"
            raise ValueError(msg)
        return origin

    @field_validator(
        "openai_api_key",
        "openai_compatible_api_key",
        "a1111_login",
        "stability_api_key",
        "huggingface_api_key",
        "horde_api_key",
        "replicate_api_token",
        "fal_key",
        "prompt_llm_api_key",
        "metrics_token",
    )
    @classmethod
    def _is_a_key(cls, value: SecretStr) -> SecretStr:
        key = value.get_secret_value().strip()
        if not all("!" <= character <= "~" for character in key):
            msg = "must be one word of plain characters, as it was given out"
            raise ValueError(msg)
        return SecretStr(key)

    @field_validator(
        "openai_base_url",
        "openai_compatible_base_url",
        "a1111_base_url",
        "comfyui_base_url",
        "stability_base_url",
        "huggingface_base_url",
        "huggingface_hub_url",
        "horde_base_url",
        "replicate_base_url",
        "fal_queue_url",
        "fal_platform_url",
        "fal_keys_url",
        "prompt_llm_base_url",
    )
    @classmethod
    def _is_a_base_url(cls, value: str) -> str:
        url = urlsplit(value.rstrip("/"))
        if value and (url.scheme not in {"http", "https"} or not url.hostname or "@" in url.netloc or url.query or url.fragment):
            msg = "must be an address such as https://api.example.org/v1, without a name, a password or a query"
            raise ValueError(msg)
        if url.scheme == "http" and not is_near(url.hostname or ""):
            msg = "must begin with https://: over http the key and the prompts could be read on the way"
            raise ValueError(msg)
        return value.rstrip("/")

    @field_validator("webhook_secret", "replicate_webhook_secret")
    @classmethod
    def _are_webhook_secrets(cls, value: SecretStr) -> SecretStr:
        secrets = [secret.strip() for secret in value.get_secret_value().split(",") if secret.strip()]
        if len(secrets) > 2 or not all(_SECRET.fullmatch(secret) for secret in secrets):
            msg = "must be whsec_ and base64 of at least 24 bytes, or two of these separated by a comma"
            raise ValueError(msg)
        return SecretStr(",".join(secrets))

    @field_validator("smtp_url")
    @classmethod
    def _is_a_mail_server(cls, value: SecretStr) -> SecretStr:
        url = urlsplit(value.get_secret_value().strip())
        is_one = url.scheme in {"smtp", "smtps"} and bool(url.hostname) and not (url.path.strip("/") or url.query or url.fragment)
        if value.get_secret_value().strip() and not (is_one and bool(url.username) == bool(url.password)):
            msg = "must be an address such as smtps://user:password@mail.example.org:465, or smtp://mail.example.org"
            raise ValueError(msg)
        return SecretStr(value.get_secret_value().strip())

    @field_validator("mail_from")
    @classmethod
    def _is_a_sender(cls, value: str) -> str:
        if value and not _SENDER.fullmatch(value):
            msg = "must be an address such as studio@example.org, or Pixel Studio <studio@example.org>"
            raise ValueError(msg)
        return value

    @field_validator("spending_caps_credits")
    @classmethod
    def _are_caps(cls, value: str) -> str:
        if not all(_CAP.fullmatch(entry.strip()) for entry in value.split(",") if value.strip()):
            msg = "must be a number of credits for each provider, such as openai=500,stability=200"
            raise ValueError(msg)
        return value

    @field_validator("openai_compatible_models")
    @classmethod
    def _are_models(cls, value: str) -> str:
        for entry in filter(str.strip, value.split(",")):
            if not _MODEL_NAME.fullmatch(entry.partition("=")[0].strip()):
                msg = "must be names of models separated by commas, each as id or id=Title"
                raise ValueError(msg)
        return value

    @field_validator("openai_compatible_sizes")
    @classmethod
    def _are_sizes(cls, value: str) -> str:
        for entry in value.split(","):
            sides = _SIZE.fullmatch(entry.strip())
            if sides is None or not all(SIDE_MIN <= int(side) <= SIDE_MAX for side in sides.groups()):
                msg = f"must be sizes such as 1024x1024 separated by commas, each side from {SIDE_MIN} to {SIDE_MAX}"
                raise ValueError(msg)
        return value

    @field_validator("redis_url")
    @classmethod
    def _is_a_redis(cls, value: SecretStr) -> SecretStr:
        url = urlsplit(value.get_secret_value().strip())
        is_one = (url.scheme in {"redis", "rediss"} and bool(url.hostname)) or (url.scheme == "unix" and bool(url.path))
        if value.get_secret_value().strip() and not is_one:
            msg = "must be an address such as redis://:password@cache.example.org:6379/0, rediss://... or unix:///run/redis.sock"
            raise ValueError(msg)
        return SecretStr(value.get_secret_value().strip())

    @model_validator(mode="after")
    def _knows_the_database(self) -> Self:
        url = self.database_url.get_secret_value()
        if url and not url.startswith(("postgresql://", "postgres://", "sqlite://")):
            msg = "DATABASE_URL must start with postgresql:// (or be empty for SQLite)"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _names_models_of_the_compatible_endpoint(self) -> Self:
        if self.openai_compatible_base_url and not self.openai_compatible_models.strip():
            msg = "OPENAI_COMPATIBLE_MODELS must name at least one model when OPENAI_COMPATIBLE_BASE_URL is set"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _names_the_model_that_writes(self) -> Self:
        if bool(self.prompt_llm_base_url) != bool(self.prompt_llm_model.strip()):
            msg = "PROMPT_LLM_BASE_URL and PROMPT_LLM_MODEL must be set together"
            raise ValueError(msg)
        return self

    @property
    def effective_mail_from(self) -> str:
        """Whom mail is from: MAIL_FROM, or the studio at the host people type."""
        return self.mail_from or f"Pixel Studio <studio@{urlsplit(self.public_url).hostname or 'localhost'}>"

    @property
    def spending_caps(self) -> dict[str, int]:
        """The most credits a month, by provider."""
        found = (_CAP.fullmatch(entry.strip()) for entry in self.spending_caps_credits.split(","))
        return {match[1]: int(match[2]) for match in found if match}

    @property
    def effective_database_url(self) -> str:
        """The database in use: DATABASE_URL, or the SQLite file in the data folder."""
        return self.database_url.get_secret_value() or f"sqlite:///{self.data_dir.resolve() / 'pixelstudio.db'}"

    @property
    def may_be_called_back(self) -> bool:
        """Whether a provider can reach this studio: by a public address over https; the stand-in also on this machine."""
        return self.public_url.startswith("https://") or (self.results_from_loopback and bool(self.public_url))

    def secrets_of(self, name: Literal["webhook_secret", "replicate_webhook_secret"]) -> list[str]:
        """The secrets that count at present, the newer one first; none, one or two."""
        value: SecretStr = getattr(self, name)
        return [secret for secret in value.get_secret_value().split(",") if secret]


def is_near(host: str) -> bool:
    """Whether plain http to this host stays on this machine or in the house."""
    try:
        return ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith((".local", ".lan", ".internal", ".localhost"))


def load_settings(**overrides: object) -> Settings:
    """Read the environment and `.env`; raises `SettingsFault` with all faults listed."""
    try:
        return Settings(**overrides)  # pyright: ignore[reportArgumentType]  # keyword overrides are validated by pydantic itself
    except ValidationError as error:
        raise SettingsFault([f"{'.'.join(map(str, e['loc'])).upper() or 'SETTINGS'}: {e['msg']}" for e in error.errors()]) from error


def source_of(settings: Settings, name: str) -> Literal["default", "environment", ".env", "command line"]:
    """Where a setting's value came from."""
    if name not in settings.model_fields_set:
        return "default"
    if name in {variable.lower() for variable in os.environ}:
        return "environment"
    return ".env" if Path(".env").is_file() else "command line"


def set_process_environment(**values: str) -> None:
    """Set variables a library reads from its environment and nowhere else. Called before that library is imported."""
    os.environ.update(values)


def process_environment() -> dict[str, str]:
    """A copy of the environment, for child processes."""
    return dict(os.environ)
