"""The whole way with a provider that costs money: however it misbehaves, one request leaves, the ledger is right, the person is told."""

from __future__ import annotations

import asyncio
import contextlib

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from pixelstudio.features.credits.ledger import Balance, balance_of
from pixelstudio.features.generation.events import GenerationEnded
from pixelstudio.features.generation.generations import cancel, submit
from pixelstudio.features.generation.standing import set_of
from pixelstudio.jobs.claim import Lane
from pixelstudio.jobs.retry import Backoff
from pixelstudio.jobs.runner import Pace, Runner
from pixelstudio.net.client import Client
from pixelstudio.providers.openai.catalogue import OFFERS
from pixelstudio.providers.openai.provider import Account, OpenAIImages
from tests.factories import a_request, a_studio, a_user

PRICE = 2
FULL = Balance(available=25, held=0)


@pytest.fixture
async def paid(database, clock, children, stand_in):
    """A studio whose only provider is the stand-in."""
    client = Client()
    account = Account(provider="openai", maker="OpenAI", base_url=stand_in.base_url, key=SecretStr("sk-test"))
    yield a_studio(database, clock, children, OpenAIImages(client, account, OFFERS))
    await client.close()


@pytest.fixture
async def ines(database):
    """Somebody with 25 credits."""
    return await a_user(database, credits=20)


@contextlib.asynccontextmanager
async def working(studio):
    lanes = [Lane(name, concurrency) for name, concurrency in studio.providers.lanes.items()]
    pace = Pace(backoff=Backoff(base_s=0.01), poll_min_s=0.05, poll_max_s=0.1)
    runner = Runner(studio.db, studio.kinds, lanes, studio.progress, pace=pace)
    async with asyncio.TaskGroup() as group:
        group.create_task(runner.run())
        yield
        runner.stop()


@contextlib.asynccontextmanager
async def time_passing(clock):
    """The frozen clock goes on, so that what is put off for a moment comes up."""

    async def pass_on():
        while True:
            await asyncio.sleep(0.02)
            clock.advance(0.1)

    task = asyncio.create_task(pass_on())
    yield
    task.cancel()


async def asked(studio, by, **changes):
    async with studio.db.transaction() as tx:
        return await submit(tx, studio, a_request(model="gpt-image-2-medium", width=1024, height=1024, seed=None, **changes), by)


async def ended(studio, by, clock, previews=None, **changes):
    """Submit and work until the set has ended; the set as its owner sees it."""
    with studio.bus.subscribe(f"user:{by.id}", capacity=10_000) as heard:
        view = await asked(studio, by, **changes)
        facts = []
        async with asyncio.timeout(60), time_passing(clock), working(studio):
            while not any(isinstance(fact, GenerationEnded) for fact in facts):
                facts += await heard.get_batch(0.02)
                if previews is not None:
                    previews += await previews_of(studio, view)
    async with studio.db.reader() as reader:
        return await set_of(reader, studio, by, view.id)


async def previews_of(studio, view):
    async with studio.db.reader() as reader:
        ids = (await reader.exec(text("SELECT id FROM q_job WHERE batch_id=:id"), {"id": view.id})).scalars().all()
    shown = [studio.progress.get(job_id) for job_id in ids]
    return [progress.preview for progress in shown if progress and progress.preview]


async def balance(studio, by):
    async with studio.db.reader() as reader:
        return await balance_of(reader, by.id)


async def test_a_set_is_drawn_paid_and_charged_once_a_picture(paid, ines, clock, stand_in):
    view = await ended(paid, ines, clock, count=3)

    assert [slot.state for slot in view.slots] == ["done"] * 3
    assert len(stand_in.charges()) == 3
    assert await balance(paid, ines) == Balance(available=25 - 3 * PRICE, held=0)


async def test_previews_are_made_anew_before_anybody_sees_them(paid, ines, clock, stand_in):
    stand_in.script({"pause_s": 0.4})
    previews: list[bytes] = []

    await ended(paid, ines, clock, previews)

    assert previews
    assert all(preview[:4] == b"RIFF" and preview[8:12] == b"WEBP" for preview in previews)


async def test_hostile_previews_are_left_out_and_the_picture_still_comes(paid, ines, clock, stand_in):
    stand_in.script({"partial_picture": "webp_bomb", "pause_s": 0.2})
    previews: list[bytes] = []

    view = await ended(paid, ines, clock, previews)

    assert view.slots[0].state == "done"
    assert previews == []


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"fault": "moderation_blocked"}, "safety check"),
        ({"fault": "insufficient_quota"}, "no money left"),
        ({"fault": "unauthorised"}, "key"),
        ({"fault": "invalid"}, "did not accept"),
        ({"fault": "reset_before"}, "broke off"),
        ({"fault": "reset_after"}, "broke off"),
        ({"fault": "sse_stops"}, "broke off"),
        ({"fault": "garbage_json"}, "no picture"),
        ({"fault": "html"}, "no picture"),
        ({"fault": "gzip_bomb"}, "no picture"),
        ({"fault": "truncated_base64"}, "no picture"),
        ({"count": 0}, "no picture"),
        ({"picture": "truncated"}, "picture"),
        ({"picture": "webp_bomb"}, "picture"),
        ({"picture": "jpeg_bomb"}, "picture"),
        ({"picture": "png_bomb"}, "picture"),
        ({"picture": "html"}, "picture"),
        ({"picture": "animated"}, "picture"),
        ({"picture": "empty"}, "picture"),
    ],
    ids=lambda value: "-".join(map(str, value.values())) if isinstance(value, dict) else "",
)
async def test_every_misfortune_ends_in_a_sentence_a_full_purse_and_one_request(paid, ines, clock, stand_in, fault, words):
    stand_in.script(fault)

    view = await ended(paid, ines, clock)

    (slot,) = view.slots
    assert slot.state == "failed"
    assert words in slot.sentence
    assert slot.sentence.endswith(". Nothing was charged.")
    assert slot.sentence.count("charged") == 1
    assert await balance(paid, ines) == FULL
    assert len(stand_in.requests()) == 1


@pytest.mark.parametrize(
    "fault",
    [{"fault": "throttled", "retry_after": "0"}, {"fault": "throttled"}, {"fault": "server_error"}, {"fault": "html_error", "status": 503}],
)
async def test_what_cost_nothing_is_tried_again_and_drawn(paid, ines, clock, stand_in, fault):
    stand_in.script(fault)

    view = await ended(paid, ines, clock)

    assert view.slots[0].state == "done"
    assert (len(stand_in.requests()), len(stand_in.charges())) == (2, 1)
    assert await balance(paid, ines) == Balance(available=25 - PRICE, held=0)


async def test_a_provider_that_is_down_is_given_up_after_its_attempts_uncharged(paid, ines, clock, stand_in):
    stand_in.always(fault="server_error")

    view = await ended(paid, ines, clock)

    assert view.slots[0].state == "failed"
    assert len(stand_in.requests()) == 3
    assert await balance(paid, ines) == FULL


async def test_cancelling_hangs_up_and_gives_back(paid, ines, clock, stand_in):
    stand_in.script({"fault": "silent"})
    with paid.bus.subscribe(f"user:{ines.id}", capacity=10_000) as heard:
        view = await asked(paid, ines)
        async with asyncio.timeout(30), working(paid):
            await asyncio.to_thread(stand_in.wait_for_request)
            async with paid.db.transaction() as tx:
                await cancel(tx, paid, view.id, ines)
            facts = []
            while not any(isinstance(fact, GenerationEnded) for fact in facts):
                facts += await heard.get_batch(0.05)

    await asyncio.sleep(0.1)
    assert stand_in.requests()[0]["left_early"]
    assert await balance(paid, ines) == FULL


async def test_a_worker_that_stops_while_it_is_drawn_does_not_have_it_drawn_again(paid, ines, clock, stand_in):
    stand_in.script({"fault": "silent"})
    view = await asked(paid, ines)

    async with asyncio.timeout(30), working(paid):
        await asyncio.to_thread(stand_in.wait_for_request)
    async with asyncio.timeout(30), time_passing(clock), working(paid):
        await asyncio.sleep(0.5)

    async with paid.db.reader() as reader:
        (slot,) = (await set_of(reader, paid, ines, view.id)).slots
    assert (slot.state, len(stand_in.requests())) == ("failed", 1)
    assert "not asked again" in slot.sentence
    assert await balance(paid, ines) == FULL
