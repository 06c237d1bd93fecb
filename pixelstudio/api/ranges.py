"""Conditional and partial requests: `If-None-Match`, `Range`, `If-Range`, as RFC 9110 sections 13 and 14 have them."""

from __future__ import annotations

import re
from typing import Final

_ONE_RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.IGNORECASE)


class Unsatisfiable(Exception):
    """The range begins behind the end."""


def matches(if_none_match: str | None, etag: str) -> bool:
    """Whether the browser holds these bytes already; compared weakly, as the RFC asks for GET."""
    if if_none_match is None:
        return False
    known = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return "*" in known or etag in known


def wanted_range(header: str | None, if_range: str | None, etag: str, size: int) -> range | None:
    """The bytes asked for; None for all of them. Raises `Unsatisfiable`.

    Several ranges, other units and what cannot be read are answered in full, as the RFC allows; so is a range of other bytes (`If-Range`).
    """
    if header is None or (if_range is not None and if_range.strip() != etag):
        return None
    found = _ONE_RANGE.fullmatch(header.strip())
    if found is None or found[1] == found[2] == "":
        return None
    if not found[1]:
        length = min(int(found[2]), size)
        first, last = size - length, size - 1
    else:
        first, last = int(found[1]), min(int(found[2]), size - 1) if found[2] else size - 1
        if found[2] and int(found[2]) < first:
            return None
    if first > last or first >= size:
        raise Unsatisfiable
    return range(first, last + 1)
