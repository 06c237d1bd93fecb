"""The seal: whoever changes the words or puts the recipe elsewhere breaks it, in every container."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pixelstudio.imaging.recipe import Recipe, content_of, embed, read
from pixelstudio.imaging.seal import Seal, standing_of
from tests.standin.pictures import drawn

OURS, THEIRS = Seal(b"o" * 32), Seal(b"t" * 32)
RECIPE = Recipe("a quiet house \ufffe & <b>\n“tea”", "people", "sketch-paper", "sketch", 7, 64, 80, datetime(2026, 3, 14, tzinfo=UTC))
CONTENT = "ab" * 32


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
def test_a_sealed_recipe_comes_back_whole_from_every_container(kind):
    plain = drawn("a house", 64, 80, 0.5, kind)

    picture = embed(plain, OURS.sealed(RECIPE, content_of(plain)))
    found = read(picture)

    assert found is not None
    assert standing_of(found) == "good"
    assert (found.signer, found.content) == (OURS.public, content_of(picture))
    assert found.prompt == RECIPE.prompt.replace("\ufffe", "")
    assert content_of(drawn("another house", 64, 80, 0.5, kind)) != found.content


def test_anything_changed_breaks_it():
    sealed = OURS.sealed(RECIPE, CONTENT)
    changes = [
        {"prompt": "a loud house"},
        {"seed": 8},
        {"model": "other"},
        {"content": "cd" * 32},
        {"signer": THEIRS.public},
        {"signer": "not a key"},
        {"signature": sealed.signature[:-2] + "AA"},
        {"signature": "!"},
        {"created_at": datetime(2026, 3, 15, tzinfo=UTC)},
    ]

    assert standing_of(sealed) == "good"
    assert [change for change in changes if standing_of(replace(sealed, **change)) != "broken"] == []
    assert standing_of(replace(sealed, signature="")) == standing_of(RECIPE) == "unsigned"


def test_the_same_key_gives_the_same_seal_and_another_key_is_another_studio():
    assert OURS.sealed(RECIPE, CONTENT) == OURS.sealed(OURS.sealed(RECIPE, CONTENT), CONTENT)
    assert THEIRS.sealed(RECIPE, CONTENT).signer == THEIRS.public != OURS.public
