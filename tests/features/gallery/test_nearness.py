"""Nearness: a palette and a picture to be like find what everybody sees, the nearest first, and tell nothing of what is private."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import delete, select

from pixelstudio.core.ids import new_id
from pixelstudio.db.columns import metadata
from pixelstudio.features.gallery.filters import WallFilter, wall_filter
from pixelstudio.features.gallery.follows import block
from pixelstudio.features.gallery.posts import PostForm, hide_many, publish
from pixelstudio.features.gallery.walls import those_on, wall
from pixelstudio.features.images.curation import throw_away
from pixelstudio.imaging.looks import colour_of
from tests.factories import a_true_image, a_user, done
from tests.imaging.test_fingerprints import COPIES, a_scene
from tests.imaging.test_looks import a_field

BLUE, SAND, RED = (colour_of(text) or (0, 0, 0) for text in ("#2f5d8a", "#e9c46a", "#c8301d"))


def encoded(picture):
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


async def shown(studio, by, picture, **form):
    image_id = await a_true_image(studio, by, encoded(picture), prompt=form.pop("prompt", "a field"))
    await done(studio, publish, image_id, PostForm(**form), by=by)
    return image_id


async def ids_on(studio, wanted, viewer=None, **more):
    async with studio.db.reader() as reader:
        return [post.image.id for post in (await wall(reader, viewer, wanted, **more)).items]


@pytest.fixture
async def ines(studio):
    return await a_user(studio.db)


async def test_a_palette_finds_what_has_all_of_it_first(studio, ines):
    blue = await shown(studio, ines, a_field("#2f5d8a"))
    both = await shown(studio, ines, a_field("#2f5d8a", "#e9c46a"))
    red = await shown(studio, ines, a_field("#c8301d"), tags="warm")

    assert await ids_on(studio, WallFilter(palette=(BLUE, SAND))) == [both, blue]
    assert await ids_on(studio, WallFilter(palette=(RED,))) == [red]
    assert await ids_on(studio, WallFilter(palette=(RED,), words="tag:warm field")) == [red]
    assert await ids_on(studio, WallFilter(palette=(BLUE,), words="tag:warm")) == []
    async with studio.db.reader() as reader:
        on = await those_on(reader, None, WallFilter(palette=(BLUE, SAND)), [red, both, blue])
    assert [post.image.id for post in on] == [both, blue]


async def test_pages_of_a_palette_follow_each_other(studio, ines):
    made = [await shown(studio, ines, a_field("#2f5d8a", shade)) for shade in ("#2f5d8a", "#305080", "#345a88", "#2a5580", "#2f5d8a")]

    async with studio.db.reader() as reader:
        seen, before = [], ""
        for _ in range(3):
            page = await wall(reader, None, WallFilter(palette=(BLUE,)), before=before, limit=2)
            seen += [post.image.id for post in page.items]
            before = page.next_cursor

    assert (before, sorted(seen)) == ("", sorted(made))
    assert seen == await ids_on(studio, WallFilter(palette=(BLUE,)))


async def test_what_looks_like_a_picture_is_found_its_copy_first(studio, ines):
    source = await shown(studio, ines, a_scene(1))
    other = await shown(studio, ines, a_scene(2))
    copy = await shown(studio, ines, COPIES["larger"](a_scene(1)))

    found = await ids_on(studio, WallFilter(like=source))

    assert found[0] == copy
    assert source not in found
    assert set(found) <= {copy, other}


async def test_private_is_missing_and_a_strange_id_says_the_same(studio, ines):
    omar = await a_user(studio.db, "omar")
    source = await shown(studio, ines, a_scene(1))
    await a_true_image(studio, ines, encoded(a_scene(1)))
    private = await a_true_image(studio, omar, encoded(a_scene(1)))
    by_link = await shown(studio, omar, a_scene(1), showing="link")
    gone = await shown(studio, omar, a_scene(1))
    await done(studio, throw_away, gone, by=omar)

    assert await ids_on(studio, WallFilter(like=source), ines) == []
    for strange in (new_id(), "x", "'; --", gone):
        assert await ids_on(studio, WallFilter(like=strange), ines) == await ids_on(studio, WallFilter(like=private), ines) == []
    assert await ids_on(studio, WallFilter(like=private), omar) == [source]
    assert await ids_on(studio, WallFilter(like=by_link), None) == [source]


async def test_whom_one_has_blocked_is_not_found_nor_in_the_way(studio, ines):
    omar = await a_user(studio.db, "omar")
    nearest = {await shown(studio, omar, a_field("#2f5d8a")) for _ in range(4)}
    await done(studio, block, omar.id, True, by=ines)
    assert await ids_on(studio, WallFilter(palette=(BLUE,)), ines) == []

    farther = await shown(studio, ines, a_field("#2f5d8a", "#305080"))

    assert await ids_on(studio, WallFilter(palette=(BLUE,)), ines, limit=1) == [farther]
    assert set(await ids_on(studio, WallFilter(palette=(BLUE,)))) == {*nearest, farther}


async def test_looks_stand_beside_what_is_listed_and_what_is_hidden_is_not_found_by_them(studio, ines):
    listed, by_link, gone = [await shown(studio, ines, a_field("#2f5d8a")) for _ in range(3)]
    await shown(studio, ines, a_field("#2f5d8a"), showing="link")
    await done(studio, publish, by_link, PostForm(showing="link"), by=ines)
    assert await looks(studio) == {listed, gone}

    await done(studio, hide_many, [listed], by=ines)
    assert await ids_on(studio, WallFilter(palette=(BLUE,)), ines) == [gone]
    async with studio.db.transaction() as tx:
        await tx.exec(delete(metadata.tables["image"]).where(metadata.tables["image"].c.id == gone))
    await done(studio, publish, by_link, PostForm(), by=ines)

    assert await looks(studio) == {listed, by_link}
    assert await ids_on(studio, WallFilter(palette=(BLUE,))) == [by_link]


async def looks(studio):
    """Of which pictures, each with the look the picture itself has."""
    kept, images = metadata.tables["post_look"], metadata.tables["image"]
    async with studio.db.reader() as reader:
        both = select(kept.c.image_id, kept.c.look, images.c.look.label("own")).join(images, images.c.id == kept.c.image_id)
        rows = (await reader.exec(both)).all()
    assert all(row.look == row.own for row in rows)
    return {row.image_id for row in rows}


def test_an_address_names_five_colours_at_most_and_drops_what_is_none():
    wanted = wall_filter({"colours": "2f5d8a-nonsense-c8301d-e9c46a-000000-ffffff", "similar": "x"}, "newest")

    assert (wanted.sort, wanted.like, len(wanted.palette)) == ("newest", "x", 4)
