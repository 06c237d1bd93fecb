"""What a maintainer watches the studio by: metrics and the log; and, for tests, where it kills itself."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings

from pixelstudio.core.setting_groups.kinds import Key


class Watching(BaseSettings, title="Watching"):
    metrics_token: Key = Field(
        SecretStr(""), description="What /metrics asks for from other machines, as a bearer token; empty: it answers this machine alone."
    )
    worker_metrics_port: int = Field(
        0, ge=0, le=65_535, description="Port on which a worker process of its own tells this machine its metrics; 0 means none."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="The least important level that is logged.")
    log_json: bool = Field(default=False, description="Log one JSON object a line instead of text for people.")
    failpoint: str = Field("", description="For tests only: the named point at which the process kills itself.")
