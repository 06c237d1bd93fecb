"""What may be spent at a provider: told before, and never passed."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from pixelstudio.core.errors import Unavailable
from pixelstudio.core.settings import SettingsFault, load_settings
from pixelstudio.features.generation.generations import cancel, submit
from pixelstudio.features.generation.spending import spending_of
from pixelstudio.features.operations.alerts import spending_alerts
from tests.factories import PricedSketch, a_request, a_studio, a_user


@pytest.fixture
def capped(database, clock, children):
    """A studio where a picture costs two credits and ten may be spent a month."""
    studio = a_studio(database, clock, children, PricedSketch(children))
    return replace(studio, settings=studio.settings.model_copy(update={"spending_caps_credits": "sketch=10,openai=3"}))


async def _asked(studio, by, count):
    async with studio.db.transaction() as tx:
        return await submit(tx, studio, a_request(count=count, seed=None), by)


async def _told(studio):
    async with studio.db.reader() as reader:
        return spending_alerts(await spending_of(reader, studio))


async def test_what_would_pass_the_bound_is_refused_with_what_to_do_and_holds_nothing(capped):
    ines = await a_user(capped.db, credits=100)
    await _asked(capped, ines, 4)

    with pytest.raises(Unavailable) as refusal:
        await _asked(capped, ines, 2)

    assert refusal.value.code == "spending_cap_reached"
    assert "Nothing was charged" in refusal.value.sentence
    await _asked(capped, ines, 1)  # ten are allowed, and ten are asked for


async def test_many_at_once_do_not_pass_the_bound_together(capped):
    people = [await a_user(capped.db, f"guest_{n}", credits=100) for n in range(8)]

    ends = await asyncio.gather(*(_asked(capped, by, 1) for by in people), return_exceptions=True)

    async with capped.db.reader() as reader:
        (spending,) = [one for one in await spending_of(reader, capped) if one.provider == "sketch"]
    assert (spending.spent, spending.allowed) == (10, 10)
    assert [type(end) for end in ends if isinstance(end, Exception)] == [Unavailable] * 3


async def test_somebody_is_told_before_it_stops(capped):
    ines = await a_user(capped.db, credits=100)
    await _asked(capped, ines, 3)
    assert await _told(capped) == []

    await _asked(capped, ines, 1)

    (alert,) = await _told(capped)
    assert (alert.kind, alert.lane) == ("spending", "sketch")
    assert alert.sentence.startswith("8 of the 10 credits")


async def test_what_was_called_off_and_another_month_do_not_count(capped, clock):
    ines = await a_user(capped.db, credits=100)
    view = await _asked(capped, ines, 5)
    async with capped.db.transaction() as tx:
        await cancel(tx, capped, view.id, ines)
    await _asked(capped, ines, 5)

    clock.advance(timedelta(days=32).total_seconds())

    await _asked(capped, ines, 5)


async def test_without_a_bound_nothing_stops(database, clock, children):
    studio = a_studio(database, clock, children, PricedSketch(children))
    ines = await a_user(database, credits=100)

    await _asked(studio, ines, 10)

    assert await _told(studio) == []


@pytest.mark.parametrize("caps", ["openai", "openai=many", "=5", "openai=5;stability=7"])
def test_bounds_that_say_nothing_stop_the_start(caps, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)

    with pytest.raises(SettingsFault, match="SPENDING_CAPS_CREDITS"):
        load_settings(spending_caps_credits=caps)
