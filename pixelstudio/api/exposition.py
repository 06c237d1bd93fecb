"""What is measured, in the words Prometheus reads: the lanes as they stand, what this process's worker has done, and the process itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from pixelstudio.jobs.lanes import LaneStanding
from pixelstudio.jobs.meter import BOUNDS_S, Meter, Spread


@dataclass(frozen=True, eq=False)
class Work(Collector):
    """What the worker of this process has done since it started."""

    meter: Meter

    def collect(self) -> Iterator[Metric]:
        """The families, as they are now."""
        waited = HistogramMetricFamily("pixelstudio_job_wait_seconds", "How long jobs were due before they were begun.", labels=["lane"])
        ran = HistogramMetricFamily("pixelstudio_job_run_seconds", "How long attempts at jobs took.", labels=["lane"])
        ended = CounterMetricFamily(
            "pixelstudio_job_attempts", "Attempts at jobs that are over, by how they ended.", labels=["lane", "outcome"]
        )
        for lane, of_lane in sorted(self.meter.lanes.items()):
            _add_spread(waited, lane, of_lane.waited)
            _add_spread(ran, lane, of_lane.ran)
            for outcome, count in sorted(of_lane.ended.items()):
                ended.add_metric([lane, outcome], count)
        yield from (waited, ran, ended)
        rescued = "Jobs taken back from workers that went silent."
        yield CounterMetricFamily("pixelstudio_leases_rescued", rescued, value=self.meter.rescued)


@dataclass(frozen=True, eq=False)
class Standing(Collector):
    """The lanes as the database has them, and how late this process's loop was at worst in the last minute or two."""

    lanes: Sequence[LaneStanding]
    lag_ms: int

    def collect(self) -> Iterator[Metric]:
        """The families of one look."""
        yield _by_lane("jobs_waiting", "Jobs in line.", [(lane.id, lane.ready) for lane in self.lanes])
        yield _by_lane("jobs_later", "Jobs that become due later.", [(lane.id, lane.later) for lane in self.lanes])
        yield _by_lane("jobs_running", "Jobs that hold a place of their lane.", [(lane.id, lane.running) for lane in self.lanes])
        yield _by_lane("jobs_unknown", "Jobs nobody can say the end of.", [(lane.id, lane.unknown) for lane in self.lanes])
        yield _by_lane("lane_places", "Jobs a lane runs at a time.", [(lane.id, lane.max_inflight) for lane in self.lanes])
        oldest = "How long the job has waited that waits longest."
        yield _by_lane("oldest_wait_seconds", oldest, [(lane.id, lane.oldest_ready_s) for lane in self.lanes])
        lag = "The longest the event loop was held up in the last minute or two."
        yield GaugeMetricFamily("pixelstudio_loop_lag_seconds", lag, value=self.lag_ms / 1_000)


def registry_of(*collectors: Collector) -> CollectorRegistry:
    """These, and the process: its memory, its processor time, its open files."""
    registry = CollectorRegistry(auto_describe=False)
    for collector in collectors:
        registry.register(collector)
    ProcessCollector(registry=registry)
    return registry


def _by_lane(name: str, words: str, values: Sequence[tuple[str, float]]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"pixelstudio_{name}", words, labels=["lane"])
    for lane, value in values:
        family.add_metric([lane], value)
    return family


def _add_spread(family: HistogramMetricFamily, lane: str, spread: Spread) -> None:
    bounds = [*map(str, BOUNDS_S), "+Inf"]
    family.add_metric([lane], list(zip(bounds, accumulate(spread.counts), strict=True)), spread.total_s)
