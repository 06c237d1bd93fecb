"""Saved searches: kept, told of, deleted; and what is new is told once, to whom it matters, and never what they would not come across."""

from __future__ import annotations

import pytest

from pixelstudio.core import limits
from pixelstudio.core.errors import Conflict, Invalid, NotFound
from pixelstudio.core.ids import new_id
from pixelstudio.features.accounts.mutes import set_mute
from pixelstudio.features.belongings.erasure import erase
from pixelstudio.features.gallery import searches
from pixelstudio.features.gallery.searches import forget_search, look_for_news, save_search, searches_of, tell_of
from pixelstudio.features.notifications.events import InboxChanged
from pixelstudio.features.notifications.inbox import choose, inbox_of
from tests.factories import a_post, a_user, done


@pytest.fixture
async def people(studio):
    return [await a_user(studio.db, name) for name in ("ines", "omar")]


async def told(studio, by):
    async with studio.db.reader() as reader:
        return [(line.kind, line.image_id, line.words) for line in (await inbox_of(reader, by)).items]


async def kept(studio, by):
    async with studio.db.reader() as reader:
        return [(view.name, view.words, view.is_told) for view in await searches_of(reader, by)]


async def test_searches_are_kept_changed_and_deleted_by_their_owner_alone(studio, people, clock):
    ines, omar = people
    first = await done(studio, save_search, "", " by:omar  sea ", by=ines)
    clock.advance(1)
    await done(studio, save_search, "Boats", "tag:boat", by=ines, is_told=True)
    await done(studio, tell_of, first.id, True, by=ines)
    assert await kept(studio, ines) == [("Boats", "tag:boat", True), ("by:omar sea", "by:omar sea", True)]
    assert await kept(studio, omar) == []

    for which, by in ((first.id, omar), (new_id(), ines), ("x", ines)):
        with pytest.raises(NotFound):
            await done(studio, tell_of, which, False, by=by)
        with pytest.raises(NotFound):
            await done(studio, forget_search, which, by=by)
    for name, words in (("", ""), ("", " , "), ("x" * 61, "sea")):
        with pytest.raises(Invalid):
            await done(studio, save_search, name, words, by=ines)
    assert (await done(studio, forget_search, first.id, by=ines)).words == "by:omar sea"
    assert await kept(studio, ines) == [("Boats", "tag:boat", True)]
    for _ in range(limits.SEARCHES_PER_PERSON - 1):
        await done(studio, save_search, "", "sea", by=ines)
    with pytest.raises(Conflict):
        await done(studio, save_search, "", "sea", by=ines)


async def test_what_is_new_is_told_once_and_live(studio, people, clock, bus):
    ines, omar = people
    await a_post(studio, omar, prompt="an old sea")
    clock.advance(120)
    search = await done(studio, save_search, "Sea", "sea", by=ines, is_told=True)
    await done(studio, save_search, "Untold", "sea", by=ines)
    assert await look_for_news(studio) == 0
    clock.advance(120)
    await a_post(studio, omar, prompt="a boat")
    clock.advance(1)
    image_id = await a_post(studio, omar, prompt="a calm sea")

    with bus.subscribe(f"user:{ines.id}") as heard:
        assert [await look_for_news(studio) for _ in range(3)] == [1, 0, 0]
        assert heard.take() == [InboxChanged(account_id=ines.id)]
    assert await told(studio, ines) == [("match", image_id, "Sea")]
    await done(studio, tell_of, search.id, False, by=ines)
    clock.advance(120)
    await a_post(studio, omar, prompt="one more sea")
    assert await look_for_news(studio) == 0
    await done(studio, tell_of, search.id, True, by=ines)
    clock.advance(120)
    assert await look_for_news(studio) == 0


async def test_what_was_there_before_one_asked_is_never_new(studio, people, clock):
    ines, omar = people
    await a_post(studio, omar, prompt="a sea of a minute ago")
    clock.advance(20)
    await done(studio, save_search, "Sea", "sea", by=ines, is_told=True)

    for _ in range(3):
        clock.advance(10)
        await a_post(studio, omar, prompt="a boat")
        assert await look_for_news(studio) == 0


async def test_nobody_is_told_of_what_they_would_not_come_across(studio, people, clock):
    ines, omar = people
    await done(studio, save_search, "Sea", "sea", by=ines, is_told=True)
    clock.advance(120)

    await a_post(studio, ines, prompt="her own sea")
    await a_post(studio, omar, prompt="a private sea", showing="private")
    await a_post(studio, omar, prompt="a sea by link", showing="link")
    await a_post(studio, omar, prompt="a mature sea", rating="mature")
    assert await look_for_news(studio) == 0
    await done(studio, set_mute, omar.id, True, by=ines)
    clock.advance(120)
    await a_post(studio, omar, prompt="a sea of a muted one")
    assert await look_for_news(studio) == 0
    await done(studio, set_mute, omar.id, False, by=ines)
    await done(studio, choose, "match", False, by=ines)
    clock.advance(120)
    await a_post(studio, omar, prompt="a sea that is not wanted")
    assert await look_for_news(studio) == 0
    assert await told(studio, ines) == []


async def test_many_searches_are_looked_at_in_turns_and_those_of_who_left_are_passed_over(studio, people, clock, monkeypatch):
    ines, omar = people
    mika = await a_user(studio.db, "mika")
    monkeypatch.setattr(searches, "AT_ONCE", 2)
    for n in range(5):
        await done(studio, save_search, f"Sea {n}", "sea", by=ines, is_told=True)
    await done(studio, save_search, "Sea", "sea", by=mika, is_told=True)
    await done(studio, erase, studio, mika.id)
    clock.advance(120)
    await a_post(studio, omar, prompt="a sea")

    assert await look_for_news(studio) == 5
    assert sorted(words for _, _, words in await told(studio, ines)) == [f"Sea {n}" for n in range(5)]
