"""Exhibits: what walls show is kept for a moment, is never old, and is never shown to anybody the database does not let see it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from sqlalchemy import update
from sqlmodel import col

from pixelstudio.features.accounts.avatars import remove_avatar, set_avatar
from pixelstudio.features.accounts.closing import close
from pixelstudio.features.accounts.mutes import set_mute
from pixelstudio.features.accounts.people import person_named
from pixelstudio.features.accounts.profile import ProfileForm, change_profile
from pixelstudio.features.gallery.comments import write
from pixelstudio.features.gallery.exhibits import POSTS
from pixelstudio.features.gallery.filters import WallFilter
from pixelstudio.features.gallery.follows import block, standing_of
from pixelstudio.features.gallery.likes import set_like
from pixelstudio.features.gallery.posts import PostForm, hide_many, publish, publish_many
from pixelstudio.features.gallery.walls import wall
from pixelstudio.features.images.curation import restore, throw_away
from pixelstudio.features.images.tables import ImageRow
from pixelstudio.imaging.looks import colour_of
from tests.factories import a_post, a_user, done
from tests.features.gallery.test_nearness import shown
from tests.imaging.test_looks import a_field
from tests.statements import statements_asked

NEWEST = WallFilter(sort="newest")
BLUE = WallFilter(palette=(colour_of("#2f5d8a") or (0, 0, 0),))


async def on_wall(studio, wanted=NEWEST, viewer=None, **more):
    async with studio.db.reader() as reader:
        return (await wall(reader, viewer, wanted, cache=studio.cache, **more)).items


async def anew(studio, wanted=NEWEST, viewer=None):
    """The same without the cache."""
    async with studio.db.reader() as reader:
        return (await wall(reader, viewer, wanted)).items


@pytest.fixture
async def people(studio):
    return {handle: await a_user(studio.db, handle) for handle in ("ines", "omar")}


async def test_a_wall_seen_before_asks_less_and_says_the_same(studio, people):
    for number in range(3):
        await a_post(studio, people["ines"], title=f"number {number}", tags="one, two")
    with statements_asked(studio.db) as statements:
        first = await on_wall(studio, viewer=people["omar"])
        before, statements[:] = len(statements), []
        second = await on_wall(studio, viewer=people["omar"])

    assert first == second == await anew(studio, viewer=people["omar"])
    assert len([statement for statement in statements if statement.startswith("SELECT")]) == 2
    assert before > 5


def _changes():
    async def rename(studio, people, image_id):
        await done(studio, change_profile, ProfileForm("Inés", "ines", "paints"), by=people["ines"])

    async def paint_oneself(studio, people, image_id):
        await done(studio, set_avatar, b"webp", by=people["ines"])

    async def unpaint_oneself(studio, people, image_id):
        await done(studio, remove_avatar, by=people["ines"])

    async def like(studio, people, image_id):
        await done(studio, set_like, image_id, True, by=people["omar"])

    async def unlike(studio, people, image_id):
        await done(studio, set_like, image_id, False, by=people["omar"])

    async def talk(studio, people, image_id):
        await done(studio, write, image_id, "lovely", by=people["omar"])

    async def retitle(studio, people, image_id):
        await done(studio, publish, image_id, PostForm(title="Another", tags="new", alt="else", description="more"), by=people["ines"])

    async def hide(studio, people, image_id):
        await done(studio, hide_many, [image_id], by=people["ines"])

    async def show(studio, people, image_id):
        await done(studio, publish_many, [image_id], "again", by=people["ines"])

    async def rate(studio, people, image_id):
        await done(studio, publish, image_id, PostForm(rating="sensitive"), by=people["ines"])

    async def rate_back(studio, people, image_id):
        await done(studio, publish, image_id, PostForm(rating="general"), by=people["ines"])

    async def throw(studio, people, image_id):
        await done(studio, throw_away, image_id, by=people["ines"])

    async def take(studio, people, image_id):
        await done(studio, restore, image_id, by=people["ines"])

    async def leave(studio, people, image_id):
        await done(studio, close, people["ines"].id)

    return (rename, paint_oneself, unpaint_oneself, like, talk, unlike, retitle, hide, show, rate, rate_back, throw, take, leave)


async def test_whatever_changes_is_seen_and_counted_by_everybody_at_once(studio, people):
    image_id = await a_post(studio, people["ines"])
    viewers = (None, *people.values(), replace(people["omar"], sees="mature"))
    async with studio.db.reader() as reader:
        person = await person_named(reader, "ines")

    async def looked(cache):
        async with studio.db.reader() as reader:
            walls = [(await wall(reader, viewer, NEWEST, cache=cache)).items for viewer in viewers]
            return walls, [(await standing_of(reader, viewer, person, cache)).pictures for viewer in viewers]

    for change in _changes():
        await looked(studio.cache)
        await change(studio, people, image_id)
        assert (change.__name__, await looked(studio.cache)) == (change.__name__, await looked(None))


async def test_what_is_ones_own_is_said_to_oneself_alone_whoever_looked_first(studio, people):
    ines, omar = people.values()
    image_id = await a_post(studio, ines)
    await done(studio, set_like, image_id, True, by=omar)

    for viewer in (ines, omar, None, ines, omar):
        (post,) = await on_wall(studio, viewer=viewer)
        assert (post.image.is_mine, post.is_liked) == (viewer is ines, viewer is omar)


async def test_what_the_database_does_not_let_somebody_see_is_not_shown_though_it_is_kept(studio, people):
    ines, omar = people.values()
    hidden, rated, kept = [await a_post(studio, ines) for _ in range(3)]
    await on_wall(studio, viewer=omar)
    async with studio.db.transaction() as tx:  # nobody is told
        await tx.exec(update(ImageRow).where(col(ImageRow.id) == hidden).values(visibility="private"))
        await tx.exec(update(ImageRow).where(col(ImageRow.id) == rated).values(rating="mature"))

    assert [post.image.id for post in await on_wall(studio, viewer=omar)] == [kept]
    assert set(await studio.cache.known(POSTS, [hidden, rated, kept])) == {hidden, rated, kept}
    await done(studio, block, ines.id, True, by=omar)
    assert await on_wall(studio, viewer=omar) == []


async def test_nothing_private_and_nothing_of_ones_own_is_kept(studio, people):
    ines = people["ines"]
    image_id = await a_post(studio, ines, rating="mature")

    assert len(await on_wall(studio, viewer=ines)) == 1

    assert await studio.cache.known(POSTS, [image_id]) == {}


async def test_a_post_comes_back_from_a_shared_store_as_it_went(studio, people):
    image_id = await a_post(studio, people["ines"], title="żółw", tags="one, two", description="a\nb")
    (post,) = await anew(studio)

    assert POSTS.unpacked(json.loads(json.dumps(POSTS.packed(post)))) == post
    assert post.image.id == image_id


async def test_a_palette_is_worked_out_once_for_all_its_pages_and_for_what_comes(studio, people, monkeypatch):
    from pixelstudio.features.gallery import walls

    ines, omar = people.values()
    made = [await shown(studio, ines, a_field("#2f5d8a", shade)) for shade in ("#2f5d8a", "#305080", "#345a88")]
    asked, nearest = [], walls.nearest

    async def counted(*arguments):
        asked.append(arguments)
        return await nearest(*arguments)

    monkeypatch.setattr(walls, "nearest", counted)
    seen, before = [], ""
    for _ in made:
        async with studio.db.reader() as reader:
            page = await wall(reader, omar, BLUE, before=before, limit=1, cache=studio.cache)
        seen += [post.image.id for post in page.items]
        before = page.next_cursor

    assert (sorted(seen), len(asked)) == (sorted(made), 1)
    new = await shown(studio, ines, a_field("#2f5d8a"))
    assert new in {post.image.id for post in await on_wall(studio, BLUE, omar)}
    assert len(asked) == 2


async def test_what_was_found_for_one_is_neither_served_to_another_nor_after_it_is_out_of_sight(studio, people):
    ines, omar = people.values()
    first, second = [await shown(studio, ines, a_field("#2f5d8a", shade)) for shade in ("#2f5d8a", "#305080")]
    assert len(await on_wall(studio, BLUE, omar)) == 2
    async with studio.db.transaction() as tx:  # nobody is told
        await tx.exec(update(ImageRow).where(col(ImageRow.id) == first).values(visibility="private"))

    assert [post.image.id for post in await on_wall(studio, BLUE, omar)] == [second]
    await done(studio, block, ines.id, True, by=omar)
    assert await on_wall(studio, BLUE, omar) == []
    assert [post.image.id for post in await on_wall(studio, BLUE)] == [second]


async def test_a_picture_out_of_sight_is_likened_to_nothing_at_once(studio, people):
    ines, omar = people.values()
    source, other = [await shown(studio, ines, a_field("#2f5d8a", shade)) for shade in ("#2f5d8a", "#305080")]
    alike = WallFilter(like=source)
    assert [post.image.id for post in await on_wall(studio, alike, omar)] == [other]

    await done(studio, publish, source, PostForm(showing="private"), by=ines)

    assert await on_wall(studio, alike, omar) == []


async def test_other_wishes_find_other_pictures_at_once(studio, people):
    ines, omar = people.values()
    rated = await shown(studio, ines, a_field("#2f5d8a"), rating="mature")
    await done(studio, set_mute, ines.id, True, by=omar)
    assert await on_wall(studio, BLUE, omar) == []

    await done(studio, set_mute, ines.id, False, by=omar)

    assert await on_wall(studio, BLUE, omar) == []
    assert [post.image.id for post in await on_wall(studio, BLUE, replace(omar, sees="mature"))] == [rated]
