"""Devices in words: what a browser says of itself becomes "Firefox on Linux"."""

from __future__ import annotations

from typing import Final

# In this order: most browsers carry the names of others too.
_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Vivaldi", "Vivaldi"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)
_IN_HAND: Final = frozenset({"iPhone", "iPad", "Android"})


def device_of(user_agent: str) -> str:
    """The browser and what it runs on, as far as it says."""
    browser, system = _named(_BROWSERS, user_agent), _named(_SYSTEMS, user_agent)
    if browser and system:
        return f"{browser} on {'an ' if system.startswith('iP') else ''}{system}"
    return browser or system or "Some other program"


def is_in_hand(user_agent: str) -> bool:
    """Whether it is a phone or a tablet."""
    return _named(_SYSTEMS, user_agent) in _IN_HAND


def _named(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for part, name in names if part in user_agent), "")
