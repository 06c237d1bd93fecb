"""What should worry somebody is said once each, and nothing else is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from pixelstudio.features.generation.forecasts import HitRate
from pixelstudio.features.operations.alerts import alerts_of, watch
from pixelstudio.features.operations.lanes import Lane
from pixelstudio.jobs.lanes import LaneStanding
from tests.jobs.floor import Lane as QueueLane
from tests.jobs.floor import change, put, take

WELL = LaneStanding("paid", 2, ready=3, running=2, oldest_ready_s=20.0)
TRUE, UNTRUE = HitRate("paid", 10, 8, 2), HitRate("paid", 4, 6, 10)


def worries(standing, forecasts=TRUE, objective_s=300.0):
    return [alert.kind for alert in alerts_of([Lane(standing, forecasts)], objective_s)]


@pytest.mark.parametrize(
    ("standing", "kinds"),
    [
        (WELL, []),
        (replace(WELL, oldest_ready_s=301.0), ["slow"]),
        (replace(WELL, oldest_ready_s=61.0, running=1), ["idle"]),
        (replace(WELL, oldest_ready_s=61.0, running=1, rate=0.5), []),
        (replace(WELL, oldest_ready_s=301.0, running=0, pause_reason="maintainer"), ["slow"]),
        (replace(WELL, silent=1), ["silent"]),
        (replace(WELL, breaker="open", running=0, oldest_ready_s=90.0), ["breaker"]),
        (replace(WELL, breaker="half_open"), ["breaker"]),
        (replace(WELL, unknown=2), ["unknown"]),
    ],
)
def test_each_thing_worries_by_itself(standing, kinds):
    assert worries(standing) == kinds


def test_forecasts_worry_when_enough_of_them_were_too_short():
    assert worries(WELL, UNTRUE) == ["forecast"]
    assert worries(WELL, replace(UNTRUE, sooner=0, within=0)) == []
    (alert,) = alerts_of([Lane(WELL, UNTRUE)], 300.0)
    assert alert.sentence == "Only 50% of jobs came by the time that was shown; it should be 90%."


def test_who_waits_too_long_is_said_with_both_times():
    (alert,) = alerts_of([Lane(replace(WELL, oldest_ready_s=720.0), TRUE)], 300.0)

    assert alert.sentence == "The first in line has waited 12 minutes; nobody should wait longer than 5 minutes."


async def test_the_watch_warns_the_log(studio):
    await put(studio.db, lane="sketch")
    await take(studio.db, wanted=1, lane=QueueLane("sketch", 1))
    await change(studio.db, "UPDATE q_job SET lease_until=0")

    with capture_logs() as logs:
        found = await watch(studio)

    assert [alert.kind for alert in found] == ["silent"]
    assert [(line["event"], line["kind"], line["lane"], line["log_level"]) for line in logs] == [
        ("queue.alert", "silent", "sketch", "warning")
    ]
