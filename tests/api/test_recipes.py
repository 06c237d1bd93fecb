"""A file's recipe, read for members and stored nowhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from pixelstudio.core import limits
from pixelstudio.edge.bodies import body_bound
from pixelstudio.imaging.overlay import Overlay
from pixelstudio.imaging.recipe import Recipe, embed
from tests.api.serving import a_browser
from tests.standin.pictures import drawn

PATH = "/api/recipes/read"
RECIPE = Recipe("a quiet house", "people", "sketch-paper", "sketch", 7, 1024, 1280, datetime(2026, 3, 14, tzinfo=UTC), guidance=4.5)
PRINTED = replace(RECIPE, overlay=Overlay("Big\nsale"))


async def test_a_picture_of_ours_tells_its_recipe(member):
    answers = [await member.post(PATH, content=embed(drawn("a house", 64, 80, 0.5, kind), RECIPE)) for kind in ("png", "jpeg", "webp")]

    words = {"prompt": "a quiet house", "negative_prompt": "people"}
    told = {**words, "model": "sketch-paper", "size": "1024x1280", "seed": "7", "steps": "", "guidance": "4.5"}
    assert [answer.json() for answer in answers] == [told] * 3
    assert answers[0].headers["cache-control"] == "no-store"


async def test_what_has_none_is_answered_by_a_sentence(member):
    files = {"": "file_missing", "no picture at all": "picture_format"}
    answers = {code: await member.post(PATH, content=text.encode()) for text, code in files.items()}
    answers["recipe_missing"] = await member.post(PATH, content=drawn("a house", 64, 80, 0.5, "png"))
    answers["recipe_missing "] = await member.post(PATH, content=b"\x89PNG\r\n\x1a\n broken")

    for code, answer in answers.items():
        assert (answer.status_code, answer.json()["code"]) == (422, code.strip())
        assert answer.json()["sentence"].endswith(".")


async def test_a_stranger_is_told_nothing_and_nobody_sends_more_than_is_read(address):
    async with a_browser(address) as stranger:
        assert (await stranger.post(PATH, content=embed(drawn("a house", 64, 80, 0.5, "png"), RECIPE))).status_code == 401
    assert body_bound(PATH) == limits.RECIPE_FILE_MAX_BYTES
    assert body_bound("/api/recipes") == body_bound("/api/x") == 64 * 1024


async def test_the_story_says_what_was_laid_over_a_picture(address):
    async with a_browser(address) as stranger:
        answers = [
            await stranger.post("/api/recipes/story", content=embed(drawn("a house", 64, 80, 0.5, kind), PRINTED))
            for kind in ("png", "webp")
        ]

    assert [answer.json()["recipe"]["over"] for answer in answers] == ["“Big / sale”"] * 2


async def test_anybody_may_ask_for_the_story_of_a_file_and_only_so_often(studio, address, monkeypatch):
    monkeypatch.setattr(limits, "STORIES_PER_IP", 3)
    files = [embed(drawn("a house", 64, 80, 0.5, "png"), RECIPE), b"", b"no picture", b"no picture"]

    async with a_browser(address) as stranger:
        answers = [await stranger.post("/api/recipes/story", content=data) for data in files]

    told = answers[0].json()
    assert (told["origin"], told["unchanged"], told["recipe"]["prompt"], told["alike"]) == ("unsigned", False, "a quiet house", [])
    assert [answer.status_code for answer in answers] == [200, 422, 422, 429]
    assert [answer.json()["code"] for answer in answers[1:3]] == ["file_missing", "picture_format"]
