"""Hosts: which of them are so near that nobody listens on the way, and which addresses are counted as one."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Network, ip_address
from typing import Final

_WITH_PORT: Final = re.compile(r"\[([^\]]+)\](?::\d+)?|([^:]+):\d+")


def is_near(host: str) -> bool:
    """Whether plain http to this host stays on this machine or in the house."""
    try:
        return ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith((".local", ".lan", ".internal", ".localhost"))


def household(address: str) -> str:
    """Who is counted as one: an IPv4 address, or the /64 of an IPv6 address. Whatever is no address is counted together."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(ip, IPv4Address):
        return str(ip)
    return str(ip.ipv4_mapped or IPv6Network((ip, 64), strict=False))


def without_port(address: str) -> str:
    """An address as some proxies write it, `192.0.2.1:4711` or `[2001:db8::1]:4711`, by itself: a port is another for each connection."""
    found = _WITH_PORT.fullmatch(address)
    return found[1] or found[2] if found else address
