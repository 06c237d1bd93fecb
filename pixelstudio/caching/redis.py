"""The store several processes share: a Redis, or whatever speaks its protocol. When it is away nobody waits for it.

A kind is cleared by giving it another prefix, whose name is itself in Redis and read together with the values: who does not know the new
one yet finds that out by the answer.
"""

from __future__ import annotations

import contextlib
import json
import time
from typing import TYPE_CHECKING, Any, Final, Self

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from pixelstudio.caching.contract import StoreAway
from pixelstudio.core.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping

    from pixelstudio.caching.contract import Kind, V

WITHIN_S: Final = 0.25
"""Reading from the database takes a few hundredths of a second: it is not worth waiting longer."""
REST_S: Final = 2.0
"""So long it is left alone when it did not answer."""
CONNECTIONS: Final = 16
_PREFIX: Final = "pixelstudio"


class RedisStore:
    """See `contract.Store`. Values travel as JSON, so that what somebody else writes there is read as text and never run."""

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._prefixes: dict[str, str] = {}
        self._rests_until = 0.0

    @classmethod
    def at(cls, url: str) -> Self:
        """The one at this address: redis://, rediss:// or unix://. Connects when it is first needed."""
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=CONNECTIONS,
            timeout=WITHIN_S,
            socket_timeout=WITHIN_S,
            socket_connect_timeout=WITHIN_S,
            retry=Retry(NoBackoff(), 0),
            decode_responses=True,
        )
        return cls(Redis.from_pool(pool))

    async def get(self, kind: Kind[V], keys: Iterable[str]) -> dict[str, V]:
        wanted = list(keys)
        with self._answering():
            prefix, values = await self._read(kind, wanted)
            if prefix != self._prefixes.get(kind.name):  # it was cleared by somebody, or we have never asked
                self._prefixes[kind.name] = prefix or await self._begin(kind)
                _, values = await self._read(kind, wanted)
        return {key: kind.unpacked(json.loads(value)) for key, value in zip(wanted, values, strict=True) if value is not None}

    async def put(self, kind: Kind[V], values: Mapping[str, V]) -> None:
        with self._answering():
            pipeline = self._client.pipeline(transaction=False)
            for key, value in values.items():
                pipeline.set(self._name(kind, key), json.dumps(kind.packed(value)), px=round(kind.ttl_s * 1_000))
            await pipeline.execute()

    async def forget(self, kind: Kind[Any], keys: Iterable[str]) -> None:
        wanted = list(keys)
        with self._answering():
            while wanted:
                prefix = await self._deleted(kind, wanted)
                if prefix is None or prefix == self._prefixes.get(kind.name):
                    return
                self._prefixes[kind.name] = prefix  # it was cleared by somebody, or we have never asked: they lie elsewhere

    async def clear(self, kind: Kind[Any]) -> None:
        with self._answering():
            self._prefixes[kind.name] = await self._begin(kind)

    async def close(self) -> None:
        await self._client.aclose()

    async def _read(self, kind: Kind[Any], keys: list[str]) -> tuple[str | None, list[str | None]]:
        prefix, *values = await self._client.mget([_prefix_of(kind), *(self._name(kind, key) for key in keys)])
        return prefix, values

    async def _deleted(self, kind: Kind[Any], keys: list[str]) -> str | None:
        """Where values of this kind lie once these were deleted from where we knew them."""
        pipeline = self._client.pipeline(transaction=False)
        pipeline.delete(*(self._name(kind, key) for key in keys))
        pipeline.get(_prefix_of(kind))
        return (await pipeline.execute())[-1]

    async def _begin(self, kind: Kind[Any]) -> str:
        prefix = new_id()
        await self._client.set(_prefix_of(kind), prefix)
        return prefix

    def _name(self, kind: Kind[Any], key: str) -> str:
        return f"{_prefix_of(kind)}:{self._prefixes.get(kind.name, '')}:{key}"

    @contextlib.contextmanager
    def _answering(self) -> Generator[None]:
        if time.monotonic() < self._rests_until:
            raise StoreAway
        try:
            yield
        except (RedisError, OSError) as error:
            self._rests_until = time.monotonic() + REST_S
            raise StoreAway from error


def _prefix_of(kind: Kind[Any]) -> str:
    return f"{_PREFIX}:{kind.name}"
