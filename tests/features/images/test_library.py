"""The library: what a filter finds, in which order, on both databases alike; words are text, whatever they look like."""

from __future__ import annotations

from sqlalchemy import update
from sqlmodel import col

from pixelstudio.features.images.curation import set_favourite, throw_away
from pixelstudio.features.images.filters import PictureFilter
from pixelstudio.features.images.library import are_wanted, count_in, models_in, pictures_in, sets_in
from pixelstudio.features.images.tables import ImageRow
from tests.factories import a_user, an_image

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


async def test_sets_hold_what_is_wanted_newest_first_and_page_without_a_gap(studio, clock):
    ines = await a_user(studio.db, "ines")
    made = []
    for n in range(4):
        if n % 2:
            clock.advance(1)  # some share their moment
        made.append(await an_image(studio, ines, prompt=f"boat {n}"))
    async with studio.db.transaction() as tx:
        await throw_away(tx, made[2], by=ines)

    seen, cursor = [], None
    while cursor != "":
        async with studio.db.reader() as reader:
            page = await sets_in(reader, ines, PictureFilter(words="boat"), before=cursor, limit=2)
        seen, cursor = [*seen, *page.items], page.next_cursor

    assert {one.cover[0].id for one in seen} == {made[0], made[1], made[3]}
    assert len(seen) == 3
    assert [one.newest_at for one in seen] == sorted((one.newest_at for one in seen), reverse=True)
    assert {one.count for one in seen} == {1}
