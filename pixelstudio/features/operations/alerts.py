"""Alerts: what should worry whoever looks after the installation, each a sentence; found by looking, and told to the log once a minute."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from pixelstudio.core.log import get_logger
from pixelstudio.features.generation.reasons import in_words
from pixelstudio.features.generation.spending import spending_of
from pixelstudio.features.operations.lanes import lanes_of
from pixelstudio.features.webhooks.log import WORRYING, refusals_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pixelstudio.features.generation.spending import Spending
    from pixelstudio.features.operations.lanes import Lane
    from pixelstudio.features.webhooks.log import RefusalView
    from pixelstudio.studio import Studio

Kind: TypeAlias = Literal["slow", "idle", "silent", "breaker", "unknown", "forecast", "webhook", "spending"]
REFUSED: Final = {
    "signature_missing": "they are not signed",
    "signature_wrong": "the signature does not fit. See that the secret here is the one the provider signs with",
    "signature_untimely": "they were signed at another time than now. See that this machine's clock is right",
    "delivery_malformed": "what was signed is no delivery",
}
WATCH_EVERY_S: Final = 60.0
IDLE_AFTER_S: Final = 60.0
"""A free place and a ready job meet within moments; after this long nobody works."""
JUDGED_ENOUGH: Final = 20
KEPT_LEAST: Final = 0.8
"""Nine in ten should come by the later figure; below this the forecasts mislead."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing that should worry somebody, in one lane, or with what one provider brings."""

    kind: Kind
    lane: str
    sentence: str


def alerts_of(lanes: Sequence[Lane], objective_s: float) -> list[Alert]:
    """Everything that should worry somebody now. `objective_s` is how long nobody should have to wait in line."""
    return [alert for lane in lanes for alert in _alerts(lane, objective_s)]


def brought_alerts(refusals: Sequence[RefusalView]) -> list[Alert]:
    """What should worry somebody about what providers bring: so much of it is not genuine that a secret may not fit."""
    return [
        Alert(
            "webhook",
            refusal.provider,
            f"{refusal.times} webhooks were refused within the hour: {REFUSED[refusal.code]}.",
        )
        for refusal in refusals
        if refusal.times >= WORRYING
    ]


def spending_alerts(spendings: Sequence[Spending]) -> list[Alert]:
    """Who has little left, or nothing, of what the owner allows this month."""
    return [
        Alert(
            "spending",
            one.provider,
            f"{one.spent:,} of the {one.allowed:,} credits allowed this month are used; no more is drawn there than that. "
            "SPENDING_CAPS_CREDITS says how many.",
        )
        for one in spendings
        if one.is_near
    ]


async def watch(studio: Studio) -> list[Alert]:
    """Look, and warn the log of what is found."""
    async with studio.db.reader() as reader:
        found = alerts_of(await lanes_of(reader), studio.settings.wait_objective_s) + brought_alerts(await refusals_of(reader))
        found += spending_alerts(await spending_of(reader, studio))
    for alert in found:
        get_logger().warning("queue.alert", kind=alert.kind, lane=alert.lane, said=alert.sentence)
    return found


def _alerts(lane: Lane, objective_s: float) -> Iterator[Alert]:
    stands = lane.standing
    if stands.oldest_ready_s > objective_s:
        waited = f"The first in line has waited {in_words(stands.oldest_ready_s)}; nobody should wait longer than {in_words(objective_s)}."
        yield Alert("slow", lane.id, waited)
    if stands.oldest_ready_s > IDLE_AFTER_S and stands.running < stands.max_inflight and not _is_held_up(lane):
        yield Alert("idle", lane.id, "Jobs wait though there is room. See that `serve` or a `worker` is running.")
    if stands.silent:
        yield Alert(
            "silent", lane.id, f"{_jobs(stands.silent)} held by a worker that is silent. Another takes them up when one is running."
        )
    if stands.breaker != "closed":
        yield Alert(
            "breaker", lane.id, "The provider fails. Nothing is sent there until a try succeeds; the queue takes jobs all the same."
        )
    if stands.unknown:
        sentence = f"{_jobs(stands.unknown)} of which nobody can say the end. `python -m pixelstudio settle` lists them."
        yield Alert("unknown", lane.id, sentence)
    if lane.forecasts.judged >= JUDGED_ENOUGH and lane.forecasts.kept < KEPT_LEAST:
        share = f"{round(100 * lane.forecasts.kept)}%"
        yield Alert("forecast", lane.id, f"Only {share} of jobs came by the time that was shown; it should be 90%.")


def _is_held_up(lane: Lane) -> bool:
    """Whether it is known why nothing begins."""
    return lane.standing.pause_reason is not None or lane.standing.breaker != "closed" or lane.standing.rate is not None


def _jobs(count: int) -> str:
    return "1 job" if count == 1 else f"{count} jobs"
