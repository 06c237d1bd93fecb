"""The language model that writes prompts instead of the templates."""

from __future__ import annotations

from typing import Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings

from pixelstudio.core.limits import PROMPT_LLM_TOKENS_PER_DAY
from pixelstudio.core.setting_groups.kinds import BaseUrl, Key


class Prompts(BaseSettings, title="Prompts"):
    prompt_llm_base_url: BaseUrl = Field(
        "", description="Address of an endpoint that speaks OpenAI's chat completions; it then writes prompts instead of the templates."
    )
    prompt_llm_api_key: Key = Field(SecretStr(""), description="Its key, if it wants one.")
    prompt_llm_model: str = Field("", max_length=120, description="The model asked there; it must be set with the address.")
    prompt_llm_timeout_s: float = Field(20.0, ge=1, le=120, description="Seconds after which the templates write instead.")
    prompt_llm_tokens_per_day: int = Field(
        PROMPT_LLM_TOKENS_PER_DAY, ge=0, le=1_000_000_000, description="Tokens it may cost in a day; after that the templates write."
    )

    @model_validator(mode="after")
    def _names_the_model_that_writes(self) -> Self:
        if bool(self.prompt_llm_base_url) != bool(self.prompt_llm_model.strip()):
            msg = "PROMPT_LLM_BASE_URL and PROMPT_LLM_MODEL must be set together"
            raise ValueError(msg)
        return self
