"""Leanings: what counts is remembered, reranks a bounded number of pictures, says why, and shows nothing that no wall would."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from pixelstudio.core.errors import Invalid
from pixelstudio.features.accounts.mutes import set_mute
from pixelstudio.features.gallery import leanings
from pixelstudio.features.gallery.creators import LATEST, creators_to_follow, trending_creators
from pixelstudio.features.gallery.follows import set_follow
from pixelstudio.features.gallery.heat import heat_of, warmth
from pixelstudio.features.gallery.leanings import Leanings, lean, leanings_of, own_wall, those_on_own
from pixelstudio.features.gallery.likes import set_like
from tests.factories import a_post, a_user, done
from tests.statements import statements_asked

DAY_S = 24 * 60 * 60
NOTHING = dict.fromkeys(("fresh", "popular", "novel", "following"), 0)


@pytest.fixture
async def world(studio, clock):
    """Old and liked; then by somebody known; then by somebody followed; the newest by a stranger."""
    people = {name: await a_user(studio.db, name) for name in ("mika", "ines", "omar", "rosa", "tarek")}
    ids = {"liked": await a_post(studio, people["ines"])}
    for name in ("omar", "rosa", "tarek"):
        await done(studio, set_like, ids["liked"], True, by=people[name])
    clock.advance(DAY_S)
    ids["known"] = await a_post(studio, people["omar"])
    await done(studio, set_like, await a_post(studio, people["omar"], showing="link"), True, by=people["mika"])
    clock.advance(DAY_S)
    ids["followed"] = await a_post(studio, people["rosa"])
    await done(studio, set_follow, people["rosa"].id, True, by=people["mika"])
    clock.advance(DAY_S)
    ids["newest"] = await a_post(studio, people["tarek"])
    return people, ids


async def first(studio, by, **counts):
    await done(studio, lean, Leanings(**{**NOTHING, **counts}), by=by)
    async with studio.db.reader() as reader:
        return (await own_wall(reader, by)).items


async def test_each_leaning_puts_first_what_it_says(studio, world):
    people, ids = world
    mika = people["mika"]
    names = {image_id: name for name, image_id in ids.items()}

    for term, name in (("fresh", "newest"), ("popular", "liked"), ("following", "followed")):
        found = await first(studio, mika, **{term: 10})
        assert (names[found[0].post.image.id], found[0].terms.points) == (name, getattr(found[0].terms, term))
        assert len(found) == 4
    novel = await first(studio, mika, novel=10)
    assert (names[novel[-1].post.image.id], novel[-1].terms.liked_of_maker, novel[-1].terms.novel) == ("known", 1, 5.0)


async def test_a_place_is_the_sum_of_its_terms_and_each_is_bounded_by_its_leaning(studio, world):
    people, _ = world
    found = await first(studio, people["mika"], fresh=3, popular=7, novel=2, following=10)

    points = [one.terms.points for one in found]
    assert points == sorted(points, reverse=True)
    for one in found:
        assert (one.post.place, one.terms.points) == (one.terms.points, pytest.approx(sum(list(asdict(one.terms).values())[:4])))
        assert 0 <= one.terms.fresh <= 3
        assert 0 <= one.terms.popular <= 7
        assert 0 <= one.terms.novel <= 2
        assert one.terms.following in {0, 10}


async def test_leanings_are_remembered_for_each_person_and_bounded(studio, world):
    people, _ = world
    await done(studio, lean, Leanings(0, 10, 3, 5), by=people["mika"])

    async with studio.db.reader() as reader:
        assert await leanings_of(reader, people["mika"]) == Leanings(0, 10, 3, 5)
        assert await leanings_of(reader, people["ines"]) == Leanings()
    for wrong in (Leanings(fresh=-1), Leanings(following=11)):
        with pytest.raises(Invalid):
            await done(studio, lean, wrong, by=people["mika"])


async def test_pages_follow_each_other_without_a_gap_though_time_goes_on(studio, world, clock):
    people, ids = world
    seen, before = [], ""
    while True:
        async with studio.db.reader() as reader:
            page = await own_wall(reader, people["mika"], before=before, limit=2)
        seen += [one.post.image.id for one in page.items]
        before = page.next_cursor
        if not before:
            break
        clock.advance(30)
    assert (len(seen), set(seen)) == (4, set(ids.values()))
    async with studio.db.reader() as reader:
        with pytest.raises(Invalid):
            await own_wall(reader, people["mika"], before="x")


async def test_only_so_many_are_weighed_in_a_fixed_number_of_queries(studio, world, clock, monkeypatch):
    people, ids = world
    monkeypatch.setattr(leanings, "CANDIDATES", 1)
    monkeypatch.setattr(leanings, "OF_FOLLOWED", 1)
    async with studio.db.reader() as reader:
        await own_wall(reader, people["mika"])
        with statements_asked(studio.db) as asked:
            found = {one.post.image.id for one in (await own_wall(reader, people["mika"])).items}
    assert found == {ids["newest"], ids["liked"], ids["followed"]}
    assert len(asked) == 11


async def test_what_no_wall_shows_is_not_weighed(studio, world):
    people, ids = world
    mika = people["mika"]
    await done(studio, set_mute, people["tarek"].id, True, by=mika)
    mature = await a_post(studio, people["rosa"], rating="mature")
    hidden = await a_post(studio, people["rosa"], showing="link")

    async with studio.db.reader() as reader:
        shown = {one.post.image.id for one in (await own_wall(reader, mika)).items}
        again = {one.post.image.id for one in await those_on_own(reader, mika, [*ids.values(), mature, hidden])}
    assert shown == again == {ids["liked"], ids["known"], ids["followed"]}


async def test_creators_of_the_moment_are_those_whose_pictures_are_warmest_together(studio, world):
    people, _ = world
    async with studio.db.reader() as reader:
        assert [person.handle for person in await trending_creators(reader, None)] == ["ines", "tarek", "rosa", "omar"]
    await done(studio, set_mute, people["ines"].id, True, by=people["mika"])
    async with studio.db.reader() as reader:
        assert [person.handle for person in await trending_creators(reader, people["mika"])] == ["tarek", "rosa", "omar"]


async def test_whom_to_follow_is_somebody_else_not_followed_yet_with_the_latest_they_show_to_this_viewer(studio, world, clock):
    people, _ = world
    mika = people["mika"]
    await a_post(studio, mika)
    await done(studio, set_mute, people["omar"].id, True, by=mika)
    clock.advance(1)
    latest = []
    for _ in range(LATEST):
        clock.advance(1)
        latest.append(await a_post(studio, people["rosa"]))
    mature = await a_post(studio, people["rosa"], rating="mature")

    async with studio.db.reader() as reader:
        found = await creators_to_follow(reader, mika, [people["tarek"].id])

    assert {one.person.handle for one in found} == {"ines", "rosa"}
    [rosas] = [one.latest for one in found if one.person.handle == "rosa"]
    assert [post.image.id for post in rosas] == latest[::-1]
    assert mature not in latest


async def test_whom_to_follow_is_asked_for_as_often_however_many_they_are(studio, world):
    people, _ = world
    mika = people["mika"]
    asked = []
    async with studio.db.reader() as reader:
        await trending_creators(reader, mika)  # on SQLite the first statement of a connection brings a BEGIN
        for followed in ([], ["ines"], ["ines", "omar", "rosa"]):
            with statements_asked(studio.db) as statements:
                found = await creators_to_follow(reader, mika, [people[name].id for name in followed])
            assert len(found) == 4 - len(followed)
            assert all(one.latest for one in found)
            asked.append(len(statements))
        with statements_asked(studio.db) as statements:
            assert await creators_to_follow(reader, mika, [person.id for person in people.values()]) == []

    assert asked == [8, 8, 8]
    assert len(statements) <= 2


def test_warmth_is_what_heat_stands_for(clock):
    now = clock.now()
    assert warmth(heat_of(3, now, "7d"), now, "7d") == pytest.approx(3)
    clock.advance(7 * DAY_S / 4)
    assert warmth(heat_of(3, now, "7d"), clock.now(), "7d") == pytest.approx(1.5)
