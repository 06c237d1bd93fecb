"""The intake: what is genuine moves its job once, what is not moves nothing, whatever the order and however often."""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
from dataclasses import replace

import pytest
from sqlalchemy import text

from pixelstudio.core.errors import NotFound
from pixelstudio.features.webhooks.intake import receive, replay
from pixelstudio.features.webhooks.log import LATELY, deliveries_of, forget_old, refusals_of
from pixelstudio.jobs.job import JobState
from pixelstudio.net.signatures import TOLERANCE_S, standard_key, standard_signature
from pixelstudio.providers.deliveries import NotGenuine, StandardReader, relayed
from pixelstudio.providers.errors import Unavailable
from pixelstudio.providers.replicate.deliveries import replicate_reader
from tests.factories import a_studio, a_user
from tests.jobs.floor import Lane, change, put, take

SECRETS = ["whsec_" + base64.b64encode(word * 8).decode() for word in (b"new", b"old")]
IDS = (f"msg_{number}" for number in itertools.count())


async def _never() -> str:
    raise AssertionError("nobody is asked")


@pytest.fixture
def studio(database, clock, children):
    readers = {
        "replicate": replicate_reader(SECRETS, _never),
        "stability": StandardReader([standard_key(secret) for secret in SECRETS], relayed),
    }
    return replace(a_studio(database, clock, children), readers=readers)


def signed(body: bytes, at: float, *, secret: str = SECRETS[0], delivery_id: str | None = None) -> dict[str, str]:
    delivery_id, timestamp = delivery_id or next(IDS), str(int(at))
    return {
        "webhook-id": delivery_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": standard_signature(standard_key(secret), delivery_id, timestamp, body),
    }


def about(external_id: str, status: str = "succeeded") -> bytes:
    return json.dumps({"id": external_id, "status": status}).encode()


async def a_parked_job(database, external_id: str = "p1", called: str = "t1", state: JobState = JobState.PARKED) -> int:
    job_id = (await _taken(database)).id
    sql = (
        "INSERT INTO q_call(job_id,seq,provider,idem_key,webhook_token,phase,external_id,cost,created,sent)"
        f" VALUES({job_id},1,'replicate','k{job_id}','{called}',2,'{external_id}',2,0,0)"
    )
    await change(database, sql)
    await change(database, f"UPDATE q_job SET state={state:d},phase=2,run_at=9e9,lease_until=NULL WHERE id={job_id}")
    return job_id


async def _taken(database):
    await put(database, lane="replicate")
    (job,) = await take(database, lane=Lane("replicate", 8))
    return job


async def state_of(database, job_id: int) -> JobState:
    async with database.reader() as reader:
        return JobState((await reader.exec(text("SELECT state FROM q_job WHERE id=:id"), {"id": job_id})).scalar_one())


async def placed(database, by) -> list[tuple[str, int]]:
    async with database.reader() as reader:
        return [(view.placed, view.times) for view in await deliveries_of(reader, by=by)]


async def test_a_genuine_delivery_takes_up_its_job(studio, database, keeper):
    job_id = await a_parked_job(database)
    body = about("p1")

    assert await receive(studio, "replicate", signed(body, studio.clock.epoch()), body) == "taken"

    assert await state_of(database, job_id) == JobState.READY
    assert await placed(database, keeper) == [("taken", 1)]


async def test_the_same_delivery_ten_times_at_once_moves_once(studio, database, keeper):
    job_id = await a_parked_job(database)
    body = about("p1")
    headers = signed(body, studio.clock.epoch())

    outcomes = await asyncio.gather(*(receive(studio, "replicate", headers, body) for _ in range(10)))

    assert sorted(outcomes) == ["known"] * 9 + ["taken"]
    assert await state_of(database, job_id) == JobState.READY
    assert await placed(database, keeper) == [("taken", 10)]


@pytest.mark.parametrize("order", list(itertools.permutations(["starting", "processing", "succeeded"])), ids="-".join)
async def test_in_whatever_order_they_come_the_end_is_the_same(studio, database, order):
    job_id = await a_parked_job(database)

    for status in order:
        body = about("p1", status)
        await receive(studio, "replicate", signed(body, studio.clock.epoch()), body)

    assert await state_of(database, job_id) == JobState.READY


@pytest.mark.parametrize("state", [JobState.DONE, JobState.FAILED, JobState.CANCELLED])
async def test_what_has_ended_stays_as_it_ended(studio, database, state):
    job_id = await a_parked_job(database, state=state)

    for status in ("processing", "failed", "succeeded"):
        body = about("p1", status)
        assert await receive(studio, "replicate", signed(body, studio.clock.epoch()), body) in {"late", "noted"}

    assert await state_of(database, job_id) == state


async def test_the_token_finds_a_call_whose_answer_was_lost(studio, database):
    job_id = await a_parked_job(database, external_id="another", called="word", state=JobState.UNKNOWN)
    body = about("p9")

    assert await receive(studio, "replicate", signed(body, studio.clock.epoch()), body, "word") == "taken"

    assert await state_of(database, job_id) == JobState.READY


async def test_one_for_nobody_is_kept_until_somebody_comes(studio, database, keeper):
    body = about("p1")

    assert await receive(studio, "replicate", signed(body, studio.clock.epoch()), body) == "kept"

    async with database.reader() as reader:
        assert (await reader.exec(text("SELECT external_id FROM q_inbox"))).scalars().all() == ["p1"]
        (view,) = await deliveries_of(reader, by=keeper)
    job_id = await a_parked_job(database)
    async with database.transaction() as tx:
        assert await replay(tx, studio, view.id, by=keeper) == "taken"
    assert await state_of(database, job_id) == JobState.READY


async def test_replaying_twice_is_harmless_and_a_stranger_may_not(studio, database, keeper):
    job_id = await a_parked_job(database)
    body = about("p1")
    await receive(studio, "replicate", signed(body, studio.clock.epoch()), body)
    async with database.reader() as reader:
        (view,) = await deliveries_of(reader, by=keeper)
    stranger = await a_user(database, "stranger")

    for _ in range(2):
        async with database.transaction() as tx:
            await replay(tx, studio, view.id, by=keeper)
    for actor, delivery in ((stranger, view.id), (keeper, "nothing")):
        with pytest.raises(NotFound):
            async with database.transaction() as tx:
                await replay(tx, studio, delivery, by=actor)
    with pytest.raises(NotFound):
        async with database.reader() as reader:
            await deliveries_of(reader, by=stranger)

    assert await state_of(database, job_id) == JobState.READY


FORGED = {
    "another secret": lambda body, at: (signed(body, at, secret="whsec_" + base64.b64encode(b"x" * 24).decode()), body),
    "a byte changed": lambda body, at: (signed(body, at), body[:-1] + b" "),
    "another id": lambda body, at: ({**signed(body, at), "webhook-id": "msg_other"}, body),
    "no signature": lambda body, _at: ({}, body),
    "too old": lambda body, at: (signed(body, at - TOLERANCE_S - 1), body),
    "too new": lambda body, at: (signed(body, at + TOLERANCE_S + 1), body),
    "no object": lambda _body, at: (signed(b"[1]", at), b"[1]"),
    "no JSON": lambda _body, at: (signed(b"\xff", at), b"\xff"),
    "nothing named": lambda _body, at: (signed(b"{}", at), b"{}"),
}


@pytest.mark.parametrize("forgery", FORGED)
async def test_what_nobody_vouches_for_moves_nothing_and_is_counted(studio, database, keeper, forgery):
    job_id = await a_parked_job(database)
    headers, body = FORGED[forgery](about("p1"), studio.clock.epoch())

    for _ in range(2):
        with pytest.raises(NotGenuine):
            await receive(studio, "replicate", headers, body)

    assert await state_of(database, job_id) == JobState.PARKED
    async with database.reader() as reader:
        assert [refusal.times for refusal in await refusals_of(reader)] == [2]
        assert (await reader.exec(text("SELECT count(*) FROM q_inbox"))).scalar_one() == 0
    assert await placed(database, keeper) == []


@pytest.mark.parametrize("off_s", [-TOLERANCE_S, 0, TOLERANCE_S])
@pytest.mark.parametrize("secret", SECRETS)
async def test_either_secret_counts_while_it_is_changed_within_the_window(studio, secret, off_s):
    body = about("p1")

    headers = signed(body, studio.clock.epoch() + off_s, secret=secret)

    assert await receive(studio, "replicate", headers, body) == "kept"


async def test_a_relay_of_ones_own_is_believed_by_the_studios_own_secret(studio, keeper, database):
    body = b'{"request_id": "r7", "status": "done"}'

    assert await receive(studio, "stability", signed(body, studio.clock.epoch()), body) == "kept"

    async with database.reader() as reader:
        (view,) = await deliveries_of(reader, by=keeper)
    assert (view.provider, view.external_id, view.status) == ("stability", "r7", "done")


async def test_nobody_reads_for_a_provider_that_is_not_configured(studio):
    with pytest.raises(NotFound):
        await receive(studio, "fal", {}, b"{}")


async def test_while_the_secret_cannot_be_had_it_is_brought_again(studio, database, keeper):
    async def away() -> str:
        raise Unavailable("Replicate could not be reached.")

    studio = replace(studio, readers={"replicate": replicate_reader([], away)})
    body = about("p1")

    with pytest.raises(Unavailable):
        await receive(studio, "replicate", signed(body, studio.clock.epoch()), body)

    assert await placed(database, keeper) == []


async def test_the_accounts_own_secret_is_asked_for_once(studio):
    asked = []

    async def ask() -> str:
        asked.append(1)
        return SECRETS[0]

    studio = replace(studio, readers={"replicate": replicate_reader([], ask)})
    for name in ("p1", "p2"):
        body = about(name)
        assert await receive(studio, "replicate", signed(body, studio.clock.epoch()), body) == "kept"

    assert asked == [1]


async def test_the_log_is_searched_by_any_words_and_forgotten_in_time(studio, database, clock, keeper):
    for name, status in (("p1", "succeeded"), ("p2", "failed"), ("q%_", "succeeded")):
        body = about(name, status)
        await receive(studio, "replicate", signed(body, studio.clock.epoch()), body)

    async def found(words: str) -> list[str]:
        async with database.reader() as reader:
            return sorted(view.external_id for view in await deliveries_of(reader, words, by=keeper))

    assert await found("") == ["p1", "p2", "q%_"]
    assert await found("REPLICATE failed") == ["p2"]
    assert await found("%") == ["q%_"]
    assert await found("nothing of the kind") == []

    with pytest.raises(NotGenuine):
        await receive(studio, "replicate", {}, b"")
    clock.advance(LATELY.total_seconds() + 1)
    async with database.reader() as reader:
        assert await refusals_of(reader) == []
    clock.advance(31 * 86_400)
    await forget_old(studio)
    assert await found("") == []
