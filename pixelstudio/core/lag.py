"""How late the event loop is: something that held it up made everybody wait, and is told to the log.

Handlers are written not to wait, and what computes goes to threads and children; this is how it shows when one of them did not. A process
with something to do is looked at twenty times a second; one at rest, where each look would be what wakes it, four times. There a wait may
look shorter by a quarter of a second, and nothing longer than that and the alarm together is missed. A machine that slept, or a process that was
stopped, shows as one long wait.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Final

from pixelstudio.core.buckets import Bucket
from pixelstudio.core.limits import LOOP_LAG_ALARM_S, LOOP_LAGS_TOLD_PER_MINUTE
from pixelstudio.core.log import get_logger

LOOK_EVERY_S: Final = 0.05
REST_S: Final = 0.25
_BUSY: Final = 0.02
"""Who takes less than this share of a processor is at rest: two or three wake-ups between two looks."""
_MINUTE_S: Final = 60.0


class LoopLag:
    """Watches the loop it runs in. `worst_ms` is the longest wait of the last minute or two."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, worked: Callable[[], float] = time.thread_time) -> None:
        """`clock` counts seconds from anywhere, never backwards; `worked` those in which the loop's thread computed."""
        self._clock = clock
        self._worked = worked
        self._told = Bucket(LOOP_LAGS_TOLD_PER_MINUTE / _MINUTE_S, LOOP_LAGS_TOLD_PER_MINUTE, clock)
        self._untold = 0
        self._worst_s, self._worst_before_s, self._minute = 0.0, 0.0, clock()

    @property
    def worst_ms(self) -> int:
        """The longest wait seen in this minute and the one before."""
        self._turn()
        return round(1_000 * max(self._worst_s, self._worst_before_s))

    async def watch(self) -> None:
        """Look for ever."""
        pause_s = LOOK_EVERY_S
        while True:
            due, worked = self._clock() + pause_s, self._worked()
            await asyncio.sleep(pause_s)
            self.note(self._clock() - due)
            pause_s = REST_S if self._worked() - worked < _BUSY * pause_s else LOOK_EVERY_S

    def note(self, late_s: float) -> None:
        """Take down one wait; tell the log when it was long, but only so many a minute."""
        self._turn()
        self._worst_s = max(self._worst_s, late_s)
        if late_s < LOOP_LAG_ALARM_S:
            return
        if self._told.take():
            get_logger().warning("loop.lagged", ms=round(1_000 * late_s), untold=self._untold)
            self._untold = 0
        else:
            self._untold += 1

    def _turn(self) -> None:
        minutes = int((self._clock() - self._minute) / _MINUTE_S)
        if minutes:
            self._worst_s, self._worst_before_s = 0.0, self._worst_s if minutes == 1 else 0.0
            self._minute += minutes * _MINUTE_S
