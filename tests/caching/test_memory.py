"""The store of one process is bounded."""

from pixelstudio.caching.contract import Kind
from pixelstudio.caching.memory import MemoryStore

FISH: Kind[int] = Kind("fish", 60.0, 3, lambda _: (), int, int)


async def test_of_more_than_it_holds_the_longest_unused_goes():
    store = MemoryStore()
    await store.put(FISH, {"ray": 1, "eel": 2, "cod": 3})
    await store.get(FISH, ["ray"])

    await store.put(FISH, {"pike": 4})

    assert await store.get(FISH, ["ray", "eel", "cod", "pike"]) == {"ray": 1, "cod": 3, "pike": 4}
