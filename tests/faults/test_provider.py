"""A provider that is slow, busy, gone or mad: the right words, the right number of requests, and the right purse, on both databases."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from sqlalchemy import text

from pixelstudio.features.credits.ledger import Balance
from pixelstudio.jobs.lanes import standing
from pixelstudio.jobs.retry import Backoff
from pixelstudio.providers.openai.catalogue import OFFERS
from tests.factories import a_user
from tests.faults.house import eventually, is_over
from tests.paying import CREDITS, FULL, MODEL, PRICE, a_paid_studio, asked, balance, ended, seen, time_passing, working
from tests.serving import free_port
from tests.standin.script import FAULTS

NOT_AGAIN = "It is not asked again by itself. Nothing was charged."
MAYBE = "it may have drawn and charged for this picture."
BROKE_OFF = f"OpenAI broke off: {MAYBE}"
CUT_OFF = f"OpenAI was cut off: {MAYBE}"
NO_PICTURE = f"OpenAI answered with something that is no picture. {NOT_AGAIN}"
NO_MONEY = "This studio has no money left at OpenAI, and whoever runs it has been told. Choose another model. Nothing was charged."
DOWN = "OpenAI had a fault of its own. Nothing was charged."

# fault -> what the person reads at the end, requests that left, calls a provider would want money for
ENDS: dict[str, tuple[dict[str, Any], str, int, int]] = {
    "throttled": ({"retry_after": "0"}, "OpenAI is very busy at the moment. Nothing was charged.", 3, 0),
    "insufficient_quota": ({}, NO_MONEY, 1, 0),
    "billing_limit": ({}, NO_MONEY, 1, 0),
    "unauthorised": (
        {},
        "OpenAI does not accept this studio's key; whoever runs the studio has to mend that. Choose another model. Nothing was charged.",
        1,
        0,
    ),
    "forbidden": (
        {},
        "OpenAI does not let this studio use the model; whoever runs the studio has to mend that. Choose another model. Nothing was charged.",
        1,
        0,
    ),
    "not_found": (
        {},
        "OpenAI does not know this model any more; whoever runs the studio has to mend that. Choose another model. Nothing was charged.",
        1,
        0,
    ),
    "moderation_blocked": ({}, "OpenAI's safety check refused this prompt. Change the words and try again. Nothing was charged.", 1, 0),
    "invalid": ({}, "OpenAI did not accept this request (size). Change the settings or choose another model. Nothing was charged.", 1, 0),
    "server_error": ({}, DOWN, 3, 0),
    "html_error": ({}, CUT_OFF, 1, 0),
    "redirect": ({}, "The address set for OpenAI does not speak its protocol. Choose another model. Nothing was charged.", 1, 0),
    "reset_before": ({}, BROKE_OFF, 1, 0),
    "silent": ({}, BROKE_OFF, 1, 0),
    "reset_after": ({}, BROKE_OFF, 1, 1),
    "drip": ({"pause_s": 0.3}, BROKE_OFF, 1, 1),
    "endless": ({}, NO_PICTURE, 1, 1),
    "garbage_json": ({}, NO_PICTURE, 1, 1),
    "wrong_shape": ({}, NO_PICTURE, 1, 1),
    "html": ({}, NO_PICTURE, 1, 1),
    "gzip_bomb": ({}, NO_PICTURE, 1, 1),
    "truncated_base64": ({}, NO_PICTURE, 1, 1),
    "sse_error": ({}, DOWN, 3, 3),
    "sse_stops": ({}, BROKE_OFF, 1, 1),
    "sse_ends_early": ({}, NO_PICTURE, 1, 1),
}
HASTY = "gpt-image-2.5-flare-medium"
HARMLESS = {"sse_ignored", "duplicate_partials"}
ELSEWHERE = {"model_failed", "soft_refusal", "policy_at_result", "aborted", "prefer_trap", "result_gone", "gone", "deaf"}
"""What cannot happen on one open call to OpenAI; see tests/contracts/behaviours.py."""
HERE = ENDS.keys() | HARMLESS


def test_every_fault_the_stand_in_knows_is_tried():
    assert FAULTS.keys() == HERE | ELSEWHERE
    assert not HERE & ELSEWHERE


async def test_every_fault_ends_in_its_sentence_its_requests_and_the_right_purse(database, clock, children, stand_in):
    """Let `_refusals_told` try `Spent` again and what broke off is paid three times; let `_give_back` forget `release` and credits stay held.

    What nobody can say the end of holds its credits; everything else gives them back.
    """
    hasty = [replace(offer, timeout_s=22.0) if offer.id == HASTY else offer for offer in OFFERS]  # two seconds at the provider
    model_for = {fault: HASTY if fault in {"silent", "drip"} else MODEL for fault in HERE}
    noor = await a_user(database, "noor", credits=95)
    async with a_paid_studio(database, clock, children, stand_in, offers=hasty) as studio:
        stand_in.script(
            *({"fault": fault, "when": f"[{fault}]", **more} for fault, (more, _, tries, _) in ENDS.items() for _ in range(tries))
        )
        stand_in.script(*({"fault": fault, "when": f"[{fault}]"} for fault in HARMLESS))
        async with asyncio.timeout(60), time_passing(clock), working(studio, concurrency=8):
            views = {fault: await asked(studio, noor, prompt=f"[{fault}]", model=model_for[fault]) for fault in HERE}
            await all_ended(studio, noor, views)
        slots = {fault: (await seen(studio, noor, view)).slots[0] for fault, view in views.items()}

        assert {fault: slots[fault].sentence for fault in ENDS} == {fault: sentence for fault, (_, sentence, _, _) in ENDS.items()}
        assert {slots[fault].state for fault in HARMLESS} == {"done"}
        unknown = {fault for fault, slot in slots.items() if slot.state == "unknown"}
        assert unknown == {fault for fault, (_, sentence, _, _) in ENDS.items() if sentence.endswith(MAYBE)}
        drawn, held = PRICE * len(HARMLESS), sum(slots[fault].credits_held for fault in unknown)
        assert await balance(studio, noor) == Balance(100 - drawn - held, held)
    requests = [request["json"]["prompt"].strip("[]") for request in stand_in.requests()]
    assert {fault: requests.count(fault) for fault in ENDS} == {fault: tries for fault, (_, _, tries, _) in ENDS.items()}
    assert len(stand_in.charges()) == sum(charged for *_, charged in ENDS.values()) + len(HARMLESS)


async def all_ended(studio, by, views):
    async def have_ended() -> bool:
        return all([is_over(await seen(studio, by, view)) for view in views.values()])

    await eventually(have_ended, 50)


async def test_more_pictures_than_asked_are_not_hung_and_not_charged(paid, ines, clock, stand_in):
    stand_in.script({"count": 3})

    view = await ended(paid, ines, clock)

    assert [slot.state for slot in view.slots] == ["done"]
    assert await balance(paid, ines) == Balance(CREDITS - PRICE, 0)


async def test_the_pause_a_provider_asks_for_is_kept_and_told(paid, ines, clock, stand_in):
    """Without `after_s` in `judge` it is asked again within a second."""
    stand_in.script({"fault": "throttled", "retry_after": "600"})
    view = await asked(paid, ines)

    async def waits() -> bool:
        return "busy" in (await seen(paid, ines, view)).slots[0].sentence

    async with asyncio.timeout(30), working(paid):
        await eventually(waits)
        assert (await seen(paid, ines, view)).slots[0].sentence == "OpenAI is very busy at the moment. Trying again in 10 minutes."
        if paid.db.dialect == "sqlite":  # Postgres tells the time itself: nobody waits ten minutes here
            clock.advance(595)
            await asyncio.sleep(0.3)
            assert len(stand_in.requests()) == 1
            clock.advance(6)
            async with time_passing(clock):
                await all_ended(paid, ines, {"": view})
            assert (await seen(paid, ines, view)).slots[0].state == "done"


@dataclass(frozen=True)
class Noted(Backoff):
    """The queue's backoff, which remembers what it said."""

    said: list[tuple[int, float]] = field(default_factory=list)

    def delay_s(self, attempt: int, draw: float | None = None) -> float:
        self.said.append((attempt, super().delay_s(attempt, draw)))
        return self.said[-1][1]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_provider_down_for_an_hour_costs_waiting_and_words_only(paid, ines, clock, stand_in):
    """Without chance in `Backoff` all pauses are equal; without `max_attempts` in `judge` it goes on asking for the whole hour."""
    stand_in.always(fault="server_error", status=503)
    views, backoff = [], Noted(base_s=20.0)
    async with asyncio.timeout(60), time_passing(clock, times=100), working(paid, backoff=backoff):
        for _ in range(6):
            due = clock.epoch() + 600
            views.append(await asked(paid, ines))
            await all_ended(paid, ines, {"": views[-1]})
            clock.advance(max(0.0, due - clock.epoch()))
    slots = [(await seen(paid, ines, view)).slots[0] for view in views]
    first, second = ([pause for attempt, pause in backoff.said if attempt == number] for number in (1, 2))

    assert {slot.sentence for slot in slots} == {DOWN}
    assert len(stand_in.requests()) == 3 * len(views)
    assert await balance(paid, ines) == FULL
    assert len({*first}) == len({*second}) == len(views)
    assert all(10 <= pause <= 30 for pause in first)
    assert all(20 <= pause <= 60 for pause in second)
    waited = await pauses_between_attempts(paid)
    assert all(real >= told - 0.1 for real, told in zip(sorted(waited), sorted([*first, *second]), strict=True))

    stand_in.always()
    assert (await ended(paid, ines, clock)).slots[0].state == "done"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_behind_an_open_breaker_pictures_wait_for_their_provider_and_keep_their_attempts(paid, ines, clock, stand_in):
    """Without what `lanes.failed` answers, half of them are given up within minutes."""
    stand_in.always(fault="server_error", status=503)
    async with asyncio.timeout(90), time_passing(clock, times=100), working(paid, backoff=Backoff(base_s=5.0), breaker_after=3):
        views = {str(n): await asked(paid, ines) for n in range(4)}
        away_until = clock.epoch() + 240
        while clock.epoch() < away_until:  # noqa: ASYNC110  # the clock sets no event
            await asyncio.sleep(0.05)
        assert await breaker_of(paid) != "closed"
        assert not any([is_over(await seen(paid, ines, view)) for view in views.values()])
        assert len(stand_in.requests()) <= 12
        stand_in.always()
        await all_ended(paid, ines, views)

    assert [(await seen(paid, ines, view)).slots[0].state for view in views.values()] == ["done"] * 4
    assert await breaker_of(paid) == "closed"
    assert await balance(paid, ines) == Balance(CREDITS - 4 * PRICE, 0)


async def breaker_of(studio):
    async with studio.db.reader() as reader:
        return {lane.id: lane.breaker for lane in await standing(reader)}["openai"]


async def pauses_between_attempts(studio) -> list[float]:
    question = """SELECT coalesce(b.started, j.started) - a.ended FROM q_attempt a JOIN q_job j ON j.id=a.job_id
        LEFT JOIN q_attempt b ON b.job_id=a.job_id AND b.attempt=a.attempt+1 WHERE a.attempt<j.attempt"""
    async with studio.db.reader() as reader:
        return [float(row[0]) for row in (await reader.exec(text(question))).all()]


async def test_an_address_where_nobody_listens_is_tried_three_times_and_told(database, clock, children, stand_in, ines):
    nobody = replace(stand_in, base=f"http://127.0.0.1:{free_port()}")
    async with a_paid_studio(database, clock, children, nobody) as studio:
        view = await ended(studio, ines, clock)

        assert view.slots[0].sentence == "OpenAI could not be reached. Nothing was charged."
        assert await balance(studio, ines) == FULL
        async with studio.db.reader() as reader:
            assert (await reader.exec(text("SELECT attempt FROM q_job"))).scalar_one() == 3
