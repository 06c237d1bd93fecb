"""The store of one process: values as they are, the longest unused let go first."""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pixelstudio.caching.contract import Kind, V


class MemoryStore:
    """See `contract.Store`. What is put and got is the same object, so nobody may change it."""

    def __init__(self) -> None:
        self._kinds: dict[str, OrderedDict[str, tuple[float, Any]]] = {}

    async def get(self, kind: Kind[V], keys: Iterable[str]) -> dict[str, V]:
        entries, now = self._kinds.get(kind.name, OrderedDict()), time.monotonic()
        found: dict[str, V] = {}
        for key in keys:
            until, value = entries.get(key, (0.0, None))
            if until > now:
                entries.move_to_end(key)
                found[key] = value
        return found

    async def put(self, kind: Kind[V], values: Mapping[str, V]) -> None:
        entries, until = self._kinds.setdefault(kind.name, OrderedDict()), time.monotonic() + kind.ttl_s
        for key, value in values.items():
            entries[key] = (until, value)
            entries.move_to_end(key)
        while len(entries) > kind.most:
            entries.popitem(last=False)

    async def forget(self, kind: Kind[Any], keys: Iterable[str]) -> None:
        entries = self._kinds.get(kind.name, OrderedDict())
        for key in keys:
            entries.pop(key, None)

    async def clear(self, kind: Kind[Any]) -> None:
        self._kinds.pop(kind.name, None)

    async def close(self) -> None:
        self._kinds.clear()
