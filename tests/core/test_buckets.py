"""Token buckets: bursts, rates, waits, and a memory that does not grow."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pixelstudio.core.buckets import Bucket, Buckets


class Hand:
    """A clock that is turned by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_is_let_through_and_then_the_rate():
    clock = Hand()
    bucket = Bucket(rate=2, burst=3, clock=clock)

    assert [bucket.take() for _ in range(4)] == [True, True, True, False]
    clock.now += 0.5
    assert [bucket.take() for _ in range(2)] == [True, False]


def test_the_wait_is_exactly_long_enough():
    clock = Hand()
    buckets = Buckets(rate=2, burst=4, most=10, clock=clock)
    assert buckets.take("a", 4) == 0

    wait_s = buckets.take("a", 3)
    clock.now += wait_s

    assert wait_s == 1.5
    assert buckets.take("a", 3) == 0


def test_one_key_takes_nothing_from_another():
    buckets = Buckets(rate=1, burst=1, most=10, clock=Hand())

    assert [buckets.take(key) > 0 for key in ("a", "b", "a")] == [False, False, True]


def test_what_is_remembered_is_bounded_and_the_busy_are_remembered_longest():
    buckets = Buckets(rate=0.001, burst=1, most=100, clock=Hand())
    buckets.take("busy")
    for n in range(10_000):
        buckets.take(f"passer-by {n}")
        assert buckets.take("busy") > 0

    assert len(buckets) == 100


@given(st.lists(st.tuples(st.floats(0, 10), st.floats(0.1, 5)), max_size=60))
def test_no_more_ever_comes_out_than_flowed_in(steps):
    clock, taken = Hand(), 0.0
    bucket = Bucket(rate=3, burst=7, clock=clock)

    for pause, cost in steps:
        clock.now += pause
        taken += cost if bucket.take(cost) else 0

    assert taken <= 7 + 3 * clock.now + 1e-6
