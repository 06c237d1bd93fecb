"""Heat: how much a picture is liked and talked about lately, as one number a period that is written when something happens and never again.

What happened counts `weight`, and half as much after each half-life: S(t) = sum of weight * 2^((at - t) / half-life). The order of two
pictures by S is the same at every t, so log2 S(t) + t / half-life is kept: it changes only when something happens, and an index on it is
the ranking of now. A half-life is a quarter of the period: what is as old as the period counts a sixteenth.
Weights: being published 1, a like 3, a comment 2.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Final

PUBLISHED: Final = 1
LIKED: Final = 3
COMMENTED: Final = 2
PERIODS: Final[dict[str, timedelta]] = {
    "24h": timedelta(hours=24),
    "48h": timedelta(hours=48),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
}
_HALF_LIVES: Final = 4
_EPOCH: Final = datetime(2025, 1, 1, tzinfo=UTC)


def heat_of(weight: int, at: datetime, period: str) -> float:
    """The heat of something that happened once."""
    return math.log2(weight) + (at - _EPOCH) / (PERIODS[period] / _HALF_LIVES)


def warmed(heat: float, weight: int, at: datetime, period: str) -> float:
    """The heat after something has happened."""
    more = heat_of(weight, at, period)
    return max(heat, more) + math.log2(1 + 2.0 ** -min(abs(heat - more), 1_000))


def warmth(heat: float, at: datetime, period: str) -> float:
    """What the heat stands for at a moment: S(t), the sum of the weights of everything that happened, each as far as it still counts."""
    return 2.0 ** max(-1_000.0, min(1_000.0, heat - (at - _EPOCH) / (PERIODS[period] / _HALF_LIVES)))


def cooled(heat: float, weight: int, at: datetime, published_at: datetime, period: str) -> float:
    """The heat after what happened at `at` was taken back; never less than that of being published, whatever the rounding."""
    least = heat_of(PUBLISHED, published_at, period)
    above = heat - heat_of(weight, at, period)
    return max(least, heat + math.log2(1 - 2.0 ** -min(above, 1_000))) if above > 1e-9 else least
