"""Spans of days: as they are typed, and the fewest signs for every day of one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixelstudio.features.gallery.spans import EARLIEST, signs_of_day, span_of, span_signs

TODAY = date(2026, 11, 28)
DAYS = st.dates(EARLIEST, TODAY)


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("2026", date(2026, 1, 1), TODAY),
        ("2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("2026-2", date(2026, 2, 1), date(2026, 2, 28)),
        ("2026-11-03", date(2026, 11, 3), date(2026, 11, 3)),
        ("Today", TODAY, TODAY),
        ("yesterday", date(2026, 11, 27), date(2026, 11, 27)),
        ("week", date(2026, 11, 22), TODAY),
        ("month", date(2026, 10, 30), TODAY),
        ("year", date(2025, 11, 29), TODAY),
        ("2026-10..2026-11-02", date(2026, 10, 1), date(2026, 11, 2)),
        ("2026-10..", date(2026, 10, 1), TODAY),
        ("..2021", EARLIEST, date(2021, 12, 31)),
    ],
)
def test_a_span_has_its_first_and_last_day(typed, first, last):
    assert span_of(typed, TODAY) == (first, last)


@pytest.mark.parametrize(
    "typed", ["", "..", "soon", "1999", "2026-13", "2026-02-30", "2026-11-28-1", "9999", "today..soon", "2026-10..x", "week..2"]
)
def test_what_is_no_span_is_none(typed):
    assert span_of(typed, TODAY) is None


@given(first=DAYS, last=DAYS)
def test_the_signs_of_a_span_are_on_its_days_and_on_no_other(first, last):
    signs = set(span_signs(first, last))

    for day in (first, last, first - timedelta(days=1), last + timedelta(days=1), first + (last - first) // 2):
        assert bool(signs & set(signs_of_day(day))) == (first <= day <= last)
    assert len(signs) <= 100
