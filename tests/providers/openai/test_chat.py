"""The writer behind a chat endpoint: asks once by a schema, and reads whatever comes as if anybody had written it."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from pixelstudio.core.settings import Settings
from pixelstudio.features.prompts.writing import INSTRUCTIONS, SCHEMA
from pixelstudio.providers.errors import Misconfigured, OutOfMoney, Refused, Spent, Throttled, Unavailable
from pixelstudio.providers.openai.chat import ChatWriter, writer_of
from pixelstudio.providers.writer import Question
from tests.standin.openai_chat import TOKENS

pytestmark = pytest.mark.enable_socket

QUESTION = Question(INSTRUCTIONS, '{"description": "a mug"}', "product_prompt", SCHEMA)


def a_writer(client, base_url, model="gpt-5-mini", timeout_s=5.0):
    return ChatWriter(client, base_url=base_url, model=model, key=SecretStr("canary-key-77"), timeout_s=timeout_s)


async def test_it_asks_by_the_schema_and_tells_what_it_cost(client, stand_in):
    written = await a_writer(client, stand_in.base_url).write(QUESTION)

    assert written.answer == {
        "optimizedPrompt": "written optimizedPrompt",
        "negativePrompt": "written negativePrompt",
        "guidance_scale": 7,
        "num_inference_steps": 7,
    }
    assert written.tokens == TOKENS
    assert len(stand_in.requests()) == 1


@pytest.mark.parametrize(("code", "tokens"), [("fenced", TOKENS), ("uncounted", None)])
async def test_fences_and_missing_counts_are_understood(client, stand_in, code, tokens):
    stand_in.script({"code": code})

    written = await a_writer(client, stand_in.base_url).write(QUESTION)

    assert written.answer["num_inference_steps"] == 7
    assert written.tokens == tokens or (tokens is None and 100 < written.tokens < 1_000)


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        ({"code": "refusal"}, Refused),
        ({"code": "prose"}, Spent),
        ({"fault": "garbage_json"}, Spent),
        ({"fault": "wrong_shape"}, Spent),
        ({"fault": "throttled"}, Throttled),
        ({"fault": "unauthorised"}, Misconfigured),
        ({"fault": "insufficient_quota"}, OutOfMoney),
        ({"fault": "server_error", "status": 503}, Unavailable),
        ({"delay_s": 5.0}, Spent),
    ],
)
async def test_everything_else_is_one_of_our_kinds_of_failure_and_never_asked_again(client, stand_in, step, kind):
    stand_in.script(step)

    with pytest.raises(kind) as failed:
        await a_writer(client, stand_in.base_url, timeout_s=1.0).write(QUESTION)

    assert "canary" not in f"{failed.value.sentence}{failed.value.fields}"
    assert len(stand_in.requests()) == 1


async def test_nobody_there_is_unavailable(client, unused_tcp_port):
    with pytest.raises(Unavailable):
        await a_writer(client, f"http://127.0.0.1:{unused_tcp_port}/v1").write(QUESTION)


def settings(**changes: str) -> Settings:
    return Settings(_env_file=None, **changes)  # pyright: ignore[reportCallIssue]  # a field of pydantic-settings itself


async def test_it_is_there_only_when_an_address_and_a_model_are_set(client):
    assert writer_of(settings(), client) is None
    writer = writer_of(settings(prompt_llm_base_url="http://localhost:9/v1", prompt_llm_model="local-writer"), client)
    assert writer is not None
    assert writer.model == "local-writer"
    with pytest.raises(ValueError, match="PROMPT_LLM_MODEL"):
        settings(prompt_llm_base_url="http://localhost:9/v1")
