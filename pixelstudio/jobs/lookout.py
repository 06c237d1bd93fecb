"""The look: every few seconds, or when something is due or somebody says so, wake what is due and rescue what is abandoned."""

from __future__ import annotations

import asyncio
import contextlib
import random
from typing import TYPE_CHECKING

from pixelstudio.jobs.upkeep import rescue

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pixelstudio.db.engine import Database
    from pixelstudio.jobs.kind import AnyKind
    from pixelstudio.jobs.upkeep import Look


class Lookout:
    """Looks at the whole queue for one worker and tells it what was found. `sleeps_s`: how long it sleeps when nothing is due, from and to."""

    def __init__(
        self, db: Database, kinds: Mapping[str, AnyKind], lease_s: float, sleeps_s: tuple[float, float], tell: Callable[[Look], None]
    ) -> None:
        self._db = db
        self._kinds = kinds
        self._lease_s = lease_s
        self._sleeps_s = sleeps_s
        self._tell = tell
        self._wake = asyncio.Event()
        self._look_at = 0.0

    def within(self, seconds: float) -> None:
        """Look again no later than this."""
        self._look_at = min(self._look_at, asyncio.get_running_loop().time() + seconds)
        self._wake.set()

    async def once(self) -> None:
        """Look, then sleep until the next look."""
        loop = asyncio.get_running_loop()
        self._wake.clear()
        self._look_at = float("inf")
        found = await rescue(self._db, self._kinds, self._lease_s)
        self._tell(found)
        self._look_at = min(self._look_at, loop.time() + self._sleep_s(found.due_in_s))
        while (left_s := self._look_at - loop.time()) > 0:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(left_s):
                    await self._wake.wait()
            self._wake.clear()

    def _sleep_s(self, due_in_s: float | None) -> float:
        # A lease taken by anybody after a look lasts longer than the longest sleep, so nothing is found too late.
        longest_s = min(random.uniform(*self._sleeps_s), self._lease_s)  # noqa: S311  # spread, not secrecy
        return longest_s if due_in_s is None else max(0.02, min(longest_s, due_in_s + 0.01))
