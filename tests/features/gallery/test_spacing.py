"""Spacing: what is alike hangs apart, nothing is lost, and the first stays the first."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from pixelstudio.features.gallery.filters import WallFilter
from pixelstudio.features.gallery.spacing import NEAR, spaced
from pixelstudio.features.gallery.walls import wall
from tests.factories import a_post, a_user


@pytest.fixture
async def post(studio):
    """One that others are made of."""
    await a_post(studio, await a_user(studio.db, "ines"))
    async with studio.db.reader() as reader:
        return (await wall(reader, None, WallFilter())).items[0]


def drawn(post, words):
    """A picture for each letter: of that prompt, in that order."""
    return [
        replace(post, image=replace(post.image, id=f"{at}", prompt=letter), title=letter, place=-float(at))
        for at, letter in enumerate(words)
    ]


def told(posts):
    return "".join(post.title for post in posts)


async def test_pictures_of_one_prompt_hang_apart_and_the_first_stays_first(post):
    hung = spaced(drawn(post, "aaaa" + "bcdefghijklmnop"))

    places = [at for at, one in enumerate(hung) if one.title == "a"]
    assert places[0] == 0
    assert places[1] == NEAR + 1
    assert sorted(told(hung)) == sorted("aaaa" + "bcdefghijklmnop")


async def test_where_there_is_too_little_else_they_hang_as_far_apart_as_they_can(post):
    hung = spaced(drawn(post, "aaabbbccc"))

    assert told(hung) == "abcabcabc"
    assert [one.image.id for one in hung if one.title == "a"] == ["0", "1", "2"]


async def test_the_same_words_of_another_person_are_another_picture(post):
    theirs = replace(post, person=replace(post.person, id="somebody"))
    hung = spaced([*drawn(post, "aa"), *drawn(theirs, "Aa")])

    assert all(one.person.id != other.person.id for one, other in pairwise(hung))


async def test_a_wall_that_is_all_different_stays_as_it_is(post):
    assert told(spaced(drawn(post, "zyxwv"))) == "zyxwv"
    assert spaced([]) == []
