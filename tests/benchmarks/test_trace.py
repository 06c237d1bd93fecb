"""Naming why a job began late."""

from __future__ import annotations

import asyncio

import pytest

from pixelstudio.db.migrate import migrate
from tests.benchmarks.queue.contest import database
from tests.benchmarks.queue.starting import ask, wait_for, workers
from tests.benchmarks.queue.trace import Late, Trace, Weather, late_ones
from tests.faults.postgres import a_postgres


def some_weather(*looks: tuple[float, float, float]) -> Weather:
    """Looks at how long somebody has waited for a core, and for the disk."""
    weather = Weather()
    weather.looks = [(moment, {"a core": core, "the disk": disk}) for moment, core, disk in looks]
    return weather


CALM = some_weather((0.0, 5.0, 7.0), (10.0, 5.0, 7.0))


def test_who_begins_in_time_is_not_named() -> None:
    lines = {"put": [[1.0, 1.004]], "rang": [[1.005]], "took": [[1.006, 1.008]], "began": [[1.0, 1.009]]}

    assert late_ones(lines, CALM) == []


@pytest.mark.parametrize(
    ("committed", "heard", "taking", "taken", "step"),
    [
        (1.030, 1.031, 1.032, 1.033, "it was committed"),
        (1.001, 1.031, 1.032, 1.033, "the worker heard of it"),
        (1.001, 1.002, 1.031, 1.033, "it looked for jobs"),
        (1.001, 1.002, 1.003, 1.033, "it had them"),
        (1.001, 1.002, 1.003, 1.004, "it began"),
    ],
)
def test_without_need_the_longest_step_is_the_cause(committed: float, heard: float, taking: float, taken: float, step: str) -> None:
    lines = {"put": [[1.0, committed]], "rang": [[0.5], [heard]], "took": [[0.4, 0.6], [taking, taken]], "began": [[1.0, 1.040]]}

    (late,) = late_ones(lines, CALM)

    assert late.cause == f"the wait until {step}"
    assert late.total_s == pytest.approx(0.040)
    assert str(late).startswith(f"40 ms: the wait until {step} (")


def test_what_the_machine_was_short_of_for_half_of_the_time_is_the_cause() -> None:
    lines = {"put": [[1.0, 1.038]], "rang": [[1.0385]], "took": [[1.0385, 1.039]], "began": [[1.0, 1.040]]}
    weather = some_weather((0.5, 1.0, 1.0), (0.999, 2.0, 2.0), (1.020, 2.004, 2.018), (1.041, 2.006, 2.030), (1.5, 9.0, 9.0))

    (late,) = late_ones(lines, weather)

    assert late.short_of == pytest.approx({"a core": 0.006, "the disk": 0.030})
    assert late.cause == "the disk was waited for"


def test_where_the_system_keeps_no_record_the_steps_are_told_alone() -> None:
    late = Late({"it was committed": 0.030}, {})

    assert str(late) == "30 ms: the wait until it was committed (30 until it was committed; somebody waited for nobody knows what)"


def test_a_trace_is_read_as_it_was_written_in_order_of_time(tmp_path) -> None:
    trace = Trace(f"postgresql://postgres:@/bench?host={tmp_path / 'pg'}")
    trace.note("put", 2.0, 2.5)
    trace.note("rang", 2.6)
    trace.write()
    another = Trace(f"postgresql://postgres:@/bench?host={tmp_path / 'pg'}")
    another.note("put", 1.0, 1.5)
    another.write()
    another.write()

    assert trace.lines() == {"put": [[1.0, 1.5], [2.0, 2.5]], "rang": [[2.6]]}


def test_while_it_is_taken_nothing_is_written(tmp_path) -> None:
    trace = Trace(f"postgresql://postgres:@/bench?host={tmp_path / 'pg'}")

    trace.note("put", 2.0, 2.5)

    assert not trace.path.exists()
    trace.write()
    assert trace.path.exists()


@pytest.mark.slow
async def test_caller_and_worker_leave_their_traces_at_their_ends(scratch) -> None:
    with a_postgres(scratch / "traced") as postgres:
        url = database(postgres.url, "ours")
        await migrate(url)
        with workers("ours-traced", url, 1, scratch / "log") as (worker,):
            worker.say("go")
            await asyncio.to_thread(ask, "ours-traced", "paced", url, 3, 100.0)
            await asyncio.to_thread(wait_for, lambda: worker.started >= 4)
            await asyncio.to_thread(worker.end)

    lines = Trace(url).lines()
    assert [moment for moment, _ in lines["put"]] == [moment for moment, _ in lines["began"]]
    assert len(lines["put"]) == 4
    assert lines["took"]


def test_looking_on_sees_that_time_passes() -> None:
    with Weather.watched() as weather:
        pass

    assert weather.looks
    assert all(span >= 0 for span in weather.between(*(moment for moment, _ in weather.looks[:1] + weather.looks[-1:])).values())
