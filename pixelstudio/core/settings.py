"""Every setting, typed, with a default that works on a laptop with no account anywhere; read once at start."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class SettingsFault(Exception):
    """The settings do not stand; the message lists every fault, not the first."""


class Settings(BaseSettings):
    """What a maintainer may set, by environment variable of the same name in capitals."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_file=".env", env_file_encoding="utf-8")

    host: str = Field("0.0.0.0", description="Address the server listens on. Phones on the same network reach 0.0.0.0.")  # noqa: S104
    port: int = Field(3000, ge=1, le=65_535, description="Port the server listens on.")
    public_url: str = Field("", description="The address people type when it is not this machine's own, such as https://studio.example.org.")
    trusted_proxy_hops: int = Field(0, ge=0, le=8, description="How many reverse proxies in front of the server may be believed about addresses.")
    data_dir: Path = Field(Path("var"), description="Folder for the SQLite file and the pictures.")
    database_url: SecretStr = Field(SecretStr(""), description="postgresql://user:password@host/name; empty means a SQLite file in DATA_DIR.")
    worker_concurrency: int = Field(4, ge=1, le=64, description="Jobs one worker process runs at a time.")
    child_processes: int = Field(2, ge=1, le=16, description="Child processes that draw and decode pictures.")
    lease_s: Annotated[float, Field(gt=0, le=300, description="Seconds after which a silent worker's job is given to another.")] = 10.0
    deleted_pictures_keep_days: int = Field(30, ge=0, le=365, description="Days the bytes of a deleted picture are kept.")
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

    @model_validator(mode="after")
    def _knows_the_database(self) -> Self:
        url = self.database_url.get_secret_value()
        if url and not url.startswith(("postgresql://", "postgres://", "sqlite://")):
            msg = "DATABASE_URL must start with postgresql:// (or be empty for SQLite)"
            raise ValueError(msg)
        return self

    @property
    def effective_database_url(self) -> str:
        """The database in use: DATABASE_URL, or the SQLite file in the data folder."""
        return self.database_url.get_secret_value() or f"sqlite:///{self.data_dir.resolve() / 'pixelstudio.db'}"


def load_settings(**overrides: object) -> Settings:
    """Read the environment and `.env`; raises `SettingsFault` with all faults listed."""
    try:
        return Settings(**overrides)  # pyright: ignore[reportArgumentType]  # keyword overrides are validated by pydantic itself
    except ValidationError as error:
        faults = "\n".join(f"  {'.'.join(map(str, e['loc'])).upper() or 'SETTINGS'}: {e['msg']}" for e in error.errors())
        msg = f"The settings cannot be used:\n{faults}"
        raise SettingsFault(msg) from error


def set_process_environment(**values: str) -> None:
    """Set variables a library reads from its environment and nowhere else. Called before that library is imported."""
    os.environ.update(values)


def process_environment() -> dict[str, str]:
    """A copy of the environment, for child processes."""
    return dict(os.environ)
