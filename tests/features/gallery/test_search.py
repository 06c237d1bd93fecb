"""Search: words in any case and accent, filters, and whatever somebody types."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pixelstudio.features.gallery import search, walls
from pixelstudio.features.gallery.filters import WallFilter
from pixelstudio.features.gallery.follows import set_follow
from pixelstudio.features.gallery.likes import set_like
from pixelstudio.features.gallery.posts import PostForm, publish
from pixelstudio.features.gallery.search import FIELDS, MARKS, Query, query_of, with_kin
from pixelstudio.features.gallery.walls import those_on, wall
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


PIECES = st.one_of(
    st.text(max_size=12),
    st.sampled_from(NASTY),
    st.builds("{}:{}".format, st.sampled_from([*FIELDS, "IS", "Date"]), st.one_of(st.text(max_size=12), st.from_regex(r"[0-9x.-]{1,12}"))),
    st.builds("is:{}".format, st.sampled_from(MARKS)),
    st.builds("date:{}..{}".format, st.sampled_from(["", "2026", "2026-02-30", "week"]), st.sampled_from(["", "1999", "9999", "today"])),
)


async def test_whatever_is_made_up_of_words_and_fields_is_answered(studio):
    ines = await a_user(studio.db, "ines")
    await a_post(studio, ines)
    made_up = []

    @settings(max_examples=40, derandomize=True, database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(PIECES, max_size=5).map(" ".join))
    def make_up(typed):
        made_up.append(typed)

    make_up()
    for typed in made_up:
        await found(studio, typed, ines)


@given(typed=st.text(max_size=300))
def test_what_is_understood_is_letters_and_digits_alone(typed):
    query = query_of(typed)

    assert all(word.isalnum() for word in query.words)
    assert len(query.words) <= 16


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("Blue sea by:@ines tag:Far-Away", Query(("blue", "sea"), {"by": ("ines",), "tag": ("Far-Away",)})),
        ('style:"cut paper" MODEL:flux', Query((), {"style": ("cut paper",), "model": ("flux",)})),
        ("Seed:7 seed:8 size:512x512", Query((), {"seed": ("7", "8"), "size": ("512x512",)})),
        ("tide:high", Query(("tide", "high"))),
        ("", Query()),
        ("by: tag:", Query()),
    ],
)
def test_filters_are_understood(typed, query):
    assert query_of(typed) == query
    assert query.asks == bool(typed.strip(": ").replace("by: tag", ""))


@pytest.fixture
async def framed(studio, clock):
    """A tall picture of last year and a square one of today, by two people of whom one likes and follows the other."""
    ines, omar = [await a_user(studio.db, handle) for handle in ("ines", "omar")]
    tall = await a_post(studio, ines, prompt="a mast", size=(512, 768), seed=41)
    clock.advance(400 * 24 * 60 * 60)
    square = await a_post(studio, omar, prompt="a mast", seed=7)
    await done(studio, set_like, tall, True, by=omar)
    await done(studio, set_follow, ines.id, True, by=omar)
    return {"tall": tall, "square": square, "ines": ines, "omar": omar}


FOUND = {
    "seed:41": "tall", "SEED:007": "square", "seed:4": "", "seed:-41": "", "seed:x": "", "seed:99999999999999": "", "seed:41 seed:7": "",
    "size:512x768": "tall", "size:512X768": "tall", "size:512×768": "tall", "size:768": "tall", "size:256": "square", "size:Portrait": "tall",
    "size:square": "square", "size:landscape": "", "size:huge": "", "is:portrait": "tall", "is:SQUARE mast": "square", "size:512x768 is:square": "",
    "date:today": "square", "date:2000": "", "date:yesterday": "", "date:week": "square", "date:..yesterday": "tall", "date:2026-02-30": "",
    "date:..": "", "date:soon": "", "date:2020..today": "tall square", "seed:٤١": "tall", "is:nothing": "",
}  # fmt: skip


async def test_fields_find_what_has_them_whatever_their_case(studio, framed):
    for typed, names in FOUND.items():
        assert (typed, await found(studio, typed)) == (typed, {framed[name] for name in names.split()})


async def test_days_are_those_on_which_pictures_came_onto_the_walls(studio, framed, clock):
    now = clock.now()
    for typed in (f"date:{now:%Y-%m-%d}", f"date:{now:%Y-%m}", f"date:{now:%Y/%m/%d}", f"date:{now:%Y-%m-%d}..", f"date:{now:%Y}"):
        assert (typed, await found(studio, typed)) == (typed, {framed["square"]})


async def test_what_is_mine_followed_and_liked_is_asked_of_whoever_asks(studio, framed):
    omar, ines = framed["omar"], framed["ines"]
    for typed, mine, hers in (
        ("is:mine", "square", "tall"),
        ("is:followed", "tall", ""),
        ("is:liked", "tall", ""),
        ("mast IS:Liked", "tall", ""),
        ("is:liked is:square", "", ""),
        ("is:liked size:768 by:ines", "tall", ""),
    ):
        for viewer, names in ((omar, mine), (ines, hers), (None, "")):
            assert (typed, await found(studio, typed, viewer)) == (typed, {framed[name] for name in names.split()})


async def test_pages_of_what_is_liked_follow_each_other(studio, framed):
    ines, omar = framed["ines"], framed["omar"]
    more = [await a_post(studio, ines, prompt="a mast") for _ in range(3)]
    for image_id in more:
        await done(studio, set_like, image_id, True, by=omar)
    seen, before = [], ""
    async with studio.db.reader() as reader:
        for _ in range(2):
            page = await wall(reader, omar, WallFilter(sort="newest", words="is:liked mast"), before=before, limit=2)
            seen += [post.image.id for post in page.items]
            before = page.next_cursor

    assert (seen, before) == ([*reversed(more), framed["tall"]], "")


async def test_a_private_like_is_found_by_nobody_else_and_not_when_it_is_out_of_sight(studio, framed):
    await done(studio, publish, framed["tall"], PostForm(showing="private"), by=framed["ines"])

    assert await found(studio, "is:liked", framed["omar"]) == set()
    assert await found(studio, "seed:41", framed["omar"]) == set()


@pytest.fixture
async def scenery(studio, clock):
    """What shows a mountain by that word, before and after what shows one by another; and what only sounds like one."""
    ines = await a_user(studio.db, "ines")
    prompts = (
        ("far", "a mountain"), ("peaks", "two Peaks at dusk"), ("ridge", "the last ridge"), ("near", "a mountain"), ("many", "mountains"),
        ("fridge", "a fridge"), ("sea", "the sea at sunset"), ("summit", "a summit and a mountain"), ("alps", "the Alps"), ("tulips", "tulips"),
    )  # fmt: skip
    ids = {}
    for name, prompt in prompts:
        clock.advance(60)
        ids[name] = await a_post(studio, ines, prompt=prompt)
    return {**ids, "ines": ines}


async def order_of(studio, scenery, limit=40, viewer=None, **wanted):
    """The names of what is found, page by page."""
    names, seen, before = {image_id: name for name, image_id in scenery.items() if name != "ines"}, [], ""
    async with studio.db.reader() as reader:
        while before is not None:
            page = await wall(reader, viewer, WallFilter(**wanted), before=before, limit=limit)
            seen += [names[post.image.id] for post in page.items]
            before = page.next_cursor or None
    return " ".join(seen)


KIN = {
    "mountain": "summit many near far alps ridge peaks",
    "Mountains": "many alps summit near ridge peaks far",
    "peak": "peaks",  # no kind itself: what begins with it
    "flower": "tulips",
    "mountain evening": "peaks",
    "ocean evening": "sea",
    "ocean mountain": "",
    "mountain summit": "summit",
    "mountain by:ines": "summit many near far alps ridge peaks",
    "mountain by:omar": "",
    "tag:mountain": "",
    "mountain is:square": "summit many near far alps ridge peaks",
}


@pytest.mark.parametrize("limit", [40, 3, 1])
async def test_what_is_of_a_kind_is_found_after_what_has_the_very_word(studio, scenery, limit):
    for words, names in KIN.items():
        assert (words, await order_of(studio, scenery, limit, sort="newest", words=words)) == (words, names)


async def test_a_kind_is_found_in_every_order(studio, scenery):
    ines = scenery["ines"]
    for name in ("ridge", "far"):
        await done(studio, set_like, scenery[name], True, by=ines)

    for sort in ("trending", "liked"):
        found = await order_of(studio, scenery, 2, sort=sort, words="mountain")
        assert set(found.split()) == set(KIN["mountain"].split())
        assert found.startswith(("far ridge", "ridge far"))
    assert await order_of(studio, scenery, 1, ines, sort="newest", words="is:liked mountain") == "far ridge"


async def test_a_new_picture_of_a_kind_takes_its_place_behind_those_with_the_word(studio, scenery):
    async with studio.db.reader() as reader:
        found = await those_on(
            reader, None, WallFilter(sort="newest", words="mountain"), [scenery[name] for name in ("ridge", "far", "sea")]
        )
        whole = await wall(reader, None, WallFilter(sort="newest", words="mountain"))

    assert [post.image.id for post in found] == [scenery["far"], scenery["ridge"]]
    assert {post.image.id: post.place for post in found}.items() <= {post.image.id: post.place for post in whole.items}.items()
    assert [post.place for post in whole.items] == sorted((post.place for post in whole.items), reverse=True)


async def test_what_is_of_a_kind_and_out_of_sight_is_passed_over(studio, scenery):
    for name in ("alps", "near"):
        await done(studio, throw_away, scenery[name], by=scenery["ines"])

    for limit in (40, 2, 1):
        assert await order_of(studio, scenery, limit, sort="newest", words="mountain") == "summit many far ridge peaks"


async def test_behind_more_than_can_be_ranked_nothing_of_a_kind_is_looked_for(studio, scenery, monkeypatch):
    monkeypatch.setattr(walls, "FOUND_MAX", 4)

    assert await order_of(studio, scenery, 1, sort="newest", words="mountain") == "summit many near far"
    assert await order_of(studio, scenery, 1, sort="newest", words="flower") == "tulips"


async def test_so_many_kinds_at_most_are_looked_for(studio, scenery, monkeypatch):
    assert with_kin([["mountain"], ["dusk"]], query_of("mountain dusk"))[1][:2] == ["dusk", "dusks"]
    monkeypatch.setattr(search, "KINDS_MAX", 1)

    assert with_kin([["mountain"], ["dusk"]], query_of("mountain dusk"))[1] == ["dusk"]
    assert with_kin([["a"], ["by:ines"]], query_of("a by:ines")) == ()
    assert await order_of(studio, scenery, sort="newest", words="mountain evening") == ""
