"""/library: what is done to many at once, what the page is told of changes, and how the last act is taken back."""

from __future__ import annotations

import contextlib

from sqlalchemy import func, select
from sqlmodel import col

from pixelstudio.core.ids import new_id
from pixelstudio.features.gallery.collections import CollectionForm, create, set_collected
from pixelstudio.features.gallery.filters import WallFilter
from pixelstudio.features.gallery.tables import CollectionPictureRow
from pixelstudio.features.gallery.walls import wall
from pixelstudio.features.images import curation
from pixelstudio.features.images.curation import throw_away
from pixelstudio.features.images.filters import PictureFilter
from pixelstudio.features.images.library import count_in, pictures_in
from pixelstudio.ui.gallery import shelves
from pixelstudio.ui.library import library_state
from pixelstudio.ui.library.library_state import LibraryState
from tests.factories import a_cookie, a_post, a_user, an_image, done
from tests.ui.driving import Tab


@contextlib.asynccontextmanager
async def a_page(database, actor):
    async with Tab(await a_cookie(database, actor.id), "/library") as tab:
        await tab.start(LibraryState, "follow")
        await tab.wait_until(LibraryState, lambda page: page.is_loaded)
        yield tab


async def act(tab, what, ids=(), **wanted):
    await tab.send(LibraryState, "curate", what=what, image_ids=list(ids), wanted=wanted)
    return (await tab.look(LibraryState)).notice


async def on_the_wall(database, actor):
    async with database.reader() as reader:
        return {view.id: view for view in (await pictures_in(reader, actor, PictureFilter())).items}


async def test_many_go_into_the_trash_and_undo_brings_back_the_very_ones(open_studio, database, monkeypatch):
    monkeypatch.setattr(curation, "AT_ONCE", 2)
    monkeypatch.setattr(library_state, "AT_ONCE", 2)
    ines = await a_user(database)
    boats = [await an_image(open_studio, ines, prompt="boat") for _ in range(5)]
    tree = await an_image(open_studio, ines, prompt="tree")
    thrown = await an_image(open_studio, ines, prompt="boat")
    async with database.transaction() as tx:
        await throw_away(tx, thrown, by=ines)

    async with a_page(database, ines) as tab:
        notice = await act(tab, "trash", boats[:1], all="1", q="boat cut paper")  # and by which model
        assert (notice.sentence, notice.action, notice.way) == ("4 pictures are in the trash.", "Undo", "")
        assert set(await on_the_wall(database, ines)) == {tree, boats[0]}

        await tab.send(LibraryState, "undo")
        assert set(await on_the_wall(database, ines)) == {tree, *boats}
        async with database.reader() as reader:
            assert await count_in(reader, ines, PictureFilter(place="trash")) == 1
        assert (await tab.look(LibraryState)).notice.action == ""

        await tab.send(LibraryState, "undo")
        assert (await tab.look(LibraryState)).notice is None


async def test_one_picture_is_named_by_the_beginning_of_its_sentence_where_it_is_now(open_studio, database):
    ines = await a_user(database)
    boat = await an_image(open_studio, ines, prompt="a paper boat on green water under a bridge of old stones at dusk")

    async with a_page(database, ines) as tab:
        said = [(await act(tab, what, [boat])).sentence for what in ("favourite", "trash", "restore", "trash")]
        await tab.send(LibraryState, "undo")
        said.append((await tab.look(LibraryState)).notice.sentence)
        said += [(await act(tab, what, [boat])).sentence for what in ("trash", "forget")]

    name = "“a paper boat on green water under a bridge of…” is"
    assert said == [
        f"{name} among your favourites.",
        f"{name} in the trash.",
        f"{name} back in your library.",
        f"{name} in the trash.",
        f"{name} back in your library.",
        f"{name} in the trash.",
        "1 picture is deleted for ever.",
    ]


async def test_undo_takes_back_only_what_the_act_changed(open_studio, database):
    ines = await a_user(database)
    public, private = await a_post(open_studio, ines), await an_image(open_studio, ines)

    async with a_page(database, ines) as tab:
        notice = await act(tab, "publish", [public, private])
        assert (notice.sentence, notice.way) == ("“a red lighthouse” is in the gallery, for everybody.", "See it in Explore")
        await tab.send(LibraryState, "undo")

    assert {view.id: view.visibility for view in (await on_the_wall(database, ines)).values()} == {public: "public", private: "private"}


async def test_undo_shows_each_as_it_was_shown_before(open_studio, database, monkeypatch):
    monkeypatch.setattr(library_state, "AT_ONCE", 2)
    ines = await a_user(database)
    by_link = [await a_post(open_studio, ines, showing="link") for _ in range(2)]
    private = [await an_image(open_studio, ines) for _ in range(2)]

    async with a_page(database, ines) as tab:
        assert (await act(tab, "publish", [*by_link, *private])).action == "Undo"
        await tab.send(LibraryState, "undo")
        assert (await tab.look(LibraryState)).notice.sentence == "4 pictures are shown as before."

    seen = {image_id: view.visibility for image_id, view in (await on_the_wall(database, ines)).items()}
    assert seen == {**dict.fromkeys(by_link, "public"), **dict.fromkeys(private, "private")}
    async with database.reader() as reader:
        assert (await wall(reader, None, WallFilter(sort="newest"))).items == []


async def test_what_is_deleted_for_ever_has_no_undo(open_studio, database):
    ines = await a_user(database)
    image_id = await an_image(open_studio, ines)

    async with a_page(database, ines) as tab:
        await act(tab, "trash", [image_id])
        assert (await act(tab, "forget", all="1", view="trash")).action == ""
        await tab.send(LibraryState, "undo")

    async with database.reader() as reader:
        assert [await count_in(reader, ines, PictureFilter(place=place)) for place in ("wall", "trash")] == [0, 0]


async def test_the_page_is_told_what_moved_and_never_what_is_somebody_elses(open_studio, database):
    ines, omar = await a_user(database), await a_user(database, "omar")
    mine, theirs = await an_image(open_studio, ines), await an_image(open_studio, omar)

    async with a_page(database, ines) as tab:
        first = (await tab.look(LibraryState)).news.number
        async with database.transaction() as tx:
            await throw_away(tx, theirs, by=omar)
        async with database.transaction() as tx:
            await throw_away(tx, mine, by=ines)
        await tab.wait_until(LibraryState, lambda page: page.news.number > first)

        news = (await tab.look(LibraryState)).news
        assert (news.moved, news.gone, news.again) == ([mine], [], False)
        assert theirs not in tab.said()


async def test_an_act_that_is_none_of_ours_or_names_nothing_changes_nothing(open_studio, database):
    ines = await a_user(database)
    await an_image(open_studio, ines)
    before = await on_the_wall(database, ines)

    async with a_page(database, ines) as tab:
        for what, ids, wanted in (("erase", [], {"all": "1"}), ("trash", [], {}), ("trash", ["../x", new_id()], {}), ("trash", [7], {})):
            assert (await act(tab, what, ids, **wanted)).kind == "error"

    assert await on_the_wall(database, ines) == before


async def test_many_pictures_are_collected_together_and_the_sheet_says_which_collections_hold_all_some_or_none(
    open_studio, database, monkeypatch
):
    monkeypatch.setattr(shelves, "COLLECTED_AT_ONCE", 2)
    ines, omar = await a_user(database), await a_user(database, "omar")
    boats = [await an_image(open_studio, ines, prompt="boat") for _ in range(3)]
    tree, his = await an_image(open_studio, ines, prompt="tree"), await an_image(open_studio, omar, prompt="boat")
    coast, harbour, wood = [await done(open_studio, create, CollectionForm(title=title), by=ines) for title in ("Coast", "Harbour", "Wood")]
    await done(open_studio, set_collected, harbour, boats[0], True, by=ines)
    await done(open_studio, set_collected, wood, tree, True, by=ines)
    not_hers = await done(open_studio, create, CollectionForm(title="His"), by=omar)

    async with a_page(database, ines) as tab:

        async def shown():
            shelf = (await tab.look(LibraryState)).shelf
            return shelf.count, {place.title: (place.held, place.count) for place in shelf.places}

        await tab.send(LibraryState, "open_shelf_found", wanted={"all": "1", "q": "boat"}, excepted=[])
        assert set((await tab.look(LibraryState)).shelf.pictures) == set(boats)
        assert await shown() == (
            "3 pictures",
            {"Coast": ("none", "0 pictures"), "Harbour": ("some", "1 of these"), "Wood": ("none", "1 picture")},
        )
        await tab.send(LibraryState, "collect", collection_id=harbour, image_ids=boats, held=True)
        assert (await shown())[1]["Harbour"] == ("all", "3 pictures")
        await tab.send(LibraryState, "collect", collection_id=harbour, image_ids=boats, held=False)
        assert (await shown())[1]["Harbour"] == ("none", "0 pictures")
        await tab.send(LibraryState, "collect_anew", form={"shelf_title": "Fleet"}, image_ids=boats)
        assert (await tab.look(LibraryState)).notice.sentence == "Collected in Fleet."
        await tab.send(LibraryState, "open_shelf", image_ids=[boats[0], his])
        assert await shown() == ("1 picture", (await shown())[1])
        assert (await shown())[1]["Fleet"] == ("all", "3 pictures")

        for refused, code in (({"collection_id": not_hers}, "not_found"), ({"image_ids": [boats[0]] * 501}, "shelf_too_many")):
            await tab.send(LibraryState, "collect", **{"collection_id": coast, "image_ids": boats, "held": True, **refused})
            assert (await tab.look(LibraryState)).notice.code == code
    assert await done(open_studio, _held_in, coast, by=omar) == 0


async def _held_in(tx, collection_id, *, by):
    del by
    counted = select(func.count()).select_from(CollectionPictureRow).where(col(CollectionPictureRow.collection_id) == collection_id)
    return (await tx.exec(counted)).scalar_one()
