"""The progress board: the latest step, told at once and then gently."""

from __future__ import annotations

import asyncio
import time

from pixelstudio.core.events import Bus
from pixelstudio.jobs import progress
from pixelstudio.jobs.progress import Progress, ProgressBoard
from pixelstudio.jobs.rings import JobMoved, JobProgressed


async def test_the_beginning_and_the_end_of_an_attempt_are_told_though_no_step_was():
    bus = Bus()
    board = ProgressBoard(bus)
    with bus.subscribe("user:ines") as hers:
        board.begin(7, "set", "ines")
        board.end(7)

        async with asyncio.timeout(0.05):
            assert await hers.get_batch() == [JobMoved(job_id=7, batch_id="set", audience="ines")] * 2


async def test_the_first_step_is_told_at_once_to_its_owner_alone():
    bus = Bus()
    board = ProgressBoard(bus)
    board.begin(7, "set", "ines")
    with bus.subscribe("user:ines") as hers, bus.subscribe("user:ole") as his:
        board.update(7, 1, 4, b"sketch")

        async with asyncio.timeout(0.05):
            assert await hers.get_batch() == [JobProgressed(job_id=7, batch_id="set", audience="ines")]
        assert not his._ready.is_set()
    assert board.get(7) == Progress(1, 4, b"sketch", 1)


async def test_many_steps_are_told_ten_times_a_second_and_the_last_is_never_missed():
    bus = Bus()
    board = ProgressBoard(bus)
    with bus.subscribe("user:ines") as hers:
        began = time.perf_counter()
        board.begin(7, None, "ines")
        for step in range(60):
            board.update(7, step, 60)
            await asyncio.sleep(0.005)
        await asyncio.sleep(progress.TELL_EVERY_S * 1.5)
        told, took_s = len(await hers.get_batch()), time.perf_counter() - began

    assert 3 <= told <= 2 + took_s / progress.TELL_EVERY_S
    latest = board.get(7)
    assert latest is not None
    assert latest.step == 59


async def test_a_step_without_a_preview_keeps_the_last_one():
    board = ProgressBoard(Bus())
    board.begin(7, None, None)
    board.update(7, 1, 4, b"sketch")
    board.update(7, 2, 4)

    assert board.get(7) == Progress(2, 4, b"sketch", 2)


async def test_a_new_attempt_forgets_the_old_one_s_preview():
    board = ProgressBoard(Bus())
    board.begin(7, None, None)
    board.update(7, 3, 4, b"sketch")
    board.begin(7, None, None)

    assert board.get(7) is None


async def test_the_last_preview_lingers_and_then_goes(monkeypatch):
    monkeypatch.setattr(progress, "LINGER_S", 0.05)
    board = ProgressBoard(Bus())
    board.begin(7, None, None)
    board.update(7, 4, 4, b"sketch")
    board.end(7)
    assert board.get(7) is not None

    await asyncio.sleep(0.1)
    assert board.get(7) is None


async def test_a_job_nobody_began_is_not_noted():
    board = ProgressBoard(Bus())
    board.update(8, 1, 4, b"sketch")

    assert board.get(8) is None
