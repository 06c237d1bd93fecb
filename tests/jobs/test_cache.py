"""The cache: the newest job stands for a request as long as it may come to something, for one account alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pixelstudio.core.ids import JobId, UserId
from pixelstudio.jobs.cache import jobs_for, key_of, remember
from pixelstudio.jobs.endings import end_held
from pixelstudio.jobs.kind import Cancelled, Done, Failed, Unknown
from pixelstudio.jobs.upkeep import Keeping, purge
from tests.jobs.floor import change, put, select, take

if TYPE_CHECKING:
    from pixelstudio.db.engine import Database
    from pixelstudio.jobs.kind import Outcome

INES, OMAR = UserId("ines"), UserId("omar")
ASKED: dict[str, Any] = {"prompt": "a red lighthouse", "seed": 7}


async def stands(db: Database, key: str) -> int | None:
    async with db.reader() as reader:
        return (await jobs_for(reader, [key])).get(key)


async def remembered(db: Database, job_id: int, key: str, keep_s: float = 1_000.0) -> None:
    async with db.transaction() as tx:
        await remember(tx, {key: JobId(job_id)}, keep_s)


def test_the_same_request_has_one_key_and_another_has_another():
    assert key_of(INES, {"seed": 7, "prompt": "a red lighthouse"}) == key_of(INES, ASKED)
    assert key_of(INES, ASKED | {"seed": 8}) != key_of(INES, ASKED)


def test_the_same_request_of_somebody_else_has_another_key_and_neither_can_be_read():
    assert key_of(OMAR, ASKED) != key_of(INES, ASKED)
    assert "lighthouse" not in key_of(INES, ASKED)


def test_fields_cannot_be_moved_from_one_to_another():
    assert key_of(INES, {"prompt": "a", "negative_prompt": "b"}) != key_of(INES, {"prompt": "b", "negative_prompt": "a"})


async def test_the_newest_job_stands_for_a_request_under_way_or_done(db: Database):
    key = key_of(INES, ASKED)
    first, second = await put(db), await put(db)
    assert await stands(db, key) is None

    await remembered(db, first, key)
    assert await stands(db, key) == first
    await remembered(db, second, key)
    for job in await take(db):
        await end_held(db, job, {}, Done(None))

    assert await stands(db, key) == second


@pytest.mark.parametrize("outcome", [Failed("x", "X."), Cancelled(), Unknown("x", "X.")])
async def test_what_came_to_nothing_stands_for_nothing(db: Database, outcome: Outcome):
    key = key_of(INES, ASKED)
    await remembered(db, await put(db), key)
    [job] = await take(db)

    await end_held(db, job, {}, outcome)

    assert await stands(db, key) is None


async def test_an_entry_is_good_for_a_while_and_goes_with_its_job(db: Database):
    key, gone = key_of(INES, ASKED), key_of(OMAR, ASKED)
    job_id = await put(db)
    await remembered(db, job_id, key, keep_s=-1.0)
    await remembered(db, job_id, gone)
    assert await stands(db, key) is None

    await change(db, "UPDATE q_job SET state=5,finished=0")
    await purge(db, Keeping())

    assert await select(db, "SELECT count(*) FROM q_cache") == [(0,)]
