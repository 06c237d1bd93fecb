"""The cache forgets what it hears of before it answers, and keeps nothing that was read before that."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest

from pixelstudio.caching import cache as caching
from pixelstudio.caching.cache import Cache
from pixelstudio.caching.contract import Kind
from pixelstudio.caching.memory import MemoryStore
from pixelstudio.core.events import CACHES_TOPIC, Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Caught(Event):
    """Somebody caught a fish; without one, all of them."""

    name = "fish.caught"
    fish: str = ""

    def topics(self):
        return (CACHES_TOPIC,)


def _stale(fact):
    return ((fact.fish,) if fact.fish else None) if isinstance(fact, Caught) else ()


FISH: Kind[int] = Kind("fish", 60.0, 100, _stale, int, int)
BIRDS: Kind[int] = Kind("birds", 60.0, 100, lambda _: (), int, int)


def cache_on(bus, store=None):
    return Cache(bus, store or MemoryStore(), [FISH, BIRDS])


@pytest.fixture
async def cache(bus):
    opened = cache_on(bus)
    yield opened
    await opened.close()


async def test_what_is_kept_is_known_until_it_is_heard_of(cache, bus):
    await cache.keep(FISH, {"ray": 1, "eel": 2}, since=bus.heard)
    assert await cache.known(FISH, ["ray", "eel", "cod"]) == {"ray": 1, "eel": 2}

    bus.publish(Caught(fish="ray"))

    assert await cache.known(FISH, ["ray", "eel"]) == {"eel": 2}


async def test_a_fact_about_all_of_a_kind_leaves_the_others_alone(cache, bus):
    await cache.keep(FISH, {"ray": 1}, since=bus.heard)
    await cache.keep(BIRDS, {"owl": 1}, since=bus.heard)

    bus.publish(Caught())

    assert await cache.known(FISH, ["ray"]) == {}
    assert await cache.known(BIRDS, ["owl"]) == {"owl": 1}


async def test_what_was_read_before_a_fact_is_not_kept_after_it(cache, bus):
    before = bus.heard
    bus.publish(Caught(fish="ray"))
    await cache.known(FISH, ["ray"])

    await cache.keep(FISH, {"ray": 1, "eel": 2}, since=before)

    assert await cache.known(FISH, ["ray", "eel"]) == {"eel": 2}
    await cache.keep(FISH, {"ray": 3}, since=bus.heard)
    assert await cache.known(FISH, ["ray"]) == {"ray": 3}


async def test_nor_is_anything_after_a_fact_about_all(cache, bus):
    before = bus.heard
    bus.publish(Caught())

    await cache.keep(FISH, {"eel": 2}, since=before)

    assert await cache.known(FISH, ["eel"]) == {}


async def test_what_is_heard_of_while_it_is_put_away_is_forgotten_too(bus):
    class Slow(MemoryStore):
        async def put(self, kind, values):
            bus.publish(Caught(fish="ray"))
            await cache.known(FISH, [])  # somebody else asks meanwhile, and takes the fact
            await super().put(kind, values)

    cache = cache_on(bus, Slow())

    await cache.keep(FISH, {"ray": 1, "eel": 2}, since=bus.heard)

    assert await cache.known(FISH, ["ray", "eel"]) == {"eel": 2}
    await cache.close()


async def test_nobody_is_answered_while_another_is_about_to_forget(bus):
    begun = asyncio.Event()

    class Slow(MemoryStore):
        async def forget(self, kind, keys):
            begun.set()
            await asyncio.sleep(0.01)
            await super().forget(kind, keys)

    cache = cache_on(bus, Slow())
    await cache.keep(FISH, {"ray": 1}, since=bus.heard)
    bus.publish(Caught(fish="ray"))

    async with asyncio.TaskGroup() as group:
        first = group.create_task(cache.known(FISH, ["ray"]))
        await begun.wait()
        second = group.create_task(cache.known(FISH, ["ray"]))

    assert (first.result(), second.result()) == ({}, {})
    await cache.close()


async def test_whoever_missed_facts_forgets_everything(cache, bus):
    await cache.keep(BIRDS, {"owl": 1}, since=bus.heard)

    for _ in range(1_025):
        bus.publish(Caught(fish="ray"))

    assert await cache.known(BIRDS, ["owl"]) == {}


async def test_what_was_heard_of_long_ago_counts_as_lately_once_there_is_no_room_to_remember_it(cache, bus, monkeypatch):
    monkeypatch.setattr(caching, "HEARD_MAX", 2)
    before = bus.heard
    for fish in ("ray", "eel", "cod"):
        bus.publish(Caught(fish=fish))
        await cache.known(FISH, [])

    await cache.keep(FISH, {"ray": 1, "pike": 2}, since=before)

    assert await cache.known(FISH, ["ray", "pike"]) == {}
