"""What can be kept, and the contract of every place to keep it; `tests/contracts/test_stores.py` proves each implementation against it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pixelstudio.core.events import Event

V = TypeVar("V")


class StoreAway(Exception):
    """The place does not answer. Nobody waits for it: whatever was wanted of it is read from the database."""


@dataclass(frozen=True, slots=True)
class Kind(Generic[V]):
    """One sort of what is kept."""

    name: str
    """Another one as soon as what is kept has another shape: releases may share a store."""
    ttl_s: float
    """So long at most, whatever is heard."""
    most: int
    """So many are kept in one process."""
    stale: Callable[[Event], Iterable[str] | None]
    """Of which keys what is kept is no longer true after a fact; None: of all."""
    packed: Callable[[V], Any]
    """As a JSON value, for stores outside of this process."""
    unpacked: Callable[[Any], V]


class Store(Protocol):
    """A place for values that may be gone at any time. Every method raises `StoreAway` when the place does not answer."""

    async def get(self, kind: Kind[V], keys: Iterable[str]) -> dict[str, V]:
        """What is there under these keys."""
        ...

    async def put(self, kind: Kind[V], values: Mapping[str, V]) -> None:
        """Keep these for the time of their kind, in the place of what was there."""
        ...

    async def forget(self, kind: Kind[Any], keys: Iterable[str]) -> None:
        """Nothing is there under these keys any more, for whoever asks afterwards."""
        ...

    async def clear(self, kind: Kind[Any]) -> None:
        """Nothing of this kind is there any more, for whoever asks afterwards."""
        ...

    async def close(self) -> None:
        """Let go of whatever is held open."""
        ...
