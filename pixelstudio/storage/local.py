"""Bytes as files in one folder of this machine: `ab/cd/abcd...`, readable by the owner alone, complete or not there.

A file is written beside its place, forced to disk, then renamed: a crash at any moment leaves the old state and at most a `.part`
file, which upkeep sweeps. Two levels of 256 folders keep each below a thousand entries up to 60 million pictures.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import secrets
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from pixelstudio.core.errors import NotFound, Unavailable
from pixelstudio.storage.keys import checked, digest_of, is_digest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

T = TypeVar("T")

_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_FILE_MODE: Final = 0o600
_FOLDER_MODE: Final = 0o700
_LISTED_AT_ONCE: Final = 1_000
_FOLDERS: Final = "[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]"
_PART: Final = ".part"


class LocalStorage:
    """See `contract.Storage`. Several processes may use the same folder. The folder is made at the first `put`."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def put(self, data: bytes) -> str:
        return await asyncio.to_thread(_translated, lambda: self._put(data))

    async def get(self, digest: str) -> bytes:
        path = self.path(digest)
        return await asyncio.to_thread(_translated, path.read_bytes)

    async def exists(self, digest: str) -> bool:
        path = self.path(digest)
        return await asyncio.to_thread(_translated, path.is_file)

    async def delete(self, digest: str) -> None:
        path = self.path(digest)
        await asyncio.to_thread(_translated, lambda: path.unlink(missing_ok=True))

    async def sweep(self, before: float) -> int:
        return await asyncio.to_thread(_translated, lambda: _sweep(self._root, before))

    def path(self, digest: str) -> Path:
        checked(digest)
        return self._root / digest[:2] / digest[2:4] / digest

    async def digests(self) -> AsyncIterator[str]:
        names = _names(self._root)
        while chunk := await asyncio.to_thread(_translated, lambda: _next(names, _LISTED_AT_ONCE)):
            for name in chunk:
                yield name

    def _put(self, data: bytes) -> str:
        digest = digest_of(data)
        path = self.path(digest)
        try:
            os.utime(path)  # there already; the new time tells a collector that somebody has just asked for it
        except FileNotFoundError:
            _make_folder(path.parent)
            _write(path, data)
        return digest


def _translated(work: Callable[[], T]) -> T:
    """Do the work, with the system's errors turned into ours."""
    try:
        return work()
    except FileNotFoundError as error:
        raise NotFound from error
    except OSError as error:
        if error.errno in _NO_ROOM:
            sentence = "There is no room left to store pictures. Whoever runs this studio has to make some; then try again."
            raise Unavailable(sentence, code="storage_full", errno=error.errno) from error
        sentence = "Pictures cannot be stored or read at the moment. Whoever runs this studio has to look at the picture folder."
        raise Unavailable(sentence, code="storage_unusable", errno=error.errno) from error


def _make_folder(folder: Path) -> None:
    """Make a folder and those above it, each entry forced to disk."""
    try:
        folder.mkdir(_FOLDER_MODE)
    except FileExistsError:
        return
    except FileNotFoundError:
        _make_folder(folder.parent)
        with contextlib.suppress(FileExistsError):
            folder.mkdir(_FOLDER_MODE)
    _force_folder(folder.parent)


def _write(path: Path, data: bytes) -> None:
    part = path.with_name(f".{path.name}.{secrets.token_hex(8)}{_PART}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE_MODE)
    try:
        with open(descriptor, "wb") as file:  # noqa: PTH123  a descriptor with its mode set from the first moment
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _force_folder(path.parent)


def _sweep(root: Path, before: float) -> int:
    swept = 0
    for part in root.glob(f"{_FOLDERS}/.*{_PART}"):
        with contextlib.suppress(FileNotFoundError):  # somebody has finished it, or swept it
            if part.stat().st_mtime < before:
                part.unlink()
                swept += 1
    return swept


def _force_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _names(root: Path) -> Iterator[str]:
    for folder in root.glob(_FOLDERS):
        with os.scandir(folder) as entries:
            yield from [entry.name for entry in entries if is_digest(entry.name)]


def _next(names: Iterator[str], count: int) -> list[str]:
    return list(islice(names, count))
