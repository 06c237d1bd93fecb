"""Content Credentials, by the real package in an environment of its own: what is put into a file, and what anybody's file tells."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pixelstudio.imaging.certificates import CredentialsUnusable, certified, self_made
from pixelstudio.imaging.children import ChildPool
from pixelstudio.imaging.credentials import Credentials, Told
from pixelstudio.imaging.recipe import ALGORITHMIC, TRAINED, Recipe, content_of, embed, read
from tests.credentialed import lend_the_package, some_credentials
from tests.standin.pictures import drawn

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

KINDS = ("png", "jpeg", "webp")
OURS = Told("ours", "Pixel Studio, self-made", "Pixel Studio", "rules")


def a_file(kind="png", source=ALGORITHMIC) -> bytes:
    recipe = Recipe("a quiet house", "", "sketch-paper", "sketch", 7, 64, 80, datetime(2026, 3, 14, tzinfo=UTC), digital_source_type=source)
    return embed(drawn("a house", 64, 80, 0.5, kind), recipe)


@pytest.fixture
def lent(monkeypatch):
    lend_the_package(monkeypatch)


@pytest.fixture
async def pool(lent):
    pool = ChildPool(1, urgent_size=0, preload=())
    yield pool
    await pool.close()


async def test_a_file_of_ours_is_known_again_in_every_container_and_keeps_its_picture_and_recipe(pool):
    credentials = some_credentials()
    for kind in KINDS:
        plain = a_file(kind)

        signed = credentials.signed(plain)

        assert await credentials.found_in(pool, signed) == OURS
        assert content_of(signed) == content_of(plain)
        assert read(signed) == read(plain)
        assert 0 < len(signed) - len(plain) < 8_000, "no thumbnail is put in"


async def test_it_says_when_a_trained_model_drew_the_picture(pool):
    credentials = some_credentials()

    told = [await credentials.found_in(pool, credentials.signed(a_file(source=source))) for source in (TRAINED, "http://elsewhere/source")]

    assert [one.source for one in told if one] == ["model", ""]


async def test_another_studios_are_valid_and_never_ours(pool):
    signed = some_credentials().signed(a_file())

    told = await some_credentials().found_in(pool, signed)

    assert told is not None
    assert told.standing == "valid"


@pytest.mark.parametrize("kind", KINDS)
async def test_a_changed_picture_is_broken(pool, kind):
    credentials = some_credentials()
    signed = bytearray(credentials.signed(a_file(kind)))
    signed[-24] ^= 1  # among the pixels, which come last

    told = await credentials.found_in(pool, bytes(signed))

    assert told is not None
    assert told.standing == "broken"


async def test_a_file_without_any_or_with_none_to_be_read_tells_nothing(pool):
    credentials = some_credentials()
    torn = credentials.signed(a_file())[:900]

    assert [await credentials.found_in(pool, data) for data in (a_file(), b"no picture", torn)] == [None, None, None]


def test_a_certificate_that_c2pa_does_not_take_is_found_out_at_the_start(lent):
    run_out = certified(self_made(datetime(1995, 3, 14, tzinfo=UTC)))

    with pytest.raises(CredentialsUnusable) as refusal:
        Credentials(run_out)

    assert refusal.value.code == "credentials_certificate_refused"
