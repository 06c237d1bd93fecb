"""Onlookers: everybody of one sort shares the words of a question, and nobody another's answer."""

from __future__ import annotations

from dataclasses import replace

from pixelstudio.features.accounts.onlookers import Onlooker, onlooker, seen_by
from pixelstudio.features.images.pictures import images_by_id
from tests.factories import a_user, an_image
from tests.statements import statements_asked


async def test_a_sort_says_nothing_of_who_somebody_is(studio):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")

    assert onlooker(ines) == onlooker(omar) == Onlooker(is_maintainer=False, sees="general")
    assert onlooker(replace(ines, sees="mature")) != onlooker(ines) != onlooker(replace(ines, is_maintainer=True))
    assert onlooker(None) is seen_by(None) is None


async def test_two_of_one_sort_are_asked_for_in_the_same_words_and_see_their_own(studio):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    hers, his = await an_image(studio, ines), await an_image(studio, omar)
    public = await an_image(studio, ines, is_public=True)

    async with studio.db.reader() as reader:
        with statements_asked(studio.db) as words:
            seen = {viewer: set(await images_by_id(reader, viewer, [hers, his, public])) for viewer in (ines, omar, ines)}
        unknown = set(await images_by_id(reader, None, [hers, his, public]))

    assert seen == {ines: {hers, public}, omar: {his, public}}
    assert unknown == {public}
    assert len({word for word in words if "image" in word}) == 1
