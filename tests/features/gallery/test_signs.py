"""Signs: the newest come first, however far apart they stand, and what is not listed has none."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from pixelstudio.db.columns import metadata
from pixelstudio.features.gallery import signs
from pixelstudio.features.gallery.posts import PostForm, publish
from pixelstudio.features.gallery.signs import beginning, newest
from tests.factories import a_post, a_user, an_image, done

POSTS = metadata.tables["post"]


async def numbered(studio, by, number, prompt="a harbour"):
    """A post with this number."""
    image_id = await an_image(studio, by, prompt=prompt)
    await done(studio, publish, image_id, PostForm(showing="link"), by=by)
    async with studio.db.transaction() as tx:
        await tx.exec(update(POSTS).where(POSTS.c.image_id == image_id).values(number=number))
    await done(studio, publish, image_id, PostForm(), by=by)


async def found(studio, *asked, **more):
    async with studio.db.reader() as reader:
        return await newest(reader, asked, **more)


async def test_the_newest_come_first_through_every_stretch(studio):
    ines = await a_user(studio.db)
    numbers = [100, 4_095, 4_096, 40_000, 300_000, 997_000, 999_999, 1_000_000]
    for number in numbers:
        await numbered(studio, ines, number, "a harbour" if number != 40_000 else "a hill")

    harbours = [number for number in reversed(numbers) if number != 40_000]
    assert await found(studio, ["harbour"]) == harbours
    assert await found(studio, ["harbour"], at_most=3) == harbours[:3]
    assert await found(studio, ["harbour"], below=999_999, at_most=2) == [997_000, 300_000]
    assert await found(studio, ["harbour", "hill"], below=300_000) == [40_000, 4_096, 4_095, 100]
    assert await found(studio, ["a"], ["hill", "nothing"]) == [40_000]
    assert await found(studio, [beginning("harb")], at_most=1) == [1_000_000]
    assert await found(studio, [beginning("harb")], at_most=2) == harbours[:2]
    assert await found(studio, [beginning("harb")], at_most=3) == harbours[:3]
    assert await found(studio, [beginning("harb")]) == harbours
    assert await found(studio, [beginning("harb")], ["a"], below=4_096) == [4_095, 100]
    assert await found(studio, [beginning("arb")]) == []


@pytest.mark.parametrize("most", [32, 1])
async def test_a_beginning_finds_whatever_begins_so_be_it_many_words_or_few(studio, monkeypatch, most):
    monkeypatch.setattr(signs, "_BEGUN_MAX", most)
    ines = await a_user(studio.db)
    for number, prompt in ((1, "a harbour"), (600, "a hill"), (601, "two harbours"), (5_000, "a harbinger of spring")):
        await numbered(studio, ines, number, prompt)

    assert await found(studio, [beginning("harb")]) == [5_000, 601, 1]
    assert await found(studio, [beginning("harb")], ["two", "a"], below=5_000, at_most=1) == [601]
    assert await found(studio, [beginning("harbou"), "hill"]) == [601, 600, 1]
    assert await found(studio, [beginning("harbours")]) == [601]
    assert await found(studio, [beginning("zz")]) == []


async def test_what_is_not_listed_has_no_signs(studio):
    ines = await a_user(studio.db)
    await a_post(studio, ines, showing="link")
    listed = await a_post(studio, ines, tags="sea", title="W" * 120)

    async with studio.db.reader() as reader:
        rows = (await reader.exec(select(POSTS.c.image_id, POSTS.c.words))).all()

    words = dict(tuple(row) for row in rows)
    assert min(map(len, words.values())) == 0
    assert {"tag:sea", "model:sketch-paper", "model:paper", f"by:{ines.id}", "w" * 60} <= set(words[listed].split())
