"""The session cookie: its two names, and how it is read from a Cookie header."""

from __future__ import annotations

from typing import Final

SECURE_NAME: Final = "__Host-sid"
PLAIN_NAME: Final = "sid"

# A value longer than this is nobody's: ours have 43 characters.
_VALUE_MAX: Final = 128


def cookie_name(*, is_https: bool) -> str:
    """The name in use for a scheme: browsers accept the `__Host-` prefix over https only."""
    return SECURE_NAME if is_https else PLAIN_NAME


def session_cookie(header: str) -> str:
    """The session's secret in a raw Cookie header, "" when there is none. The https name wins when both came."""
    found: dict[str, str] = {}
    for part in header.split(";"):
        name, _, value = part.strip().partition("=")
        if name in {SECURE_NAME, PLAIN_NAME}:
            found.setdefault(name, value.strip('"'))
    value = found.get(SECURE_NAME) or found.get(PLAIN_NAME) or ""
    return value if len(value) <= _VALUE_MAX and value.isascii() else ""
