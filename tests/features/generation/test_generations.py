"""Submitting and cancelling: all in one commit or nothing, and only for their owner."""

from __future__ import annotations

import math
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import event

from pixelstudio.core.errors import Conflict, Invalid, NotEnoughCredits, NotFound, TooMany
from pixelstudio.core.ids import new_id
from pixelstudio.db.columns import metadata
from pixelstudio.features.credits.ledger import Balance, balance_of
from pixelstudio.features.generation.events import GenerationEnded, GenerationQueued, SlotEnded
from pixelstudio.features.generation.generations import cancel, job_of_slot, quote, submit
from pixelstudio.features.generation.requests import Quote
from pixelstudio.features.generation.standing import set_of, sets_of
from pixelstudio.features.images.pictures import delete
from pixelstudio.jobs.queue import jobs_of_batch
from tests.factories import PricedSketch, a_request, a_studio, a_user, an_image

COUNTS = " UNION ALL ".join(f"SELECT '{table.name}', count(*) FROM {table.name}" for table in metadata.sorted_tables)
"""One question: sixty take longer than what they watch over."""


@pytest.fixture
def priced(database, clock, children):
    """A studio where a picture costs two credits."""
    return a_studio(database, clock, children, PricedSketch(children))


async def submitted(studio, by, quote_shown=None, **changes):
    async with studio.db.transaction() as tx:
        return await submit(tx, studio, a_request(**changes), by, quote_shown)


async def cancelled(studio, generation_id, by):
    async with studio.db.transaction() as tx:
        return await cancel(tx, studio, generation_id, by)


@contextmanager
def statements_told(studio):
    """What the database is asked meanwhile, but for the doorbell of an earlier commit, which rings whenever it gets to it."""
    told = []

    def note(_connection, _cursor, statement, *_rest):
        if "pg_notify" not in statement:
            told.append(statement)

    event.listen(studio.db.engine.sync_engine, "before_cursor_execute", note)
    yield told
    event.remove(studio.db.engine.sync_engine, "before_cursor_execute", note)


async def row_counts(studio):
    async with studio.db.reader() as reader:
        return dict(await reader.rows(COUNTS, {}))


async def balance(studio, by):
    async with studio.db.reader() as reader:
        return await balance_of(reader, by.id)


async def jobs(studio, generation_id):
    async with studio.db.reader() as reader:
        return await jobs_of_batch(reader, [generation_id])


async def test_a_submit_becomes_a_set_with_one_job_a_slot_and_seeds_that_count_up(studio):
    ines = await a_user(studio.db)

    with studio.bus.subscribe(f"user:{ines.id}") as heard:
        view = await submitted(studio, ines, count=3, seed=2**32 - 2)
        facts = [fact for fact in await heard.get_batch() if isinstance(fact, GenerationQueued)]

    assert [(s.slot, s.state, s.seed) for s in view.slots] == [(0, "waiting", 2**32 - 2), (1, "waiting", 2**32 - 1), (2, "waiting", 0)]
    assert facts == [GenerationQueued(generation_id=view.id, account_id=ines.id, count=3)]
    statuses = await jobs(studio, view.id)
    assert [(s.kind, s.lane, s.position) for s in statuses] == [("generation.render", "sketch", n) for n in (1, 2, 3)]
    async with studio.db.reader() as reader:
        read_back = await set_of(reader, studio, ines, view.id)
        assert [await job_of_slot(reader, ines, view.id, n) for n in range(3)] == [s.id for s in statuses]
    assert [s.sentence for s in read_back.slots] == ["It begins in a moment.", "1 is ahead of it.", "2 are ahead of it."]
    assert (read_back.facts, read_back.is_ended) == (("Cut paper", "256 × 256", f"seed {2**32 - 2}"), False)


async def test_without_a_seed_every_set_gets_its_own(studio):
    ines = await a_user(studio.db)

    assert (await submitted(studio, ines, seed=None)).seed != (await submitted(studio, ines, seed=None)).seed


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"prompt": ""}, "prompt"),
        ({"prompt": " \n\u202e\x00 "}, "prompt"),
        ({"prompt": "x" * 3501}, "prompt"),
        ({"prompt": "x" * 1_000_000}, "prompt"),
        ({"prompt": None}, "prompt"),
        ({"negative_prompt": "blur"}, "negative_prompt"),
        ({"negative_prompt": "x" * 1001}, "negative_prompt"),
        ({"count": 0}, "count"),
        ({"count": 11}, "count"),
        ({"count": -1}, "count"),
        ({"count": True}, "count"),
        ({"count": 1.5}, "count"),
        ({"seed": math.nan}, "seed"),
        ({"seed": -1}, "seed"),
        ({"seed": 2**32}, "seed"),
        ({"seed": 1e308}, "seed"),
        ({"seed": "7"}, "seed"),
        ({"model": "no-such-model"}, "model"),
        ({"model": ""}, "model"),
        ({"width": 255}, "size"),
        ({"height": 2049}, "size"),
        ({"width": math.inf}, "size"),
    ],
)
async def test_what_cannot_be_drawn_is_refused_by_field_and_changes_nothing(studio, changes, field):
    ines = await a_user(studio.db)
    before = await row_counts(studio)

    with pytest.raises(Invalid) as refusal:
        await submitted(studio, ines, **changes)

    assert refusal.value.field == field
    assert refusal.value.sentence.endswith(".")
    assert await row_counts(studio) == before


async def test_a_prompt_of_the_full_length_is_taken(studio):
    ines = await a_user(studio.db)

    assert len((await submitted(studio, ines, prompt="x" * 3500)).prompt) == 3500


async def test_credits_are_held_for_the_whole_set(priced):
    ines = await a_user(priced.db)
    assert quote(priced, a_request(count=2)) == Quote(each=2, count=2, total=4)

    view = await submitted(priced, ines, count=2, quote_shown=4)

    assert view.price_credits == 4
    assert await balance(priced, ines) == Balance(available=1, held=4)


async def test_too_few_credits_change_nothing(priced):
    ines = await a_user(priced.db)
    before = await row_counts(priced)

    with pytest.raises(NotEnoughCredits) as refusal:
        await submitted(priced, ines, count=3)

    assert "costs 6 credits and you have 5" in refusal.value.sentence
    assert await row_counts(priced) == before


async def test_another_price_than_the_one_shown_is_refused(priced):
    ines = await a_user(priced.db, credits=100)
    before = await row_counts(priced)

    with pytest.raises(Conflict) as refusal:
        await submitted(priced, ines, count=3, quote_shown=0)

    assert "6 credits" in refusal.value.sentence
    assert await row_counts(priced) == before


async def test_nobody_fills_the_queue(studio):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    for _ in range(20):
        await submitted(studio, ines, count=10)
    before = await row_counts(studio)

    with pytest.raises(TooMany):
        await submitted(studio, ines)

    assert await row_counts(studio) == before
    assert await submitted(studio, omar)


async def test_all_together_cannot_fill_it_either_and_are_told_when_to_come_back(studio):
    few = replace(studio, settings=studio.settings.model_copy(update={"waiting_jobs_max": 6}))
    people = [await a_user(studio.db, name) for name in ("ines", "omar", "ada")]
    for person in people[:2]:
        await submitted(few, person, count=3)
    before = await row_counts(studio)

    with pytest.raises(TooMany) as refusal:
        await submitted(few, people[2])

    assert (refusal.value.code, refusal.value.retry_after_s) == ("queue_full", 60.0)
    assert "Nothing was charged." in refusal.value.sentence
    assert await row_counts(studio) == before


async def test_cancelling_gives_everything_back_and_says_so(priced):
    ines = await a_user(priced.db)
    view = await submitted(priced, ines, count=2)

    with priced.bus.subscribe(f"user:{ines.id}") as heard:
        assert await cancelled(priced, view.id, ines) == 2
        facts = await heard.get_batch()

    assert facts == [
        SlotEnded(generation_id=view.id, account_id=ines.id, slot=0, outcome="cancelled"),
        SlotEnded(generation_id=view.id, account_id=ines.id, slot=1, outcome="cancelled"),
        GenerationEnded(generation_id=view.id, account_id=ines.id, pictures=0, credits_used=0, credits_returned=4),
    ]
    assert await balance(priced, ines) == Balance(available=5, held=0)
    async with priced.db.reader() as reader:
        read_back = await set_of(reader, priced, ines, view.id)
    assert read_back.is_ended
    assert {s.sentence for s in read_back.slots} == {"Cancelled. Nothing was charged."}
    assert await cancelled(priced, view.id, ines) == 0


@pytest.mark.parametrize("which", ["hers", "missing", "", "' OR 1=1"])
async def test_a_stranger_can_neither_see_nor_cancel_a_set(studio, which):
    ines, stranger = await a_user(studio.db, "ines"), await a_user(studio.db, "stranger")
    hers = (await submitted(studio, ines)).id
    asked = {"hers": hers, "missing": new_id()}.get(which, which)
    before = await jobs(studio, hers)

    with pytest.raises(NotFound):
        await cancelled(studio, asked, stranger)
    async with studio.db.reader() as reader:
        for attempt in (set_of(reader, studio, stranger, asked), job_of_slot(reader, stranger, asked, 0)):
            with pytest.raises(NotFound):
                await attempt
        assert await sets_of(reader, studio, stranger) == []
    assert await jobs(studio, hers) == before


async def test_however_many_sets_there_are_listing_them_takes_as_many_statements(studio):
    ines = await a_user(studio.db)

    async def statements_for(limit):
        with statements_told(studio) as told:
            async with studio.db.reader() as reader:
                assert len(await sets_of(reader, studio, ines, limit=limit)) == limit
        return sum(statement.lstrip().upper().startswith(("SELECT", "WITH")) for statement in told)

    for _ in range(12):
        await submitted(studio, ines, count=3)

    await statements_for(1)  # a fresh connection asks about itself first
    assert await statements_for(2) == await statements_for(12) <= 5


async def test_sets_come_newest_first_page_by_page_without_those_that_were_deleted(studio, clock):
    ines = await a_user(studio.db)
    made = []
    for _ in range(5):
        clock.advance(1)
        made.append((await submitted(studio, ines)).id)
    gone = await an_image(studio, ines)
    async with studio.db.transaction() as tx:
        await delete(tx, gone, by=ines)

    async with studio.db.reader() as reader:
        first = await sets_of(reader, studio, ines, limit=3)
        second = await sets_of(reader, studio, ines, limit=3, before=first[-1].cursor)

    assert [view.id for view in first + second] == made[::-1]


async def test_a_submit_of_four_asks_the_database_no_more_than_one_of_one(studio):
    ines = await a_user(studio.db)

    async def statements_for(count):
        with statements_told(studio) as told:
            await submitted(studio, ines, count=count)
        return len(told)

    await statements_for(1)  # a fresh connection asks about itself first

    assert await statements_for(4) == await statements_for(1)
