"""Keyset paging: a page, and the opaque cursor that leads to the next one."""

from __future__ import annotations

import base64
import binascii
import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Generic, TypeVar

from pixelstudio.core.errors import Invalid
from pixelstudio.core.ids import is_id

Item = TypeVar("Item")

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_CURSOR_MAX: Final = 100
_MARK_MAX: Final = 4e9
"""Beyond every count, and every moment in seconds that a date can name."""


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some items, newest first; `next_cursor` is "" on the last page."""

    items: list[Item]
    next_cursor: str


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place after one row of a list ordered by creation and id, newest first."""

    created_at: datetime
    id: str

    def encoded(self) -> str:
        """As it travels: opaque, and the same for the same row."""
        micros = (self.created_at - _EPOCH) // timedelta(microseconds=1)
        return base64.urlsafe_b64encode(f"{micros}.{self.id}".encode()).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class Mark:
    """The place after one row of a list ordered by a number and the id, largest first."""

    value: float
    id: str

    def encoded(self) -> str:
        """As it travels: opaque, and the same for the same row."""
        return base64.urlsafe_b64encode(f"{self.value!r} {self.id}".encode()).decode().rstrip("=")


def marked(text: str | None) -> Mark | None:
    """The mark somebody sent; None when they sent none. Raises `Invalid` for what is not one of ours."""
    if not text:
        return None
    try:
        padded = text[:_CURSOR_MAX] + "=" * (-len(text[:_CURSOR_MAX]) % 4)
        value, _, row_id = base64.urlsafe_b64decode(padded.encode("ascii")).decode("ascii").partition(" ")
        mark = Mark(float(value), row_id)
    except (ValueError, OverflowError, binascii.Error) as error:
        raise _not_a_cursor() from error
    if not is_id(mark.id) or not math.isfinite(mark.value) or abs(mark.value) > _MARK_MAX:
        raise _not_a_cursor()
    return mark


def decoded(text: str | None) -> Cursor | None:
    """The cursor somebody sent; None when they sent none. Raises `Invalid` for what is not one of ours."""
    if not text:
        return None
    try:
        padded = text[:_CURSOR_MAX] + "=" * (-len(text[:_CURSOR_MAX]) % 4)
        micros, _, row_id = base64.urlsafe_b64decode(padded.encode("ascii")).decode("ascii").partition(".")
        cursor = Cursor(_EPOCH + timedelta(microseconds=int(micros)), row_id)
    except (ValueError, OverflowError, binascii.Error) as error:
        raise _not_a_cursor() from error
    if not is_id(cursor.id):
        raise _not_a_cursor()
    return cursor


def _not_a_cursor() -> Invalid:
    return Invalid("This page of the list is not known. Start again from the first page.", code="cursor_invalid", field="before")
