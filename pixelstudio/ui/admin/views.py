"""What /admin shows of a lane, of what should worry somebody, and of the books; in words that stay as they are while nothing happens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from pixelstudio.features.operations.alerts import REFUSED
from pixelstudio.ui import formats
from pixelstudio.ui.components.moment import instant

if TYPE_CHECKING:
    from pixelstudio.features.credits.audit import Audit
    from pixelstudio.features.operations.alerts import Alert
    from pixelstudio.features.operations.lanes import Lane
    from pixelstudio.features.webhooks.log import DeliveryView, RefusalView

_STATES: Final = {
    "held": "Paused",
    "throttled": "Waits for the provider",
    "open": "Provider fails",
    "half_open": "Provider is tried",
    "works": "Works",
    "idle": "Idle",
}

_PLACED: Final = {
    "taken": "Its job went on",
    "kept": "No job waited for it",
    "late": "Its job had ended",
    "noted": "Only noted",
}


@dataclass(frozen=True, slots=True)
class LaneCard:
    """One lane in words. `since` is when the first in line became ready, `until` when a pause ends; "" for none."""

    id: str
    state: str
    word: str
    depth: str
    since: str
    until: str
    running: str
    rate: str
    hit_rate: str
    is_held: bool
    may_try: bool
    """Whether its provider could be tried at once, before its pause is over."""


@dataclass(frozen=True, slots=True)
class AlertCard:
    """One thing that should worry somebody."""

    key: str
    lane: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Books:
    """What the ledger came to when it was added up; `at` is "" until then."""

    at: str = ""
    is_right: bool = True
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryCard:
    """One delivery of a provider. `again` says how often it was brought, when more than once."""

    id: str
    provider: str
    drawing: str
    status: str
    placed: str
    again: str
    at: str


@dataclass(frozen=True, slots=True)
class RefusalCard:
    """What was refused lately of one provider, for one reason."""

    key: str
    sentence: str


def lane_card(lane: Lane) -> LaneCard:
    """One lane."""
    stands, state = lane.standing, _state(lane)
    paused_until = datetime.fromtimestamp(stands.paused_until, UTC) if stands.paused_until and not lane.is_held else None
    return LaneCard(
        id=lane.id,
        state=state,
        word=_STATES[state],
        depth=_depth(stands.ready, stands.later, stands.unknown),
        since=instant(lane.ready_since),
        until=instant(paused_until),
        running=f"{stands.running} of {stands.max_inflight}",
        rate=_rate(stands.rate, stands.declared_rate),
        hit_rate=_hit_rate(lane),
        is_held=lane.is_held,
        may_try=paused_until is not None,
    )


def alert_card(alert: Alert) -> AlertCard:
    """One alert."""
    return AlertCard(f"{alert.lane}:{alert.kind}", alert.lane, alert.sentence)


def books_of(audit: Audit, now: datetime) -> Books:
    """The ledger, added up."""
    if audit.faults:
        found = "; ".join(f"{count} {fault}" for fault, count in audit.faults.items())
        return Books(instant(now), is_right=False, sentence=f"The books do not add up: {found}. Keep a copy of the database and report it.")
    totals = f"{formats.credits_(audit.available)} free, {formats.credits_(audit.held)} held"
    return Books(instant(now), sentence=f"{audit.summed}: {totals}. Nobody is below zero.")


def delivery_card(view: DeliveryView) -> DeliveryCard:
    """One delivery."""
    return DeliveryCard(
        id=view.id,
        provider=view.provider,
        drawing=view.external_id or "not named",
        status=view.status or "nothing",
        placed=placed_in_words(view.placed),
        again=f"brought {view.times} times" if view.times > 1 else "",
        at=instant(view.received_at),
    )


def placed_in_words(placed: str) -> str:
    """What became of a delivery."""
    return _PLACED.get(placed, placed)


def refusal_card(view: RefusalView) -> RefusalCard:
    """What was refused lately."""
    count = "1 webhook was" if view.times == 1 else f"{view.times:,} webhooks were"
    sentence = f"{count} refused within the hour: {REFUSED[view.code]}."
    return RefusalCard(f"{view.provider}:{view.code}", f"{view.provider}: {sentence}")


def _state(lane: Lane) -> str:
    if lane.is_held:
        return "held"
    if lane.standing.breaker != "closed":
        return lane.standing.breaker
    if lane.standing.pause_reason == "throttled":
        return "throttled"
    return "works" if lane.standing.running or lane.standing.ready else "idle"


def _depth(ready: int, later: int, unknown: int) -> str:
    counts = ((ready, "in line"), (later, "later"), (unknown, "not known"))
    return ", ".join(f"{count:,} {word}" for count, word in counts if count) or "Nothing in line"


def _rate(rate: float | None, declared: float | None) -> str:
    if rate is None:
        return "as many as there is room for"
    slowed = f", slowed from {formats.frequency(declared)}" if declared is not None and rate < declared else ""
    return f"{formats.frequency(rate)}{slowed}"


def _hit_rate(lane: Lane) -> str:
    came = lane.forecasts
    if not came.judged:
        return "No forecast judged in the last days"
    sooner, within, later = (round(100 * part / came.judged) for part in (came.sooner, came.within, came.later))
    return f"{within} % within, {sooner} % sooner, {later} % later, of {came.judged:,}"
