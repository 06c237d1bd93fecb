"""The session cookie: its two names, and how it is read from a Cookie header; and the one that tells the next page what a guest brought along."""

from __future__ import annotations

from typing import Final

from pixelstudio.core.limits import GUEST_PICTURES

SECURE_NAME: Final = "__Host-sid"
PLAIN_NAME: Final = "sid"
KEPT_NAME: Final = "kept"
"""How many pictures of a guest are a member's now, for the page they arrive on. It is only told to whom it came from, and grants nothing."""

# A value longer than this is nobody's: ours have 43 characters.
_VALUE_MAX: Final = 128


def cookie_name(*, is_https: bool) -> str:
    """The name in use for a scheme: browsers accept the `__Host-` prefix over https only."""
    return SECURE_NAME if is_https else PLAIN_NAME


def session_cookie(header: str) -> str:
    """The session's secret in a raw Cookie header, "" when there is none. The https name wins when both came."""
    found = _found(header, SECURE_NAME, PLAIN_NAME)
    value = found.get(SECURE_NAME) or found.get(PLAIN_NAME) or ""
    return value if len(value) <= _VALUE_MAX and value.isascii() else ""


def kept_pictures(header: str) -> int:
    """How many pictures a raw Cookie header says a guest has brought along, never more than one may have; 0 when it says nothing."""
    value = _found(header, KEPT_NAME).get(KEPT_NAME, "")
    return min(int(value), GUEST_PICTURES) if len(value) == 1 and value.isascii() and value.isdecimal() else 0


def _found(header: str, *names: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in header.split(";"):
        name, _, value = part.strip().partition("=")
        if name in names:
            found.setdefault(name, value.strip('"'))
    return found
