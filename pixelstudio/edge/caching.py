"""How long each kind of answer may be kept, and by whom: one table. An answer that says so itself keeps what it says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_KEPT: Final = frozenset({200, 206, 304})


@dataclass(frozen=True, slots=True)
class Kept:
    """One kind of answer: which paths it has, and the `Cache-Control` it gets."""

    kind: str
    paths: re.Pattern[str]
    header: str


# The first row that fits counts.
TABLE: Final = (
    Kept("hashed", re.compile(r"/assets/.+"), "public, max-age=31536000, immutable"),
    Kept("font", re.compile(r"/.+\.woff2"), "public, max-age=604800"),
    Kept("artwork", re.compile(r"/art/.+"), "public, max-age=86400"),
    Kept("icon", re.compile(r"/(favicon\.(ico|svg)|apple-touch-icon\.png)"), "public, max-age=86400"),
    Kept("sheet or script", re.compile(r"/.+\.(css|js)"), "no-cache"),
    Kept("picture", re.compile(r"/media/.+"), "private, no-cache"),
    Kept("answer", re.compile(r"/(api|auth|healthz|readyz|metrics)(/.*)?"), "no-store"),
)
PAGE: Final = "no-cache"
REFUSED: Final = "no-store"


def cache_of(path: str, status: int) -> str:
    """The `Cache-Control` of an answer. What went wrong or led elsewhere is never kept; a page is asked for again every time."""
    if status not in _KEPT:
        return REFUSED
    return next((row.header for row in TABLE if row.paths.fullmatch(path)), PAGE)
