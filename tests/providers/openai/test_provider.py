"""The adapter against the stand-in: what is sent, what comes, and what every fault means for the job, the money and the person."""

from __future__ import annotations

import asyncio
import io
import logging
import traceback
from dataclasses import replace

import psutil
import pytest
import structlog
from PIL import Image

from pixelstudio.core.errors import Invalid
from pixelstudio.providers.errors import Misconfigured, OutOfMoney, ProviderError, Refused, Spent, Throttled, Unanswered, Unavailable
from pixelstudio.providers.openai.catalogue import OFFERS
from pixelstudio.providers.openai.provider import OpenAIImages
from tests.providers.openai.asking import REQUEST, drawn


async def failure_of(provider, stand_in, **step) -> ProviderError:
    stand_in.script(step)
    with pytest.raises(ProviderError) as failure:
        await drawn(provider)
    return failure.value


async def test_a_drawing_streams_its_partial_pictures_and_brings_the_picture(provider, stand_in) -> None:
    steps, pictures = await drawn(provider, width=768, height=1344)

    assert [(step.step, step.steps) for step in steps] == [(1, 3), (2, 3)]
    assert all(step.preview and step.preview.startswith(b"\x89PNG") for step in steps)
    (picture,) = pictures
    assert Image.open(io.BytesIO(picture)).size == (768, 1344)
    assert len(stand_in.charges()) == 1


async def test_exactly_the_documented_fields_are_sent(provider, stand_in) -> None:
    await drawn(provider, width=1536, height=1024)

    (request,) = stand_in.requests()
    assert request["path"] == "/v1/images/generations"
    assert request["json"] == {
        "model": "gpt-image-2.5-flare",
        "prompt": "a canary-prompt lighthouse",
        "n": 1,
        "size": "1536x1024",
        "quality": "medium",
        "stream": True,
        "partial_images": 2,
    }


async def test_previews_come_while_the_picture_is_still_being_drawn(provider, stand_in) -> None:
    stand_in.script({"pause_s": 0.3})
    handle = await provider.submit(REQUEST)
    loop = asyncio.get_running_loop()

    moments = [loop.time() async for _ in provider.progress(handle)]
    await provider.fetch(handle)

    assert loop.time() - moments[0] > 0.5


async def test_fetch_alone_draws_too(provider) -> None:
    assert len(await provider.fetch(await provider.submit(REQUEST))) == 1


async def test_fewer_and_no_partial_pictures_are_no_fault(provider, stand_in) -> None:
    stand_in.script({"partials": 0}, {"partials": 1})

    assert [len((await drawn(provider))[0]) for _ in range(2)] == [0, 1]


async def test_partial_pictures_that_come_again_are_shown_once(provider, stand_in) -> None:
    stand_in.script({"fault": "duplicate_partials"})

    steps, _ = await drawn(provider)

    assert [step.step for step in steps] == [1, 2]


async def test_a_plain_answer_to_a_stream_request_is_taken(provider, stand_in) -> None:
    stand_in.script({"fault": "sse_ignored"})

    steps, pictures = await drawn(provider)

    assert (len(steps), len(pictures)) == (0, 1)


async def test_more_pictures_than_asked_are_left_out(provider, stand_in) -> None:
    stand_in.script({"fault": "sse_ignored", "count": 3})

    assert len((await drawn(provider))[1]) == 1


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"fault": "reset_before"}, "provider_broke_off"),
        ({"fault": "reset_after"}, "provider_broke_off"),
        ({"fault": "sse_stops"}, "provider_broke_off"),
        ({"fault": "sse_ends_early"}, "provider_answer_unusable"),
        ({"fault": "garbage_json"}, "provider_answer_unusable"),
        ({"fault": "wrong_shape"}, "provider_answer_unusable"),
        ({"fault": "html"}, "provider_answer_unusable"),
        ({"fault": "truncated_base64"}, "provider_answer_unusable"),
        ({"fault": "gzip_bomb"}, "provider_answer_unusable"),
        ({"fault": "sse_ignored", "count": 0}, "provider_answer_unusable"),
        ({"count": 0}, "provider_answer_unusable"),
        ({"fault": "html_error", "status": 502}, "provider_gateway"),
    ],
)
async def test_what_may_have_been_paid_is_never_asked_again(provider, stand_in, fault, code) -> None:
    failure = await failure_of(provider, stand_in, **fault)

    assert isinstance(failure, Spent)
    assert failure.code == code
    assert not failure.may_retry
    assert ("may have drawn and charged" if isinstance(failure, Unanswered) else "not asked again") in failure.sentence
    assert len(stand_in.requests()) == 1


@pytest.mark.parametrize("fault", ["drip", "silent"])
async def test_the_deadline_ends_what_drips_or_stays_silent(client, account, stand_in, fault) -> None:
    hasty = OpenAIImages(client, account, [replace(OFFERS[0], timeout_s=20.8)])
    stand_in.script({"fault": fault, "pause_s": 0.02})

    with pytest.raises(Spent, match="broke off"):
        await asyncio.wait_for(drawn(hasty), 5)


@pytest.mark.parametrize("fault", [{"fault": "endless"}, {"fault": "endless", "count": 1}])
async def test_an_endless_answer_stops_at_one_pictures_worth(provider, stand_in, fault) -> None:
    before = psutil.Process().memory_info().rss

    failure = await failure_of(provider, stand_in, **fault)

    assert isinstance(failure, Spent)
    assert psutil.Process().memory_info().rss - before < 120_000_000


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"fault": "insufficient_quota"}, OutOfMoney),
        ({"fault": "billing_limit"}, OutOfMoney),
        ({"fault": "unauthorised"}, Misconfigured),
        ({"fault": "forbidden"}, Misconfigured),
        ({"fault": "not_found"}, Misconfigured),
        ({"fault": "redirect"}, Misconfigured),
        ({"fault": "moderation_blocked"}, Refused),
        ({"fault": "invalid"}, Refused),
        ({"fault": "sse_error", "code": "moderation_blocked"}, Refused),
        ({"fault": "sse_error", "code": "insufficient_quota"}, OutOfMoney),
    ],
)
async def test_clear_refusals_end_the_job_uncharged(provider, stand_in, fault, kind) -> None:
    failure = await failure_of(provider, stand_in, **fault)

    assert type(failure) is kind
    assert not failure.may_retry
    assert failure.sentence.endswith(".")
    assert len(stand_in.requests()) == 1


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"fault": "throttled"}, Throttled),
        ({"fault": "server_error"}, Unavailable),
        ({"fault": "server_error", "status": 503, "retry_after": "4"}, Throttled),
        ({"fault": "html_error", "status": 503}, Unavailable),
        ({"fault": "server_error", "status": 408}, Unavailable),
        ({"fault": "sse_error"}, Unavailable),
        ({"fault": "sse_error", "code": "rate_limit_exceeded"}, Throttled),
    ],
)
async def test_what_surely_cost_nothing_may_be_asked_again_but_not_by_the_adapter(provider, stand_in, fault, kind) -> None:
    failure = await failure_of(provider, stand_in, **fault)

    assert type(failure) is kind
    assert failure.may_retry
    assert len(stand_in.requests()) == 1


@pytest.mark.parametrize(
    ("headers", "pause_s"),
    [
        ({}, None),
        ({"retry_after": "7"}, 7.0),
        ({"retry_after": "7", "retry_after_ms": "1500"}, 1.5),
        ({"retry_after": "Fri, 20 Nov 2026 10:00:30 GMT"}, 30.0),
        ({"retry_after": "soon"}, None),
        ({"retry_after": "-5"}, 0.0),
        ({"retry_after": "1e9"}, 3600.0),
        ({"retry_after": "nan"}, None),
    ],
)
async def test_the_pause_asked_for_is_handed_on(provider, stand_in, headers, pause_s) -> None:
    failure = await failure_of(provider, stand_in, fault="throttled", **headers)

    assert isinstance(failure, Throttled)
    assert failure.retry_after_s == pause_s


async def test_nobody_listening_may_be_asked_again(client, account) -> None:
    nowhere = OpenAIImages(client, replace(account, base_url="http://127.0.0.1:9/v1"), OFFERS)

    with pytest.raises(Unavailable) as failure:
        await drawn(nowhere)

    assert failure.value.code == "provider_unreachable"


async def test_the_mark_is_set_before_the_request_leaves_and_once(provider, stand_in) -> None:
    marks: list[int] = []

    async def mark() -> None:
        marks.append(len(stand_in.requests()))

    handle = await provider.submit(replace(REQUEST, before_sending=mark))
    assert marks == []
    await provider.fetch(handle)

    assert marks == [0]


async def test_a_refused_mark_sends_nothing(provider, stand_in) -> None:
    class LeaseLost(Exception):
        pass

    async def refuse() -> None:
        raise LeaseLost

    with pytest.raises(LeaseLost):
        await drawn(provider, before_sending=refuse)

    assert stand_in.requests() == []


async def test_cancelling_closes_the_connection(provider, stand_in) -> None:
    stand_in.script({"pause_s": 0.2})
    handle = await provider.submit(REQUEST)
    steps = []

    async for step in provider.progress(handle):
        steps.append(step)
        await provider.cancel(handle)

    assert len(steps) == 1
    assert await provider.poll(handle) == "cancelled"
    await provider.cancel(handle)
    assert await provider.poll(handle) == "lost"
    await asyncio.sleep(0.5)
    assert stand_in.requests()[0]["left_early"]


async def test_cancelling_from_elsewhere_ends_a_waiting_drawing(provider, stand_in) -> None:
    stand_in.script({"fault": "silent"})
    handle = await provider.submit(REQUEST)
    waiting = asyncio.create_task(drain(provider, handle))
    await asyncio.to_thread(stand_in.wait_for_request)

    await provider.cancel(handle)

    assert await asyncio.wait_for(waiting, 2) == []


async def drain(provider, handle) -> list:
    return [step async for step in provider.progress(handle)]


async def test_a_cancelled_job_closes_the_connection(provider, stand_in) -> None:
    stand_in.script({"fault": "silent"})
    job = asyncio.create_task(drawn(provider))
    await asyncio.to_thread(stand_in.wait_for_request)

    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job

    await asyncio.sleep(0.1)
    assert stand_in.requests()[0]["left_early"]


async def test_a_drawing_this_process_does_not_know_is_lost_and_not_sent_again(provider, stand_in) -> None:
    handle = await provider.submit(REQUEST)
    await provider.fetch(handle)

    assert await provider.poll(handle) == "lost"
    with pytest.raises(Spent):
        await provider.fetch(handle)
    assert len(stand_in.requests()) == 1


@pytest.mark.parametrize("change", [{"width": 1000}, {"negative_prompt": "fog"}, {"count": 2}, {"prompt": "x" * 3_501}])
async def test_what_the_model_cannot_do_is_said_before_anything_is_sent(provider, stand_in, change) -> None:
    with pytest.raises(Invalid):
        await provider.submit(replace(REQUEST, **change))

    assert stand_in.requests() == []


@pytest.mark.parametrize("picture", ["truncated", "webp_bomb", "html", "empty"])
async def test_hostile_pictures_pass_unopened(provider, stand_in, picture) -> None:
    stand_in.script({"picture": picture, "partial_picture": picture})

    steps, pictures = await drawn(provider)

    assert len(pictures) == 1
    assert [step.preview for step in steps] == [pictures[0]] * 2


@pytest.mark.parametrize("fault", ["", "unauthorised", "moderation_blocked", "invalid", "insufficient_quota", "reset_after", "html"])
async def test_neither_key_nor_prompt_is_in_a_log_or_an_error(provider, stand_in, caplog, fault) -> None:
    caplog.set_level(logging.DEBUG)
    stand_in.script({"fault": fault})
    told = ""

    with structlog.testing.capture_logs() as logged:
        try:
            await drawn(provider)
        except ProviderError as error:
            told = "".join(traceback.format_exception(error)) + repr(error.fields)

    assert "canary" not in told + repr(logged) + caplog.text


async def test_no_money_is_a_warning_for_the_maintainer(provider, stand_in) -> None:
    with structlog.testing.capture_logs() as logged:
        await failure_of(provider, stand_in, fault="insufficient_quota")

    (entry,) = [entry for entry in logged if entry["event"] == "provider.failed"]
    assert entry["log_level"] == "warning"
    assert entry["code"] == "provider_out_of_money"
    assert entry["request"] == "req_standin"
