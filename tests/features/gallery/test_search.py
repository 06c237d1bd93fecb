"""Search: words in any case and accent, filters, and whatever somebody types."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixelstudio.features.gallery.posts import PostForm, publish
from pixelstudio.features.gallery.search import Query, query_of
from pixelstudio.features.gallery.walls import WallFilter, wall
from pixelstudio.features.images.curation import forget, throw_away
from pixelstudio.features.images.forgetting import FORGOTTEN_KEEP, forget_deleted
from tests.factories import a_post, a_user, an_image, done

NASTY = (
    '"', "'", "(", ")", "*", "-cat", "col:x", "cat'", "title:", "{title}:", "NEAR(a b)", "a AND", "OR", "NOT", "^a", "a\x00b", "\\", "%", "_",
    ":*", "a:*", "a & b", "a | !b", "<->", "by:", "by:@", 'tag:"', "model:'; --", "((((" * 50, "é" * 300, "\ud800", "\U0001d518\U0001d52b", "日本", "ﬁ", "١٢",
    "style:% tag:_ by:*", "post_search:1", "rowid:1", "-", "+", "\u202ea", "🙂", "a" * 5_000, "ª²³",
)  # fmt: skip


async def found(studio, words, viewer=None):
    async with studio.db.reader() as reader:
        return {post.image.id for post in (await wall(reader, viewer, WallFilter(sort="newest", words=words))).items}


async def test_words_are_found_in_title_description_tags_and_prompt_in_any_case_and_accent(studio):
    ines = await a_user(studio.db, "ines")
    image_id = await a_post(studio, ines, prompt="ein Leuchtturm", title="Crème BRÛLÉE", description="at the harbour", tags="Żółw")

    for words in ("creme", "brûlée CRÈME", "harbour", "zołw", "leucht", "tag:Żółw", "by:INES leuchtturm", "by:@ines"):
        assert (words, await found(studio, words)) == (words, {image_id})
    for words in ("lighthouse", "creme by:omar", "tag:creme", "model:other"):
        assert (words, await found(studio, words)) == (words, set())


async def test_filters_name_model_and_style(studio):
    ines = await a_user(studio.db, "ines")
    image_id = await a_post(studio, ines, prompt="a boat")

    assert await found(studio, "model:sketch-paper boat") == {image_id}
    assert await found(studio, "model:PAPER") == {image_id}
    assert await found(studio, "style:photo boat") == set()


async def test_what_is_not_shown_any_more_is_not_found_and_new_words_replace_the_old(studio, clock):
    ines = await a_user(studio.db, "ines")
    hidden, renamed, gone = [await a_post(studio, ines, prompt="whale", title=title) for title in ("one", "two", "three")]
    await an_image(studio, ines, prompt="whale")

    await done(studio, publish, hidden, PostForm(showing="private"), by=ines)
    await done(studio, publish, renamed, PostForm(title="narwhal"), by=ines)
    await done(studio, throw_away, gone, by=ines)

    assert await found(studio, "whale", ines) == {renamed}
    assert (await found(studio, "two"), await found(studio, "narwhal")) == (set(), {renamed})
    await done(studio, forget, gone, by=ines)
    clock.advance(FORGOTTEN_KEEP.total_seconds() + 1)
    assert await forget_deleted(studio) == 1
    assert await found(studio, "three", ines) == set()


async def test_nothing_that_is_typed_is_an_error(studio):
    await a_post(studio, await a_user(studio.db, "ines"))

    for words in NASTY:
        await found(studio, words)


@given(typed=st.text(max_size=300))
def test_what_is_understood_is_letters_and_digits_alone(typed):
    query = query_of(typed)

    assert all(word.isalnum() for word in query.words)
    assert len(query.words) <= 16


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("Blue sea by:@ines tag:Far-Away", Query(("blue", "sea"), (), ("ines",), (), ("far-away",))),
        ('style:"cut paper" MODEL:flux', Query((), ("flux",), (), ("cut-paper",), ())),
        ("", Query()),
        ("by: tag:", Query()),
    ],
)
def test_filters_are_understood(typed, query):
    assert query_of(typed) == query
    assert query.asks == bool(typed.strip(": ").replace("by: tag", ""))
