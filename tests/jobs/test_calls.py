"""Call records: written with the mark and by nobody else, found again after a crash, and never charged twice for it.

The somebody of these tests charges for every request with a key it has not seen, remembers the keys or not, and can be asked or not.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest

from pixelstudio.core.limits import MARK_TO_SEND_MAX_S
from pixelstudio.db.engine import Database
from pixelstudio.db.transaction import Transaction
from pixelstudio.jobs import claim
from pixelstudio.jobs.calls import Call, CallPhase, open_call
from pixelstudio.jobs.endings import end_held
from pixelstudio.jobs.errors import AnswerLost, RetryLater
from pixelstudio.jobs.job import Job, JobState, Mark
from pixelstudio.jobs.kind import Done, Failed, JobContext, Outcome, Unknown
from pixelstudio.jobs.queue import cancel
from pixelstudio.jobs.retry import ANSWER_LOST
from pixelstudio.jobs.statements import STATEMENTS
from pixelstudio.jobs.unknown import decide_old
from pixelstudio.jobs.upkeep import Keeping, purge, rescue
from pixelstudio.net.client import Call as HttpCall
from pixelstudio.net.client import Client
from tests.jobs.floor import (
    PATIENT,
    QUICK,
    Chore,
    a_call,
    a_runner,
    change,
    eventually,
    expire_leases,
    put,
    running,
    select,
    state_of,
    take,
)

SENT, SETTLED, UNKNOWN = CallPhase.SENT, CallPhase.SETTLED, CallPhase.UNKNOWN


class Somebody:
    """Charges. `remembers` keys: the same one is charged once. `answers` when asked what became of a key."""

    def __init__(self, *, remembers: bool = False, answers: bool = False) -> None:
        self.remembers, self.answers = remembers, answers
        self.charged: Counter[str] = Counter()
        self.asked = 0

    @property
    def charges(self) -> int:
        return sum(self.charged.values())

    def send(self, key: str) -> str:
        if not (self.remembers and key in self.charged):
            self.charged[key] += 1
        return f"picture of {key}"

    def ask(self, key: str) -> str | None:
        self.asked += 1
        return f"picture of {key}" if key in self.charged else None


def paying(db: Database, somebody: Somebody, misfortunes: Sequence[Any] = ()):
    """A run that sends once the mark is there and then meets the next misfortune: before or after the bytes have left."""

    ahead = list(misfortunes)

    async def work(context: JobContext) -> object:
        traceable = somebody.remembers or somebody.answers
        call = await context.call_to("somebody", cost=2, is_traceable=traceable)
        if call.phase is not CallPhase.INTENT and somebody.answers and (found := somebody.ask(call.key)) is not None:
            return found
        await context.mark_sent(call)
        misfortune = ahead.pop(0) if ahead else None
        if misfortune == "killed before sending":
            return await gone(context)
        picture = somebody.send(call.key)
        if misfortune == "killed after sending":
            return await gone(context)
        if isinstance(misfortune, Exception):
            raise misfortune
        return picture

    async def gone(context: JobContext) -> object:
        # Nobody beats for it any more: what this attempt still does is fenced out like that of a killed process.
        await change(db, "UPDATE q_job SET lease_until=lease_until-1000, worker='nobody' WHERE id=:id", id=context.job.id)
        return await asyncio.Event().wait()

    return work


async def calls_of(db: Database) -> list[tuple[Any, ...]]:
    return await select(db, "SELECT job_id,seq,phase,cost FROM q_call ORDER BY id")


async def settled_by(db: Database, somebody: Somebody, *misfortunes: Any) -> tuple[int, Chore]:
    chore = Chore(paying(db, somebody, misfortunes))
    job_id = await put(db)
    async with running(a_runner(db, chore, pace=QUICK)):
        await eventually(lambda: chore.settled, within_s=20)
    return job_id, chore


async def test_a_call_is_recorded_with_the_mark_and_settled_with_the_job(db: Database):
    seen: list[tuple[Any, ...]] = []

    async def work(context: JobContext) -> object:
        call = await context.call_to("somebody", cost=2)
        seen.extend(await calls_of(db))
        await context.mark_sent(call)
        seen.extend(await calls_of(db))
        return None

    job_id = await put(db)
    chore = Chore(work)
    async with running(a_runner(db, chore, pace=PATIENT)):
        await eventually(lambda: chore.settled, within_s=20)

    assert seen == [(job_id, 1, SENT, 2)]
    assert await calls_of(db) == [(job_id, 1, SETTLED, 2)]


async def test_who_may_not_send_leaves_no_record(db: Database):
    sql = STATEMENTS[db.dialect]
    await put(db)
    [job] = await take(db)
    await expire_leases(db)

    assert await db.script(claim.mark_sent(sql, job=job, call=a_call(), now=db.clock.epoch())) == "lost"

    assert await calls_of(db) == []


async def test_a_lease_that_does_not_outlast_the_sending_is_none(db: Database):
    """Without the margin another worker may ask before these bytes have left, be told no, and send them too."""
    sql = STATEMENTS[db.dialect]
    await put(db)
    [job] = await take(db, lease_s=MARK_TO_SEND_MAX_S * 0.8)

    assert await db.script(claim.mark_sent(sql, job=job, call=a_call(), now=db.clock.epoch())) == "lost"


async def test_what_was_vouched_for_costs_nothing_and_the_next_try_is_another_call(db: Database):
    job_id, chore = await settled_by(db, Somebody(), RetryLater("Busy.", "throttled", after_s=0))

    assert [type(outcome) for _, outcome in chore.settled] == [Done]
    assert await calls_of(db) == [(job_id, 1, SETTLED, 0), (job_id, 2, SETTLED, 2)]
    assert len({row[0] for row in await select(db, "SELECT idem_key FROM q_call")}) == 2


@pytest.mark.parametrize("misfortune", ["killed before sending", "killed after sending", ValueError("ours"), AnswerLost("They broke off.")])
@pytest.mark.parametrize(("remembers", "answers"), [(False, False), (True, False), (False, True)], ids=["neither", "a key", "a question"])
async def test_nobody_is_ever_charged_twice_whatever_happens_to_the_worker(db: Database, misfortune: Any, remembers: bool, answers: bool):
    somebody = Somebody(remembers=remembers, answers=answers)

    job_id, chore = await settled_by(db, somebody, misfortune)

    assert somebody.charges <= 1
    if remembers or answers:
        assert await state_of(db, job_id) == JobState.DONE
        assert somebody.charges == 1
        assert await calls_of(db) == [(job_id, 1, SETTLED, 2)]
    else:
        assert await state_of(db, job_id) == JobState.UNKNOWN
        assert isinstance(chore.settled[0][1], Unknown)
        assert chore.started[job_id] == 1
        assert await calls_of(db) == [(job_id, 1, UNKNOWN, 2)]
    if answers and misfortune != "killed before sending":
        assert somebody.asked == 1


class Till:
    """Somebody at a real socket, asked by the real client: charges for each key it sees, as often as it sees it unless it `remembers`."""

    def __init__(self, *, remembers: bool) -> None:
        self.remembers = remembers
        self.charged: Counter[str] = Counter()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.closing(writer), contextlib.suppress(asyncio.IncompleteReadError):  # whoever sends nothing is charged nothing
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            key = head.partition("idempotency-key: ")[2].partition("\r\n")[0]
            if not (self.remembers and key in self.charged):
                self.charged[key] += 1
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
            await writer.drain()


@pytest.mark.parametrize(("remembers", "answers"), [(False, False), (True, False), (False, True)], ids=["neither", "a key", "a question"])
async def test_a_worker_frozen_between_its_mark_and_its_bytes_wakes_up_and_sends_nothing(db: Database, remembers: bool, answers: bool):
    """Without the steady clock in the client the first worker sends what the second one has asked about, or sent, meanwhile."""
    till, client, over = Till(remembers=remembers), Client(), asyncio.Event()
    server = await asyncio.start_server(till.serve, "127.0.0.1", 0)
    base = "http://{}:{}/".format(*server.sockets[0].getsockname())

    async def work(context: JobContext) -> object:
        call = await context.call_to("till", cost=2, is_traceable=remembers or answers)
        if call.phase is not CallPhase.INTENT and answers and call.key in till.charged:
            return "was there"

        async def mark() -> None:
            await context.mark_sent(call)
            if context.job.attempt == 1:  # stopped by somebody, as by SIGSTOP, until another has finished the job
                await change(db, "UPDATE q_job SET lease_until=lease_until-1000,worker='frozen' WHERE id=:id", id=context.job.id)
                while not over.is_set():  # a frozen process hears nobody, not even that its lease is lost
                    with contextlib.suppress(asyncio.CancelledError):
                        await over.wait()

        asked = HttpCall(method="POST", url=base, headers={"Idempotency-Key": call.key}, json={}, before_sending=mark)
        async with client.call(asked) as exchange:
            return exchange.status

    class Waking(Chore):
        async def ended(self, tx: Transaction, job: Job, outcome: Outcome) -> None:
            await super().ended(tx, job, outcome)
            asyncio.get_running_loop().call_later(MARK_TO_SEND_MAX_S, over.set)

    chore = Waking(work)
    job_id = await put(db)
    runner = a_runner(db, chore, pace=QUICK)
    async with running(runner):
        await eventually(lambda: over.is_set() and not runner.running, within_s=20)
    server.close()
    await client.close()

    assert till.charged.total() == (1 if remembers or answers else 0)
    assert await state_of(db, job_id) == (JobState.DONE if remembers or answers else JobState.UNKNOWN)
    assert len(chore.settled) == 1


async def sent(db: Database, *, is_traceable: bool, **fields: Any) -> tuple[Any, Call]:
    """A job in hand whose bytes may have left."""
    await put(db, **fields)
    [job] = await take(db)
    call = a_call(is_traceable=is_traceable)
    assert await db.script(claim.mark_sent(STATEMENTS[db.dialect], job=job, call=call, now=db.clock.epoch())) == "moved"
    return job, call


async def test_the_call_is_found_again_under_its_key_by_whoever_takes_the_job_up(db: Database):
    job, call = await sent(db, is_traceable=True)
    await expire_leases(db)
    await rescue(db, {})
    [again] = await take(db)

    async with db.reader() as reader:
        found = await open_call(reader, job.id)

    assert again.mark is Mark.TRACEABLE
    assert found is not None
    assert (found.key, found.token, found.phase, found.cost) == (call.key, call.token, SENT, call.cost)


async def test_making_a_call_again_under_its_key_is_one_record(db: Database):
    job, call = await sent(db, is_traceable=True)

    assert await db.script(claim.mark_sent(STATEMENTS[db.dialect], job=job, call=call, now=db.clock.epoch())) == "moved"

    assert await calls_of(db) == [(job.id, 1, SENT, 2)]


async def test_what_can_be_asked_after_is_unknown_once_its_attempts_are_over(db: Database):
    chore = Chore()
    job, _ = await sent(db, is_traceable=True, max_attempts=1)
    await expire_leases(db)

    await rescue(db, {"chore": chore})

    assert chore.settled == [(job.id, ANSWER_LOST)]
    assert await calls_of(db) == [(job.id, 1, UNKNOWN, 2)]


@pytest.mark.parametrize("waits", [False, True], ids=["running", "waiting to be asked after"])
async def test_calling_off_what_can_be_asked_after_comes_too_late(db: Database, waits: bool):
    """Cancelled at once its credits go back, and the provider charges for the picture."""
    chore = Chore()
    job, _ = await sent(db, is_traceable=True)
    if waits:
        await expire_leases(db)
        await rescue(db, {"chore": chore})

    async with db.transaction() as tx:
        assert await cancel(tx, [job.id], {"chore": chore}) == 0
    await expire_leases(db)
    await rescue(db, {"chore": chore})

    assert chore.settled == []
    assert await state_of(db, job.id) == JobState.READY
    [again] = await take(db)
    assert (
        await db.script(claim.mark_sent(STATEMENTS[db.dialect], job=again, call=a_call(is_traceable=True), now=db.clock.epoch())) == "moved"
    )


async def test_a_stopping_worker_gives_back_what_can_be_asked_after_with_its_mark(db: Database):
    async def work(context: JobContext) -> object:
        await context.mark_sent(await context.call_to("somebody", cost=2, is_traceable=True))
        return await asyncio.Event().wait()

    chore = Chore(work)
    job_id = await put(db)
    async with running(a_runner(db, chore, pace=PATIENT)):
        await eventually(lambda: _is_marked(db, job_id), within_s=20)

    assert chore.settled == []
    assert await select(db, "SELECT state,phase,attempt FROM q_job") == [(JobState.READY, Mark.TRACEABLE, 0)]


async def _is_marked(db: Database, job_id: int) -> bool:
    return await select(db, "SELECT phase FROM q_job WHERE id=:id", id=job_id) == [(Mark.TRACEABLE,)]


async def test_a_decision_settles_the_call_too(db: Database):
    chore = Chore()
    job, _ = await sent(db, is_traceable=False)
    await end_held(db, job, {"chore": chore}, ANSWER_LOST)
    assert await calls_of(db) == [(job.id, 1, UNKNOWN, 2)]

    await decide_old(db, {"chore": chore}, age_s=0.0)

    assert isinstance(chore.settled[-1][1], Failed)
    assert await calls_of(db) == [(job.id, 1, SETTLED, 2)]


async def test_a_plain_kind_that_pays_settles_its_call(db: Database):
    """Its ends are written in bulk, where nobody looks for calls."""
    chore = Chore(paying(db, Somebody()))

    class Plain:
        name, timeout_s, max_attempts, run = chore.name, chore.timeout_s, chore.max_attempts, chore.run

    job_id = await put(db)

    async def is_done() -> bool:
        return await state_of(db, job_id) == JobState.DONE

    async with running(a_runner(db, Plain(), pace=PATIENT)):
        await eventually(is_done, within_s=20)

    assert await calls_of(db) == [(job_id, 1, SETTLED, 2)]


async def test_the_records_go_with_their_job(db: Database):
    job, _ = await sent(db, is_traceable=False)
    await end_held(db, job, {}, Done(None))
    await change(db, "UPDATE q_job SET finished=0")

    await purge(db, Keeping())

    assert await calls_of(db) == []
