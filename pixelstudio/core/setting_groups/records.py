"""Where records, pictures and the cache are kept, and for how long."""

from __future__ import annotations

from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings


class Records(BaseSettings, title="Records and pictures"):
    data_dir: Path = Field(Path("var"), description="Folder for the SQLite file and the pictures.")
    database_url: SecretStr = Field(
        SecretStr(""), description="postgresql://user:password@host/name; empty means a SQLite file in DATA_DIR."
    )
    redis_url: SecretStr = Field(
        SecretStr(""),
        description="redis://, rediss:// or unix:// address of a Redis that several servers share as their cache; empty: each keeps its own.",
    )
    facts_keep_hours: int = Field(
        24, ge=1, le=8_760, description="Hours the facts by which processes tell each other what happened are kept."
    )
    deleted_pictures_keep_days: int = Field(30, ge=0, le=365, description="Days the bytes of a deleted picture are kept.")

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

    @property
    def effective_database_url(self) -> str:
        """The database in use: DATABASE_URL, or the SQLite file in the data folder."""
        return self.database_url.get_secret_value() or f"sqlite:///{self.data_dir.resolve() / 'pixelstudio.db'}"
