"""The contract of a store, against every implementation; Redis is a real server."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from pixelstudio.caching.contract import Kind, Store
from pixelstudio.caching.memory import MemoryStore
from pixelstudio.caching.redis import RedisStore


def as_it_is(value):
    return value


BIRDS: Kind[dict] = Kind("birds", 60.0, 3, lambda _: (), as_it_is, as_it_is)
FISH: Kind[tuple] = Kind("fish", 60.0, 3, lambda _: (), list, tuple)


@pytest.fixture(params=["memory", "redis"])
async def store(request):
    if request.param == "memory":
        opened: Store = MemoryStore()
    else:
        opened = RedisStore.at(f"unix://{request.getfixturevalue('redis_server').unix_socket_path}")
        for kind in (BIRDS, FISH):
            await opened.clear(kind)
    yield opened
    await opened.close()


async def test_what_is_put_is_there_and_nothing_else(store):
    await store.put(BIRDS, {"wren": {"grams": 9}, "owl": {"grams": 400}})

    assert await store.get(BIRDS, ["owl", "wren", "auk"]) == {"owl": {"grams": 400}, "wren": {"grams": 9}}
    assert await store.get(BIRDS, []) == {}


async def test_kinds_do_not_meet_and_come_back_in_their_own_shape(store):
    await store.put(BIRDS, {"ray": {"grams": 1}})
    await store.put(FISH, {"ray": (1, 2)})

    assert await store.get(FISH, ["ray"]) == {"ray": (1, 2)}
    assert await store.get(BIRDS, ["ray"]) == {"ray": {"grams": 1}}


async def test_what_is_put_again_takes_the_place_of_what_was_there(store):
    await store.put(FISH, {"ray": (1,)})
    await store.put(FISH, {"ray": (2,)})

    assert await store.get(FISH, ["ray"]) == {"ray": (2,)}


async def test_what_is_forgotten_is_gone_and_the_rest_is_not(store):
    await store.put(FISH, {"ray": (1,), "eel": (2,)})

    await store.forget(FISH, ["ray", "never there"])
    await store.forget(FISH, [])

    assert await store.get(FISH, ["ray", "eel"]) == {"eel": (2,)}


async def test_a_kind_that_is_cleared_is_empty_and_can_be_filled_again(store):
    await store.put(FISH, {"ray": (1,)})
    await store.put(BIRDS, {"owl": {}})

    await store.clear(FISH)

    assert await store.get(FISH, ["ray"]) == {}
    assert await store.get(BIRDS, ["owl"]) == {"owl": {}}
    await store.put(FISH, {"ray": (2,)})
    assert await store.get(FISH, ["ray"]) == {"ray": (2,)}


async def test_nothing_outlives_the_time_of_its_kind(store):
    brief = replace(FISH, ttl_s=0.02)
    await store.put(brief, {"ray": (1,)})

    await asyncio.sleep(0.06)

    assert await store.get(brief, ["ray"]) == {}
