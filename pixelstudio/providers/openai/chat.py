"""A writer behind any endpoint that speaks OpenAI's chat completions: theirs, a gateway, or a model on the next machine.

The answer is asked for by a JSON schema and read as text that anybody may have written: some endpoints ignore the schema, some wrap
the JSON in a fence. Source of the fields: the openai 3.52.0 SDK.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, cast

from pixelstudio.core.log import get_logger
from pixelstudio.net.client import Call, Patience
from pixelstudio.net.errors import NetError, NotSent
from pixelstudio.providers.errors import Refused, Spent, Unavailable
from pixelstudio.providers.openai.refusals import complaint_of, refusal_of
from pixelstudio.providers.writer import Written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import SecretStr

    from pixelstudio.core.settings import Settings
    from pixelstudio.net.client import Client
    from pixelstudio.providers.writer import Question, Writer

ANSWER_MAX_BYTES: Final = 256 * 1024
ANSWER_MAX_TOKENS: Final = 1_200
CHARACTERS_PER_TOKEN: Final = 4
"""What a token is about, for endpoints that do not count."""
_FENCE: Final = re.compile(r"\A\s*```(?:json)?\s*\n(.*?)\n?```\s*\Z", re.DOTALL)


class ChatWriter:
    """Asks one model of one endpoint. Belongs to one event loop, like its client."""

    name = "The language model"

    def __init__(self, client: Client, *, base_url: str, model: str, key: SecretStr | None, timeout_s: float) -> None:
        self._client = client
        self._url = f"{base_url}/chat/completions"
        self._key = key
        self._patience = Patience(first_byte_s=timeout_s, silence_s=timeout_s, total_s=timeout_s)
        self.model = model

    async def write(self, question: Question) -> Written:
        """Ask once and never again by itself."""
        try:
            async with self._client.call(self._call_of(question)) as exchange:
                body = await exchange.body(ANSWER_MAX_BYTES)
                if exchange.status != 200:
                    raise refusal_of(self.name, exchange.status, exchange.headers, complaint_of(body))
        except NotSent as error:
            raise Unavailable("The language model could not be reached.", code="writer_unreachable", **error.fields) from error
        except NetError as error:
            raise Spent("The language model did not answer in time.", code="writer_silent", **error.fields) from error
        written = _written(body, question)
        get_logger().info("writer.answered", model=self.model, tokens=written.tokens)
        return written

    def _call_of(self, question: Question) -> Call:
        body = {
            "model": self.model,
            "messages": [{"role": "system", "content": question.instructions}, {"role": "user", "content": question.text}],
            "max_completion_tokens": ANSWER_MAX_TOKENS,
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": question.schema_name, "strict": True, "schema": dict(question.schema)},
            },
        }
        return Call(method="POST", url=self._url, bearer=self._key, json=body, patience=self._patience)


def writer_of(settings: Settings, client: Client) -> Writer | None:
    """The configured one; None without an address and a model. Nobody is asked anything here."""
    if not (settings.prompt_llm_base_url and settings.prompt_llm_model):
        return None
    key = settings.prompt_llm_api_key
    return ChatWriter(
        client,
        base_url=settings.prompt_llm_base_url,
        model=settings.prompt_llm_model,
        key=key if key.get_secret_value() else None,
        timeout_s=settings.prompt_llm_timeout_s,
    )


def _written(body: bytes, question: Question) -> Written:
    """The JSON object in the first choice. Raises `Refused` when the model declined, `Spent` for everything that is no such answer."""
    try:
        answer: Any = json.loads(body)
        message: Any = answer["choices"][0]["message"]
        if message.get("refusal"):
            raise Refused("The language model declined to write this prompt.", code="writer_refused")
        text = str(message["content"])
        fenced = _FENCE.match(text)
        said: Any = json.loads(fenced[1] if fenced else text)
        if not isinstance(said, dict):
            raise TypeError
        return Written(cast("Mapping[str, Any]", said), _tokens(answer, question, text))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        raise Spent("The language model's answer cannot be read.", code="writer_unreadable") from error


def _tokens(answer: Any, question: Question, text: str) -> int:
    usage: Any = answer.get("usage") or {}
    told = usage.get("total_tokens")
    if type(told) is int and told > 0:
        return told
    return (len(question.instructions) + len(question.text) + len(text)) // CHARACTERS_PER_TOKEN
