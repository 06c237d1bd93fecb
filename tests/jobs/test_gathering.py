"""Putting jobs in together: one commit for many callers, each with its own answer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from pixelstudio.jobs.gathering import JOBS_AT_ONCE, Gathering
from pixelstudio.jobs.queue import NewJob
from tests.jobs.floor import LANE, select

if TYPE_CHECKING:
    from pixelstudio.db.engine import Database


def jobs(count: int, **params: Any) -> list[NewJob]:
    return [NewJob(kind="chore", lane=LANE, user_id=str(params), params=params | {"k": k}) for k in range(count)]


def commits_of(db: Database) -> list[None]:
    made: list[None] = []
    transaction = db.transaction

    def counted():
        made.append(None)
        return transaction()

    db.transaction = counted
    return made


async def test_fifty_callers_share_a_handful_of_commits_and_each_gets_its_own_ids(db: Database):
    gathering, made = Gathering(db), commits_of(db)

    answers = await asyncio.gather(*[gathering.put(jobs(2, n=n)) for n in range(50)])

    assert len(made) <= 3
    stored = dict(await select(db, "SELECT job_id, params FROM q_payload"))
    assert len(stored) == 100
    for n, ids in enumerate(answers):
        assert [stored[job_id] for job_id in ids] == [f'{{"n": {n}, "k": {k}}}' for k in range(2)]


async def test_a_caller_s_jobs_are_not_torn_apart_and_a_commit_stays_bounded(db: Database):
    gathering, made = Gathering(db), commits_of(db)

    answers = await asyncio.gather(*[gathering.put(jobs(JOBS_AT_ONCE // 2, n=n)) for n in range(5)])

    assert len(made) == 3
    assert all(ids == list(range(ids[0], ids[0] + JOBS_AT_ONCE // 2)) for ids in answers)


async def test_who_changes_their_mind_takes_nobody_along(db: Database):
    gathering = Gathering(db)
    first, second, third = [asyncio.create_task(gathering.put(jobs(1, n=n))) for n in range(3)]
    await asyncio.sleep(0)
    second.cancel()
    first.cancel()

    assert len(await third) == 1

    await asyncio.gather(first, second, return_exceptions=True)
    assert await select(db, "SELECT count(*) FROM q_job") == [(1,)]


async def test_a_job_that_cannot_be_put_in_fails_its_own_caller(db: Database):
    gathering = Gathering(db)
    asked = [gathering.put(jobs(1, n=n)) for n in (0, 1, object(), 3)]
    answers = await asyncio.gather(*asked, return_exceptions=True)

    assert [type(answer) for answer in answers] == [list, list, TypeError, list]
    with pytest.raises(TypeError):
        await gathering.put(jobs(1, n=object()))
