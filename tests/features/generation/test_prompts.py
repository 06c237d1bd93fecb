"""One's own prompts, found again."""

from __future__ import annotations

from pixelstudio.features.generation.generations import submit
from pixelstudio.features.generation.prompts import prompts_of
from tests.factories import a_request, a_user


async def asked(studio, by, *requests):
    ids = []
    for request in requests:
        async with studio.db.transaction() as tx:
            ids.append((await submit(tx, studio, request, by)).id)
        studio.clock.advance(1)
    return ids


async def found(studio, by, words=""):
    async with studio.db.reader() as reader:
        return await prompts_of(reader, by, words)


async def test_each_prompt_is_there_once_with_its_latest_set_and_style(studio):
    ines = await a_user(studio.db)
    ids = await asked(
        studio,
        ines,
        a_request(prompt="a house"),
        a_request(prompt="a boat", style="dusk"),
        a_request(prompt="a house", model="sketch-silk"),
    )

    assert [(p.prompt, p.style.id, p.generation_id, p.sets) for p in await found(studio, ines)] == [
        ("a house", "", ids[2], 2),
        ("a boat", "dusk", ids[1], 1),
    ]


async def test_words_are_found_in_any_order_and_signs_mean_themselves(studio):
    ines = await a_user(studio.db)
    await asked(studio, ines, a_request(prompt="A red boat, 100% calm"), a_request(prompt="a red_house"), a_request(prompt="a redxhouse"))

    assert [p.prompt for p in await found(studio, ines, "BOAT red")] == ["A red boat, 100% calm"]
    assert [p.prompt for p in await found(studio, ines, "0%")] == ["A red boat, 100% calm"]
    assert [p.prompt for p in await found(studio, ines, "d_h")] == ["a red_house"]
    assert await found(studio, ines, "nothing of the kind") == []


async def test_nobody_finds_what_others_asked_for(studio):
    ines, bob = await a_user(studio.db), await a_user(studio.db, "bob")
    await asked(studio, ines, a_request(prompt="hers alone"))

    assert await found(studio, bob) == []
