"""States and legal moves: the table is closed, and a walk of random operations never leaves it."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from pixelstudio.jobs import claim
from pixelstudio.jobs.dependencies import After, OnFailure
from pixelstudio.jobs.endings import end_held
from pixelstudio.jobs.job import FINAL, LEGAL_MOVES, IllegalMove, JobState, move
from pixelstudio.jobs.kind import Done, Failed, Unknown
from pixelstudio.jobs.queue import cancel
from pixelstudio.jobs.retry import TryAgain
from pixelstudio.jobs.statements import STATEMENTS
from pixelstudio.jobs.unknown import decide_old
from pixelstudio.jobs.upkeep import rescue
from tests.jobs.floor import Chore, change, expire_leases, put, select, take

if TYPE_CHECKING:
    from pixelstudio.db.engine import Database


def test_every_state_has_its_moves_and_the_final_ones_have_none():
    assert LEGAL_MOVES.keys() == set(JobState)
    assert {JobState.DONE, JobState.FAILED, JobState.CANCELLED} == FINAL


def test_every_state_can_be_reached_and_left_for_an_end():
    for state in set(JobState) - FINAL:
        seen, frontier = {state}, {state}
        while frontier := {onward for here in frontier for onward in LEGAL_MOVES[here]} - seen:
            seen |= frontier
        assert seen & FINAL


def test_a_statement_for_an_illegal_move_is_refused():
    with pytest.raises(IllegalMove, match="DONE -> READY"):
        move(JobState.READY, JobState.DONE)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_a_random_walk_only_makes_legal_moves(db: Database, seed: int):
    walk, chore, held = random.Random(seed), Chore(), []
    before: dict[int, int] = {}

    for _ in range(80):
        step = walk.choice(
            ["put", "put", "follow", "later", "take", "end", "fail", "retry", "give_back", "cancel", "abandon", "due", "lose", "decide"]
        )
        await _do(step, db, chore, held, walk)
        now = dict(await select(db, "SELECT id, state FROM q_job"))
        for job_id, state in now.items():
            was = before.get(job_id)
            assert was in {None, state} or JobState(state) in LEGAL_MOVES[JobState(was)], (step, was, state)
        before = now

    ended = [job_id for job_id, state in before.items() if JobState(state) in FINAL]
    assert sorted(job_id for job_id, outcome in chore.settled if not isinstance(outcome, Unknown)) == sorted(ended)


async def _do(step: str, db: Database, chore: Chore, held: list, walk: random.Random) -> None:
    sql, kinds = STATEMENTS[db.dialect], {"chore": chore}
    job = held.pop(walk.randrange(len(held))) if held and step in {"end", "fail", "lose", "retry", "give_back"} else None
    now = db.clock.epoch()
    match step, job:
        case "put", _:
            await put(db)
        case "follow", _:
            ahead = [row[0] for row in await select(db, "SELECT id FROM q_job WHERE state<6")]
            policy = walk.choice([OnFailure.CANCEL, OnFailure.RUN, OnFailure.IGNORE])
            await put(db, after=[After(job_id, policy) for job_id in walk.sample(ahead, min(len(ahead), 2))])
        case "later", _:
            await put(db, delay_s=1_000)
        case "take", _:
            held += await take(db, wanted=walk.randint(1, 3))
        case (("end" | "fail" | "lose"), job) if job:
            ends = {"end": Done(None), "fail": Failed("broken", "It broke."), "lose": Unknown("lost", "Nobody knows.")}
            await end_held(db, job, kinds, ends[step])
        case "decide", _:
            await decide_old(db, kinds, age_s=0.0)
        case "retry", job if job:
            await db.script(claim.retry(sql, job=job, again=TryAgain(1_000, "retried", "x", "x"), now=now))
        case "give_back", job if job:
            await db.script(claim.give_back(sql, job=job, now=now))
        case "cancel", _:
            ids = [row[0] for row in await select(db, "SELECT id FROM q_job WHERE state IN (0,1,2)")]
            async with db.transaction() as tx:
                await cancel(tx, walk.sample(ids, min(len(ids), 2)), kinds)
        case "abandon", _:
            held.clear()
            await expire_leases(db)
            await rescue(db, kinds)
        case "due", _:
            await change(db, "UPDATE q_job SET run_at=run_at-2000 WHERE state=1")
            await rescue(db, kinds)
