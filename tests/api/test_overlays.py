"""Text and logos over pictures by a program: of one's own alone, answered like a generation."""

from __future__ import annotations

from tests.api.serving import a_browser
from tests.factories import a_user, an_image

PATH = "/api/overlays"


async def test_it_is_taken_and_can_be_looked_at_like_a_generation(studio, ines, member):
    picture = await an_image(studio, ines)

    answer = await member.post(PATH, json={"picture": picture, "text": "Sale", "place": "top", "size": 40})

    looked = await member.get(answer.headers["location"])
    assert (answer.status_code, answer.json()["status"], looked.json()["id"]) == (202, "processing", answer.json()["id"])


async def test_what_is_not_ones_own_and_what_cannot_be_are_refused(studio, address, ines, member):
    theirs, mine = await an_image(studio, await a_user(studio.db, "omar"), is_public=True), await an_image(studio, ines)

    refused = [
        await member.post(PATH, json=wish)
        for wish in (
            {"picture": theirs, "text": "Sale"},
            {"picture": "nothing", "text": "Sale"},
            {"picture": mine, "logo": theirs},
            {"picture": mine},
            {"picture": mine, "text": "夜"},
            {"picture": mine, "text": "Sale", "size": 1},
            {"picture": mine, "text": "Sale", "place": "beside"},
        )
    ]
    async with a_browser(address) as stranger:
        unknown = await stranger.post(PATH, json={"picture": mine, "text": "Sale"})

    assert [answer.status_code for answer in refused] == [404, 404, 404, 422, 422, 422, 422]
    assert all(answer.json()["sentence"].endswith(".") for answer in refused)
    assert unknown.status_code == 401
