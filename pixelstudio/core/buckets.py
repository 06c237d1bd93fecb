"""Token buckets: a burst at once, then a steady rate; one alone, or one for each of many keys in bounded memory."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable


class Bucket:
    """One bucket, full at first. Not for threads."""

    __slots__ = ("_at", "_burst", "_clock", "_level", "_rate")

    def __init__(self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        """`rate` tokens flow in a second, up to `burst`; `clock` counts seconds from anywhere, never backwards."""
        self._rate, self._burst, self._clock = rate, burst, clock
        self._level, self._at = burst, clock()

    def take(self, cost: float = 1) -> bool:
        """Whether `cost` tokens were there; they are gone then. Nothing is taken when they were not."""
        now = self._clock()
        self._level = min(self._burst, self._level + (now - self._at) * self._rate)
        self._at = now
        if self._level < cost:
            return False
        self._level -= cost
        return True

    def wait_s(self, cost: float = 1) -> float:
        """Seconds until `cost` tokens will be there when nobody else takes any."""
        return max(0.0, (min(cost, self._burst) - self._level) / self._rate)


class Buckets:
    """A bucket for each key, the `most` used last: who comes back after being forgotten begins with a full one."""

    def __init__(self, rate: float, burst: float, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        """As `Bucket`; `most` is at least 1."""
        self._rate, self._burst, self._most, self._clock = rate, burst, most, clock
        self._known: OrderedDict[str, Bucket] = OrderedDict()

    def __len__(self) -> int:
        return len(self._known)

    def take(self, key: str, cost: float = 1) -> float:
        """0.0 when `cost` tokens were taken for `key`, else the seconds to wait for them."""
        bucket = self._known.get(key)
        if bucket is None:
            bucket = self._known[key] = Bucket(self._rate, self._burst, self._clock)
            if len(self._known) > self._most:
                self._known.popitem(last=False)
        self._known.move_to_end(key)
        return 0.0 if bucket.take(cost) else bucket.wait_s(cost)
