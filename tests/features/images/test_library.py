"""The library: what a filter finds, in which order, on both databases alike; words are text, whatever they look like."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from sqlalchemy import text, update
from sqlmodel import col

from pixelstudio.db.transaction import Reader
from pixelstudio.features.gallery.posts import PostForm, publish
from pixelstudio.features.images.curation import restore, set_favourite, throw_away
from pixelstudio.features.images.filters import PictureFilter, Place
from pixelstudio.features.images.library import are_wanted, count_in, count_sets_in, ids_in, models_in, pictures_in, sets_in
from pixelstudio.features.images.neighbours import neighbours_of
from pixelstudio.features.images.pictures import image_for
from pixelstudio.features.images.tables import ImageRow
from tests.factories import a_post, a_set, a_user, an_image, done

PROMPTS = ("A red Lighthouse at dusk", "100% cotton_shirt", "une ÉTOILE bleue", "back\\slash 'quoted' (a OR b) -cat")


FOUND = (
    ("", (0, 1, 2, 3)),
    ("  lighthouse   RED ", (0,)),
    ("red boat", ()),
    ("100%", (1,)),
    ("%", (1,)),
    ("_", (1,)),
    ("cotton_s", (1,)),
    ("étoile", (2,)),
    ("Étoile bleue", (2,)),
    ("\\", (3,)),
    ("'quoted'", (3,)),
    ('"', ()),
    ("(a OR b) -cat*", ()),
    ("\x00\ud800lighthouse", (0,)),
    ("red " * 500, (0,)),
    ("(" * 2000, ()),
    ("'; DROP TABLE image; --", ()),
    ("7", (0, 1, 2, 3)),  # the seed
)


async def test_words_find_prompts_and_are_never_a_pattern_or_a_query(studio):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    made = [await an_image(studio, ines, prompt=prompt) for prompt in PROMPTS]
    await an_image(studio, omar, prompt=PROMPTS[0], is_public=True)

    async with studio.db.reader() as reader:
        for words, found in FOUND:
            page = await pictures_in(reader, ines, PictureFilter(words=words))
            assert ({view.id for view in page.items}, words) == ({made[n] for n in found}, words)
            assert await count_in(reader, ines, PictureFilter(words=words)) == len(found)


async def test_a_word_for_a_kind_of_thing_finds_the_things_of_that_kind(studio):
    ines = await a_user(studio.db, "ines")
    prompts = ("The last Ridge before the sea", "a season of chills", "tulips, rosés", "Sea. Nothing else", "an ELM, a skyline")
    made = [await an_image(studio, ines, prompt=prompt) for prompt in prompts]
    named = await an_image(studio, ines, prompt="seven")
    async with studio.db.transaction() as tx:
        await tx.exec(update(ImageRow).where(col(ImageRow.id) == named).values(title="Peaks at dawn"))

    async with studio.db.reader() as reader:
        for words, found in (
            ("mountains", {made[0], named}),
            ("Ocean", {made[0], made[3]}),  # and no season
            ("flower", {made[2]}),
            ("hill", {made[1]}),  # as it stands, within another word too
            ("mountain morning", {named}),
            ("tree", set()),
            ("cities", {made[4]}),
            ("beaches", set()),
        ):
            page = await pictures_in(reader, ines, PictureFilter(words=words))
            assert ({view.id for view in page.items}, words) == (found, words)


async def test_a_word_of_a_models_title_finds_what_it_drew_and_no_word_of_its_id_does(studio):
    ines = await a_user(studio.db, "ines")
    titles = {"sketch-paper": "Cut paper", "sketch-bloom": "Bloom", "sketch-glass": "100% Verre Étoilé"}
    asked = await a_set(studio, ines, 2)
    boats = [await an_image(studio, ines, prompt="a boat", asked=asked, slot=slot) for slot in range(2)]
    paper = await an_image(studio, ines, prompt="origami of paper")
    glass = await an_image(studio, ines, prompt="a boat")
    async with studio.db.transaction() as tx:
        for image_id, model in ((paper, "sketch-bloom"), (glass, "sketch-glass")):
            await tx.exec(update(ImageRow).where(col(ImageRow.id) == image_id).values(model=model))

    async def found(words):
        wanted = PictureFilter(words=words, model_titles=titles)
        async with studio.db.reader() as reader:
            ids = await ids_in(reader, ines, wanted, 9)
            pages, cursor = [], None
            while cursor != "":
                page = await pictures_in(reader, ines, wanted, before=cursor, limit=1)
                pages, cursor = [*pages, *(view.id for view in page.items)], page.next_cursor
            assert pages == ids == [view.id for view in await are_wanted(reader, ines, wanted, ids)]
            assert await count_in(reader, ines, wanted) == len(ids)
            assert [view.count for view in (await sets_in(reader, ines, wanted)).items] == [2] * (set(boats) <= set(ids))
        return set(ids)

    assert await found("Cut paper") == await found("CUT") == await found("cut boat") == set(boats)
    assert await found("paper") == {*boats, paper}
    assert await found("cut origami") == await found("sketch") == await found("sketch-paper") == await found("c_t") == set()
    assert await found("étoilé") == await found("100%") == {glass}
    changed = await done(studio, throw_away, PictureFilter(words="cut", model_titles=titles), by=ines)
    assert set(changed.image_ids) == set(boats)


async def test_a_picture_is_found_by_its_title_too_wherever_it_lies_and_whatever_is_done_to_it(studio):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    fjord = await a_post(studio, ines, prompt="a boat on water", title="Morning at the Fjord")
    hidden = await a_post(studio, ines, prompt="a red boat", title="MORNING mist", showing="private")
    await an_image(studio, ines, prompt="a boat")
    await a_post(studio, omar, title="Morning at the fjord")

    async def found(words, place: Place = "wall"):
        wanted = PictureFilter(words=words, place=place)
        async with studio.db.reader() as reader:
            ids = await ids_in(reader, ines, wanted, 9)
            assert [view.id for view in (await pictures_in(reader, ines, wanted)).items] == ids
            assert [view.id for view in await are_wanted(reader, ines, wanted, ids)] == ids
            assert await count_in(reader, ines, wanted) == len(ids)
            return set(ids)

    assert await found("morning") == {fjord, hidden}
    assert await found("fjord boat") == {fjord}
    assert await found("fjord red") == set()
    changed = await done(studio, throw_away, PictureFilter(words="morning"), by=ines)
    assert set(changed.image_ids) == await found("morning", "trash") == {fjord, hidden}
    await done(studio, restore, [fjord], by=ines)
    await done(studio, publish, fjord, PostForm(title="Evening"), by=ines)
    assert await found("fjord") == set()
    assert await found("evening") == {fjord}


async def test_each_filter_narrows_and_together_they_narrow_more(studio, clock):
    ines = await a_user(studio.db, "ines")
    old = await an_image(studio, ines)
    clock.advance(40 * 86_400)
    tall, public = await an_image(studio, ines), await an_image(studio, ines, is_public=True)
    async with studio.db.transaction() as tx:
        await tx.exec(update(ImageRow).where(col(ImageRow.id) == tall).values(height=512, model="other"))
        await set_favourite(tx, [tall, old], True, by=ines)

    async def found(**wanted):
        async with studio.db.reader() as reader:
            return {view.id for view in (await pictures_in(reader, ines, PictureFilter(**wanted))).items}

    assert await found(shape="portrait") == {tall}
    assert await found(shape="square") == {old, public}
    assert await found(shape="landscape") == set()
    assert await found(model="other") == {tall}
    assert await found(period="month") == {tall, public}
    assert await found(period="before-month") == {old}
    assert await found(period="before-year") == set()
    assert await found(favourites=True) == {tall, old}
    assert await found(favourites=True, period="week") == {tall}
    assert await found(visibility="public") == {public}
    assert await found(generation_id="x' OR 1=1") == set()
    async with studio.db.reader() as reader:
        assert await models_in(reader, ines) == ["other", "sketch-paper"]
        assert [v.id for v in await are_wanted(reader, ines, PictureFilter(favourites=True), [old, public, "x"])] == [old]


async def test_the_trash_is_ordered_by_when_things_were_thrown_away_and_pages_without_a_gap(studio, clock):
    ines = await a_user(studio.db, "ines")
    made = [await an_image(studio, ines) for _ in range(5)]
    thrown = [made[n] for n in (3, 0, 4, 1)]
    for image_id in thrown:
        clock.advance(1)
        async with studio.db.transaction() as tx:
            await throw_away(tx, image_id, by=ines)

    seen, cursor = [], None
    while cursor != "":
        async with studio.db.reader() as reader:
            page = await pictures_in(reader, ines, PictureFilter(place="trash"), before=cursor, limit=3)
        seen, cursor = [*seen, *(view.id for view in page.items)], page.next_cursor

    assert seen == thrown[::-1]
    oldest, cursor = [], None
    while cursor != "":
        async with studio.db.reader() as reader:
            page = await pictures_in(reader, ines, PictureFilter(place="trash", oldest_first=True), before=cursor, limit=3)
        oldest, cursor = [*oldest, *(view.id for view in page.items)], page.next_cursor
    assert oldest == thrown


async def _interleaved(studio, clock, by):
    """Two sets whose pictures came in between each other and in no order, as they should stand."""
    early = await a_set(studio, by)
    clock.advance(1)
    late = await a_set(studio, by)
    came = {}
    for asked, slot in ((late, 2), (early, 1), (late, 0), (early, 2), (early, 0), (late, 1)):
        clock.advance(1)
        came[asked, slot] = await an_image(studio, by, asked=asked, slot=slot)
    return [came[asked, slot] for asked in (late, early) for slot in range(3)]


async def test_the_newest_set_stands_first_and_a_set_by_slot_however_its_pictures_came(studio, clock):
    ines = await a_user(studio.db, "ines")
    as_asked = await _interleaved(studio, clock, ines)

    paged, walked, cursor, here = [], [], None, as_asked[0]
    async with studio.db.reader() as reader:
        while cursor != "":
            page = await pictures_in(reader, ines, PictureFilter(words="lighthouse"), before=cursor, limit=2)
            paged, cursor = [*paged, *(view.id for view in page.items)], page.next_cursor
        while here:
            walked.append(here)
            here = (await neighbours_of(reader, ines, await image_for(reader, ines, here))).older
        chosen = await ids_in(reader, ines, PictureFilter(), 4)
        again = [view.id for view in await are_wanted(reader, ines, PictureFilter(), as_asked[::-1])]
        newer = (await neighbours_of(reader, ines, await image_for(reader, ines, as_asked[3]))).newer

    assert paged == walked == again == as_asked
    assert chosen == as_asked[:4]
    assert newer == as_asked[2]


async def test_oldest_first_sets_stand_the_other_way_round_and_each_by_slot_still(studio, clock):
    ines = await a_user(studio.db, "ines")
    as_asked = await _interleaved(studio, clock, ines)
    turned = [*as_asked[3:], *as_asked[:3]]
    wanted = PictureFilter(oldest_first=True)

    for limit in (1, 2, 3, 4, 6, 7):
        paged, sizes, cursor = [], [], None
        async with studio.db.reader() as reader:
            while cursor != "":
                page = await pictures_in(reader, ines, wanted, before=cursor, limit=limit)
                paged, sizes, cursor = [*paged, *(view.id for view in page.items)], [*sizes, len(page.items)], page.next_cursor
        assert paged == turned
        assert sizes == ([3, 3] if limit < 4 else [6])
    async with studio.db.reader() as reader:
        assert await ids_in(reader, ines, wanted, 4) == [*turned[:3], turned[5]]
        assert [view.id for view in await are_wanted(reader, ines, wanted, as_asked)] == turned
        sets, cursor = [], None
        while cursor != "":
            page = await sets_in(reader, ines, wanted, before=cursor, limit=1)
            sets, cursor = [*sets, *(one.cover[0].id for one in page.items)], page.next_cursor
    assert sets == [turned[0], turned[3]]


async def _plan_of(studio, by, cursor, wanted):
    """How the database goes about the page after this cursor; with sorting and whole tables made dear on Postgres, for the tables are small."""
    asked, exec_ = [], Reader.exec
    async with studio.db.transaction() as tx:
        with patch.object(Reader, "exec", lambda reader, statement, *rest: asked.append(statement) or exec_(reader, statement, *rest)):
            await pictures_in(tx, by, wanted, before=cursor)
        if tx.dialect == "postgresql":
            await tx.exec(text("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off"))
        explain = "EXPLAIN" if tx.dialect == "postgresql" else "EXPLAIN QUERY PLAN"
        words = asked[-1].compile(studio.db.engine.sync_engine, compile_kwargs={"literal_binds": True})
        return " ".join(str(row) for row in (await tx.exec(text(f"{explain} {words}"))).all())


@pytest.mark.parametrize("wanted", [PictureFilter(), PictureFilter(oldest_first=True)], ids=["newest", "oldest"])
async def test_a_page_of_the_library_is_one_range_of_its_index(studio, clock, wanted):
    ines = await a_user(studio.db, "ines")
    await _interleaved(studio, clock, ines)
    async with studio.db.reader() as reader:
        cursor = (await pictures_in(reader, ines, wanted, limit=2)).next_cursor

    plan = await _plan_of(studio, ines, cursor, wanted)

    assert "ix_image_owner_id_stands_at_id" in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan


async def test_sets_hold_what_is_wanted_newest_first_and_page_without_a_gap(studio, clock):
    ines = await a_user(studio.db, "ines")
    made = []
    for n in range(4):
        if n % 2:
            clock.advance(1)  # some share their moment
        asked = await a_set(studio, ines, 2)
        made.append(
            [await an_image(studio, ines, prompt=prompt, asked=asked, slot=slot) for slot, prompt in enumerate((f"boat {n}", "tree"))]
        )
    alone = await an_image(studio, ines, prompt="boat alone")
    async with studio.db.transaction() as tx:
        await throw_away(tx, made[2][1], by=ines)  # its other one is alone now

    seen, cursor, counts = [], None, []
    for wanted in (PictureFilter(words="boat"), PictureFilter()):
        async with studio.db.reader() as reader:
            counts.append((await count_sets_in(reader, ines, wanted), await count_in(reader, ines, wanted)))
    while cursor != "":
        async with studio.db.reader() as reader:
            page = await sets_in(reader, ines, PictureFilter(words="boat"), before=cursor, limit=2)
        seen, cursor = [*seen, *page.items], page.next_cursor

    assert {one.cover[0].id for one in seen} == {made[0][0], made[1][0], made[3][0]}
    assert len(seen) == 3
    assert [one.newest_at for one in seen] == sorted((one.newest_at for one in seen), reverse=True)
    assert {one.count for one in seen} == {1}
    assert counts == [(3, 5), (3, 8)]
    assert alone not in {view.id for one in seen for view in one.cover}
