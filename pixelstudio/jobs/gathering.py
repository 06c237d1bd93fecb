"""Putting jobs in together: callers that have nothing else to commit share one commit between them.

For batches and matrices, and for whatever comes from outside many at a time. Whoever comes while a commit is under way joins the next one:
no timer, and nobody waits longer than alone. A caller with rows of its own to write uses `queue.enqueue` in its transaction.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pixelstudio.jobs.queue import enqueue_many

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pixelstudio.core.ids import JobId
    from pixelstudio.db.engine import Database
    from pixelstudio.jobs.hands import Hands
    from pixelstudio.jobs.queue import NewJob

JOBS_AT_ONCE: Final = 1_000
"""As many go into one commit; one caller's jobs are never torn apart."""


@dataclass(slots=True, eq=False)
class _Wish:
    jobs: Sequence[NewJob]
    ids: list[JobId] = field(default_factory=list["JobId"])
    is_granted: bool = False


class Gathering:
    """One door of a process, for all its callers."""

    def __init__(self, db: Database, hands: Hands | None = None) -> None:
        self._db = db
        self._hands = hands
        self._waiting: list[_Wish] = []
        self._commit = asyncio.Lock()

    async def put(self, jobs: Sequence[NewJob]) -> list[JobId]:
        """The ids of these jobs, in their order, once they are committed. Cancelled or failed before that, they are not put in."""
        wish = _Wish(jobs)
        self._waiting.append(wish)
        try:
            async with self._commit:
                if not wish.is_granted:
                    await self._grant_together(self._boarding(wish))
        finally:
            if not wish.is_granted and wish in self._waiting:
                self._waiting.remove(wish)
        return wish.ids

    def _boarding(self, first: _Wish) -> list[_Wish]:
        """`first`, whose caller makes the commit, and whoever else fits."""
        aboard, jobs = [first], len(first.jobs)
        for wish in self._waiting:
            if wish is not first and jobs + len(wish.jobs) <= JOBS_AT_ONCE:
                aboard.append(wish)
                jobs += len(wish.jobs)
        return aboard

    async def _grant_together(self, aboard: list[_Wish]) -> None:
        try:
            await self._grant(aboard)
        except Exception:
            if len(aboard) == 1:
                raise
            await self._grant(aboard[:1])  # it may have been another's jobs that could not be put in

    async def _grant(self, aboard: list[_Wish]) -> None:
        # They go on waiting until the commit: when it fails, or its caller is cancelled, the next one tries for the others.
        jobs = [job for wish in aboard for job in wish.jobs]
        async with self._db.transaction() as tx:
            ids = iter(await enqueue_many(tx, jobs, self._hands))
        for wish in aboard:
            wish.ids = [next(ids) for _ in wish.jobs]
            wish.is_granted = True
            if wish in self._waiting:
                self._waiting.remove(wish)
