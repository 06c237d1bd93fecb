"""The contract of a storage, against every implementation."""

import asyncio
import hashlib

import pytest

from pixelstudio.core.errors import NotFound
from pixelstudio.storage.contract import Storage
from pixelstudio.storage.local import LocalStorage
from pixelstudio.storage.memory import MemoryStorage

ABSENT = "0" * 64
MALFORMED = ["", "..", "../../etc/passwd", "0" * 63, "0" * 65, "A" * 64, "0" * 63 + "\n", "0" * 32 + "/" + "0" * 31, "g" * 64]


@pytest.fixture(params=["local", "memory"])
def storage(request, tmp_path) -> Storage:
    return LocalStorage(tmp_path / "pictures") if request.param == "local" else MemoryStorage()


@pytest.mark.parametrize("data", [b"", b"x", bytes(range(256)) * 5_000], ids=["nothing", "one byte", "a megabyte"])
async def test_what_is_put_comes_back_under_its_sha256(storage, data):
    digest = await storage.put(data)

    assert digest == hashlib.sha256(data).hexdigest()
    assert await storage.get(digest) == data
    assert await storage.exists(digest)


async def test_putting_twice_stores_once(storage):
    first = await storage.put(b"same")
    second = await storage.put(b"same")

    assert first == second
    assert [digest async for digest in storage.digests()] == [first]


async def test_putting_the_same_at_the_same_time_is_safe(storage):
    digests = set(await asyncio.gather(*[storage.put(b"same" * 10_000) for _ in range(8)]))

    assert len(digests) == 1
    assert await storage.get(digests.pop()) == b"same" * 10_000


async def test_what_is_not_there_is_not_found(storage):
    assert not await storage.exists(ABSENT)
    with pytest.raises(NotFound):
        await storage.get(ABSENT)


async def test_deleting_removes_and_may_be_repeated(storage):
    digest = await storage.put(b"gone")

    await storage.delete(digest)
    await storage.delete(digest)

    assert not await storage.exists(digest)
    assert [key async for key in storage.digests()] == []


async def test_every_key_is_listed(storage):
    put = {await storage.put(str(number).encode()) for number in range(40)}

    assert {digest async for digest in storage.digests()} == put


async def test_an_empty_storage_lists_nothing(storage):
    assert [digest async for digest in storage.digests()] == []


@pytest.mark.parametrize("key", MALFORMED)
async def test_only_digests_are_keys(storage, key):
    with pytest.raises(ValueError, match="not a storage key"):
        await storage.get(key)
    with pytest.raises(ValueError, match="not a storage key"):
        await storage.exists(key)
    with pytest.raises(ValueError, match="not a storage key"):
        await storage.delete(key)
    with pytest.raises(ValueError, match="not a storage key"):
        storage.path(key)


async def test_a_path_holds_the_bytes_where_there_are_files(storage):
    digest = await storage.put(b"file")

    path = storage.path(digest)

    assert path is None or path.read_bytes() == b"file"
