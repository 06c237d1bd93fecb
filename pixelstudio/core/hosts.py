"""Hosts: which of them are so near that nobody listens on the way."""

from __future__ import annotations

from ipaddress import ip_address


def is_near(host: str) -> bool:
    """Whether plain http to this host stays on this machine or in the house."""
    try:
        return ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith((".local", ".lan", ".internal", ".localhost"))
