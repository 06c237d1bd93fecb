"""The cache: beside the database, never in front of it. Who needs something asks here first, reads the rest and leaves it here.

What is kept is forgotten by the facts of the outbox, this process's own before anybody is answered again. And what was read is kept only
when nothing was heard of it since its view of the database was opened: a slow reader does not bring back what somebody has changed meanwhile.
Whoever looks at somebody's rights does so in the database, each time: nothing that is kept says who may see it.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final

from pixelstudio.caching.contract import StoreAway
from pixelstudio.core.events import CACHES_TOPIC, Resync
from pixelstudio.core.log import get_logger

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pixelstudio.caching.contract import Kind, Store, V
    from pixelstudio.core.events import Bus, Event

HEARD_MAX: Final = 8_192
"""Of so many keys it is remembered when they were heard of; of the others it counts as lately."""


class Cache:
    """One process's way to what is kept. It listens from the moment it is made."""

    def __init__(self, bus: Bus, store: Store, kinds: Sequence[Kind[Any]]) -> None:
        self._listening = ExitStack()
        self._facts = self._listening.enter_context(bus.subscribe(CACHES_TOPIC, capacity=1024))
        self._bus, self._store, self._kinds = bus, store, kinds
        self._turn = asyncio.Lock()
        self._heard: OrderedDict[tuple[str, str], int] = OrderedDict()
        self._heard_of_all = {kind.name: 0 for kind in kinds}
        self._is_behind = False
        """The store was away when something had to be forgotten: before it is trusted again everything is."""

    async def known(self, kind: Kind[V], keys: Iterable[str]) -> dict[str, V]:
        """What is kept under these keys and still true."""
        try:
            await self._catch_up()
            return await self._store.get(kind, keys)
        except StoreAway:
            return {}

    async def keep(self, kind: Kind[V], values: Mapping[str, V], *, since: int) -> None:
        """Keep what was read from a view of the database that was opened when this process had heard `since` facts (`Reader.heard`)."""
        try:
            await self._catch_up()
            fresh = {key: value for key, value in values.items() if not self._is_heard_of(kind, key, since)}
            if not fresh:
                return
            await self._store.put(kind, fresh)
            if late := [key for key in fresh if self._is_heard_of(kind, key, since)]:
                await self._store.forget(kind, late)
        except StoreAway:
            return

    async def follow(self) -> None:
        """Forget as soon as something is heard, until cancelled: for stores that others read too."""
        while True:
            await self._facts.wait()
            try:
                await self._catch_up()
            except StoreAway:
                get_logger().warning("cache.away")

    async def close(self) -> None:
        """Stop listening, and let go of the store."""
        self._listening.close()
        await self._store.close()

    def _is_heard_of(self, kind: Kind[Any], key: str, since: int) -> bool:
        return max(self._heard_of_all[kind.name], self._heard.get((kind.name, key), 0)) > since

    async def _catch_up(self) -> None:
        """Apply what was heard, one caller at a time: nobody passes who could still find what another is about to forget."""
        async with self._turn:
            facts = self._facts.take()
            if not facts and not self._is_behind:
                return
            stale = {kind.name: self._stale(kind, facts) for kind in self._kinds}
            self._note(stale)
            was_behind, self._is_behind = self._is_behind, True
            for kind in self._kinds:
                keys = stale[kind.name]
                if was_behind or keys is None:
                    await self._store.clear(kind)
                elif keys:
                    await self._store.forget(kind, keys)
            self._is_behind = False

    def _stale(self, kind: Kind[Any], facts: Sequence[Event]) -> set[str] | None:
        keys: set[str] = set()
        for fact in facts:
            of_one = None if isinstance(fact, Resync) else kind.stale(fact)
            if of_one is None:
                return None
            keys.update(of_one)
        return keys

    def _note(self, stale: Mapping[str, set[str] | None]) -> None:
        for name, keys in stale.items():
            if keys is None:
                self._heard_of_all[name] = self._bus.heard
            for key in keys or ():
                self._heard[name, key] = self._bus.heard
                self._heard.move_to_end((name, key))
        while len(self._heard) > HEARD_MAX:
            (name, _), heard = self._heard.popitem(last=False)
            self._heard_of_all[name] = max(self._heard_of_all[name], heard)
