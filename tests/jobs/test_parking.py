"""Parking: what waits for somebody else holds no worker; deliveries early, twice, late, never, and for nobody all end well."""

from __future__ import annotations

import asyncio
import itertools
from typing import Any, Literal

import pytest

from pixelstudio.core.events import Bus
from pixelstudio.db.engine import Database
from pixelstudio.jobs import claim, parking
from pixelstudio.jobs.calls import Call, CallPhase
from pixelstudio.jobs.claim import Lane
from pixelstudio.jobs.dependencies import After
from pixelstudio.jobs.endings import end_held
from pixelstudio.jobs.errors import CalledOff, GiveUp
from pixelstudio.jobs.fairness import Priority
from pixelstudio.jobs.job import FINAL, Job, JobState, Mark
from pixelstudio.jobs.kind import Cancelled, Delivery, Done, Ended, Failed, JobContext, Park
from pixelstudio.jobs.parking import NewDelivery, Placed, deliver, hasten
from pixelstudio.jobs.queue import cancel
from pixelstudio.jobs.retry import ANSWER_LOST
from pixelstudio.jobs.rings import JobsWaiting
from pixelstudio.jobs.statements import STATEMENTS
from pixelstudio.jobs.upkeep import Keeping, purge, rescue
from tests.jobs.floor import LANE, PATIENT, Chore, a_call, a_runner, change, eventually, expire_leases, put, running, select, state_of, take

PARKED, READY, RUNNING = JobState.PARKED, JobState.READY, JobState.RUNNING
DELIVERIES = (f"delivery-{number}" for number in itertools.count())


class Courier(Chore):
    """A kind that calls somebody, parks, and is done with whatever it is handed when it is taken up again."""

    def __init__(self, *, poll_in_s: float = 1_000.0) -> None:
        super().__init__(self._send)
        self.resumed: list[Delivery | None] = []
        self.poll_in_s = poll_in_s
        self.parks_again = 0

    async def _send(self, context: JobContext) -> object:
        call = await context.call_to("somebody", cost=2)
        await context.mark_sent(call)
        return Park(self.poll_in_s, f"x{context.job.id}")

    async def resume(self, _context: JobContext, delivery: Delivery | None) -> object:
        self.resumed.append(delivery)
        if self.parks_again > 0:
            self.parks_again -= 1
            return Park(self.poll_in_s)
        return delivery.body if delivery else "asked"


async def sent(db: Database, **fields: Any) -> tuple[Job, Call]:
    """A job in hand whose bytes have left for somebody who cannot be asked."""
    await put(db, **fields)
    [job] = await take(db)
    call = a_call()
    assert await db.script(claim.mark_sent(STATEMENTS[db.dialect], job=job, call=call, now=db.clock.epoch())) == "moved"
    return job, call


async def park(db: Database, job: Job, external_id: str | None = "x1", poll_in_s: float = 1_000.0) -> str:
    return await db.script(parking.park(db.dialect, job, Park(poll_in_s, external_id), db.clock.epoch()))


async def parked(db: Database, external_id: str | None = "x1", **fields: Any) -> tuple[Job, Call]:
    job, call = await sent(db, **fields)
    assert await park(db, job, external_id) == "parked"
    return job, call


async def bring(db: Database, delivery_id: str = "", *, ends_as: Ended | None = None, kinds: Any = None, **fields: Any) -> Placed:
    told = {"provider": "somebody", "body": '{"status": "done"}', "external_id": "x1", **fields}
    async with db.transaction() as tx:
        return await deliver(tx, NewDelivery(delivery_id=delivery_id or next(DELIVERIES), **told), kinds or {}, ends_as=ends_as)


async def taken_up(db: Database, job: Job) -> Delivery | None:
    return await db.script(parking.take_up(db.dialect, job.id))


async def test_a_parked_job_holds_its_lanes_slot_and_no_worker(db: Database):
    """Without PARKED in `HELD` the provider is asked for more than its lane allows."""
    courier = Courier()
    line = Lane(LANE, 2)
    ids = [await put(db) for _ in range(3)]
    runner = a_runner(db, courier, pace=PATIENT, lane=line)
    async with running(runner):
        await eventually(lambda: _are_parked(db, ids[:2]), within_s=20)
        await eventually(lambda: runner.running == 0)
        await asyncio.sleep(0.1)
        assert await state_of(db, ids[2]) == READY
        await bring(db, external_id=f"x{ids[0]}")
        await eventually(lambda: _are_parked(db, ids[1:]), within_s=20)

    assert courier.settled == [(ids[0], Done('{"status": "done"}'))]


async def _are_parked(db: Database, ids: list[int]) -> bool:
    return [await state_of(db, job_id) for job_id in ids] == [PARKED] * len(ids)


async def test_a_parked_job_has_no_lease_and_is_not_rescued(db: Database):
    job, _ = await parked(db)

    found = await rescue(db, {})

    assert (found.rescued, found.abandoned) == (0, ())
    assert await select(db, "SELECT state,phase,lease_until FROM q_job") == [(PARKED, Mark.TRACEABLE, None)]
    assert await select(db, "SELECT phase,external_id FROM q_call WHERE job_id=:id", id=job.id) == [(CallPhase.ACCEPTED, "x1")]


@pytest.mark.parametrize("by", ["name", "token", "both"])
async def test_a_delivery_lets_its_job_go_on_and_is_handed_to_it(db: Database, by: Literal["name", "token", "both"]):
    job, call = await parked(db)
    names: dict[str, Any] = {"external_id": "x1" if by != "token" else None, "webhook_token": call.token if by != "name" else None}

    assert await bring(db, "d1", body="the picture", **names) == "taken"

    [again] = await take(db)
    assert (again.id, again.mark, again.attempt) == (job.id, Mark.TRACEABLE, 1)
    delivery = await taken_up(db, again)
    assert delivery is not None
    assert (delivery.delivery_id, delivery.body) == ("d1", "the picture")
    assert await taken_up(db, again) is None


async def test_what_is_taken_up_again_goes_before_what_has_not_begun(db: Database):
    job, _ = await parked(db)
    await put(db, prio=0)
    await bring(db)

    [first] = await take(db, wanted=1)

    assert first.id == job.id
    assert await select(db, "SELECT prio FROM q_job WHERE id=:id", id=job.id) == [(Priority.FIRST,)]


async def test_a_delivery_that_comes_before_the_job_is_parked_is_found_when_it_parks(db: Database):
    """Without the second look in `park` the job waits for its deadline, an answer in the house."""
    job, _ = await sent(db)

    assert await bring(db) == "kept"
    assert await state_of(db, job.id) == RUNNING
    assert await park(db, job) == "delivered"

    assert await state_of(db, job.id) == READY
    assert await taken_up(db, job) is not None


async def test_a_delivery_that_comes_while_the_job_parks_is_never_lost(db: Database):
    """Without the lock under the call's name each misses the other: the call has no name yet, the delivery is not there yet."""
    for number in range(15):
        job, _ = await sent(db)
        await asyncio.gather(park(db, job, f"x{number}"), bring(db, external_id=f"x{number}"))
        assert await state_of(db, job.id) == READY
        await change(db, "UPDATE q_job SET state=5")


async def test_what_comes_twice_moves_its_job_once(db: Database):
    job, _ = await parked(db)

    assert await bring(db, "d1") == "taken"
    assert await bring(db, "d1") == "known"
    await take(db)
    assert await bring(db, "d1") == "known"

    assert await state_of(db, job.id) == RUNNING
    assert await select(db, "SELECT count(*) FROM q_inbox") == [(1,)]


async def test_the_same_brought_many_times_at_once_moves_its_job_once(db: Database):
    await parked(db)

    placed = await asyncio.gather(*(bring(db, "d1") for _ in range(5)))

    assert sorted(placed) == ["known"] * 4 + ["taken"]


async def test_two_providers_may_give_the_same_id_to_their_deliveries(db: Database):
    job, _ = await parked(db)

    assert await bring(db, "d1", provider="another") == "kept"
    assert await bring(db, "d1") == "taken"

    assert await state_of(db, job.id) == READY


@pytest.mark.parametrize("names", [{"external_id": "x9"}, {"external_id": None, "webhook_token": "guessed"}, {"external_id": None}])
async def test_what_nobody_can_place_is_kept_and_changes_nothing(db: Database, names: dict[str, Any]):
    job, _ = await parked(db)

    assert await bring(db, **names) == "kept"

    assert await state_of(db, job.id) == PARKED
    assert await select(db, "SELECT job_id FROM q_inbox") == [(None,)]


async def test_the_token_of_one_provider_opens_no_call_of_another(db: Database):
    job, call = await parked(db)

    assert await bring(db, provider="another", external_id=None, webhook_token=call.token) == "kept"

    assert await state_of(db, job.id) == PARKED


async def test_a_delivery_that_names_two_jobs_is_placed_with_neither(db: Database):
    _, first = await parked(db, "x1")
    await parked(db, "x2")

    assert await bring(db, external_id="x2", webhook_token=first.token) == "kept"

    assert await select(db, "SELECT state FROM q_job") == [(PARKED,), (PARKED,)]


@pytest.mark.parametrize("outcome", [Done(None), Failed("x", "X.")])
async def test_what_comes_for_an_ended_job_changes_nothing(db: Database, outcome: Ended):
    chore = Chore()
    job, call = await sent(db)
    await end_held(db, job, {"chore": chore}, outcome)

    assert await bring(db, external_id=None, webhook_token=call.token, ends_as=Failed("late", "Late."), kinds={"chore": chore}) == "late"

    assert chore.settled == [(job.id, outcome)]
    assert JobState(await state_of(db, job.id)) in FINAL


async def test_a_late_answer_to_what_was_unknown_takes_it_up_again(db: Database):
    """The answer to the request itself was lost; the token in the address they call back finds the call all the same."""
    chore = Chore()
    job, call = await sent(db, max_attempts=1)
    await end_held(db, job, {"chore": chore}, ANSWER_LOST)

    assert await bring(db, external_id="x7", webhook_token=call.token) == "taken"

    [again] = await take(db)
    assert (again.id, again.mark) == (job.id, Mark.TRACEABLE)
    assert await select(db, "SELECT phase,external_id FROM q_call") == [(CallPhase.ACCEPTED, "x7")]


async def test_whoever_can_tell_the_end_from_the_delivery_ends_the_job_there(db: Database):
    chore = Chore()
    job, _ = await parked(db)
    child = await put(db, after=[After(job.id)])

    assert await bring(db, ends_as=Failed("refused", "Refused."), kinds={"chore": chore}) == "taken"

    assert await state_of(db, job.id) == JobState.FAILED
    assert await state_of(db, child) == JobState.CANCELLED
    assert chore.settled[0] == (job.id, Failed("refused", "Refused."))
    assert await select(db, "SELECT phase FROM q_call") == [(CallPhase.SETTLED,)]


async def test_an_end_that_is_refused_leaves_the_delivery_to_be_brought_again(db: Database):
    chore = Chore()
    chore.refuse_end = 1
    job, _ = await parked(db)
    told = {"ends_as": Failed("refused", "Refused."), "kinds": {"chore": chore}}

    with pytest.raises(RuntimeError):
        await bring(db, "d1", **told)
    assert await bring(db, "d1", **told) == "taken"

    assert await state_of(db, job.id) == JobState.FAILED


async def test_what_is_never_delivered_is_asked_for_after_its_deadline(db: Database):
    courier = Courier(poll_in_s=0.2)
    courier.parks_again = 2
    job_id = await put(db, max_attempts=2)
    async with running(a_runner(db, courier, pace=PATIENT)):
        await eventually(lambda: courier.settled, within_s=20)

    assert courier.resumed == [None, None, None]
    assert courier.settled == [(job_id, Done("asked"))]
    assert await select(db, "SELECT attempt FROM q_job") == [(1,)]


async def test_waiting_costs_no_attempt_but_a_crash_while_asking_does(db: Database):
    job, _ = await parked(db, max_attempts=2)
    for _ in range(3):
        await change(db, "UPDATE q_job SET run_at=0")
        await rescue(db, {})
        [job] = await take(db)
        assert job.attempt == 1
        await park(db, job)
    await change(db, "UPDATE q_job SET run_at=0")
    await rescue(db, {})
    await take(db)
    await expire_leases(db)

    await rescue(db, {})

    [job] = await take(db)
    assert job.attempt == 2


async def test_a_drawing_began_when_it_was_sent_however_often_it_is_taken_up(db: Database):
    job, _ = await parked(db)
    await change(db, "UPDATE q_job SET started=5.0")
    await bring(db)

    await take(db)

    assert await select(db, "SELECT started FROM q_job WHERE id=:id", id=job.id) == [(5.0,)]


async def test_a_delivery_after_the_deadline_is_handed_to_whoever_asks(db: Database):
    job, _ = await parked(db)
    await change(db, "UPDATE q_job SET run_at=0")
    await rescue(db, {})
    assert await bring(db, "d1") == "kept"

    [again] = await take(db)
    delivery = await taken_up(db, again)

    assert again.id == job.id
    assert delivery is not None
    assert delivery.delivery_id == "d1"


async def test_whoever_lost_the_job_cannot_park_it(db: Database):
    job, _ = await sent(db)
    await expire_leases(db)
    await rescue(db, {})

    assert await park(db, job) == "lost"

    assert await state_of(db, job.id) != PARKED


async def test_a_parked_job_was_sent_and_cannot_be_called_off(db: Database):
    chore = Chore()
    job, _ = await parked(db)

    async with db.transaction() as tx:
        assert await cancel(tx, [job.id], {"chore": chore}) == 0

    assert await state_of(db, job.id) == PARKED
    await bring(db)
    assert [again.id for again in await take(db)] == [job.id]


async def test_what_was_stopped_where_it_was_done_ends_as_cancelled_and_costs_nothing(db: Database):
    class Stopped(Courier):
        async def resume(self, _context: JobContext, delivery: Delivery | None) -> object:
            raise CalledOff

    stopped = Stopped(poll_in_s=0.1)
    job_id = await put(db)
    async with running(a_runner(db, stopped, pace=PATIENT)):
        await eventually(lambda: stopped.settled, within_s=20)

    assert stopped.settled == [(job_id, Cancelled())]
    assert await state_of(db, job_id) == JobState.CANCELLED
    assert await select(db, "SELECT phase,cost FROM q_call") == [(CallPhase.SETTLED, 0)]


async def test_a_parked_job_is_taken_up_before_its_deadline_when_there_is_news(db: Database, bus: Bus):
    job, _ = await parked(db)

    with bus.subscribe("jobs") as bell:
        async with db.transaction() as tx:
            assert await hasten(tx, job.id)
        assert await bell.get_batch() == [JobsWaiting(lanes=(LANE,))]
    async with db.transaction() as tx:
        assert not await hasten(tx, job.id)

    [again] = await take(db)
    assert (again.id, again.mark, again.attempt) == (job.id, Mark.TRACEABLE, 1)


@pytest.mark.parametrize("state", [JobState.RUNNING, JobState.UNKNOWN, JobState.DONE])
async def test_nothing_but_a_parked_job_is_hastened(db: Database, state: JobState):
    job, _ = await parked(db)
    await change(db, "UPDATE q_job SET state=:state", state=int(state))

    async with db.transaction() as tx:
        assert not await hasten(tx, job.id)

    assert await state_of(db, job.id) == state


async def test_a_worker_that_dies_while_it_asks_leaves_the_job_to_be_asked_for_again(db: Database):
    asked = 0

    class Fragile(Courier):
        async def resume(self, context: JobContext, delivery: Delivery | None) -> object:
            nonlocal asked
            asked += 1
            if asked == 1:
                await change(db, "UPDATE q_job SET lease_until=lease_until-1000,worker='nobody' WHERE id=:id", id=context.job.id)
                await asyncio.Event().wait()
            return "asked"

    fragile = Fragile(poll_in_s=0.1)
    job_id = await put(db)
    async with running(a_runner(db, fragile, pace=PATIENT)):
        await eventually(lambda: fragile.settled, within_s=20)

    assert fragile.settled == [(job_id, Done("asked"))]
    assert fragile.started[job_id] == 1


async def test_a_refusal_heard_when_taken_up_ends_the_job(db: Database):
    class Refused(Courier):
        async def resume(self, _context: JobContext, delivery: Delivery | None) -> object:
            raise GiveUp("They refused.", "refused")

    refused = Refused(poll_in_s=0.1)
    job_id = await put(db)
    async with running(a_runner(db, refused, pace=PATIENT)):
        await eventually(lambda: refused.settled, within_s=20)

    assert refused.settled == [(job_id, Failed("refused", "They refused."))]


async def test_a_run_that_parks_without_having_called_anybody_is_a_fault_of_ours(db: Database):
    async def work(_context: JobContext) -> object:
        return Park(0.1)

    chore = Chore(work)
    job_id = await put(db, max_attempts=1)
    async with running(a_runner(db, chore, pace=PATIENT)):
        await eventually(lambda: chore.settled, within_s=20)

    assert await state_of(db, job_id) == JobState.FAILED


async def test_the_inbox_is_emptied_after_a_while(db: Database):
    await bring(db, "old")
    await change(db, "UPDATE q_inbox SET received=0")
    await bring(db, "new")

    await purge(db, Keeping())

    assert await select(db, "SELECT delivery_id FROM q_inbox") == [("new",)]
