"""Putting jobs in, calling them off and asking how they stand, always in the caller's transaction."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING

import psycopg
import pytest

from pixelstudio.db.wires import Wire
from pixelstudio.jobs.job import JobState, Mark
from pixelstudio.jobs.kind import Cancelled
from pixelstudio.jobs.queue import NewJob, cancel, count_waiting, enqueue, enqueue_many, jobs_by_id, jobs_of_batch
from pixelstudio.jobs.rings import JobsUnwanted, JobsWaiting
from pixelstudio.jobs.statements import STATEMENTS
from tests.jobs.floor import LANE, Chore, change, put, select, settled_rows, state_of, take

if TYPE_CHECKING:
    from pixelstudio.core.events import Bus
    from pixelstudio.db.engine import Database
    from pixelstudio.db.transaction import Transaction
    from pixelstudio.jobs.job import Job


async def test_a_job_exists_only_if_its_transaction_commits(db: Database, bus: Bus):
    async def change_one_s_mind() -> None:
        async with db.transaction() as tx:
            await enqueue(tx, kind="chore", lane=LANE)
            raise RuntimeError

    with bus.subscribe("jobs") as bell, pytest.raises(RuntimeError):
        await change_one_s_mind()

    assert await select(db, "SELECT count(*) FROM q_job") == [(0,)]
    assert await select(db, "SELECT count(*) FROM q_payload") == [(0,)]
    assert not bell._ready.is_set()


@pytest.mark.parametrize("refused", ["row", "job"])
async def test_a_job_and_the_row_beside_it_come_together_or_not_at_all(db: Database, bus: Bus, refused: str):
    """Whichever of them is refused, and where it is found out at the commit too."""
    turn = "INSERT INTO q_turn(name,due) VALUES(:name,0)"
    told: list[str] = []

    async def put_both(*, fails: bool) -> None:
        async with db.transaction() as tx:
            tx.after_commit(lambda: told.append("kept"))
            tx.after_rollback(lambda: told.append("undone"))
            await tx.write(turn, {"name": None if fails and refused == "row" else "a turn"})
            await enqueue(tx, kind="chore", lane=None if fails and refused == "job" else LANE)  # pyright: ignore[reportArgumentType]

    for _ in range(2):  # the second time the statements are known
        with bus.subscribe("jobs") as bell, pytest.raises((sqlite3.IntegrityError, psycopg.errors.NotNullViolation)):
            await put_both(fails=True)
        assert not bell._ready.is_set()
        assert await select(db, "SELECT (SELECT count(*) FROM q_turn)+(SELECT count(*) FROM q_job)+(SELECT count(*) FROM q_flow)") == [(0,)]
    await put_both(fails=False)

    assert await select(db, "SELECT (SELECT count(*) FROM q_turn),(SELECT count(*) FROM q_job)") == [(1, 1)]
    assert told == ["undone", "undone", "kept"]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_job_the_row_beside_it_and_their_commit_are_one_question(db: Database, monkeypatch: pytest.MonkeyPatch):
    syncs: list[Wire] = []
    sync = Wire._sync

    def noted(wire: Wire) -> None:
        syncs.append(wire)
        sync(wire)

    async def put_both(name: str) -> None:
        async with db.transaction() as tx:
            await tx.write("INSERT INTO q_turn(name,due) VALUES(:name,0)", {"name": name})
            await enqueue(tx, kind="chore", lane=LANE)

    await put_both("first")  # some ids are at hand now
    await db.doorbell.close()
    monkeypatch.setattr(Wire, "_sync", noted)
    await put_both("second")

    assert len(syncs) == 1
    await db.doorbell.close()
    assert await select(db, "SELECT count(*) FROM q_job") == [(2,)]


async def test_workers_hear_of_a_job_right_after_its_commit(db: Database, bus: Bus):
    with bus.subscribe("jobs") as bell:
        await put(db)

        assert await bell.get_batch() == [JobsWaiting(lanes=(LANE,))]


async def test_many_jobs_keep_their_order_and_their_parameters(db: Database):
    async with db.transaction() as tx:
        ids = await enqueue_many(tx, [NewJob(kind="chore", lane=LANE, batch_id="b", params={"n": n, "text": "é'\"\\"}) for n in range(300)])

    jobs = await take(db, wanted=300)
    assert [job.id for job in jobs] == ids
    assert [job.params for job in jobs] == [{"n": n, "text": "é'\"\\"} for n in range(300)]


async def test_no_jobs_are_no_statement(db: Database):
    async with db.transaction() as tx:
        assert await enqueue_many(tx, []) == []
        assert await cancel(tx, [], {}) == 0


async def test_the_position_counts_what_is_ahead_in_the_same_lane(db: Database):
    await put(db)
    await put(db, lane="other")
    await put(db, prio=2)
    ours = await put(db, batch_id="ours")
    later = await put(db, batch_id="ours", delay_s=60)

    async with db.reader() as reader:
        first, second = await jobs_of_batch(reader, ["ours"])

    assert (first.id, first.state, first.position, first.position_is_exact) == (ours, JobState.READY, 2, True)
    assert (second.id, second.state, second.position) == (later, JobState.SCHEDULED, None)


async def test_beyond_a_thousand_the_position_says_so(db: Database):
    async with db.transaction() as tx:
        ids = await enqueue_many(tx, [NewJob(kind="chore", lane=LANE) for _ in range(1_102)])

    async with db.reader() as reader:
        exact, last = await jobs_by_id(reader, [ids[999], ids[-1]])

    assert (exact.position, exact.position_is_exact) == (1_000, True)
    assert (last.position, last.position_is_exact) == (1_001, False)


@pytest.mark.parametrize("state", ["ready", "scheduled", "blocked", "paused"])
async def test_a_waiting_job_is_called_off_at_once(db: Database, state: str):
    chore = Chore()
    job_id = await put(db)
    await change(db, "UPDATE q_job SET state=:state WHERE id=:id", state=int(JobState[state.upper()]), id=job_id)

    async with db.transaction() as tx:
        assert await cancel(tx, [job_id], {"chore": chore}) == 1

    assert await state_of(db, job_id) == JobState.CANCELLED
    assert chore.settled == [(job_id, Cancelled())]
    assert await settled_rows(db) == 1


async def test_a_running_job_is_told_to_stop(db: Database, bus: Bus):
    chore, job_id = Chore(), await put(db)
    await take(db)

    with bus.subscribe("jobs") as bell:
        async with db.transaction() as tx:
            assert await cancel(tx, [job_id], {"chore": chore}) == 1
        assert await bell.get_batch() == [JobsUnwanted(job_ids=(job_id,))]

    assert await state_of(db, job_id) == JobState.RUNNING
    assert chore.settled == []
    async with db.reader() as reader:
        assert (await jobs_by_id(reader, [job_id]))[0].cancel_requested


@pytest.mark.parametrize("state", ["done", "failed", "cancelled"])
async def test_what_has_ended_cannot_be_called_off(db: Database, state: str):
    chore, job_id = Chore(), await put(db)
    await change(db, "UPDATE q_job SET state=:state WHERE id=:id", state=int(JobState[state.upper()]), id=job_id)

    async with db.transaction() as tx:
        assert await cancel(tx, [job_id], {"chore": chore}) == 0

    assert chore.settled == []


async def test_calling_off_twice_settles_once(db: Database):
    chore, job_id = Chore(), await put(db)

    for expected in (1, 0):
        async with db.transaction() as tx:
            assert await cancel(tx, [job_id], {"chore": chore}) == expected

    assert await settled_rows(db) == 1


class Recallable(Chore):
    """A kind that can have what was sent stopped, or says that it cannot."""

    def __init__(self, *, can: bool = True) -> None:
        super().__init__()
        self.can = can
        self.recalled: list[tuple[int, Mark]] = []

    async def recall(self, tx: Transaction, job: Job) -> bool:
        await enqueue(tx, kind="chore", lane="recalls")
        self.recalled.append((job.id, job.mark))
        return self.can


@pytest.mark.parametrize("mark", [Mark.SENT, Mark.TRACEABLE])
@pytest.mark.parametrize("can", [True, False])
async def test_what_was_sent_is_recalled_once_in_the_transaction_that_calls_it_off(db: Database, can: bool, mark: Mark):
    chore, job_id = Recallable(can=can), await put(db)
    await take(db)
    await change(db, "UPDATE q_job SET phase=:mark", mark=int(mark))

    for expected in (int(can), 0):
        async with db.transaction() as tx:
            assert await cancel(tx, [job_id], {"chore": chore}) == expected

    assert chore.recalled == [(job_id, mark)]
    assert await state_of(db, job_id) == JobState.RUNNING
    assert await select(db, "SELECT count(*) FROM q_job WHERE lane='recalls'") == [(1,)]


@pytest.mark.parametrize("state", ["ready", "running", "done", "unknown"])
async def test_nothing_else_is_recalled(db: Database, state: str):
    """What was never sent is stopped here; of what has ended, and of what nobody can say, nobody can be asked."""
    chore, job_id = Recallable(), await put(db)
    phase = Mark.SENT if state in {"done", "unknown"} else Mark.UNSENT
    await change(db, "UPDATE q_job SET state=:state,phase=:phase", state=int(JobState[state.upper()]), phase=int(phase))

    async with db.transaction() as tx:
        await cancel(tx, [job_id], {"chore": chore})

    assert chore.recalled == []


async def test_when_settling_fails_nothing_is_called_off(db: Database):
    chore, job_id = Chore(), await put(db)
    chore.refuse_end = 1

    async def call_off() -> None:
        async with db.transaction() as tx:
            await cancel(tx, [job_id], {"chore": chore})

    with pytest.raises(RuntimeError):
        await call_off()

    assert await state_of(db, job_id) == JobState.READY
    assert await settled_rows(db) == 0


async def test_all_that_waits_is_counted_and_no_further_than_is_asked_for(db: Database):
    for delay_s in (0.0, 0.0, 60.0):
        await put(db, delay_s=delay_s)
    await take(db, wanted=1)

    async with db.reader() as reader:
        assert await count_waiting(reader, 10) == 2
        assert await count_waiting(reader, 1) == 1


async def test_a_place_in_line_is_counted_along_the_index_however_long_the_line(db: Database):
    """Without the order in `_STATUS` Postgres reads every row of the table for it: 29 ms among 50,000 instead of one."""
    async with db.transaction() as tx:
        ids = await enqueue_many(tx, [NewJob(kind="chore", lane=LANE, batch_id=f"batch{n}") for n in range(12_000)])
    await change(db, "ANALYZE")

    for sql, wanted, index in (
        (STATEMENTS[db.dialect].status, ids[999], "q_ready"),
        (STATEMENTS[db.dialect].status_of_batches, "batch999", "q_batch"),
    ):
        told = await _plan(db, sql, json.dumps([wanted]))
        assert "q_ready" in told
        assert index in told
        assert "Seq Scan on q_job" not in told
        assert "SCAN q_job" not in told
    async with db.reader() as reader:
        assert [job.position for job in await jobs_by_id(reader, [ids[999], ids[-1]])] == [1_000, 1_001]


async def _plan(db: Database, sql: str, ids: str) -> str:
    explain = {"sqlite": "EXPLAIN QUERY PLAN", "postgresql": "EXPLAIN"}[db.dialect]
    now = {"now": 0.0} if db.dialect == "sqlite" else {}
    return " ".join(str(row) for row in await select(db, f"{explain} {sql}", ids=ids, **now))
