"""The contract of every storage; `tests/contracts/test_storage.py` proves each implementation against it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


class Storage(Protocol):
    """Bytes under their sha256. Every method raises ValueError for a malformed key and Unavailable when the place cannot be used."""

    async def put(self, data: bytes) -> str:
        """Store bytes for good and return their key: after it returns they survive a power cut. Safe to repeat, also at the same time.

        On failure nothing is left behind.
        """
        ...

    async def get(self, digest: str) -> bytes:
        """The bytes under a key. Raises NotFound when there are none."""
        ...

    async def exists(self, digest: str) -> bool:
        """Whether there are bytes under a key."""
        ...

    async def delete(self, digest: str) -> None:
        """Remove the bytes under a key; nothing happens when there are none. Only for keys that no row names any more."""
        ...

    async def sweep(self, before: float) -> int:
        """Remove what a crash left half written and nobody touched since `before` (seconds since 1970); returns how many. Safe to repeat."""
        ...

    def path(self, digest: str) -> Path | None:
        """Where the bytes lie as a file, for servers that send files; None when this storage has no files. Does not look at the disk."""
        ...

    def digests(self) -> AsyncIterator[str]:
        """Every key, in no order; what is put or deleted meanwhile may be missing or present."""
        ...
