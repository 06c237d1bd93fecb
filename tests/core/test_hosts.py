"""Which hosts are so near that a key may go to them over plain http, and which addresses are one household."""

from __future__ import annotations

import pytest

from pixelstudio.core.hosts import household, is_near, without_port


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "::1", "192.168.1.5", "10.0.0.7", "fd00::1", "localai", "box.lan", "a.internal"]
)
def test_this_machine_and_the_house_are_near(host) -> None:
    assert is_near(host)


@pytest.mark.parametrize("host", ["example.org", "8.8.8.8", "2606:4700::1111", "192.168.1.5.example.org", "lan.example.org"])
def test_everything_else_is_not(host) -> None:
    assert not is_near(host)


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("not an address", "unknown"),
        ("x" * 5_000, "unknown"),
    ],
)
def test_a_house_is_counted_as_one(address, counted) -> None:
    assert household(address) == counted


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("203.0.113.9:4711", "203.0.113.9"),
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8::1", "2001:db8::1"),
        ("", ""),
    ],
)
def test_the_port_a_proxy_adds_is_no_part_of_an_address(written, address) -> None:
    assert without_port(written) == address
