"""Heat: the same ranking as adding everything up anew, at any time; and nothing is left of what was taken back."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixelstudio.features.gallery.heat import COMMENTED, LIKED, PERIODS, PUBLISHED, cooled, heat_of, warmed

BEGUN = datetime(2026, 3, 1, tzinfo=UTC)
HAPPENED = st.lists(st.tuples(st.sampled_from((LIKED, COMMENTED)), st.integers(0, 60 * 24 * 20)), max_size=30)


def added_up(period, happened, now):
    half_life = PERIODS[period] / 4
    return sum(weight * 2 ** ((at - now) / half_life) for weight, at in happened)


def kept(period, happened):
    heat = heat_of(PUBLISHED, happened[0][1], period)
    for weight, at in happened[1:]:
        heat = warmed(heat, weight, at, period)
    return heat


@pytest.mark.parametrize("period", PERIODS)
@given(one=HAPPENED, other=HAPPENED)
def test_the_order_is_that_of_the_decayed_sums(period, one, other):
    both = [[(PUBLISHED, BEGUN), *((w, BEGUN + timedelta(minutes=m)) for w, m in events)] for events in (one, other)]
    now = BEGUN + timedelta(days=20)

    sums, heats = [math.log2(added_up(period, events, now)) for events in both], [kept(period, events) for events in both]

    assert heats[0] - heats[1] == pytest.approx(sums[0] - sums[1], abs=1e-6)


@given(minutes=st.integers(0, 60 * 24 * 300))
def test_what_is_taken_back_is_gone_and_never_less_than_being_published(minutes):
    at = BEGUN + timedelta(minutes=minutes)
    for period in PERIODS:
        least = heat_of(PUBLISHED, BEGUN, period)
        back = cooled(warmed(least, LIKED, at, period), LIKED, at, BEGUN, period)
        assert back >= least
        assert back == pytest.approx(least, abs=0.01) or minutes > 60 * 24 * 2


def test_a_like_is_worth_three_a_comment_two():
    published = heat_of(PUBLISHED, BEGUN, "7d")

    assert 2 ** (warmed(published, LIKED, BEGUN, "7d") - published) == pytest.approx(4)
    assert 2 ** (warmed(published, COMMENTED, BEGUN, "7d") - published) == pytest.approx(3)
