"""What is measured, in the words Prometheus reads: the lanes as they stand, what this process's worker has done, and the process itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from pixelstudio.features.generation.forecasts import HitRate
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
    forecasts: Mapping[str, HitRate]
    lag_ms: int

    def collect(self) -> Iterator[Metric]:
        """The families of one look."""
        yield _by_lane("jobs_waiting", "Jobs in line.", [(lane.id, lane.ready) for lane in self.lanes])
        yield _by_lane("jobs_later", "Jobs that become due later.", [(lane.id, lane.later) for lane in self.lanes])
        yield _by_lane("jobs_running", "Jobs that hold a place of their lane.", [(lane.id, lane.running) for lane in self.lanes])
        yield _by_lane("jobs_unknown", "Jobs nobody can say the end of.", [(lane.id, lane.unknown) for lane in self.lanes])
        yield _by_lane("lane_places", "Jobs a lane runs at a time.", [(lane.id, lane.max_inflight) for lane in self.lanes])
        rates = [(lane.id, lane.rate) for lane in self.lanes if lane.rate is not None]
        yield _by_lane("lane_rate", "Jobs a lane may begin a second at present, where that is limited.", rates)
        yield _by_lane(
            "lane_paused", "Whether nothing may begin in a lane for now.", [(lane.id, lane.pause_reason is not None) for lane in self.lanes]
        )
        yield _by_lane(
            "breaker_open", "Whether the provider of a lane fails.", [(lane.id, lane.breaker != "closed") for lane in self.lanes]
        )
        yield _forecasts(self.forecasts)
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


def _forecasts(rates: Mapping[str, HitRate]) -> GaugeMetricFamily:
    words = "Jobs of the last days whose pictures came sooner than the wait shown, within it, or later."
    family = GaugeMetricFamily("pixelstudio_forecasts", words, labels=["lane", "came"])
    for lane, rate in sorted(rates.items()):
        for came, count in (("sooner", rate.sooner), ("within", rate.within), ("later", rate.later)):
            family.add_metric([lane, came], count)
    return family


def _by_lane(name: str, words: str, values: Sequence[tuple[str, float]]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"pixelstudio_{name}", words, labels=["lane"])
    for lane, value in values:
        family.add_metric([lane], value)
    return family


def _add_spread(family: HistogramMetricFamily, lane: str, spread: Spread) -> None:
    bounds = [*map(str, BOUNDS_S), "+Inf"]
    family.add_metric([lane], list(zip(bounds, accumulate(spread.counts), strict=True)), spread.total_s)
