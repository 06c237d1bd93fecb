"""Which hosts are so near that a key may go to them over plain http."""

from __future__ import annotations

import pytest

from pixelstudio.core.hosts import is_near


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "::1", "192.168.1.5", "10.0.0.7", "fd00::1", "localai", "box.lan", "a.internal"]
)
def test_this_machine_and_the_house_are_near(host) -> None:
    assert is_near(host)


@pytest.mark.parametrize("host", ["example.org", "8.8.8.8", "2606:4700::1111", "192.168.1.5.example.org", "lan.example.org"])
def test_everything_else_is_not(host) -> None:
    assert not is_near(host)
