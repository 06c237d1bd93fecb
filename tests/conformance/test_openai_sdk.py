"""The stand-in is believed because OpenAI's own SDK, in an environment of its own, understands it as it understands OpenAI."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tools import apart

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

SCENES = Path(__file__).with_name("openai_sdk.py")
PARTIAL, COMPLETED = "image_generation.partial_image", "image_generation.completed"


@pytest.fixture(scope="module")
def told(stand_in_process) -> dict:
    """What the SDK understood in each scene."""
    command = [apart.python("conformance"), "-I", SCENES, stand_in_process.base]
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
