"""The prompt service over the API: exactly the names of the product brief, for whoever is signed in."""

from __future__ import annotations

import pytest

from tests.api.serving import a_browser
from tests.factories import a_guest

ASKED = {"description": "a red ceramic mug", "category": "home-decor", "style": "studio", "additionalContext": "on a table"}


async def test_a_description_becomes_a_prompt(member):
    written, shown = await member.post("/api/prompt/generate", json=ASKED), await member.post("/api/prompt/preview", json=ASKED)

    assert written.status_code == 200
    told = written.json()
    assert set(told) == {"optimizedPrompt", "negativePrompt", "suggestedSettings"}
    assert told["optimizedPrompt"].startswith("Professional product photography of a red ceramic mug, on a table, studio lighting")
    assert told["suggestedSettings"] == {"guidance_scale": 7.5, "num_inference_steps": 30}
    assert shown.json() == told


async def test_the_templates_are_listed(member):
    told = (await member.get("/api/prompt/templates")).json()

    assert [len(told[kind]) for kind in ("styles", "categories", "angles")] == [10, 9, 9]
    assert told["styles"][1] == {
        "id": "studio",
        "title": "Studio",
        "words": "studio lighting, softbox, neutral background, sharp focus",
        "negative": "",
        "suggestedSettings": {"guidance_scale": None, "num_inference_steps": None},
    }


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"style": "cubist"}, "style"), ({"category": "cars"}, "category"), ({"description": ""}, "description"), ({"size": 1}, "size")],
)
async def test_what_cannot_be_meant_is_refused_by_its_field(member, changes, field):
    answer = await member.post("/api/prompt/preview", json={**ASKED, **changes})

    assert (answer.status_code, answer.json()["field"]) == (422, field)


async def test_strangers_and_guests_are_shown_nothing(studio, address):
    for cookie in ("", (await a_guest(studio.db)).cookie):
        async with a_browser(address, cookie) as browser:
            answers = [await browser.post(f"/api/prompt/{path}", json=ASKED) for path in ("generate", "preview")]
            answers.append(await browser.get("/api/prompt/templates"))
        assert [answer.status_code for answer in answers] == [401] * 3
