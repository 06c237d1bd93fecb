"""The walls a request or a handshake has to pass, in order. Each looks at one thing, and says nothing or refuses."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from pixelstudio.edge.asgi import Scope, headers_of, only_value, values_of
from pixelstudio.edge.bodies import body_bound
from pixelstudio.edge.crowd import Allowance, Crowd
from pixelstudio.edge.origins import Origin, is_known_host, may_talk
from pixelstudio.edge.refusals import Refusal

READING: Final = frozenset({"GET", "HEAD"})
_CHANGING: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_SOCKET: Final = re.compile(r"/_event/?")
_BROUGHT: Final = "/api/webhook/"
_NO_ADDRESS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Rules:
    """What the settings say about the outside."""

    public: Origin | None = None
    proxy_hops: int = 0
    allowance: Allowance = field(default_factory=Allowance)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request or handshake at the door: what the server read, the origin it was made to, the rules, and who else is there."""

    scope: Scope
    own: Origin | None
    rules: Rules
    crowd: Crowd

    @property
    def address(self) -> str:
        """Where it comes from, as far as the trusted proxies say."""
        client = self.scope.get("client")
        return str(client[0]) if client else ""

    @property
    def is_reading(self) -> bool:
        """Whether it only asks to be shown something."""
        return self.scope["method"] in READING


Wall = Callable[[Asked], Refusal | None]


def within_rate(asked: Asked) -> Refusal | None:
    """An address asks for so much and no more."""
    wait_s = asked.crowd.request_wait_s(asked.address, is_change=not asked.is_reading)
    sentence = "That was too much at once from your network. Wait a moment and try again."
    return Refusal(429, "too_many_requests", sentence, wait_s) if wait_s else None


def one_host(asked: Asked) -> Refusal | None:
    """A request says once where it goes."""
    return None if asked.own else Refusal(400, "host_malformed", "The request must have exactly one well-formed Host header.")


def known_host(asked: Asked) -> Refusal | None:
    """A name that anybody can point at this machine is not ours."""
    if asked.own is None or is_known_host(asked.own.host, asked.rules.public):
        return None
    sentence = (
        f"This server does not know the name {asked.own.host!r}. "
        "Open it by address or localhost, or set PUBLIC_URL to the address people use."
    )
    return Refusal(421, "host_unknown", sentence)


def known_method(asked: Asked) -> Refusal | None:
    """Preflights of other origins and odd methods have no business here."""
    if asked.is_reading or asked.scope["method"] in _CHANGING:
        return None
    return Refusal(405, "method_not_allowed", "That method is not allowed.")


def readable_address(asked: Asked) -> Refusal | None:
    """No address of ours has control characters or ends of lines. The pages' own router takes an end of line for the end of the address."""
    return Refusal(404, "not_found", "There is nothing at this address.") if _NO_ADDRESS.search(asked.scope["path"]) else None


def reading_brings_nothing(asked: Asked) -> Refusal | None:
    """Nobody reads the body of a GET, so nobody may send one without end."""
    headers = headers_of(asked.scope)
    brings = values_of(headers, b"transfer-encoding") or any(length != "0" for length in values_of(headers, b"content-length"))
    if asked.is_reading and brings:
        return Refusal(400, "body_unexpected", "A request to read something has no body.")
    return None


def change_has_a_place(asked: Asked) -> Refusal | None:
    """Only listed addresses take anything; everything else does not exist, and its body is not read."""
    if asked.is_reading or body_bound(asked.scope["path"]) is not None:
        return None
    return Refusal(404, "not_found", "There is nothing at this address.")


def own_pages(asked: Asked) -> Refusal | None:
    """What changes something, and the socket, must come from our own pages."""
    if asked.scope["type"] == "http" and (asked.is_reading or _is_brought(asked)):
        return None
    if asked.own and may_talk(only_value(headers_of(asked.scope), b"origin"), asked.own, asked.rules.public):
        return None
    return Refusal(403, "origin_foreign", "This can only be done from Pixel Studio's own pages.")


def _is_brought(asked: Asked) -> bool:
    """What a provider brings says no origin, and is believed by its signature alone. A browser's post from anywhere does say one."""
    return asked.scope["path"].startswith(_BROUGHT) and not values_of(headers_of(asked.scope), b"origin")


def one_socket(asked: Asked) -> Refusal | None:
    """There is one socket."""
    return None if _SOCKET.fullmatch(asked.scope["path"]) else Refusal(404, "not_found", "There is nothing at this address.")


def room_for_socket(asked: Asked) -> Refusal | None:
    """An address holds so many sockets and no more. Last, so that foreign pages cannot use up what is its own."""
    wait_s = asked.crowd.socket_wait_s(asked.address)
    sentence = "Too many pages are open from your network. Close some and try again."
    return Refusal(429, "too_many_sockets", sentence, wait_s) if wait_s else None


HTTP_WALLS: Final[tuple[Wall, ...]] = (
    within_rate,
    one_host,
    known_host,
    known_method,
    readable_address,
    reading_brings_nothing,
    change_has_a_place,
    own_pages,
)
SOCKET_WALLS: Final[tuple[Wall, ...]] = (one_host, known_host, one_socket, own_pages, room_for_socket)
