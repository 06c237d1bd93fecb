"""A short campaign on each database in every run of the tests; the long one is `make chaos`. And the attack proves itself."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import pytest

from tests.chaos.__main__ import judged
from tests.chaos.campaign import Plan
from tests.chaos.verdict import nobody_is_charged_twice

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_nothing_is_lost_and_nobody_pays_twice_whatever_is_killed(kind: str, scratch: Path) -> None:
    plan = Plan(secrets.randbelow(1_000_000), jobs=40, storm_s=3.0, lease_s=1.2)

    told = judged(plan, kind, scratch / f"chaos-{kind}")

    assert told.story is None, f"{told.story}\n{told.summary}\nseed {plan.seed}"
    assert told.evidence.strikes


def test_without_the_sent_mark_somebody_pays_twice(scratch: Path) -> None:
    """The attack proves itself: the same campaign finds it when the wall is taken out. Whom it strikes is chance, so it has a few tries."""
    for seed in range(7, 12):
        plan = Plan(seed, jobs=40, storm_s=1.0, lease_s=1.0, risk=0.6, with_mark=False, kinds=("none",))
        told = judged(plan, "sqlite", scratch / f"chaos-unmarked-{seed}")
        if list(nobody_is_charged_twice(told.evidence)):
            assert told.story is not None
            assert told.story.startswith("BROKEN: nobody is charged twice")
            return
    pytest.fail("five campaigns without the wall, and nobody was charged twice")
