"""Spans: days, months and years as people type them behind `date:`, and the fewest signs that have every day of one."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from pixelstudio.core.text import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

EARLIEST: Final = date(2020, 1, 1)
"""Nothing was published before."""
_BACK: Final = {"today": (0, 0), "yesterday": (1, 1), "week": (6, 0), "month": (29, 0), "year": (364, 0)}
_DAY: Final = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_ONE: Final = timedelta(days=1)


def span_of(typed: str, today: date) -> tuple[date, date] | None:
    """The first and the last day that are meant: by `2026`, `2026-11`, `2026-11-28`, `today`, `yesterday`, `week`, `month`, `year` (the days
    up to today), or two of these with `..` between, of which one may be left out. None for anything else.
    """
    early, is_range, late = typed.partition("..")
    first, last = _one(early, today), _one(late if is_range else early, today)
    if is_range and not early.strip():
        first = (EARLIEST, EARLIEST)
    if is_range and not late.strip():
        last = (today, today)
    if first is None or last is None or not (early.strip() or late.strip()):
        return None
    return max(first[0], EARLIEST), min(last[1], today)


def span_signs(first: date, last: date) -> list[str]:
    """The values of `date:` signs that together have every day from the first to the last, and no other; none when there is no day."""
    return list(_values(first, last))


def signs_of_day(day: date) -> tuple[str, str, str]:
    """The values of `date:` signs that a post of this day has: of its year, its month and itself."""
    return f"{day:%Y}", f"{day:%Y-%m}", f"{day:%Y-%m-%d}"


def _values(day: date, last: date) -> Iterator[str]:
    while day <= last:
        year, month, itself = signs_of_day(day)
        if day.day == 1 and day.month == 1 and (end := _end_of(day.year)) <= last:
            yield year
        elif day.day == 1 and (end := _end_of(day.year, day.month)) <= last:
            yield month
        else:
            end = day
            yield itself
        day = end + _ONE


def _one(typed: str, today: date) -> tuple[date, date] | None:
    named = "-".join(words_of(typed))
    if named in _BACK:
        first, last = _BACK[named]
        return today - first * _ONE, today - last * _ONE
    found = _DAY.fullmatch(named)
    year, month, day = (int(part) if part else 0 for part in found.groups()) if found else (0, 0, 0)
    if not EARLIEST.year <= year <= today.year + 1 or (found and found[2] and not 1 <= month <= 12):
        return None
    if not found or not found[3]:
        return date(year, month or 1, 1), _end_of(year, month)
    try:
        return date(year, month, day), date(year, month, day)
    except ValueError:  # the thirtieth of February
        return None


def _end_of(year: int, month: int = 0) -> date:
    """The last day of a month, or of a year."""
    return (date(year + 1, 1, 1) if month in {0, 12} else date(year, month + 1, 1)) - _ONE
