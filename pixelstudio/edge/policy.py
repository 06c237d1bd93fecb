"""What a page may load and run: the content policy, from the pages as they were built, and the other headers browsers obey.

Reflex writes small scripts into its pages. Their hashes are the only exception, so a script that somebody smuggles into a page does
not run. Nothing is evaluated: Reflex needs that only for text the server sends it to run, which we never do. Styles are open, since
the pages set custom properties of single elements.
"""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from ipaddress import ip_address
from typing import Final

from pixelstudio.edge.asgi import Headers
from pixelstudio.edge.origins import Origin

_SCRIPTS: Final = re.compile(r"<script[\s/>].*?</script[^>]*>", re.DOTALL | re.IGNORECASE)
_SOCKET_SCHEMES: Final = {"http": "ws", "https": "wss"}
# What is not a page runs and loads nothing, even when somebody opens it as one.
_INERT: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_NOT_NEEDED: Final = (
    *("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer", "microphone", "midi", "payment"),
    *("publickey-credentials-get", "usb", "xr-spatial-tracking"),
)
_ALWAYS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", ", ".join(f"{power}=()" for power in _NOT_NEEDED).encode()),
)
# Without subdomains and preload: the name above ours may be shared with others who have no certificate.
_TWO_YEARS: Final = (b"strict-transport-security", b"max-age=63072000")
_OWN_WINDOW: Final = (b"cross-origin-opener-policy", b"same-origin")


class _InlineScripts(HTMLParser):
    """Collects the text of every script that is written into the page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[str] = []
        self._is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script" and not any(name == "src" for name, _ in attrs):
            self._is_inside = True
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._is_inside = False

    def handle_data(self, data: str) -> None:
        if self._is_inside:
            self.found[-1] += data


def script_hashes(html: str) -> frozenset[str]:
    """The sources, as a policy names them, of the scripts written into a page."""
    parser = _InlineScripts()
    parser.feed("".join(_SCRIPTS.findall(html)))  # all else in a page is seven times as long, and slow to parse
    parser.close()
    return frozenset(f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" for script in parser.found)


def page_policy(own: Origin, hashes: frozenset[str]) -> str:
    """The policy of a page that was opened at `own`."""
    host = str(own).partition("://")[2]
    return "; ".join(
        (
            "default-src 'self'",
            " ".join(("script-src 'self'", *sorted(hashes))),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            # Not every browser takes 'self' for the socket too.
            f"connect-src 'self' {_SOCKET_SCHEMES[own.scheme]}://{host}",
            "object-src 'none'",
            "frame-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "form-action 'self'",
        )
    )


def headers_for(own: Origin | None, hashes: frozenset[str], *, is_page: bool) -> Headers:
    """Every header an answer to `own` carries besides its own."""
    headers = list(_ALWAYS)
    policy = page_policy(own, hashes) if own and is_page else _INERT
    headers.append((b"content-security-policy", policy.encode()))
    if own and _is_trustworthy(own):
        headers.append(_OWN_WINDOW)
    if own and own.scheme == "https":
        headers.append(_TWO_YEARS)
    return headers


def _is_trustworthy(own: Origin) -> bool:
    """Where browsers heed the window rule; elsewhere they only complain about it."""
    if own.scheme == "https" or own.host == "localhost" or own.host.endswith(".localhost"):
        return True
    try:
        return ip_address(own.host.partition("%")[0]).is_loopback
    except ValueError:
        return False
