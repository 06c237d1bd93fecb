"""How much one address asks for, and how many sockets it holds: counted in memory of bounded size.

An address is a whole house, school or office behind one router, so the numbers are for a classroom; what is counted per person is
counted where persons are known. With IPv6 a house has a whole /64 to itself, and that is what counts as one.
"""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Final

from pixelstudio.core.buckets import Buckets
from pixelstudio.core.hosts import household
from pixelstudio.core.limits import (
    ADDRESSES_KNOWN_MAX,
    CHANGE_COSTS_REQUESTS,
    REQUESTS_BURST_S,
    REQUESTS_PER_SECOND,
    SOCKETS_MAX,
    SOCKETS_PER_ADDRESS,
)

# All sockets of a place come back at once after a restart; after that a page a second for every twenty.
_RECONNECT_S: Final = 20
_ROOM_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one address may ask for, over time and at once."""

    requests_per_second: float = REQUESTS_PER_SECOND
    sockets: int = SOCKETS_PER_ADDRESS


class Crowd:
    """Everybody who is asking or connected just now."""

    def __init__(self, allowance: Allowance, clock: Callable[[], float] = time.monotonic) -> None:
        """Nobody yet."""
        rate, sockets = allowance.requests_per_second, allowance.sockets
        self._allowance = allowance
        self._requests = Buckets(rate, rate * REQUESTS_BURST_S, ADDRESSES_KNOWN_MAX, clock)
        self._connects = Buckets(sockets / _RECONNECT_S, sockets, ADDRESSES_KNOWN_MAX, clock)
        self._open: Counter[str] = Counter()

    def request_wait_s(self, address: str, *, is_change: bool) -> float:
        """0.0 when this address may ask now, else the seconds to wait. A change costs as much as several pages."""
        return self._requests.take(household(address), CHANGE_COSTS_REQUESTS if is_change else 1)

    def socket_wait_s(self, address: str) -> float:
        """0.0 when this address may open one more socket now, else the seconds to wait."""
        key = household(address)
        if self._open[key] >= self._allowance.sockets or self._open.total() >= SOCKETS_MAX:
            return _ROOM_S
        return self._connects.take(key)

    @contextlib.contextmanager
    def socket(self, address: str) -> Generator[None]:
        """Count a socket while the block runs."""
        key = household(address)
        self._open[key] += 1
        try:
            yield
        finally:
            self._open[key] -= 1
            if not self._open[key]:
                del self._open[key]
