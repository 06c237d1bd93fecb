"""Forecasts: the wait a person was shown when they asked, kept for each job and judged when it ends.

An interval goes from the median to nine in ten, so of a hundred jobs about fifty come sooner, forty within it and ten later. What is
counted here says whether that is so; nobody is shown a wait that is not put to this test.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import case, delete, func, insert, select
from sqlmodel import col

from pixelstudio.features.generation.tables import ForecastRow
from pixelstudio.features.generation.waits import outlooks
from pixelstudio.jobs.queue import jobs_of_batch

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pixelstudio.core.ids import JobId
    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.generation.tables import GenerationRow
    from pixelstudio.features.generation.waits import Outlook
    from pixelstudio.providers.contract import ImageModel
    from pixelstudio.studio import Studio

JUDGED_DAYS: Final = 7


@dataclass(frozen=True, slots=True)
class HitRate:
    """How the forecasts of one lane came out: jobs that ended sooner than the interval shown, within it, and later."""

    lane: str
    sooner: int
    within: int
    later: int

    @property
    def judged(self) -> int:
        """How many there were."""
        return self.sooner + self.within + self.later

    @property
    def kept(self) -> float:
        """The share that did not come later than was said; nine in ten, if the forecasts are right."""
        return (self.sooner + self.within) / self.judged if self.judged else 1.0


async def foretell(tx: Transaction, row: GenerationRow, model: ImageModel, shown: Outlook) -> None:
    """Keep what is shown of each job of a set that was just put into the line."""
    forecasts: list[dict[str, Any]] = []
    now = (await outlooks(tx, [model], {model.lane: shown}))[model.lane]
    for job in await jobs_of_batch(tx, [row.id]):
        wait = now.wait_at(model, row.width, row.height, job.position or 0)
        if wait is not None:
            forecasts.append({"job_id": job.id, "lane": job.lane, "low_s": wait.low_s, "high_s": wait.high_s, "asked_at": tx.now})
    if forecasts:
        await tx.exec(insert(ForecastRow).values(forecasts))


async def judge(tx: Transaction, job_id: JobId) -> None:
    """The job has brought its pictures: take down how long that was."""
    row = await tx.get(ForecastRow, job_id)
    if row is not None:
        row.took_s = max(0.0, (tx.now - row.asked_at).total_seconds())
        tx.add(row)


async def drop(tx: Transaction, job_ids: Collection[int]) -> None:
    """Judge nothing of these jobs: they brought no picture, or their owner moved them in the line."""
    if job_ids:
        await tx.exec(delete(ForecastRow).where(col(ForecastRow.job_id).in_(job_ids)))


async def hit_rates(reader: Reader) -> Mapping[str, HitRate]:
    """How the forecasts of the last days came out, by lane."""
    took, low, high = col(ForecastRow.took_s), col(ForecastRow.low_s), col(ForecastRow.high_s)
    columns = (
        col(ForecastRow.lane),
        func.count().label("judged"),
        func.sum(case((took < low, 1), else_=0)).label("sooner"),
        func.sum(case((took > high, 1), else_=0)).label("later"),
    )
    judged = col(ForecastRow.asked_at) >= reader.now - timedelta(days=JUDGED_DAYS), took.is_not(None)
    rows = (await reader.exec(select(*columns).where(*judged).group_by(col(ForecastRow.lane)))).all()
    return {row.lane: HitRate(row.lane, row.sooner, row.judged - row.sooner - row.later, row.later) for row in rows}


async def forget_forecasts(studio: Studio) -> None:
    """Drop what is older than the queue remembers jobs. Safe to repeat; once an hour is often enough."""
    async with studio.db.transaction() as tx:
        kept = timedelta(days=studio.settings.finished_jobs_keep_days)
        await tx.exec(delete(ForecastRow).where(col(ForecastRow.asked_at) < tx.now - kept))
