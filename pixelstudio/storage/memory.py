"""Bytes in a dictionary, gone with the process: for tests and for trying things out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixelstudio.core.errors import NotFound
from pixelstudio.storage.keys import checked, digest_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


class MemoryStorage:
    """See `contract.Storage`."""

    def __init__(self) -> None:
        self._objects: dict[str, bytes] = {}

    async def put(self, data: bytes) -> str:
        digest = digest_of(data)
        self._objects[digest] = bytes(data)
        return digest

    async def get(self, digest: str) -> bytes:
        try:
            return self._objects[checked(digest)]
        except KeyError as error:
            raise NotFound from error

    async def exists(self, digest: str) -> bool:
        return checked(digest) in self._objects

    async def delete(self, digest: str) -> None:
        self._objects.pop(checked(digest), None)

    async def sweep(self, before: float) -> int:
        return 0

    def path(self, digest: str) -> Path | None:
        checked(digest)
        return None

    async def digests(self) -> AsyncIterator[str]:
        for digest in list(self._objects):
            yield digest
