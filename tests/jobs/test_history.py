"""What became of jobs: their times and the attempts that brought nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixelstudio.core.ids import JobId
from pixelstudio.jobs import claim
from pixelstudio.jobs.history import histories_of
from pixelstudio.jobs.retry import TryAgain
from pixelstudio.jobs.statements import STATEMENTS
from tests.jobs.floor import change, put, take

if TYPE_CHECKING:
    from pixelstudio.db.engine import Database


async def put_down(db: Database, sentence: str):
    (job,) = await take(db, wanted=1)
    again = TryAgain(0.0, "retried", "busy", sentence)
    await db.script(claim.retry(STATEMENTS[db.dialect], job=job, again=again, now=db.clock.epoch()))
    await change(db, "UPDATE q_job SET state = 2 WHERE id = :id", id=job.id)


async def test_every_attempt_that_brought_nothing_is_told_in_order(db: Database):
    tried, fresh = await put(db), await put(db)
    await put_down(db, "Busy.")
    await put_down(db, "Still busy.")

    async with db.reader() as reader:
        found = await histories_of(reader, [tried, fresh, 999_999])

    assert [(past.number, past.outcome, past.sentence) for past in found[JobId(tried)].attempts] == [
        (1, "retried", "Busy."),
        (2, "retried", "Still busy."),
    ]
    assert found[JobId(tried)].started is not None
    assert (found[JobId(fresh)].attempts, found[JobId(fresh)].started, found[JobId(fresh)].finished) == ((), None, None)
    assert set(found) == {tried, fresh}


async def test_nothing_is_asked_for_no_job(db: Database):
    async with db.reader() as reader:
        assert await histories_of(reader, []) == {}
