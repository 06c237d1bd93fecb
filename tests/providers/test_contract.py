"""What an account allows, as the queue is told it."""

from __future__ import annotations

import pytest

from pixelstudio.providers.contract import LaneTerms


@pytest.mark.parametrize("per_minute", [2, 5, 30, 500])
@pytest.mark.parametrize("concurrency", [1, 4, 50])
def test_no_minute_has_more_calls_than_the_account_allows(per_minute: int, concurrency: int):
    terms = LaneTerms(concurrency, per_minute)

    assert terms.rate is not None
    assert terms.rate > 0
    assert 1 <= terms.burst <= concurrency
    assert terms.rate * 60 + terms.burst <= per_minute + 1e-9


def test_an_account_that_says_nothing_is_limited_by_calls_at_a_time_alone():
    assert (LaneTerms(4).rate, LaneTerms(4).burst) == (None, 1)
