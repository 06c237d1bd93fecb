"""What is particular to the sketch provider: where it draws, what it forgets, how little it costs when idle."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from dataclasses import replace

import pytest

from pixelstudio.providers.contract import DrawRequest
from pixelstudio.providers.errors import Misconfigured, Unavailable
from pixelstudio.providers.sketch.catalogue import MODELS, NOTE
from pixelstudio.providers.sketch.provider import SketchProvider
from tests.children import SparingPool

REQUEST = DrawRequest("sketch-bloom", "a red flower", "", 4, 1024, 1024)


async def _all_of(steps):
    return [step async for step in steps]


@pytest.fixture
async def children():
    pool = SparingPool(size=1, urgent_size=0)
    yield pool
    await pool.close()


def test_importing_the_provider_loads_no_numerics():
    code = "import sys, pixelstudio.providers.sketch.provider; print(sorted({'numpy', 'cv2', 'PIL'} & set(sys.modules)))"

    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == "[]"


def test_every_look_says_that_it_is_not_ai_and_costs_nothing():
    assert NOTE == "Sketch (not AI)"
    for model in MODELS:
        assert (model.note, model.price_credits, model.supports_seed) == (NOTE, 0, True)


async def test_a_look_that_is_no_longer_offered_is_a_matter_for_the_maintainer(children):
    with pytest.raises(Misconfigured):
        await SketchProvider(children).submit(replace(REQUEST, model="sketch-gone"))


async def test_nothing_is_drawn_before_somebody_listens(children):
    sketch = SketchProvider(children)

    handle = await sketch.submit(REQUEST)

    assert await sketch.poll(handle) == "waiting"
    assert children.memory_mb() == {}


async def test_cancelling_from_elsewhere_ends_the_listener_and_the_child_within_a_moment(children):
    sketch = SketchProvider(children)
    handle = await sketch.submit(replace(REQUEST, width=2048, height=2048))
    begun = asyncio.Event()

    async def listen():
        async for _ in sketch.progress(handle):
            begun.set()

    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        group.create_task(listen())
        await begun.wait()
        await sketch.cancel(handle)

    assert await sketch.poll(handle) == "cancelled"
    assert children.memory_mb() == {}


async def test_a_listener_that_is_cancelled_itself_stays_cancelled(children):
    sketch = SketchProvider(children)
    handle = await sketch.submit(replace(REQUEST, width=2048, height=2048))

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await sketch.fetch(handle)

    assert await sketch.poll(handle) == "lost"
    assert children.memory_mb() == {}


async def test_a_child_that_dies_makes_the_drawing_unavailable_and_the_next_one_works(children):
    sketch = SketchProvider(children)
    handle = await sketch.submit(REQUEST)

    steps = sketch.progress(handle)
    await anext(steps)
    for child in children._general.alive:
        child._process.kill()
    with pytest.raises(Unavailable) as failure:
        await _all_of(steps)

    assert failure.value.may_retry
    assert await sketch.poll(handle) == "lost"
    assert await sketch.fetch(await sketch.submit(replace(REQUEST, width=256, height=256)))


async def test_only_the_latest_of_what_ended_is_remembered(children):
    sketch = SketchProvider(children)
    handles = [await sketch.submit(REQUEST) for _ in range(40)]
    for handle in handles:
        await sketch.cancel(handle)

    await sketch.submit(REQUEST)

    assert await sketch.poll(handles[-1]) == "cancelled"
    assert await sketch.poll(handles[0]) == "lost"
