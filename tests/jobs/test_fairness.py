"""Fair turns: whoever waits gets their share of a lane, however much somebody else has put in."""

from __future__ import annotations

import itertools
import random
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

import pytest

from pixelstudio.core.ids import UserId
from pixelstudio.jobs.fairness import Flow, FlowKey, Place, Priority, forget_flows
from pixelstudio.jobs.queue import NewJob, cancel, enqueue_many
from pixelstudio.jobs.upkeep import Keeping, purge, rescue
from tests.jobs.floor import LANE, change, expire_leases, put, select, take

if TYPE_CHECKING:
    from pixelstudio.db.engine import Database
    from pixelstudio.jobs.job import Job


async def put_many(db: Database, user: str, jobs: int, **fields: Any) -> list[int]:
    async with db.transaction() as tx:
        return list(await enqueue_many(tx, [NewJob(kind="chore", lane=LANE, user_id=user, **fields) for _ in range(jobs)]))


async def starts(db: Database, jobs: int, at_once: int = 4) -> list[Job]:
    taken = [await take(db, wanted=min(at_once, jobs - n)) for n in range(0, jobs, at_once)]
    return list(itertools.chain.from_iterable(taken))


async def ready_for_more(db: Database) -> None:
    """Whatever runs is over: the lane has all its places again."""
    await change(db, "UPDATE q_job SET state=5 WHERE state=3")


async def test_of_2021_jobs_a_second_person_s_twenty_begin_within_the_first_fifty(db: Database):
    await put_many(db, "ines", 2_000)
    await starts(db, 1)
    await put_many(db, "marc", 20)

    begun = [job.user_id for job in await starts(db, 49)]

    assert begun.count("marc") == 20
    assert begun[:4].count("marc") >= 1


@pytest.mark.parametrize("prio", [Priority.BATCH, Priority.LAST])
async def test_turns_are_fair_in_a_class_that_had_to_wait_for_another(db: Database, prio: Priority):
    """With one virtual time for the whole lane the newcomer stands behind everybody: the earlier class has moved it on."""
    await put_many(db, "ines", 30, prio=prio)
    await put_many(db, "marc", 100)
    await starts(db, 100)
    await put_many(db, "zoe", 3, prio=prio)

    assert [job.user_id for job in await starts(db, 8)].count("zoe") == 3


async def test_an_earlier_class_goes_first_however_late_it_comes(db: Database):
    order = [Priority.LAST, Priority.BATCH, Priority.NORMAL, Priority.INTERACTIVE]
    for prio in order:
        await put_many(db, "ines", 2, prio=prio)

    taken = await starts(db, 8, at_once=3)

    prios = dict(await select(db, "SELECT id, prio FROM q_job"))
    assert [prios[job.id] for job in taken] == sorted(prios.values())


async def test_who_was_away_gets_a_share_of_the_present_and_nothing_for_the_past(db: Database):
    await put_many(db, "ines", 60)
    await starts(db, 40)
    await put_many(db, "marc", 10)

    begun = [job.user_id for job in await starts(db, 20, at_once=1)]

    assert 9 <= begun.count("ines") <= 11


@pytest.mark.parametrize("seed", range(4))
async def test_the_service_of_two_who_wait_differs_by_no_more_than_a_dearest_job_of_each(db: Database, seed: int):
    dice = random.Random(seed)
    weights = {f"u{n}": dice.choice([0.5, 1.0, 2.0, 3.0]) for n in range(4)}
    dearest = {user: dice.uniform(0.5, 6.0) for user in weights}
    costs: dict[int, float] = {}
    waiting: Counter[str] = Counter()
    since: dict[tuple[str, str], dict[str, float]] = {}
    for _ in range(70):
        if dice.random() < 0.4:
            user = dice.choice(list(weights))
            wanted = [dice.uniform(0.1, dearest[user]) for _ in range(dice.randint(1, 8))]
            async with db.transaction() as tx:
                jobs = [NewJob(kind="chore", lane=LANE, user_id=user, cost=cost, weight=weights[user]) for cost in wanted]
                costs |= zip(await enqueue_many(tx, jobs), wanted, strict=True)
            waiting[user] += len(wanted)
        since = {pair: since.get(pair, defaultdict(float)) for pair in itertools.combinations(sorted(+waiting), 2)}
        for job in await starts(db, 1):
            user = str(job.user_id)
            waiting[user] -= 1
            for pair, served in since.items():
                if user in pair:
                    served[user] += costs[job.id] / weights[user]
        await ready_for_more(db)
        for (one, other), served in since.items():
            bound = dearest[one] / weights[one] + dearest[other] / weights[other]
            assert abs(served[one] - served[other]) <= bound + 1e-6, f"seed {seed}"


async def test_calling_off_the_end_of_one_s_line_gives_the_share_back(db: Database):
    await put_many(db, "ines", 5)
    called_off = await put_many(db, "ines", 200, cost=3.0)
    async with db.transaction() as tx:
        assert await cancel(tx, called_off, {}) == 200
    await put_many(db, "marc", 10)
    await put_many(db, "ines", 5)

    begun = [job.user_id for job in await starts(db, 20, at_once=1)]

    assert begun[:10].count("ines") == 5
    assert begun.count("ines") == 10


def test_only_what_nothing_stands_behind_is_given_back():
    key = FlowKey(LANE, Priority.INTERACTIVE, "ines")
    flow = Flow(last_vft=10.0, weight=2.0)

    assert flow.without([Place(key, 10.0, 4.0), Place(key, 8.0, 2.0), Place(key, 5.0, 2.0)]) == 7.0
    assert flow.without([Place(key, 9.0, 1.0)]) == 10.0


async def test_a_job_that_comes_back_from_a_dead_worker_is_next(db: Database):
    [first, *_] = await put_many(db, "ines", 30)
    await take(db, wanted=1)
    await starts(db, 20)
    await ready_for_more(db)
    await change(db, "UPDATE q_job SET state=3 WHERE id=:id", id=first)
    await expire_leases(db)

    await rescue(db, {})

    assert [job.id for job in await take(db, wanted=1)] == [first]


async def test_what_stands_before_the_place_where_the_search_begins_is_found_when_the_lane_runs_dry(db: Database):
    """A job put in while others were taken: it read the virtual time before they moved it on."""
    [early, *_] = await put_many(db, "ines", 3)
    await change(db, "INSERT INTO q_class(lane, prio, vtime) VALUES(:lane, 1, 2.5)", lane=LANE)

    assert early in [job.id for job in await take(db, wanted=3)]


async def test_the_turns_of_the_past_are_forgotten_and_those_of_who_waits_are_not(db: Database):
    await put_many(db, "ines", 2)
    await put_many(db, "marc", 6)
    await starts(db, 5)

    await purge(db, Keeping())

    assert await select(db, "SELECT user_id FROM q_flow") == [("marc",)]


async def test_an_erased_person_is_forgotten(db: Database):
    await put(db, user_id="ines")
    await put(db, user_id="marc")

    async with db.transaction() as tx:
        await forget_flows(tx, UserId("ines"))

    assert await select(db, "SELECT user_id FROM q_flow") == [("marc",)]
