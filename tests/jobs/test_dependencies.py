"""Dependencies: a child begins when its last parent has ended, follows a failed one as agreed, and is settled whatever happens."""

from __future__ import annotations

import asyncio
import random

import pytest
from sqlalchemy.exc import IntegrityError

from pixelstudio.db.engine import Database
from pixelstudio.jobs import claim
from pixelstudio.jobs.dependencies import NOT_COME, After, OnFailure, ParentFailed
from pixelstudio.jobs.endings import end_held
from pixelstudio.jobs.errors import GiveUp
from pixelstudio.jobs.job import FINAL, Job, JobState
from pixelstudio.jobs.kind import Cancelled, Done, Failed, JobContext, Outcome, Unknown
from pixelstudio.jobs.queue import NewJob, cancel, enqueue_many, jobs_by_id
from pixelstudio.jobs.statements import STATEMENTS
from pixelstudio.jobs.unknown import decide_old
from pixelstudio.jobs.upkeep import Keeping, purge, rescue
from tests.jobs.floor import (
    LANE,
    PATIENT,
    Chore,
    a_runner,
    change,
    eventually,
    expire_leases,
    put,
    running,
    select,
    state_of,
    states,
    take,
)

BLOCKED, READY, CANCELLED = JobState.BLOCKED, JobState.READY, JobState.CANCELLED
FAILED = Failed("broken", "It broke.")


async def child_of(db: Database, *parents: int, on_failure: OnFailure = OnFailure.CANCEL, **fields) -> int:
    return await put(db, after=[After(parent, on_failure) for parent in parents], **fields)


async def end(db: Database, chore: Chore, job_id: int, outcome: Outcome) -> None:
    """Take everything that is ready, and end this one of it."""
    [job] = [job for job in await take(db) if job.id == job_id]
    await end_held(db, job, {"chore": chore}, outcome)


async def waiting_for(db: Database, job_id: int) -> int:
    return (await select(db, "SELECT nblock FROM q_job WHERE id=:id", id=job_id))[0][0]


async def test_a_child_is_not_taken_before_its_parent_is_done(db: Database):
    chore = Chore()
    parent = await put(db)
    child = await child_of(db, parent)

    held = await take(db)
    assert [job.id for job in held] == [parent]
    assert (await state_of(db, child), await waiting_for(db, child)) == (BLOCKED, 1)
    await end_held(db, held[0], {"chore": chore}, Done(None))

    assert (await state_of(db, child), await waiting_for(db, child)) == (READY, 0)
    assert [job.id for job in await take(db)] == [child]


async def test_a_child_may_wait_for_a_job_that_another_process_put_in(db: Database):
    """Without `are_last` the child is given an id that its process took before the parent's, and the table refuses it."""
    other = Database(db.engine, db.url, db.clock, db.bus)
    await put(db)
    parent = await put(other)

    child = await child_of(db, parent)

    await other.close()
    assert (await state_of(db, child), await waiting_for(db, child)) == (BLOCKED, 1)


async def test_a_child_of_several_waits_for_the_last(db: Database):
    chore = Chore()
    parents = [await put(db) for _ in range(3)]
    child = await child_of(db, *parents)
    held = await take(db)

    for job, left in zip(held, [2, 1, 0], strict=True):
        assert await state_of(db, child) == BLOCKED
        await end_held(db, job, {"chore": chore}, Done(None))
        assert await waiting_for(db, child) == left

    assert await state_of(db, child) == READY


async def test_two_parents_that_end_at_once_free_their_child_once(db: Database):
    """Without the lock on the children each sees the other still open, or the count goes below nothing."""
    chore = Chore()
    parents = [await put(db) for _ in range(4)]
    child = await child_of(db, *parents)
    held = await take(db)

    await asyncio.gather(*(end_held(db, job, {"chore": chore}, Done(None)) for job in held))

    assert (await state_of(db, child), await waiting_for(db, child)) == (READY, 0)


@pytest.mark.parametrize(
    ("on_failure", "state"), [(OnFailure.CANCEL, CANCELLED), (OnFailure.RUN, READY), (OnFailure.IGNORE, CANCELLED)], ids=str
)
@pytest.mark.parametrize("outcome", [FAILED, Cancelled()], ids=["failed", "cancelled"])
async def test_a_child_follows_a_parent_that_did_not_come_as_agreed(db: Database, on_failure: OnFailure, state: JobState, outcome: Outcome):
    chore = Chore()
    parent = await put(db)
    child = await child_of(db, parent, on_failure=on_failure)

    await end(db, chore, parent, outcome)

    assert await state_of(db, child) == state
    assert chore.settled == [(parent, outcome), *([(child, Cancelled())] if state == CANCELLED else [])]


@pytest.mark.parametrize("order", [(Done(None), FAILED), (FAILED, Done(None))], ids=["done first", "failed first"])
async def test_a_parent_that_is_left_out_needs_another_that_is_done(db: Database, order: tuple[Outcome, Outcome]):
    chore = Chore()
    parents = [await put(db), await put(db)]
    child = await child_of(db, *parents, on_failure=OnFailure.IGNORE)
    held = await take(db)

    await end_held(db, held[0], {"chore": chore}, order[0])
    assert await state_of(db, child) == BLOCKED
    await end_held(db, held[1], {"chore": chore}, order[1])

    assert await state_of(db, child) == READY


async def test_a_failure_goes_all_the_way_down_and_every_one_is_settled_once_and_told_why(db: Database):
    chore = Chore()
    top = await put(db)
    left, right = await child_of(db, top), await child_of(db, top)
    bottom = await child_of(db, left, right)
    spared = await child_of(db, bottom, on_failure=OnFailure.RUN)

    await end(db, chore, top, FAILED)

    assert await states(db, [left, right, bottom, spared]) == [CANCELLED, CANCELLED, CANCELLED, READY]
    assert sorted(chore.settled) == [(top, FAILED), *((job_id, Cancelled()) for job_id in (left, right, bottom))]
    async with db.reader() as reader:
        told = [(status.error_code, status.error_sentence) for status in await jobs_by_id(reader, [left, bottom])]
    assert told == [("parent_failed", NOT_COME)] * 2


async def test_a_child_whose_settling_is_refused_keeps_its_parent_from_ending(db: Database):
    chore, refusing = Chore(), Chore(name="refusing")
    refusing.refuse_end = 1
    parent = await put(db)
    child = await child_of(db, parent, kind="refusing")
    [job] = await take(db)

    with pytest.raises(RuntimeError):
        await end_held(db, job, {"chore": chore, "refusing": refusing}, FAILED)

    assert await states(db, [parent, child]) == [JobState.RUNNING, BLOCKED]
    assert chore.settled == []


async def test_calling_a_parent_off_calls_its_children_off(db: Database):
    chore = Chore()
    parent = await put(db)
    child = await child_of(db, parent)
    grandchild = await child_of(db, child)

    async with db.transaction() as tx:
        assert await cancel(tx, [parent], {"chore": chore}) == 1

    assert await states(db, [parent, child, grandchild]) == [CANCELLED] * 3
    assert [job_id for job_id, _ in chore.settled] == [parent, child, grandchild]


async def test_a_child_called_off_is_left_alone_when_its_parent_ends(db: Database):
    chore = Chore()
    parent = await put(db)
    child = await child_of(db, parent)
    async with db.transaction() as tx:
        await cancel(tx, [child], {"chore": chore})

    await end(db, chore, parent, Done(None))

    assert await state_of(db, child) == CANCELLED
    assert chore.settled == [(child, Cancelled()), (parent, Done(None))]


async def test_calling_off_both_ends_of_a_line_at_once_never_locks_up(db: Database):
    """Lock in another order than that of ids and Postgres has to end one of these."""
    chore = Chore()
    tops = [await put(db) for _ in range(6)]
    lines = [[top, *[await child_of(db, top) for _ in range(2)]] for top in tops]

    async def call_off(ids: list[int]) -> None:
        async with db.transaction() as tx:
            await cancel(tx, ids, {"chore": chore})

    mixed = [job_id for line in zip(*lines, strict=True) for job_id in line]
    await asyncio.gather(call_off(tops), call_off(mixed[::-1]), *(call_off(line[1:]) for line in lines))

    assert set(await states(db, mixed)) == {CANCELLED}
    assert sorted(job_id for job_id, _ in chore.settled) == sorted(mixed)


async def test_what_nobody_can_say_the_end_of_keeps_its_children_waiting_until_it_is_decided(db: Database):
    chore = Chore()
    parent = await put(db)
    child = await child_of(db, parent)

    await end(db, chore, parent, Unknown("lost", "Nobody knows."))
    assert await state_of(db, child) == BLOCKED
    await decide_old(db, {"chore": chore}, age_s=0.0)

    assert await state_of(db, child) == CANCELLED


async def test_a_parent_given_up_by_the_reaper_takes_its_children_along(db: Database):
    chore = Chore()
    parent = await put(db, max_attempts=1)
    child = await child_of(db, parent)
    await take(db)
    await expire_leases(db)

    await rescue(db, {"chore": chore})

    assert await states(db, [parent, child]) == [JobState.FAILED, CANCELLED]


async def test_a_bulk_of_plain_jobs_frees_those_who_wait(db: Database):
    """Without `is_parent` in what `acknowledge` returns their children wait for ever."""
    parents = [await put(db) for _ in range(3)]
    child = await child_of(db, *parents)
    sql, held = STATEMENTS[db.dialect], await take(db)

    hand = claim.Hand("w1", wanted=0, lease_s=1, clock=db.clock)
    written = await db.script(claim.pump(sql, lane=LANE, ended=held, hand=hand))

    assert written.freed.lanes == {LANE}
    assert await state_of(db, child) == READY


async def test_a_child_of_what_has_ended_is_ready_at_once(db: Database):
    parent = await put(db)
    await end(db, Chore(), parent, Done(None))

    child = await child_of(db, parent)

    assert await state_of(db, child) == READY


async def test_a_child_of_what_has_failed_is_refused_or_not_as_agreed(db: Database):
    parent = await put(db)
    await end(db, Chore(), parent, FAILED)

    for hopeless in (OnFailure.CANCEL, OnFailure.IGNORE):
        with pytest.raises(ParentFailed):
            await child_of(db, parent, on_failure=hopeless)

    assert await state_of(db, await child_of(db, parent, on_failure=OnFailure.RUN)) == READY
    assert await select(db, "SELECT count(*) FROM q_job") == [(2,)]


async def test_a_child_put_in_while_its_parent_ends_never_waits_for_ever(db: Database):
    """Without the lock on its parents the end looks for children before they are there, and they for parents that still run."""
    chore = Chore()
    for _ in range(10):
        parent = await put(db)
        [job] = await take(db)
        child, _ = await asyncio.gather(child_of(db, parent, on_failure=OnFailure.RUN), end_held(db, job, {"chore": chore}, Done(None)))
        assert await state_of(db, child) == READY
        await change(db, "UPDATE q_job SET state=5 WHERE id=:id", id=child)


async def test_a_child_that_was_to_begin_later_still_does(db: Database):
    parent = await put(db)
    child = await child_of(db, parent, delay_s=1_000)

    await end(db, Chore(), parent, Done(None))

    assert await state_of(db, child) == JobState.SCHEDULED


async def test_a_job_can_only_wait_for_what_is_there(db: Database):
    with pytest.raises(ValueError, match="no such jobs"):
        await child_of(db, 41)

    assert await select(db, "SELECT count(*) FROM q_job") == [(0,)]


async def test_the_database_itself_knows_no_cycle(db: Database):
    with pytest.raises(IntegrityError):
        await change(db, "INSERT INTO q_dep(child,parent,on_failure) VALUES(1,2,0)")


async def test_edges_go_with_the_jobs_they_are_between(db: Database):
    parent = await put(db)
    child = await child_of(db, parent)
    await end(db, Chore(), parent, Done(None))
    await change(db, "UPDATE q_job SET finished=0 WHERE id=:id", id=parent)

    assert await purge(db, Keeping()) == 1

    assert await select(db, "SELECT count(*) FROM q_dep") == [(0,)]
    assert await state_of(db, child) == READY


@pytest.mark.parametrize("settles", [True, False], ids=["with an end of its own", "plain"])
async def test_a_worker_runs_a_line_of_jobs_in_its_order(db: Database, settles: bool):
    order: list[int] = []

    async def work(context: JobContext) -> object:
        order.append(context.job.id)
        return None

    chore = Chore(work)
    kind = chore if settles else _Plain(chore)
    async with running(a_runner(db, kind, pace=PATIENT)):
        line = [await put(db)]
        for _ in range(4):
            line.append(await child_of(db, line[-1]))
        await eventually(lambda: len(order) == 5, within_s=20)

    assert order == line


class _Plain:
    """The same work, without anything to settle."""

    def __init__(self, chore: Chore) -> None:
        self.name, self.timeout_s, self.max_attempts, self.run = chore.name, chore.timeout_s, chore.max_attempts, chore.run


async def test_a_worker_runs_a_random_graph_to_its_end(db: Database):
    """Whatever fails in it: every job ends, none began before its parents had ended, and each was settled once."""
    chance, over, early = random.Random(7), set[int](), list[int]()
    parents: dict[int, list[int]] = {}

    async def work(context: JobContext) -> object:
        job = context.job
        early.extend(parent for parent in parents[job.id] if parent not in over and job.params["strict"])
        if job.params["fails"]:
            raise GiveUp("It broke.")
        return None

    class Graph(Chore):
        async def ended(self, tx, job: Job, outcome: Outcome) -> None:
            await super().ended(tx, job, outcome)
            over.add(job.id)

    chore = Graph(work)
    for _ in range(24):
        chosen = chance.sample(sorted(parents), min(len(parents), chance.randint(0, 3)))
        policy = chance.choice([OnFailure.CANCEL, OnFailure.RUN, OnFailure.IGNORE])
        params = {"fails": chance.random() < 0.25, "strict": True}
        async with db.transaction() as tx:
            [job_id] = await enqueue_many(
                tx, [NewJob(kind="chore", lane=LANE, params=params, after=[After(parent, policy) for parent in chosen])]
            )
        parents[job_id] = chosen
    async with running(a_runner(db, chore, pace=PATIENT)):
        await eventually(lambda: len(over) == len(parents), within_s=30)

    assert early == []
    assert {JobState(state) for state in await states(db, parents)} <= FINAL
    assert sorted(job_id for job_id, _ in chore.settled) == sorted(parents)
