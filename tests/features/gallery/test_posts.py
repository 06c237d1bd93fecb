"""Posts: what is shown to whom, with which words; and what a stranger cannot do."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from pixelstudio.core import limits
from pixelstudio.core.errors import Invalid, NotAllowed, NotFound
from pixelstudio.features.accounts.people import person_named
from pixelstudio.features.gallery import posts
from pixelstudio.features.gallery.filters import WallFilter
from pixelstudio.features.gallery.posts import (
    PostForm,
    checked_tags,
    hide_many,
    post_for,
    proposed,
    publish,
    publish_many,
    put_back,
    tags_of,
)
from pixelstudio.features.gallery.removal import remove_post
from pixelstudio.features.gallery.walls import wall
from pixelstudio.features.images.curation import throw_away
from pixelstudio.features.images.filters import PictureFilter
from pixelstudio.features.images.pictures import image_for, set_visibility
from pixelstudio.features.images.ratings import rate, set_rating
from tests.factories import a_post, a_user, an_image, done

NEWEST = WallFilter(sort="newest")


async def hanging(studio, viewer=None, wanted=NEWEST):
    async with studio.db.reader() as reader:
        return [post.image.id for post in (await wall(reader, viewer, wanted)).items]


async def test_a_published_picture_hangs_for_everybody_with_its_words(studio):
    ines = await a_user(studio.db, "ines")
    image_id = await an_image(studio, ines, prompt="a red lighthouse, in fog")

    await done(studio, publish, image_id, PostForm(description="  At dusk. ", tags="Sea, Far away, sea"), by=ines)

    async with studio.db.reader() as reader:
        post: Any = await post_for(reader, None, image_id)
        assert (post.title, post.description) == ("a red lighthouse", "At dusk.")
        assert post.alt == proposed(post.image).alt
        assert (post.tags, post.showing, post.person.handle) == (("far-away", "sea"), "public", "ines")
    assert await hanging(studio) == [image_id]


@pytest.mark.parametrize(("showing", "seen", "hangs"), [("private", False, False), ("link", True, False), ("public", True, True)])
async def test_who_sees_it_is_what_the_form_says(studio, showing, seen, hangs):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    image_id = await an_image(studio, ines)
    await done(studio, publish, image_id, PostForm(), by=ines)

    await done(studio, publish, image_id, PostForm(showing=showing), by=ines)

    async with studio.db.reader() as reader:
        if seen:
            assert await image_for(reader, omar, image_id)
        else:
            with pytest.raises(NotFound):
                await post_for(reader, omar, image_id)
        post: Any = await post_for(reader, ines, image_id)
        assert post.showing == showing
    assert [await hanging(studio, viewer) == [image_id] for viewer in (None, omar, ines)] == [hangs] * 3


async def test_who_shows_a_picture_and_who_removes_it_at_that_moment_do_not_wait_for_each_other(studio):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    image_id = await a_post(studio, ines)

    async with studio.db.transaction() as tx:
        await set_visibility(tx, image_id, "public", by=ines)
        removing = asyncio.create_task(done(studio, remove_post, image_id))
        await asyncio.sleep(0.2)  # by now it waits
        await publish(tx, image_id, PostForm(title="Again"), by=ines)
    await removing

    async with studio.db.reader() as reader:
        with pytest.raises(NotFound):
            await image_for(reader, omar, image_id)


async def test_a_stranger_publishes_nothing(studio):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    private, public = await an_image(studio, ines), await an_image(studio, ines, is_public=True)

    for image_id, refusal in ((private, NotFound), (public, NotAllowed)):
        with pytest.raises(refusal):
            await done(studio, publish, image_id, PostForm(), by=omar)
    with pytest.raises(NotFound):
        await done(studio, publish_many, [private], "", by=omar)
    assert await hanging(studio) == []


async def test_words_have_bounds_and_each_field_is_named(studio):
    ines = await a_user(studio.db, "ines")
    image_id = await an_image(studio, ines)

    for form, field in (
        (PostForm(title="x" * (limits.TITLE_MAX + 1)), "title"),
        (PostForm(description="x" * (limits.DESCRIPTION_MAX + 1)), "description"),
        (PostForm(alt="x" * (limits.ALT_MAX + 1)), "alt"),
        (PostForm(tags=" ".join(f"t{n}" for n in range(limits.TAGS_MAX + 1))), "tags"),
        (PostForm(tags="x" * (limits.TAG_MAX + 1)), "tags"),
        (PostForm(showing="everybody"), "showing"),
    ):
        with pytest.raises(Invalid) as refused:
            await done(studio, publish, image_id, form, by=ines)
        assert refused.value.field == field
    async with studio.db.reader() as reader:
        assert (await image_for(reader, ines, image_id)).visibility == "private"


def test_tags_are_folded_and_each_is_kept_once():
    assert checked_tags("Été #Blue, blue,  far  away") == ("ete-blue", "blue", "far-away")
    assert checked_tags("one two #Two") == ("one", "two")


async def test_many_are_published_at_once_each_with_its_own_title(studio):
    ines = await a_user(studio.db, "ines")
    ids = [await an_image(studio, ines, prompt=prompt) for prompt in ("a boat", "a bell")]
    by_link = await an_image(studio, ines, is_public=True, prompt="a bird")

    changed = await done(studio, publish_many, [*ids, by_link], "sea", by=ines)

    assert sorted(changed.image_ids) == sorted([*ids, by_link])
    async with studio.db.reader() as reader:
        shown = (await wall(reader, None, NEWEST)).items
    assert {(post.title, post.tags) for post in shown} == {("a boat", ("sea",)), ("a bell", ("sea",)), ("a bird", ("sea",))}


async def test_what_is_published_with_others_is_called_in_the_library_as_in_the_gallery_until_that_is_taken_back(studio):
    ines = await a_user(studio.db, "ines")
    ids = [await an_image(studio, ines, prompt=prompt) for prompt in ("a boat, at dusk", "a bell, in fog")]
    named = await a_post(studio, ines, title="Evening", showing="private")

    changed = await done(studio, publish_many, [*ids, named], "", by=ines)

    assert await called(studio, ines, [*ids, named]) == ["a boat", "a bell", "Evening"]
    await done(studio, put_back, changed.before, by=ines)
    assert await called(studio, ines, [*ids, named]) == ["", "", "Evening"]


async def called(studio, by, ids):
    async with studio.db.reader() as reader:
        return [(await image_for(reader, by, image_id)).title for image_id in ids]


@pytest.mark.parametrize("is_filter", [False, True])
async def test_very_many_are_published_a_few_in_each_commit(studio, monkeypatch, is_filter):
    monkeypatch.setattr(posts, "SHOWN_AT_ONCE", 3)
    ines = await a_user(studio.db, "ines")
    ids = [await an_image(studio, ines, is_public=n > 3 and not is_filter) for n in range(7)]

    steps = [await done(studio, publish_many, PictureFilter() if is_filter else ids, "sea", by=ines) for _ in range(3)]

    assert [(len(step.image_ids), step.has_more) for step in steps] == [(3, True), (3, True), (1, False)]
    assert sorted(await hanging(studio)) == sorted(ids)


async def test_many_are_published_with_one_rating_and_go_back_to_their_own(studio):
    ines = await a_user(studio.db, "ines")
    plain, marked, held, listed = [await an_image(studio, ines) for _ in range(4)]
    await done(studio, set_rating, marked, "mature", by=ines)
    await done(studio, rate, held, "mature", at_least="mature")
    await done(studio, publish, listed, PostForm(), by=ines)
    ids = [plain, marked, held, listed]

    changed = await done(studio, publish_many, ids, "", "sensitive", by=ines)

    assert await ratings(studio, ines, ids) == ["sensitive", "sensitive", "mature", "general"]
    await done(studio, put_back, changed.before, by=ines)
    assert await ratings(studio, ines, ids) == ["general", "mature", "mature", "general"]
    await done(studio, publish_many, ids, "", by=ines)
    assert await ratings(studio, ines, ids) == ["general", "mature", "mature", "general"]
    with pytest.raises(Invalid):
        await done(studio, publish_many, ids, "", "lovely", by=ines)


async def ratings(studio, by, ids):
    async with studio.db.reader() as reader:
        return [(await image_for(reader, by, image_id)).rating for image_id in ids]


@pytest.mark.parametrize("command", ["publish", "hide"])
async def test_what_was_shown_otherwise_goes_back_to_how_each_was_shown(studio, command):
    ines = await a_user(studio.db, "ines")
    public, by_link = [await a_post(studio, ines, tags="sea", showing=showing) for showing in ("public", "link")]
    private, bare = await an_image(studio, ines), await an_image(studio, ines, is_public=True)
    hidden = await a_post(studio, ines)
    await done(studio, set_visibility, hidden, "private", by=ines)
    ids = [public, by_link, private, bare, hidden]
    before = await showings(studio, ines, ids)
    on_walls = await hanging(studio)

    changed = await (done(studio, publish_many, ids, "dusk", by=ines) if command == "publish" else done(studio, hide_many, ids, by=ines))
    assert set(changed.image_ids) == (set(ids) - {public} if command == "publish" else {public, by_link, bare})
    assert set(await hanging(studio)) == (set(ids) if command == "publish" else set())

    for _ in range(2):
        await done(studio, put_back, changed.before, by=ines)
        assert await showings(studio, ines, ids) == before
        assert await hanging(studio) == on_walls


async def test_putting_back_leaves_alone_what_is_gone_or_somebody_elses(studio):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    private, thrown = await an_image(studio, ines), await an_image(studio, ines)
    changed = await done(studio, publish_many, [private, thrown], "", by=ines)
    await done(studio, throw_away, [thrown], by=ines)

    assert (await done(studio, put_back, changed.before, by=omar)).image_ids == []
    assert (await done(studio, put_back, changed.before, by=ines)).image_ids == [private]
    assert await hanging(studio) == []


async def showings(studio, by, ids):
    """Who sees each of these, and the tags of those that have any."""
    async with studio.db.reader() as reader:
        images = {image_id: await image_for(reader, by, image_id) for image_id in ids}
        tags = await tags_of(reader, ids)
    return {image_id: image.visibility for image_id, image in images.items()}, tags


async def test_what_was_taken_out_of_the_gallery_does_not_come_back_by_any_door(studio):
    ines = await a_user(studio.db, "ines")
    image_id = await an_image(studio, ines)
    await done(studio, publish, image_id, PostForm(), by=ines)
    async with studio.db.transaction() as tx:
        await remove_post(tx, image_id)

    with pytest.raises(NotAllowed, match="inbox"):
        await done(studio, publish, image_id, PostForm(), by=ines)
    with pytest.raises(NotAllowed):
        await done(studio, publish, image_id, PostForm(showing="link"), by=ines)
    await done(studio, publish_many, [image_id], "", by=ines)
    async with studio.db.reader() as reader:
        assert (await image_for(reader, ines, image_id)).visibility == "private"
    assert await hanging(studio) == []


async def test_a_proposal_leaves_the_words_of_the_style_out(studio):
    ines = await a_user(studio.db, "ines")
    image_id = await an_image(studio, ines, prompt="   ")
    async with studio.db.reader() as reader:
        image = await image_for(reader, ines, image_id)
        assert (proposed(image).title, proposed(image).alt) == ("Untitled", "A sketch without words")
        assert proposed(replace(image, model="openai-any")).alt == "A picture without words"
        with pytest.raises(NotFound):
            await person_named(reader, "nobody")


@pytest.mark.parametrize(
    ("model", "alt"),
    [
        ("sketch-paper", "A sketch in the colours and mood of the words “a red lighthouse, in fog”"),
        ("openai-any", "a red lighthouse, in fog"),
    ],
)
async def test_nobody_is_told_that_a_sketch_shows_the_things_its_words_name(studio, model, alt):
    ines = await a_user(studio.db, "ines")
    image_id = await an_image(studio, ines, prompt="a red lighthouse, in fog")
    async with studio.db.reader() as reader:
        image = replace(await image_for(reader, ines, image_id), model=model)

    assert proposed(image).alt == alt
    assert len(proposed(replace(image, prompt="fog " * 500)).alt) == limits.ALT_MAX
