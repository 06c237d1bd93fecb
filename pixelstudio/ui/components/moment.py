"""Moments: a `<time>` in the reader's own time zone. The server sends the instant and its words in UTC; the browser says it locally.

Kinds: `moment` (date and hour), `day`, `ago` (goes on by itself), `since` and `until` (count up and down).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import reflex as rx

Kind = Literal["moment", "day", "ago", "since", "until"]


class LocalTime(rx.Component):
    """The element, from `assets/local-time.js`."""

    library = "$/public/local-time.js"
    tag = "LocalTime"
    is_default = False

    at: rx.Var[str]
    kind: rx.Var[str]
    words: rx.Var[str]


def local_time(at: Any, kind: Kind = "moment", words: Any = "", **props: Any) -> rx.Component:
    """A moment of the reader's. `at` is what `instant` gave; `words` stand in where the browser cannot say it."""
    return LocalTime.create(at=at, kind=kind, words=words, **props)


def instant(then: datetime | None) -> str:
    """A moment as it travels: ISO 8601 with its zone; "" for none."""
    return then.isoformat(timespec="seconds") if then else ""
