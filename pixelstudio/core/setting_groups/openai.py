"""OpenAI, and one other endpoint that speaks its image protocol."""

from __future__ import annotations

import re
from typing import Final, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings

from pixelstudio.core.limits import SIDE_MAX, SIDE_MIN
from pixelstudio.core.setting_groups.kinds import BaseUrl, Key

_MODEL_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@-]{0,79}")
_SIZE: Final = re.compile(r"(\d{3,4})x(\d{3,4})")


class OpenAI(BaseSettings, title="OpenAI, and endpoints like it"):
    openai_api_key: Key = Field(SecretStr(""), description="Key of an OpenAI account; without it OpenAI's models are not offered.")
    openai_base_url: BaseUrl = Field("https://api.openai.com/v1", description="Where OpenAI is asked, for a gateway in between.")
    openai_calls_per_minute: int = Field(0, ge=0, le=100_000, description="Pictures a minute your account there allows; 0: not limited.")
    openai_compatible_base_url: BaseUrl = Field(
        "", description="Address of another endpoint that speaks OpenAI's image protocol, such as http://localhost:8080/v1."
    )
    openai_compatible_api_key: Key = Field(SecretStr(""), description="Its key, if it wants one.")
    openai_compatible_name: str = Field("Other endpoint", min_length=1, max_length=40, description="What it is called in the studio.")
    openai_compatible_models: str = Field("", description="Its models, separated by commas: id or id=Title.")
    openai_compatible_sizes: str = Field(
        "1024x1024", description="The sizes its models draw, separated by commas; the first is the default."
    )
    openai_compatible_price_credits: int = Field(1, ge=0, le=1_000, description="Credits for one picture of its models.")
    openai_compatible_concurrency: int = Field(2, ge=1, le=64, description="Pictures it is asked for at a time.")
    openai_compatible_calls_per_minute: int = Field(0, ge=0, le=100_000, description="Pictures a minute it allows; 0: not limited.")
    openai_compatible_timeout_s: float = Field(180.0, ge=30, le=1_800, description="Seconds after which it is given up on a picture.")

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

    @model_validator(mode="after")
    def _names_models_of_the_compatible_endpoint(self) -> Self:
        if self.openai_compatible_base_url and not self.openai_compatible_models.strip():
            msg = "OPENAI_COMPATIBLE_MODELS must name at least one model when OPENAI_COMPATIBLE_BASE_URL is set"
            raise ValueError(msg)
        return self
