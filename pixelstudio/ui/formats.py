"""How values become words: times, sizes, prices, places in line. The only module that formats them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from pixelstudio.core.limits import COUNTED_MAX

NAME_MAX: Final = 48
"""What a picture is called by in a sentence, in characters."""
_MINUTE: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)


def ago(then: datetime, now: datetime) -> str:
    """How long ago, as one says it; after a week the date (UTC)."""
    past = now - then
    if past < _MINUTE:
        return "just now"
    if past < _HOUR:
        return f"{past // _MINUTE} min ago"
    if past < _DAY:
        return f"{past // _HOUR} h ago"
    if past < _WEEK:
        days = past // _DAY
        return "yesterday" if days == 1 else f"{days} days ago"
    return f"{then.day} {then:%B %Y}"


def size(width: int, height: int) -> str:
    """A picture's size in pixels."""
    return f"{width} × {height}"


def weight(size_bytes: int) -> str:
    """How large a file is."""
    return f"{size_bytes / 1_000_000:.1f} MB" if size_bytes >= 1_000_000 else f"{max(1, round(size_bytes / 1000))} KB"


def price(credits_: int) -> str:
    """A price in credits."""
    match credits_:
        case 0:
            return "Free"
        case 1:
            return "1 credit"
        case _:
            return f"{credits_} credits"


def credits_(count: int) -> str:
    """An amount of credits."""
    return "1 credit" if count == 1 else f"{count:,} credits"


def share(part: float) -> str:
    """A part of a whole."""
    return f"{part * 100:g} %"


def frequency(a_second: float) -> str:
    """How often something may happen."""
    a_minute = a_second * 60
    return f"{a_minute:,.0f} a minute" if a_minute >= 1 else f"{max(1, round(a_minute * 60))} an hour"


def held(credits_: int, until: datetime | None) -> str:
    """What becomes of credits that are held for something nobody can say the end of."""
    if not credits_ or until is None:
        return ""
    are, come = ("is", "comes") if credits_ == 1 else ("are", "come")
    return f"Its {price(credits_)} {are} held until {until.day} {until:%b, %H:%M} UTC, then {come} back."


def ordinal(place: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th, 22nd."""
    ending = "th" if place % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{ending}"


def duration(seconds: float) -> str:
    """How long something took."""
    if seconds < 9.95:
        return f"{max(0.1, seconds):.1f} s"
    whole = round(seconds)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60} s"


def lasting(low_s: float, high_s: float) -> str:
    """How long something will take, from a range: rounded to what one can rely on."""
    if high_s >= 90:
        return f"{_span(low_s / 60, high_s / 60)} min"
    return f"{_span(_coarse(low_s), _coarse(high_s))} s"


def wait(low_s: float, high_s: float) -> str:
    """The same within a sentence."""
    return f"about {lasting(low_s, high_s)}"


def done_in(low_s: float, high_s: float) -> str:
    """The same as a sentence of its own."""
    return f"Done in {wait(low_s, high_s)}."


def _coarse(seconds: float) -> float:
    return seconds if seconds < 10 else 5 * round(seconds / 5)


def _span(low: float, high: float) -> str:
    first, last = max(1, round(low)), max(1, round(high))
    return str(first) if first >= last else f"{first}–{last}"


def facts(*words: str) -> str:
    """Short facts in a row, held apart by space alone; where the row ends, the next one begins with a fact."""
    return "\N{NO-BREAK SPACE} ".join(words)


def pictures(count: int) -> str:
    """A number of pictures."""
    return "1 picture" if count == 1 else f"{count} pictures"


def clipped(text: str, length: int) -> str:
    """The first words of a text, within `length` characters."""
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[: length - 1].rsplit(' ', 1)[0]}…"


def called(words: str) -> str:
    """A picture by its title, or by the beginning of its sentence, in quotes."""
    return f"“{clipped(words, NAME_MAX)}”"


def day(then: datetime) -> str:
    """A date (UTC)."""
    return f"{then.day} {then:%B %Y}"


def moment(then: datetime) -> str:
    """A point in time, exactly (UTC)."""
    return f"{then.day} {then:%B %Y, %H:%M} UTC"


def counted(count: int, noun: str) -> str:
    """How many of something: "1 like", "12 likes", "1,000+ pictures" beyond what anybody counts."""
    if count > COUNTED_MAX and noun == "picture":
        return f"{COUNTED_MAX:,}+ pictures"
    return f"1 {noun}" if count == 1 else f"{count:,} {noun}s"
