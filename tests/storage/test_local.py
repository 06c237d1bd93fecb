"""The folder storage: what the disk looks like, and what happens when it refuses."""

import os
import resource
import stat

import pytest

from pixelstudio.core.errors import Unavailable
from pixelstudio.storage.local import LocalStorage


@pytest.fixture
def root(tmp_path):
    return tmp_path / "pictures"


@pytest.fixture
def storage(root):
    return LocalStorage(root)


def files_in(root):
    return [path for path in root.rglob("*") if path.is_file()]


async def test_files_are_fanned_out_and_readable_by_the_owner_alone(storage, root):
    digest = await storage.put(b"picture")

    path = root / digest[:2] / digest[2:4] / digest
    assert files_in(root) == [path]
    assert storage.path(digest) == path
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in (path.parent, path.parent.parent, root)} == {0o700}


async def test_putting_again_writes_nothing_and_renews_the_time(storage):
    path = storage.path(await storage.put(b"picture"))
    os.utime(path, (1, 1))
    before = path.stat()

    await storage.put(b"picture")

    assert path.stat().st_ino == before.st_ino
    assert path.stat().st_mtime > before.st_mtime


async def test_a_full_disk_is_told_and_leaves_nothing(storage, root):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, hard))
    try:
        with pytest.raises(Unavailable) as caught:
            await storage.put(b"x" * 100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert caught.value.code == "storage_full"
    assert files_in(root) == []


async def test_a_folder_that_cannot_be_used_is_told(tmp_path):
    in_the_way = tmp_path / "pictures"
    in_the_way.write_text("a file")
    storage = LocalStorage(in_the_way)

    with pytest.raises(Unavailable) as caught:
        await storage.put(b"picture")

    assert caught.value.code == "storage_unusable"
    assert in_the_way.read_text() == "a file"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
async def test_a_read_only_folder_is_told(storage, root):
    root.mkdir(mode=0o500)

    with pytest.raises(Unavailable) as caught:
        await storage.put(b"picture")

    assert caught.value.code == "storage_unusable"


async def test_an_unfinished_file_is_never_listed_nor_read(storage, root):
    digest = await storage.put(b"picture")
    path = storage.path(digest)
    path.rename(path.with_name(f".{digest}.0123456789abcdef.part"))

    assert [key async for key in storage.digests()] == []
    assert not await storage.exists(digest)


async def test_what_a_crash_left_half_written_is_swept_when_it_is_old_and_nothing_else(storage, root):
    kept = storage.path(await storage.put(b"picture"))
    old, young = (kept.with_name(f".{kept.name}.{word}.part") for word in ("0123456789abcdef", "fedcba9876543210"))
    for part in (old, young):
        part.write_bytes(b"half a pic")
    for path in (old, kept):
        os.utime(path, (1_000, 1_000))

    assert await storage.sweep(before=2_000) == 1

    assert set(files_in(root)) == {kept, young}
    assert await storage.sweep(before=2_000) == 0


async def test_a_long_list_leaves_nobody_out_between_its_parts(storage, monkeypatch):
    """`zip` with a range takes one name more than it gives: every thousand and first file was missing from the list."""
    monkeypatch.setattr("pixelstudio.storage.local._LISTED_AT_ONCE", 2)
    put = {await storage.put(str(n).encode()) for n in range(7)}

    assert {digest async for digest in storage.digests()} == put
