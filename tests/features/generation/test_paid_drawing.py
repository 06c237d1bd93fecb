"""The whole way with a provider that costs money: however it misbehaves, one request leaves, the ledger is right, the person is told."""

from __future__ import annotations

import asyncio

import pytest

from pixelstudio.core.limits import UNKNOWN_HELD_S
from pixelstudio.features.credits.audit import audit
from pixelstudio.features.credits.ledger import Balance
from pixelstudio.features.generation.generations import cancel
from pixelstudio.features.generation.standing import TOO_LATE
from pixelstudio.features.generation.undecided import give_back, undecided
from pixelstudio.features.images.renditions import rendition_for
from pixelstudio.imaging import recipe
from tests.factories import PricedSketch, a_user
from tests.faults.house import eventually, until_ended
from tests.paying import FULL, HELD, MODEL, PRICE, a_paid_studio, asked, balance, ended, seen, time_passing, working

MAYBE = "it may have drawn and charged for this picture."


@pytest.fixture
async def paid(database, clock, children, stand_in):
    """A studio whose only provider is the stand-in, which sends small pictures: the queue and the books are looked at."""
    stand_in.always(picture="small", partial_picture="small")
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


async def test_a_seed_that_a_model_does_not_take_is_neither_shown_nor_written_into_the_file(paid, ines, clock):
    view = await ended(paid, ines, clock, count=2)

    assert view.facts == ("GPT Image 2", "1024 × 1024")
    assert {slot.seed for slot in view.slots} == {0}
    async with paid.db.reader() as reader:
        image = view.slots[0].image
        assert image is not None
        stored = await rendition_for(reader, ines, image.id, "original")
    inside = recipe.read(await paid.storage.get(stored.digest))
    assert inside is not None
    assert inside.seed is None


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


@pytest.mark.parametrize("fault", ["reset_before", "reset_after", "sse_stops", "html_error"])
async def test_what_nobody_can_say_the_end_of_keeps_its_credits_held_and_says_so(paid, ines, clock, stand_in, fault):
    """Give back in `_settle` for `Unknown` and whoever breaks connections draws for nothing; never decide it and the credits are gone."""
    stand_in.script({"fault": fault})

    view = await ended(paid, ines, clock)

    (slot,) = view.slots
    assert (slot.state, slot.credits_held, view.is_ended) == ("unknown", PRICE, False)
    assert slot.sentence.endswith(MAYBE)
    assert slot.held_until is not None
    assert abs(slot.held_until.timestamp() - UNKNOWN_HELD_S - paid.clock.epoch()) < 2 or paid.db.dialect == "postgresql"
    assert await balance(paid, ines) == HELD
    async with paid.db.reader() as reader:
        assert (await audit(reader)).faults == {}
        [call] = await undecided(reader)
        assert await undecided(reader, ["another"]) == []
    assert (call.set_id, call.model, call.pictures, call.credits_held) == (view.id, MODEL, 1, PRICE)
    async with paid.db.transaction() as tx:
        assert await cancel(tx, paid, view.id, ines) == 0

    assert await give_back(paid, [call]) == 1

    (slot,) = (decided := await seen(paid, ines, view)).slots
    assert (slot.state, decided.is_ended) == ("failed", True)
    assert slot.sentence == "Whether the provider drew this could not be found out, so it counts as not drawn. Nothing was charged."
    assert await balance(paid, ines) == FULL
    assert len(stand_in.requests()) == 1


async def test_cancelling_before_the_provider_is_asked_gives_everything_back(paid, ines, stand_in):
    view = await asked(paid, ines, count=2)

    async with paid.db.transaction() as tx:
        assert await cancel(tx, paid, view.id, ines) == 2

    assert await balance(paid, ines) == FULL
    assert stand_in.requests() == []


async def test_cancelling_what_the_provider_has_been_asked_for_comes_too_late(paid, ines, clock, stand_in):
    """Were it stopped and given back, pressing Generate and Cancel in turn would spend the studio's money for nothing."""
    stand_in.script({"pause_s": 0.6})
    view = await asked(paid, ines)
    async with asyncio.timeout(30), working(paid):
        await asyncio.to_thread(stand_in.wait_for_request)
        async with paid.db.transaction() as tx:
            assert await cancel(tx, paid, view.id, ines) == 0
        (slot,) = (await seen(paid, ines, view)).slots
        assert (slot.state, slot.sentence) == ("drawing", TOO_LATE)
        done = await until_ended(paid, ines, view)

    assert [slot.state for slot in done.slots] == ["done"]
    assert not stand_in.requests()[0]["left_early"]
    assert await balance(paid, ines) == Balance(available=25 - PRICE, held=0)


async def test_a_stopping_worker_waits_for_the_picture_it_has_asked_for(paid, ines, clock, stand_in):
    stand_in.script({"pause_s": 0.3})
    view = await asked(paid, ines)

    async with asyncio.timeout(30), working(paid, drain_s=20.0):
        await asyncio.to_thread(stand_in.wait_for_request)

    assert [slot.state for slot in (await seen(paid, ines, view)).slots] == ["done"]
    assert await balance(paid, ines) == Balance(available=25 - PRICE, held=0)


async def test_slow_paid_drawings_leave_room_for_another_lane(database, clock, children, stand_in, ines):
    """With `free` alone in `Handful.room_of` the sketch waits for the provider."""
    stand_in.always(fault="silent")
    async with a_paid_studio(database, clock, children, stand_in, beside=[PricedSketch(children)]) as studio:
        for _ in range(5):
            await asked(studio, ines)
        async with asyncio.timeout(30), working(studio, concurrency=4):

            async def three_are_asked_for() -> bool:
                return len(stand_in.requests()) == 3

            await eventually(three_are_asked_for)
            sketch = await asked(studio, ines, model="sketch-paper", width=256, height=256)
            assert [slot.state for slot in (await until_ended(studio, ines, sketch)).slots] == ["done"]
            assert len(stand_in.requests()) == 3


async def test_a_worker_that_stops_while_it_is_drawn_does_not_have_it_drawn_again(paid, ines, clock, stand_in):
    stand_in.script({"fault": "silent"})
    view = await asked(paid, ines)

    async with asyncio.timeout(30), working(paid):
        await asyncio.to_thread(stand_in.wait_for_request)
    async with asyncio.timeout(30), time_passing(clock), working(paid):
        await asyncio.sleep(0.5)

    (slot,) = (await seen(paid, ines, view)).slots
    assert (slot.state, len(stand_in.requests())) == ("unknown", 1)
    assert slot.sentence.endswith(MAYBE)
    assert await balance(paid, ines) == HELD
