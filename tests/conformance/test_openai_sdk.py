"""The stand-in is believed because OpenAI's own SDK, in an environment of its own, understands it as it understands OpenAI."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from pydantic import SecretStr

from pixelstudio.features.prompts.writing import INSTRUCTIONS, SCHEMA
from pixelstudio.net.client import Client
from pixelstudio.providers.openai.chat import ANSWER_MAX_TOKENS, ChatWriter
from pixelstudio.providers.writer import Question
from tests.standin.openai_chat import TOKENS
from tools import apart

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

SCENES = Path(__file__).with_name("openai_sdk.py")
QUESTION = Question(INSTRUCTIONS, '{"description": "a mug"}', "product_prompt", SCHEMA)
MESSAGES = [{"role": "system", "content": QUESTION.instructions}, {"role": "user", "content": QUESTION.text}]
PARTIAL, COMPLETED = "image_generation.partial_image", "image_generation.completed"


@pytest.fixture(scope="module")
def told(stand_in_process) -> dict:
    """What the SDK understood in each scene."""
    question = {"messages": MESSAGES, "name": QUESTION.schema_name, "schema": QUESTION.schema, "max_completion_tokens": ANSWER_MAX_TOKENS}
    command = [apart.python("conformance"), "-I", SCENES, stand_in_process.base, json.dumps(question)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_a_picture_is_read(told) -> None:
    assert told["plain"] == {"pictures": ["png"], "usage": 196, "size": "1024x1024", "calls": 1}


def test_two_pictures_in_the_format_asked_for_are_read(told) -> None:
    assert told["several"] == {"pictures": ["webp", "webp"], "calls": 1}


def test_partial_pictures_are_read_in_order(told) -> None:
    assert told["streamed"] == {"types": [PARTIAL] * 3 + [COMPLETED], "indexes": [0, 1, 2], "usage": 739, "calls": 1}


def test_one_picture_to_edit_is_a_part_named_image(told) -> None:
    assert told["edited"]["pictures"] == 1
    assert told["edited"]["parts"].count("image") == 1


def test_several_pictures_to_edit_are_parts_named_with_brackets(told) -> None:
    parts = told["edited_with_mask"]["parts"]

    assert told["edited_with_mask"]["pictures"] == 2
    assert (parts.count("image[]"), parts.count("image"), parts.count("mask")) == (2, 0, 1)


def test_an_edit_streams_too(told) -> None:
    assert told["edited_and_streamed"]["types"] == ["image_edit.partial_image", "image_edit.completed"]


def test_a_refusal_is_an_error_with_its_code_and_is_not_repeated(told) -> None:
    expected = {"error": "BadRequestError", "status": 400, "code": "moderation_blocked", "type": "image_generation_user_error", "calls": 1}
    assert told["moderated"] == expected


def test_no_money_is_told_and_is_not_repeated(told) -> None:
    expected = {"error": "RateLimitError", "status": 429, "code": "insufficient_quota", "type": "insufficient_quota", "calls": 1}
    assert told["out_of_money"] == expected


def test_throttling_is_obeyed(told) -> None:
    assert told["throttled_then_served"] == {"pictures": 1, "calls": 2}


def test_models_are_listed_and_a_wrong_key_is_refused(told) -> None:
    assert "gpt-image-2" in told["models"]["ids"]
    assert told["wrong_key"]["error"] == "AuthenticationError"


def test_an_answer_by_our_schema_is_read_with_what_it_cost(told) -> None:
    written = told["written"]

    assert set(written["said"]) == set(SCHEMA["properties"])
    assert (written["finish"], written["refusal"], written["tokens"], written["calls"]) == ("stop", None, TOKENS, 1)


@pytest.mark.enable_socket
async def test_our_writer_asks_to_the_letter_what_the_sdk_asks(told, stand_in) -> None:
    client = Client()
    await ChatWriter(client, base_url=stand_in.base_url, model="gpt-5-mini", key=SecretStr("sk-ours"), timeout_s=20.0).write(QUESTION)
    await client.close()

    assert stand_in.requests()[-1]["json"] == told["written"]["asked"]


def test_a_schema_the_sdk_made_itself_is_accepted_and_its_answer_fits(told) -> None:
    assert told["parsed"]["mug"] == {"words": "written words", "steps": 7}


def test_a_model_that_declines_says_so_beside_an_empty_answer(told) -> None:
    assert told["declined"] == {"content": None, "refusal": "I cannot help with that.", "calls": 1}


def test_a_throttled_question_is_asked_again_and_one_without_money_is_not(told) -> None:
    assert told["written_after_throttling"] == {"finish": "stop", "calls": 2}
    assert (told["writer_out_of_money"]["code"], told["writer_out_of_money"]["calls"]) == ("insufficient_quota", 1)


def test_a_loose_schema_and_a_model_nobody_knows_are_refused(told) -> None:
    assert (told["loosely_asked"]["error"], told["loosely_asked"]["code"]) == ("BadRequestError", "invalid_json_schema")
    assert (told["unknown_writer"]["error"], told["unknown_writer"]["code"]) == ("NotFoundError", "model_not_found")
