"""Jobs nobody can say the end of: listed for a maintainer, and decided for the person when nobody did within a day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import text

from pixelstudio.core.limits import UNKNOWN_HELD_S
from pixelstudio.core.log import get_logger
from pixelstudio.jobs.endings import end_unknown, epoch
from pixelstudio.jobs.errors import LeaseLost
from pixelstudio.jobs.job import job_from
from pixelstudio.jobs.kind import Failed
from pixelstudio.jobs.statements import STATEMENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pixelstudio.db.engine import Database
    from pixelstudio.db.transaction import Reader
    from pixelstudio.jobs.job import Job
    from pixelstudio.jobs.kind import AnyKind

BATCH: Final = 500
NEVER_KNOWN: Final = Failed("never_known", "Whether the provider drew this could not be found out, so it counts as not drawn.")


@dataclass(frozen=True, slots=True)
class UnknownJob:
    """A job that was sent and whose answer never came, and since when (seconds since 1970)."""

    job: Job
    since: float


async def unknown_jobs(reader: Reader, age_s: float = 0.0) -> list[UnknownJob]:
    """Those that have been unknown for so long, oldest first, a batch of them."""
    statement = text(STATEMENTS[reader.dialect].unknown_since)
    rows = await reader.exec(statement, {"now": epoch(reader), "age_s": age_s, "batch": BATCH})
    return [UnknownJob(job_from(tuple(row)), row[-1]) for row in rows]


async def decide(db: Database, kinds: Mapping[str, AnyKind], jobs: Iterable[Job]) -> int:
    """Count these as not drawn: what was held for them is given back. Returns how many; those decided meanwhile do not count."""
    decided = 0
    for job in jobs:
        try:
            await end_unknown(db, job, kinds, NEVER_KNOWN)
        except LeaseLost:
            continue
        decided += 1
        get_logger().info("job.decided", job_id=job.id, job_kind=job.kind)
    return decided


async def decide_old(db: Database, kinds: Mapping[str, AnyKind], age_s: float = UNKNOWN_HELD_S) -> int:
    """The same for all that have been unknown for a day; for the schedule."""
    async with db.reader() as reader:
        old = await unknown_jobs(reader, age_s)
    return await decide(db, kinds, [found.job for found in old])
