"""The whole way with a provider that costs money: however it misbehaves, one request leaves, the ledger is right, the person is told."""

from __future__ import annotations

import asyncio

import pytest

from pixelstudio.features.credits.ledger import Balance
from pixelstudio.features.generation.events import GenerationEnded
from pixelstudio.features.generation.generations import cancel
from tests.factories import a_user
from tests.paying import FULL, PRICE, a_paid_studio, asked, balance, ended, seen, time_passing, working


@pytest.fixture
async def paid(database, clock, children, stand_in):
    """A studio whose only provider is the stand-in."""
    async with a_paid_studio(database, clock, children, stand_in) as studio:
        yield studio


@pytest.fixture
async def ines(database):
    """Somebody with 25 credits."""
    return await a_user(database, credits=20)


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

    (slot,) = (await seen(paid, ines, view)).slots
    assert (slot.state, len(stand_in.requests())) == ("failed", 1)
    assert "not asked again" in slot.sentence
    assert await balance(paid, ines) == FULL
