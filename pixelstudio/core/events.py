"""Facts, in the past tense, and the in-process bus that hands them to whoever listens.

A fact is a frozen dataclass that registers its name. It is published inside a transaction, becomes an outbox row in the same
commit and reaches this bus only after that commit; other processes rebuild it from the row.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Generator

Kind = TypeVar("Kind", bound="type[Event]")

CACHES_TOPIC: Final = "caches"
"""Heard by caches of this process; carries ids of everybody, so no page may listen to it."""

_kinds: dict[str, type[Event]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Base of all facts. `name` is `noun.verb`; `topics` says who may hear it. Field values must be JSON values.

    `is_awaited` marks the few that a person sits and waits for: no listener's pause holds them back.
    """

    name: ClassVar[str] = ""
    is_awaited: ClassVar[bool] = False

    def topics(self) -> tuple[str, ...]:
        """Whom this concerns: `user:<id>`, `session:<digest>`, `jobs`; nothing by default."""
        return ()

    def hints(self) -> tuple[str, ...]:
        """Where other processes had better look, when a ring is all they get of it; nothing: everywhere."""
        return ()

    def to_json(self) -> dict[str, object]:
        """The fields, as stored in the outbox."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, fields: dict[str, object]) -> Self:
        """Rebuild a fact from the outbox; unknown fields of a newer release are left out."""
        known = {f.name for f in dataclasses.fields(cls)}
        return cls(**{k: v for k, v in fields.items() if k in known})


@dataclass(frozen=True, slots=True, kw_only=True)
class Resync(Event):
    """A listener fell behind: what it missed is gone, so it must load its snapshot again."""

    name = "live.resync"


def event_kind(kind: Kind) -> Kind:
    """Class decorator: register a fact under its name, so that another process can rebuild it."""
    if not kind.name or _kinds.get(kind.name, kind).__qualname__ != kind.__qualname__:
        msg = f"event name {kind.name!r} is empty or taken"
        raise ValueError(msg)
    _kinds[kind.name] = kind
    return kind


def rebuild(name: str, fields: dict[str, object]) -> Event | None:
    """The fact stored under `name`, or None when this release does not know it."""
    kind = _kinds.get(name)
    return kind.from_json(fields) if kind else None


class Subscription:
    """One listener's bounded queue. A full queue becomes a single `Resync`, never a silent loss."""

    def __init__(self, topics: set[str], capacity: int) -> None:
        self.topics = topics
        self._queue: deque[Event] = deque()
        self._capacity = capacity
        self._ready = asyncio.Event()
        self._awaited = asyncio.Event()
        self._delivered_at = 0.0

    def offer(self, event: Event) -> None:
        """Queue one fact without ever blocking the publisher."""
        if len(self._queue) >= self._capacity:
            self._queue.clear()
            self._queue.append(Resync())
        else:
            self._queue.append(event)
        self._ready.set()
        if event.is_awaited:
            self._awaited.set()

    async def wait(self) -> None:
        """Wait until there is something to take."""
        await self._ready.wait()

    async def get_batch(self, interval_s: float = 0.1) -> list[Event]:
        """Wait for facts as long as it takes. The first after a quiet spell comes at once; then at most one batch per interval.

        What somebody waits for ends the interval.
        """
        await self._ready.wait()
        early_s = self._delivered_at + interval_s - time.monotonic()
        if early_s > 0:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(early_s):
                    await self._awaited.wait()
        self._delivered_at = time.monotonic()
        return self.take()

    def take(self) -> list[Event]:
        """What is there now, without waiting; for a cache that purges itself before it answers."""
        batch = list(self._queue)
        self._queue.clear()
        self._ready.clear()
        self._awaited.clear()
        return batch


class Bus:
    """Fan-out within this process, by topic. Publishing costs microseconds and never waits for a listener."""

    def __init__(self) -> None:
        self._by_topic: dict[str, set[Subscription]] = {}
        self.heard = 0
        """How many facts were published here so far."""

    def publish(self, event: Event) -> None:
        """Hand `event` to every subscription of its topics, once each. Call from the loop's own thread."""
        self.heard += 1
        told: set[int] = set()
        for topic in event.topics():
            for subscription in tuple(self._by_topic.get(topic, ())):
                if id(subscription) not in told:
                    told.add(id(subscription))
                    subscription.offer(event)

    @contextlib.contextmanager
    def subscribe(self, *topics: str, capacity: int = 256) -> Generator[Subscription]:
        """Listen to `topics` until the block ends."""
        subscription = Subscription(set(topics), capacity)
        for topic in topics:
            self._by_topic.setdefault(topic, set()).add(subscription)
        try:
            yield subscription
        finally:
            for topic in topics:
                listeners = self._by_topic.get(topic, set())
                listeners.discard(subscription)
                if not listeners:
                    self._by_topic.pop(topic, None)

    def has_listeners(self, topic: str) -> bool:
        """Whether anybody listens to `topic` in this process."""
        return topic in self._by_topic
