"""Folders: what lies in what, never in a circle, never too deep; and the way to one names nothing the viewer may not see."""

from __future__ import annotations

import pytest

from pixelstudio.core import limits
from pixelstudio.core.errors import Conflict, Invalid, NotAllowed, NotFound
from pixelstudio.core.ids import new_id
from pixelstudio.features.gallery.collections import CollectionForm, collections_of, create, delete_collection
from pixelstudio.features.gallery.folders import move, places_for, way_to
from tests.factories import a_user, done


async def a_folder(studio, by, title="Coast", inside="", visibility="private"):
    return await done(studio, create, CollectionForm(title=title, visibility=visibility), by=by, inside=inside)


async def inside(studio, by, folder_id):
    async with studio.db.reader() as reader:
        return {view.id for view in (await collections_of(reader, by, by.id, inside=folder_id)).items}


async def way(studio, viewer, folder_id):
    async with studio.db.reader() as reader:
        return [(step.title, step.depth) for step in await way_to(reader, viewer, folder_id)]


async def test_a_collection_lies_where_it_was_laid_and_undoing_lays_it_back(studio):
    ines = await a_user(studio.db, "ines")
    year, month = await a_folder(studio, ines, "Year"), await a_folder(studio, ines, "Month")
    day = await a_folder(studio, ines, "Day", inside=month)

    before = await done(studio, move, month, year, by=ines)

    assert (before, await inside(studio, ines, ""), await inside(studio, ines, year)) == ("", {year}, {month})
    assert await way(studio, ines, day) == [("Year", 0), ("Month", 1)]
    assert await done(studio, move, month, before, by=ines) == year
    assert await inside(studio, ines, "") == {year, month}


async def test_nothing_lies_in_itself_or_in_what_lies_in_it(studio):
    ines = await a_user(studio.db, "ines")
    outer = await a_folder(studio, ines)
    inner = await a_folder(studio, ines, inside=outer)

    for into in (outer, inner):
        with pytest.raises(Invalid, match="itself"):
            await done(studio, move, outer, into, by=ines)
    assert await inside(studio, ines, outer) == {inner}


async def test_collections_lie_so_deep_and_no_deeper_with_all_that_lies_in_them(studio):
    ines = await a_user(studio.db, "ines")
    chain = [await a_folder(studio, ines)]
    while len(chain) < limits.COLLECTION_DEPTH_MAX:
        chain.append(await a_folder(studio, ines, inside=chain[-1]))
    with pytest.raises(Conflict, match="deep"):
        await a_folder(studio, ines, inside=chain[-1])

    outer = await a_folder(studio, ines, "Outer")
    await a_folder(studio, ines, "Inner", inside=outer)
    with pytest.raises(Conflict, match="deep"):
        await done(studio, move, outer, chain[-2], by=ines)
    await done(studio, move, outer, chain[-3], by=ines)

    async with studio.db.reader() as reader:
        places = [place.id for place in await places_for(reader, ines, outer)]
    assert places == chain[:-2]


async def test_what_lay_in_a_deleted_one_lies_where_that_lay(studio):
    ines = await a_user(studio.db, "ines")
    outer = await a_folder(studio, ines)
    middle = await a_folder(studio, ines, inside=outer)
    inner = await a_folder(studio, ines, inside=middle)

    await done(studio, delete_collection, middle, by=ines)

    assert await inside(studio, ines, outer) == {inner}


async def test_the_way_to_a_shown_one_does_not_name_a_private_one_around_it(studio):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    hidden = await a_folder(studio, ines, "Secret plans")
    shown = await a_folder(studio, ines, "Shown", inside=hidden, visibility="public")
    within = await a_folder(studio, ines, "Within", inside=shown, visibility="public")

    assert await way(studio, omar, within) == [("Shown", 0)]
    assert await way(studio, None, shown) == []
    async with studio.db.reader() as reader:
        [view] = (await collections_of(reader, omar, ines.id, inside=shown)).items
    assert (view.id, view.parent_id) == (within, "")


async def test_a_stranger_moves_nothing_and_nothing_is_laid_into_somebody_elses(studio):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    hers, shown = await a_folder(studio, ines), await a_folder(studio, ines, visibility="public")
    his = await a_folder(studio, omar)

    for collection_id, refusal in ((hers, NotFound), (shown, NotAllowed), (new_id(), NotFound)):
        with pytest.raises(refusal):
            await done(studio, move, collection_id, "", by=omar)
    for into in (hers, shown, new_id(), "x"):
        with pytest.raises(NotFound):
            await done(studio, move, his, into, by=omar)
    with pytest.raises(NotAllowed):
        await a_folder(studio, omar, inside=shown)
    async with studio.db.reader() as reader:
        with pytest.raises(NotFound):
            await places_for(reader, omar, hers)
