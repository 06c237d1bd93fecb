"""Accounts at providers that draw for money or for others, what may be spent there, and what they bring by themselves."""

from __future__ import annotations

import re
from typing import Final, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings

from pixelstudio.core.setting_groups.kinds import BaseUrl, Key, WebhookSecrets

_CAP: Final = re.compile(r"([a-z][a-z0-9-]{0,39})=(\d{1,9})")


class Accounts(BaseSettings, title="Accounts elsewhere"):
    stability_api_key: Key = Field(
        SecretStr(""), description="Key of a Stability AI account; without it Stability's models are not offered."
    )
    stability_base_url: BaseUrl = Field("https://api.stability.ai", description="Where Stability AI is asked, for a gateway in between.")
    huggingface_api_key: Key = Field(
        SecretStr(""), description="Hugging Face token that may call inference providers; without it their models are not offered."
    )
    huggingface_base_url: BaseUrl = Field("https://router.huggingface.co", description="Where inference providers are asked.")
    huggingface_hub_url: BaseUrl = Field("https://huggingface.co", description="Where it is looked up which provider has a model.")
    huggingface_bill_to: str = Field("", max_length=100, description="Organisation that pays at Hugging Face; empty: whose token it is.")
    horde_api_key: Key = Field(
        SecretStr(""), description="Key of an AI Horde account, or 0000000000 for none; without it the Horde's models are not offered."
    )
    horde_base_url: BaseUrl = Field("https://aihorde.net/api/v2", description="Where the AI Horde is asked.")
    replicate_api_token: Key = Field(SecretStr(""), description="Token of a Replicate account; without it its models are not offered.")
    replicate_base_url: BaseUrl = Field("https://api.replicate.com/v1", description="Where Replicate is asked, for a gateway in between.")
    replicate_calls_per_minute: int = Field(
        600, ge=0, le=100_000, description="Pictures a minute your account there allows: 6 when little money is left; 0: not limited."
    )
    replicate_webhook_secret: WebhookSecrets = Field(
        SecretStr(""),
        description="What Replicate signs its webhooks with; empty: the account is asked. Two, separated by a comma, while it is changed.",
    )
    fal_key: Key = Field(SecretStr(""), description="Key of a fal.ai account; without it its models are not offered.")
    fal_concurrency: int = Field(2, ge=1, le=64, description="Pictures a fal.ai account may have drawn at a time; a new one 2.")
    fal_queue_url: BaseUrl = Field("https://queue.fal.run", description="Where fal.ai's queue is, for a gateway in between.")
    fal_platform_url: BaseUrl = Field("https://api.fal.ai/v1", description="Where fal.ai tells of its models and prices.")
    fal_keys_url: BaseUrl = Field(
        "https://rest.fal.ai/.well-known/jwks.json", description="Where fal.ai publishes the keys it signs its webhooks with."
    )
    spending_caps_credits: str = Field(
        "",
        description="Most credits a month that may be drawn at a provider, separated by commas, such as openai=500,stability=200; empty: no bound.",
    )
    webhook_secret: WebhookSecrets = Field(
        SecretStr(""),
        description="What your own relays for Hugging Face and Stability sign with: whsec_ and base64. Two, separated by a comma, while it is changed.",
    )
    results_from_loopback: bool = Field(
        default=False, description="For the stand-in only: pictures may be fetched from this very machine, in plain http."
    )

    @field_validator("spending_caps_credits")
    @classmethod
    def _are_caps(cls, value: str) -> str:
        if not all(_CAP.fullmatch(entry.strip()) for entry in value.split(",") if value.strip()):
            msg = "must be a number of credits for each provider, such as openai=500,stability=200"
            raise ValueError(msg)
        return value

    @property
    def spending_caps(self) -> dict[str, int]:
        """The most credits a month, by provider."""
        found = (_CAP.fullmatch(entry.strip()) for entry in self.spending_caps_credits.split(","))
        return {match[1]: int(match[2]) for match in found if match}

    def secrets_of(self, name: Literal["webhook_secret", "replicate_webhook_secret"]) -> list[str]:
        """The secrets that count at present, the newer one first; none, one or two."""
        value: SecretStr = getattr(self, name)
        return [secret for secret in value.get_secret_value().split(",") if secret]
