"""Which names this server answers to, and which pages may talk to it.

A name that anybody can point at this machine (DNS rebinding) would make a foreign page "same origin". So the Host must be an
address, localhost, or the host of PUBLIC_URL; and whatever changes something, and the socket, must come from our own pages.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}
# A host is written into headers and pages, so it is letters and digits, and the marks of names and addresses.
_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+(%[a-z0-9._-]+)?")


@dataclass(frozen=True, slots=True)
class Origin:
    """Scheme, host and port, as browsers compare them."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == _DEFAULT_PORTS.get(self.scheme) else f":{self.port}")


def parse_origin(text: str) -> Origin | None:
    """An Origin header or PUBLIC_URL as `Origin`; None for `null`, a path, user names, or anything else that is not one."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    is_bare = not (parts.path or parts.query or parts.fragment or "@" in parts.netloc)
    is_host = bool(parts.hostname) and _HOST.fullmatch(parts.hostname or "") is not None
    if parts.scheme not in _DEFAULT_PORTS or not is_host or not is_bare:
        return None
    return Origin(parts.scheme, (parts.hostname or "").rstrip("."), port or _DEFAULT_PORTS[parts.scheme])


def own_origin(scheme: str, host_header: str | None) -> Origin | None:
    """The origin a request was made to; None when its Host header is missing, doubled or malformed."""
    return parse_origin(f"{scheme}://{host_header}") if host_header else None


def is_known_host(host: str, public: Origin | None) -> bool:
    """Whether a request may name this server so."""
    return _is_address(host) or host == "localhost" or host.endswith(".localhost") or (public is not None and host == public.host)


def may_talk(origin_header: str | None, own: Origin, public: Origin | None) -> bool:
    """Whether a page of this origin may open the socket or change something here. A missing Origin may not."""
    origin = parse_origin(origin_header) if origin_header else None
    return origin is not None and origin in {own, public}


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True
