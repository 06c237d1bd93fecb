"""What every provider promises, run against each of them; and how each of them takes what may happen to whoever asks somebody outside."""

from __future__ import annotations

import asyncio
import contextlib
import io
import logging
import traceback
from collections import Counter
from contextlib import aclosing
from dataclasses import replace

import psutil
import pytest
from PIL import Image

from pixelstudio.core import limits
from pixelstudio.core.errors import Invalid
from pixelstudio.providers.contract import DrawRequest, Handle, Provider
from pixelstudio.providers.errors import Misconfigured, ProviderError, Spent, Stopped, Throttled, Unavailable
from tests.contracts.behaviours import BEHAVIOURS
from tests.contracts.providers import BY_NAME, KEY, OUTSIDE, Wanted, wanted_at

PROMPT = "a canary-prompt boat"
pytestmark = pytest.mark.slow

MARKED = [entry for entry in OUTSIDE if entry.marks]
PLAYED = [
    (entry, behaviour, step)
    for entry in OUTSIDE
    for behaviour in BEHAVIOURS
    if (step := entry.differs.get(behaviour.name, behaviour.step)) is not None
]
"""What can happen at each of them, and how the stand-in is told to play it. None: it cannot happen there."""


@pytest.fixture(params=BY_NAME)
async def provider(request):
    entry = BY_NAME[request.param]
    wanted = wanted_at(request.getfixturevalue("stand_in")) if entry.is_outside else Wanted()
    async with entry.opened(wanted) as opened:
        yield opened


def _request(provider: Provider, **changes):
    model = provider.models[0]
    side = 256 if model.any_size else 1024
    values = {"prompt": PROMPT, "negative_prompt": "", "seed": 4, "width": side, "height": side}
    return DrawRequest(model.id, **{**values, **changes})


async def _steps_of(provider: Provider, handle: Handle) -> list:
    return [step async for step in provider.progress(handle)]


async def _drawn(provider: Provider, **changes) -> list[bytes]:
    handle = await provider.submit(_request(provider, **changes))
    async for _ in provider.progress(handle):
        pass
    return await provider.fetch(handle)


async def test_rows_speak_for_this_provider_and_keep_within_the_bounds(provider):
    assert provider.models
    for model in provider.models:
        assert model.provider == provider.name
        assert model.title
        assert model.price_credits >= 0
        assert model.price_of(3) == 3 * model.price_credits
        assert 1 <= model.images_per_call <= model.max_images <= limits.IMAGES_MAX
        assert model.prompt_max <= limits.PROMPT_MAX
        assert model.lane_concurrency >= 1
        assert model.supports_negative_prompt or model.why_no_negative_prompt.endswith(".")
        assert model.supports_seed or model.why_no_seed.endswith(".")
        assert bool(model.stopped_by) is BY_NAME[_entry_of(provider)].stops
        for span in filter(None, (model.guidance_offered, model.steps_offered)):
            assert span.least <= span.usual <= span.most
        if model.price_credits and BY_NAME[_entry_of(provider)].is_outside:
            assert model.price_source
            assert model.price_checked >= "2026"


async def test_every_size_offered_has_words_and_is_drawn(provider):
    for model in provider.models:
        assert model.sizes
        for size in model.sizes:
            assert size.label
            assert model.draws(size.width, size.height)
            assert all(limits.SIDE_MIN <= side <= limits.SIDE_MAX for side in (size.width, size.height))


async def test_a_picture_comes_with_its_steps_and_then_as_a_file_of_the_right_size(provider):
    width, height, _ = provider.models[0].sizes[-1]
    handle = await provider.submit(_request(provider, width=width, height=height))

    steps = [step async for step in provider.progress(handle)]
    (data,) = await provider.fetch(handle)

    assert [step.step for step in steps] == sorted({step.step for step in steps})
    assert all(1 <= step.step <= step.steps for step in steps)
    assert bool(steps) is BY_NAME[_entry_of(provider)].streams
    assert Image.open(io.BytesIO(data)).size == (width, height)


@pytest.mark.parametrize("provider", [entry.name for entry in OUTSIDE], indirect=True)
async def test_every_model_draws_every_one_of_its_sizes_as_the_provider_understands_them(provider):
    for model in provider.models:
        for width, height, _ in model.sizes:
            await provider.submit(replace(_request(provider), model=model.id, width=width, height=height))


async def test_fetch_waits_for_the_picture_when_nobody_listened(provider):
    handle = await provider.submit(_request(provider))

    pictures = await provider.fetch(handle)

    assert len(pictures) == 1


async def test_the_same_seed_gives_the_same_file_where_seeds_are_supported(provider):
    one, other = [await provider.fetch(await provider.submit(_request(provider))) for _ in range(2)]

    assert one == other or not provider.models[0].supports_seed


async def test_a_cancelled_drawing_ends_without_a_picture(provider, request):
    entry = BY_NAME[_entry_of(provider)]
    if not entry.streams:
        request.getfixturevalue("stand_in").script({"pause_s": 30})
    handle = await provider.submit(_request(provider, width=1024, height=1024))

    seen = 0
    if entry.is_silent:
        listening = asyncio.create_task(_steps_of(provider, handle))
        await asyncio.to_thread(request.getfixturevalue("stand_in").wait_for_request, 30.0)
        await provider.cancel(handle)
        assert await listening == []
    async for _ in provider.progress(handle):
        seen += 1
        await provider.cancel(handle)
    if not entry.streams and not entry.is_silent:
        await provider.cancel(handle)

    assert seen == int(entry.streams)
    assert await provider.poll(handle) == "cancelled"
    with pytest.raises(ProviderError):
        await provider.fetch(handle)


async def test_cancelling_twice_or_something_unknown_is_harmless(provider):
    handle = await provider.submit(_request(provider))
    unknown = Handle(provider.name, provider.models[0].id, "nobody")

    for target in (handle, handle, unknown):
        await provider.cancel(target)

    assert await provider.poll(unknown) == "lost"


@pytest.mark.parametrize("entry", [entry for entry in OUTSIDE if entry.stops], ids=lambda entry: entry.name)
async def test_whoever_knows_its_name_may_have_a_drawing_stopped(entry, stand_in):
    """Another process than the one that asked for it."""
    stand_in.script({"pause_s": 30})
    async with entry.opened(wanted_at(stand_in)) as asking, entry.opened(wanted_at(stand_in)) as telling:
        handle = await asking.submit(_request(asking, key="a-key-of-this-call"))
        listening = asyncio.create_task(_steps_of(asking, handle))
        await asyncio.to_thread(stand_in.wait_for_charge)
        known = Handle(handle.provider, handle.model, handle.reference)

        await telling.cancel(known)
        await listening

        assert await telling.poll(known) == "cancelled"
        with pytest.raises(Stopped):
            await telling.fetch(known)


class NoRoom:
    """A place that is not free for a while; `was_asked` once somebody wants it."""

    def __init__(self) -> None:
        self.was_asked, self.is_free = asyncio.Event(), asyncio.Event()

    async def take(self) -> None:
        self.was_asked.set()
        await self.is_free.wait()

    def leave(self) -> None:
        pass


@pytest.mark.parametrize("entry", [entry for entry in OUTSIDE if entry.stays], ids=lambda entry: entry.name)
async def test_a_picture_is_read_when_there_is_room_for_it(entry, stand_in):
    room = NoRoom()
    async with entry.opened(wanted_at(stand_in)) as provider:
        width, height, _ = provider.models[0].sizes[-1]
        drawing = asyncio.create_task(_drawn(provider, room=room, width=width, height=height))
        async with asyncio.timeout(30):
            await room.was_asked.wait()
        await asyncio.sleep(0.2)
        assert not drawing.done()
        room.is_free.set()

        assert len(await drawing) == 1


async def test_a_drawing_nobody_knows_is_tried_again_only_where_it_was_not_paid(provider):
    with pytest.raises(ProviderError) as failure:
        await provider.fetch(Handle(provider.name, provider.models[0].id, "nobody"))

    entry = BY_NAME[_entry_of(provider)]
    assert failure.value.may_retry is (not entry.is_outside and not entry.charges)


async def test_turning_away_in_the_middle_gives_the_drawing_up_and_the_next_one_works(provider, request):
    entry = BY_NAME[_entry_of(provider)]
    if not entry.streams:
        request.getfixturevalue("stand_in").script({"pause_s": 30})
    handle = await provider.submit(_request(provider, width=1024, height=1024))
    async with aclosing(provider.progress(handle)) as steps:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.5 if entry.is_silent else None):
                await anext(steps, None)

    assert await provider.poll(handle) != "done" or provider.models[0].idempotency == "query"  # asked for, it goes on without us
    assert await provider.fetch(await provider.submit(_request(provider)))


async def test_asking_after_its_health_costs_nothing(provider, request):
    health = await provider.check()

    assert health.not_offered == ()
    if BY_NAME[_entry_of(provider)].is_outside:
        assert request.getfixturevalue("stand_in").charges() == []


async def test_what_a_model_cannot_do_is_refused_and_not_dropped(provider):
    for change in ({"width": limits.SIDE_MAX + 1}, {"prompt": "x" * (limits.PROMPT_MAX + 1)}):
        with pytest.raises(Invalid):
            await provider.submit(_request(provider, **change))


def test_every_provider_is_put_through_at_least_twenty_five_behaviours():
    known = {behaviour.name for behaviour in BEHAVIOURS}

    assert {entry.name: entry.differs.keys() - known for entry in OUTSIDE if entry.differs.keys() - known} == {}
    assert min(Counter(entry.name for entry, _, _ in PLAYED).values()) >= 25
    assert {behaviour.name for _, behaviour, _ in PLAYED} == known


@pytest.mark.parametrize(("entry", "behaviour", "step"), PLAYED, ids=lambda part: getattr(part, "name", ""))
async def test_what_may_happen_comes_out_as_what_it_means_for_the_job_and_the_money(entry, behaviour, step, stand_in, caplog):
    stand_in.script(step)
    memory = psutil.Process().memory_info().rss

    async with entry.opened(wanted_at(stand_in, is_hasty=behaviour.is_hasty)) as provider:
        if behaviour.fails_with is None:
            assert len(await _drawn(provider)) == 1
        else:
            with pytest.raises(_failures(entry, behaviour)) as failure, caplog.at_level(logging.DEBUG):
                await _drawn(provider)
            _assert_told_right(failure.value, entry, behaviour, caplog.text)

    asked = [request for request in stand_in.requests() if not any(part in request["path"] for part in entry.free)]
    assert len(asked) == 1, "nothing that may be charged is asked for twice"
    assert psutil.Process().memory_info().rss - memory < 120_000_000


def _failures(entry, behaviour) -> tuple[type[ProviderError], ...]:
    """Where nobody charges, nothing is spent: it may be tried again."""
    if issubclass(behaviour.fails_with, Spent) and not entry.charges:
        return (behaviour.fails_with, Unavailable)
    return (behaviour.fails_with,)


def _assert_told_right(failure: ProviderError, entry, behaviour, logged: str) -> None:
    assert not behaviour.codes or failure.code in behaviour.codes or not entry.charges
    assert failure.sentence.endswith(".")
    if behaviour.pause_s is not None:
        assert isinstance(failure, Throttled)
        assert failure.retry_after_s == behaviour.pause_s
    told = "".join(traceback.format_exception(failure)) + repr(failure.fields) + failure.sentence + logged
    assert KEY not in told
    assert "canary-prompt" not in told


@pytest.mark.parametrize("entry", OUTSIDE, ids=lambda entry: entry.name)
async def test_nobody_listening_means_that_nothing_was_sent(entry):
    marked = []

    async def mark() -> None:
        marked.append(1)

    async with entry.opened(Wanted("http://127.0.0.1:9")) as provider:
        with pytest.raises(Unavailable) as failure:
            await _drawn(provider, before_sending=mark)

    assert (failure.value.code, failure.value.may_retry, marked) == ("provider_unreachable", True, [])


@pytest.mark.parametrize("entry", MARKED, ids=lambda entry: entry.name)
async def test_a_request_that_may_not_leave_does_not_leave(entry, stand_in):
    async def refuse() -> None:
        raise RuntimeError("somebody else has the job")

    async with entry.opened(wanted_at(stand_in)) as provider:
        with pytest.raises(RuntimeError, match="somebody else"):
            await _drawn(provider, before_sending=refuse)

    assert stand_in.charges() == []


@pytest.mark.parametrize("entry", MARKED, ids=lambda entry: entry.name)
async def test_the_mark_is_set_once_for_a_picture_and_for_no_question(entry, stand_in):
    marks = []

    async def mark() -> None:
        marks.append(len(stand_in.charges()))

    async with entry.opened(wanted_at(stand_in)) as provider:
        await _drawn(provider, before_sending=mark)
        await provider.check()

    assert marks == [0]


@pytest.mark.parametrize(
    ("step", "kind", "code"),
    [
        ({"fault": "unauthorised"}, Misconfigured, "provider_misconfigured"),
        ({"fault": "html"}, Misconfigured, "provider_not_its_protocol"),
        ({"fault": "redirect"}, Misconfigured, "provider_misconfigured"),
        ({"fault": "throttled", "retry_after": "9"}, Throttled, "provider_throttled"),
        ({"fault": "server_error"}, Unavailable, "provider_unavailable"),
        ({"fault": "reset_before"}, Unavailable, "provider_broke_off"),
        ({"delay_s": 5.0}, Unavailable, "provider_slow"),
    ],
    ids=lambda value: value.get("fault", "slow") if isinstance(value, dict) else None,
)
@pytest.mark.parametrize("entry", OUTSIDE, ids=lambda entry: entry.name)
async def test_the_free_question_says_what_is_wrong(entry, stand_in, step, kind, code):
    stand_in.script({**step, "when": "check"})

    haste = {"check_within_s": 0.5} if "delay_s" in step else {}  # whoever answers is heard out, however busy the machine

    async with entry.opened(wanted_at(stand_in, **haste)) as provider:
        with pytest.raises(kind) as failure:
            await provider.check()

    assert failure.value.code == code


@pytest.mark.parametrize("entry", [entry for entry in OUTSIDE if entry.has_key], ids=lambda entry: entry.name)
async def test_a_wrong_key_is_found_out_by_the_free_question(entry, stand_in):
    async with entry.opened(wanted_at(stand_in, key="wrong-key")) as provider:
        with pytest.raises(Misconfigured) as failure:
            await provider.check()

    assert failure.value.fields["status"] == 401
    assert "wrong-key" not in repr(failure.value.fields) + failure.value.sentence


def _entry_of(provider: Provider) -> str:
    return "courier" if type(provider).__name__ == "Courier" else provider.name


def test_there_are_enough_behaviours_and_each_is_of_somebody() -> None:
    assert len({behaviour.name for behaviour in BEHAVIOURS}) >= 25
    for entry in OUTSIDE:
        assert set(entry.differs) <= {behaviour.name for behaviour in BEHAVIOURS}
        assert sum(entry.differs.get(behaviour.name, behaviour.step) is not None for behaviour in BEHAVIOURS) >= 25
