"""The one door for addresses that others name: looked up once, only public ones, connected to what was looked up, within time and bytes.

An address in somebody's answer may lead anywhere, also into this machine and its house. So the name is looked up here, every answer
must be a public address, and the connection goes to that very address; a name that answers differently the second time gains nothing.
Proxies are not used: one would look the name up once more. Redirects are followed by hand, each looked at like the first.
"""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult, urljoin, urlsplit

from pixelstudio.core.errors import Unavailable
from pixelstudio.net.client import Call, Client, Patience

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from ipaddress import IPv4Address

FETCH_MAX_BYTES: Final = 25 * 1024 * 1024
FETCH_WITHIN_S: Final = 60.0
REDIRECTS_MAX: Final = 3
BODIES_AT_ONCE: Final = 8
"""So many are held in memory at most; the others wait their turn, which their time does not count."""
_PORTS: Final = {"https": 443, "http": 80}
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
# What `is_global` of Python 3.11 lets pass although it leads, or may lead, back into the house.
_NEVER: Final = tuple(
    ip_network(network)
    for network in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96", "::ffff:0:0/96", "192.0.0.0/24", "192.88.99.0/24")
)


class NotFetched(Unavailable):
    """What was named is not fetched; `fields["reason"]` is a word for the log, the address is not kept."""

    default_code = "not_fetched"


class NotAllowed(NotFetched):
    """It leads where nothing is fetched from."""

    default_code = "fetch_not_allowed"


@dataclass(frozen=True, slots=True)
class Target:
    """An address that may be asked, and what its name stood for when it was looked up."""

    url: SplitResult
    host: str
    port: int
    address: str


async def looked_up(host: str, port: int) -> list[str]:
    """Every address of a name, as this machine's own resolver gives them."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


class Fetcher:
    """Fetches what others name. `allows_loopback` is for the stand-in alone: then this very machine may be asked too, in plain http.

    Belongs to one event loop; `close` it.
    """

    def __init__(self, *, allows_loopback: bool = False, look_up: Callable[[str, int], Awaitable[list[str]]] = looked_up) -> None:
        self._client = Client(goes_direct=True)
        self._allows_loopback = allows_loopback
        self._look_up = look_up
        self._places = asyncio.Semaphore(BODIES_AT_ONCE)

    async def close(self) -> None:
        """Close what is open. Safe to repeat."""
        await self._client.close()

    async def fetch(
        self, url: str, *, within: Sequence[str] = (), max_bytes: int = FETCH_MAX_BYTES, total_s: float = FETCH_WITHIN_S
    ) -> bytes:
        """The bytes at this address. `within` names the domains it must belong to; empty: any public one.

        Raises `NotAllowed` for what leads elsewhere, `NotFetched` for an answer that is none, and the errors of `net.errors`. All of
        it, redirects included, takes at most `total_s`. Safe to repeat.
        """
        async with self._places:
            return await self._fetch(url, within, max_bytes, asyncio.get_running_loop().time() + total_s)

    async def _fetch(self, url: str, within: Sequence[str], max_bytes: int, ends_at: float) -> bytes:
        for _ in range(REDIRECTS_MAX + 1):
            target = await self._target(url, within, ends_at)
            call = Call(method="GET", url=target.url.geturl(), connect_to=target.address, patience=_until(ends_at))
            async with self._client.call(call) as exchange:
                if exchange.status in _REDIRECTS:
                    url = urljoin(target.url.geturl(), exchange.headers.get("location", ""))
                    continue
                if exchange.status != 200:
                    raise NotFetched("What was promised is not there.", reason=f"status_{exchange.status}")
                return await exchange.body(max_bytes)
        raise NotFetched("What was promised is always somewhere else.", reason="redirects")

    async def _target(self, text: str, within: Sequence[str], ends_at: float) -> Target:
        url, host, port = _parsed(text)
        try:
            async with asyncio.timeout_at(ends_at):
                addresses = await self._look_up(host, port)
        except (OSError, UnicodeError, TimeoutError):
            raise NotFetched("The name of what was promised leads nowhere.", reason="name_unknown") from None
        if self._allows_loopback and addresses and all(ip_address(address).is_loopback for address in addresses):
            return Target(url, host, port, addresses[0])
        if url.scheme != "https" or port != _PORTS["https"]:
            raise NotAllowed("Only https is fetched.", reason="scheme_or_port")
        if within and not any(host == domain or host.endswith(f".{domain}") for domain in within):
            raise NotAllowed("This is not the provider's own address.", reason="foreign_host")
        if not addresses or not all(is_public(address) for address in addresses):
            raise NotAllowed("This leads into a private network.", reason="private_address")
        return Target(url, host, port, addresses[0])


def is_public(text: str) -> bool:
    """Whether an address is one of the internet, for everybody the same; anything that may stand for another address is not."""
    try:
        address: IPv4Address | IPv6Address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.scope_id:
        return False
    is_listed = any(address.version == network.version and address in network for network in _NEVER)
    return address.is_global and not address.is_multicast and not is_listed


def _parsed(text: str) -> tuple[SplitResult, str, int]:
    try:
        url = urlsplit(text)
        port = url.port or _PORTS[url.scheme]
        host = (url.hostname or "").rstrip(".").encode("idna").decode()
    except (ValueError, KeyError, UnicodeError):
        raise NotAllowed("This is no address to fetch from.", reason="malformed") from None
    if not host or "@" in url.netloc or not text.isprintable():
        raise NotAllowed("This is no address to fetch from.", reason="malformed")
    return url, host, port


def _until(ends_at: float) -> Patience:
    left_s = max(ends_at - asyncio.get_running_loop().time(), 0.0)
    return Patience(connect_s=min(left_s, 10.0), first_byte_s=left_s, silence_s=left_s, total_s=left_s)
