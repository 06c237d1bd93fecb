"""What a credit stands for, and how dollars at a provider become credits here."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal
from typing import Final

USD_PER_CREDIT: Final = Decimal("0.04")
"""A credit stands for up to this much at a provider."""


def credits_for(usd: Decimal) -> int:
    """Whole credits for what a picture costs at the provider at most; rounded up, at least one."""
    return max(1, int((usd / USD_PER_CREDIT).to_integral_value(ROUND_CEILING)))
