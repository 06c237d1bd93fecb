"""The child pool: order, confinement, and every way a child can go wrong."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pixelstudio.core.errors import Invalid, Unavailable
from pixelstudio.imaging.children import ChildDied, ChildLimit, ChildPool, TaskFailed
from tests.imaging.tasks import Unwanted

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

HERE = "tests.imaging.tasks"

pytestmark = pytest.mark.slow


@pytest.fixture
async def pool() -> AsyncIterator[ChildPool]:
    pool = a_pool()
    yield pool
    await pool.close()


def a_pool(size: int = 1, **limits: float) -> ChildPool:
    return ChildPool(size, urgent_size=int(limits.pop("urgent_size", 0)), preload=(), prefixes=("pixelstudio.", "tests."), **limits)  # type: ignore[arg-type]  # numbers of either kind


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


async def wait_for_end(pid: int, within_s: float = 2.0) -> bool:
    until = time.monotonic() + within_s
    while is_alive(pid) and time.monotonic() < until:  # noqa: ASYNC110  a process tells no event of ours
        await asyncio.sleep(0.01)
    return not is_alive(pid)


async def test_facts_and_bytes_come_back_as_they_went(pool: ChildPool) -> None:
    blobs = [b"", b"\x00\xff" * 700_000, b"x"]

    step = await pool.call(f"{HERE}:echo", {"prompt": "ein Löwe", "seed": 2**32 - 1}, blobs)

    assert step.facts == {"prompt": "ein Löwe", "seed": 2**32 - 1}
    assert step.blobs == blobs


async def test_steps_arrive_while_the_task_goes_on(pool: ChildPool) -> None:
    await pool.warm()
    started = time.monotonic()

    async with aclosing(pool.stream(f"{HERE}:count", {"to": 3, "pause_s": 0.2})) as steps:
        arrivals = [(step.facts["number"], time.monotonic() - started) async for step in steps]

    assert [number for number, _ in arrivals] == [0, 1, 2]
    assert arrivals[2][1] - arrivals[0][1] > 0.3


async def test_one_child_serves_many_tasks(pool: ChildPool) -> None:
    pids = {(await pool.call(f"{HERE}:about", {})).facts["pid"] for _ in range(3)}

    assert len(pids) == 1


async def test_a_child_is_replaced_after_its_number_of_tasks() -> None:
    pool = a_pool(tasks_max=2)

    pids = [(await pool.call(f"{HERE}:about", {})).facts["pid"] for _ in range(4)]

    assert len(set(pids)) == 2
    assert await wait_for_end(pids[0])
    await pool.close()


async def test_a_child_that_has_grown_is_replaced() -> None:
    pool = a_pool(growth_max_mb=-1000)

    pids = [(await pool.call(f"{HERE}:about", {})).facts["pid"] for _ in range(2)]

    assert len(set(pids)) == 2
    await pool.close()


async def test_a_child_is_confined_and_knows_no_secret(pool: ChildPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")

    facts = (await pool.call(f"{HERE}:about", {})).facts

    assert "DATABASE_URL" not in facts["environment"]
    assert facts["environment"]["OMP_NUM_THREADS"] == facts["environment"]["OPENBLAS_NUM_THREADS"] == "1"
    assert facts["nice"] >= 10
    assert facts["core"] == [0, 0]
    assert facts["file_size"] == [0, 0]
    assert facts["files"] == [64, 64]


async def test_what_one_picture_took_is_there_for_the_next(pool: ChildPool) -> None:
    taken = [(await pool.call(f"{HERE}:planes", {})).facts["pages"] for _ in range(3)]

    assert taken[0] > 7_000
    assert taken[2] < taken[0] / 20


async def test_a_child_gives_way_beyond_its_own_session(pool: ChildPool) -> None:
    facts = (await pool.call(f"{HERE}:about", {})).facts
    for _ in range(20):  # whoever is not root says it again with the next task, where somebody else just did
        if facts["session_nice"] != "0":
            break
        await asyncio.sleep(0.1)
        facts = (await pool.call(f"{HERE}:about", {})).facts

    assert facts["session"] == facts["pid"]
    assert facts["session_nice"] in {None, "10"}  # None is a kernel that does not share out by session


async def test_only_our_own_tasks_can_be_named(pool: ChildPool) -> None:
    with pytest.raises(TaskFailed) as caught:
        await pool.call("os:listdir", {})

    assert caught.value.fields["error"] == "LookupError"


async def test_a_frozen_child_is_killed_at_the_wall(pool: ChildPool) -> None:
    pids: list[int] = []

    with pytest.raises(ChildLimit) as caught:
        async with aclosing(pool.stream(f"{HERE}:freeze", {}, wall_s=1.0)) as steps:
            pids = [step.facts["pid"] async for step in steps] + pids

    assert caught.value.fields["limit"] == "wall"
    assert pool.memory_mb() == {}


async def test_a_caller_that_takes_its_time_is_not_counted(pool: ChildPool) -> None:
    await pool.warm()
    numbers: list[int] = []

    async with aclosing(pool.stream(f"{HERE}:count", {"to": 3}, wall_s=1.5)) as steps:
        async for step in steps:
            numbers.append(step.facts["number"])
            await asyncio.sleep(0.6)

    assert numbers == [0, 1, 2]


async def test_processor_time_is_bounded_per_task() -> None:
    pool = a_pool(cpu_s=1)

    with pytest.raises(ChildLimit) as caught:
        await pool.call(f"{HERE}:burn", {}, wall_s=100)

    assert caught.value.fields["limit"] == "cpu"
    assert (await pool.call(f"{HERE}:echo", {"still": "here"})).facts == {"still": "here"}
    await pool.close()


async def test_memory_is_bounded_and_the_next_task_gets_a_new_child() -> None:
    pool = a_pool(memory_mb=512)
    first = (await pool.call(f"{HERE}:about", {})).facts["pid"]

    with pytest.raises(ChildLimit) as caught:
        await pool.call(f"{HERE}:swallow", {"bytes": 2**30})

    assert caught.value.fields["limit"] == "memory"
    assert (await pool.call(f"{HERE}:about", {})).facts["pid"] != first
    await pool.close()


async def test_a_child_that_dies_is_told_and_replaced(pool: ChildPool) -> None:
    with pytest.raises(ChildDied) as caught:
        await pool.call(f"{HERE}:die", {})

    assert caught.value.fields["ended_by"] == "SIGABRT"
    assert (await pool.call(f"{HERE}:echo", {"still": "here"})).facts == {"still": "here"}


async def test_a_child_killed_while_idle_is_replaced_unseen(pool: ChildPool) -> None:
    pid = (await pool.call(f"{HERE}:about", {})).facts["pid"]
    os.kill(pid, signal.SIGKILL)
    assert await wait_for_end(pid)

    assert (await pool.call(f"{HERE}:about", {})).facts["pid"] != pid


async def test_an_error_of_ours_travels_as_itself_and_keeps_the_child(pool: ChildPool) -> None:
    pid = (await pool.call(f"{HERE}:about", {})).facts["pid"]

    with pytest.raises(Unwanted) as caught:
        await pool.call(f"{HERE}:refuse", {})

    assert (caught.value.code, caught.value.sentence, caught.value.field) == ("unwanted", "Not this one.", "picture")
    assert (await pool.call(f"{HERE}:about", {})).facts["pid"] == pid


async def test_an_error_class_that_is_not_ours_is_never_built(pool: ChildPool) -> None:
    with pytest.raises(TaskFailed) as caught:
        await pool.call(f"{HERE}:stumble", {"zero": 0})

    assert caught.value.fields["error"] == "ZeroDivisionError"
    assert str(caught.value.fields["where"]).startswith(HERE)
    assert not isinstance(caught.value, Invalid)


async def test_a_lie_about_sizes_sets_no_memory_aside(pool: ChildPool) -> None:
    with pytest.raises(ChildDied):
        await pool.call(f"{HERE}:lie_about_size", {}, wall_s=10)

    assert pool.memory_mb() == {}


async def test_leaving_early_kills_the_child_at_once(pool: ChildPool) -> None:
    async with aclosing(pool.stream(f"{HERE}:freeze", {})) as steps:
        pid = (await anext(steps)).facts["pid"]
        assert is_alive(pid)

    assert not is_alive(pid)
    assert (await pool.call(f"{HERE}:about", {})).facts["pid"] != pid


async def test_cancelling_the_caller_kills_the_child_within_a_moment(pool: ChildPool) -> None:
    pids: asyncio.Queue[int] = asyncio.Queue()

    async def draw() -> None:
        async with aclosing(pool.stream(f"{HERE}:freeze", {})) as steps:
            async for step in steps:
                pids.put_nowait(step.facts["pid"])

    task = asyncio.create_task(draw())
    pid = await pids.get()
    started = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert not is_alive(pid)
    assert time.monotonic() - started < 2


async def test_who_asked_first_is_served_first(pool: ChildPool) -> None:
    order: list[int] = []

    async def draw(number: int) -> None:
        await pool.call(f"{HERE}:count", {"to": 1, "pause_s": 0.02})
        order.append(number)

    async with asyncio.TaskGroup() as group:
        for number in range(8):
            group.create_task(draw(number))

    assert order == list(range(8))


async def test_an_urgent_task_does_not_wait_for_drawings() -> None:
    pool = a_pool(size=1, urgent_size=1)
    await pool.warm()
    async with aclosing(pool.stream(f"{HERE}:freeze", {})) as drawing:
        await anext(drawing)

        started = time.monotonic()
        await pool.call(f"{HERE}:echo", {}, urgent=True)

        assert time.monotonic() - started < 5
    await pool.close()


async def test_warming_twice_starts_no_second_set() -> None:
    pool = a_pool(size=2, urgent_size=1)

    await pool.warm()
    first = set(pool.memory_mb())
    await pool.warm()

    assert set(pool.memory_mb()) == first
    assert len(first) == 3
    await pool.close()


async def test_a_closed_pool_leaves_no_child_and_takes_no_task(pool: ChildPool) -> None:
    pid = (await pool.call(f"{HERE}:about", {})).facts["pid"]

    await pool.close()

    assert not is_alive(pid)
    with pytest.raises(Unavailable):
        await pool.call(f"{HERE}:echo", {})


async def test_closing_wakes_who_waits_for_a_child(pool: ChildPool) -> None:
    await pool.warm()
    drawing = asyncio.create_task(pool.call(f"{HERE}:freeze", {}))
    await asyncio.sleep(0.1)

    await pool.close()

    with pytest.raises(ChildDied):
        await asyncio.wait_for(drawing, 2)


def test_the_pool_works_on_uvloop_as_well() -> None:
    uvloop = pytest.importorskip("uvloop")

    async def story() -> None:
        pool = a_pool()
        assert (await pool.call(f"{HERE}:echo", {"a": 1}, [b"x" * 3_000_000])).blobs == [b"x" * 3_000_000]
        with pytest.raises(ChildLimit):
            await pool.call(f"{HERE}:freeze", {}, wall_s=0.3)
        with pytest.raises(ChildDied):
            await pool.call(f"{HERE}:die", {})
        waiting = asyncio.create_task(pool.call(f"{HERE}:freeze", {}))
        await asyncio.sleep(0.5)
        await pool.close()
        with pytest.raises(ChildDied):
            await asyncio.wait_for(waiting, 2)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(story())


PARENT = """
import asyncio, sys
from pixelstudio.imaging.children import ChildPool

async def main():
    pool = ChildPool(2, urgent_size=0, preload=(), prefixes=("tests.",))
    await pool.warm()
    async for step in pool.stream("tests.imaging.tasks:freeze", {}):
        print(*pool.memory_mb(), flush=True)

asyncio.run(main())
"""


def test_a_parent_killed_with_9_leaves_no_child_behind() -> None:
    root = str(Path(__file__).parents[2])
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, cwd=root, text=True) as parent:
        assert parent.stdout is not None
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        assert len(pids) == 2
        assert all(is_alive(pid) for pid in pids)

        parent.send_signal(signal.SIGKILL)
        parent.wait(5)

        assert all(asyncio.run(wait_for_end(pid)) for pid in pids)
