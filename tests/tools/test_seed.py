"""The seeded world: the same every time, drawn once, and in order in every table."""

from dataclasses import replace
from random import Random

import pytest
from sqlalchemy import text

from pixelstudio.storage.local import LocalStorage
from tests.children import SparingPool
from tools.seed.company import look_at, meet
from tools.seed.drawings import PREFIXES, drawn
from tools.seed.people import PEOPLE
from tools.seed.shelves import SHELVES, Published, collect
from tools.seed.world import AT_ONCE, Site, add, plan, portraits_of, settle


def test_the_plan_is_the_same_every_time():
    assert plan() == plan()
    assert plan() != plan(seed=8)


def test_it_has_twelve_people_and_four_hundred_pictures():
    sets = plan()

    assert len({one.handle for one in sets}) == len(PEOPLE) == 12
    assert sum(len(one.drawings) for one in sets) == 400
    assert [one.after_s for one in sets] == sorted(one.after_s for one in sets)
    assert all(max(drawing.width, drawing.height) == 640 for one in sets for drawing in one.drawings)


async def test_what_was_drawn_once_is_kept(workshop_children, tmp_path):
    drawings = [replace(plan()[0].drawings[0], width=96, height=96, seed=seed) for seed in (1, 2)]

    first = [await drawn(workshop_children, drawing, tmp_path) for drawing in drawings]
    kept = sorted(tmp_path.iterdir())
    kept[0].write_bytes(b"not drawn again")

    assert len(kept) == 2
    assert [data[:4] for data in first] == [b"\x89PNG"] * 2
    assert b"not drawn again" in [await drawn(workshop_children, drawing, tmp_path) for drawing in drawings]


@pytest.fixture
async def workshop_children():
    children = SparingPool(2, prefixes=PREFIXES)
    yield children
    await children.close()


@pytest.fixture
def site(database, clock, workshop_children, tmp_path):
    return Site(clock, database, workshop_children, LocalStorage(tmp_path / "objects"), tmp_path / "kept")


async def test_pictures_are_drawn_and_taken_in_side_by_side_and_come_in_their_order(site, clock):
    drawings = [replace(drawing, width=96, height=96) for one in plan() for drawing in one.drawings][: AT_ONCE * 2]

    together = await portraits_of(site, drawings, clock.now())
    at_work = len(site.children.memory_mb())
    alone = [(await portraits_of(site, [drawing], clock.now()))[0] for drawing in drawings]

    assert at_work == 3
    assert together == alone
    assert len({portrait.original.digest for portrait in alone}) == len(drawings)
    assert all([await site.storage.exists(portrait.original.digest) for portrait in alone])


async def test_a_set_hangs_as_if_it_had_been_drawn(site):
    people = await settle(site)
    one = next(one for one in plan() if one.is_public and one.favourites)
    one = replace(one, drawings=tuple(replace(drawing, width=96, height=96) for drawing in one.drawings))

    await add(site, one, people[one.handle], await portraits_of(site, one.drawings, site.clock.now()))

    async with site.db.reader() as reader:
        images = (await reader.exec(text("SELECT visibility, favourite_at, prompt FROM image ORDER BY slot"))).all()
        looked_at = (await reader.exec(text("SELECT count(*) FROM image WHERE look IS NOT NULL AND fingerprint IS NOT NULL"))).scalar()
        slots = (await reader.exec(text("SELECT count(*) FROM generation_slot WHERE outcome = 'done' AND image_id IS NOT NULL"))).scalar()
    assert slots == looked_at == len(images) == len(one.drawings)
    assert {(visibility, prompt) for visibility, _, prompt in images} == {("public", one.drawings[0].prompt)}
    assert tuple(slot for slot, row in enumerate(images) if row.favourite_at) == one.favourites


async def test_the_others_follow_like_and_talk_and_nobody_likes_their_own(site):
    people = await settle(site)
    one = next(one for one in plan() if one.is_public and len(one.drawings) > 1)
    one = replace(one, drawings=tuple(replace(drawing, width=96, height=96) for drawing in one.drawings))
    published = await add(site, one, people[one.handle], await portraits_of(site, one.drawings, site.clock.now()))

    await meet(site, people, Random(7))
    for _ in range(5):
        await look_at(site, published, people[one.handle], people, Random(3))

    async with site.db.reader() as reader:
        followed = (await reader.exec(text("SELECT follower_id, count(*) FROM follow GROUP BY follower_id"))).all()
        likes = (await reader.exec(text("SELECT l.liker_id, i.owner_id FROM post_like l JOIN image i ON i.id = l.image_id"))).all()
        counted = (await reader.exec(text("SELECT sum(likes), sum(comments) FROM post"))).one()
        said = (await reader.exec(text("SELECT count(*) FROM comment"))).scalar_one()
    assert len(followed) == len(PEOPLE)
    assert {count for _, count in followed} <= {2, 3, 4, 5}
    assert likes
    assert all(liker != owner for liker, owner in likes)
    assert tuple(counted) == (len(likes), said)


async def test_everybody_keeps_some_of_it_together_and_some_share_a_collection(site):
    people = await settle(site)
    one = next(one for one in plan() if one.is_public and len(one.drawings) > 1)
    one = replace(one, drawings=tuple(replace(drawing, width=96, height=96) for drawing in one.drawings))
    published = await add(site, one, people[one.handle], await portraits_of(site, one.drawings, site.clock.now()))
    everywhere = ", ".join(shelf.words for shelf in SHELVES)

    await collect(site, [Published(image_id, one.handle, everywhere) for image_id in published], people, Random(7))

    async with site.db.reader() as reader:
        held = (await reader.exec(text("SELECT c.account_id, count(*) FROM collection c GROUP BY c.account_id"))).all()
        pictures = (await reader.exec(text("SELECT count(*) FROM collection_picture GROUP BY collection_id"))).scalars().all()
        inside = (await reader.exec(text("SELECT count(*) FROM collection WHERE parent_id IS NOT NULL"))).scalar_one()
        joined = (await reader.exec(text("SELECT count(*) FROM collaborator WHERE joined_at IS NOT NULL"))).scalar_one()
    assert len(held) == len(PEOPLE)
    assert {count for _, count in held} <= {2, 3, 4}
    assert set(pictures) <= {len(published), 2}
    assert inside > 0
    assert joined == 2
