"""Which bytes a request asks for."""

from __future__ import annotations

import pytest

from pixelstudio.api.ranges import Unsatisfiable, matches, wanted_range


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        (None, None),
        ("bytes=0-3", range(4)),
        ("Bytes=0-3", range(4)),
        ("bytes=7-", range(7, 10)),
        ("bytes=-2", range(8, 10)),
        ("bytes=-99", range(10)),
        ("bytes=5-99", range(5, 10)),
        ("bytes=9-9", range(9, 10)),
        ("bytes=3-1", None),
        ("bytes=0-1,4-5", None),
        ("bytes=-", None),
        ("lines=1-2", None),
        ("bytes=" + "9" * 5000 + "-", None),
    ],
)
def test_the_range_asked_for(header, wanted):
    assert wanted_range(header, None, '"e"', 10) == wanted


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=99-100", "bytes=-0"])
def test_a_range_behind_the_end_cannot_be_satisfied(header):
    with pytest.raises(Unsatisfiable):
        wanted_range(header, None, '"e"', 10)


def test_a_range_of_other_bytes_is_all_of_them():
    assert wanted_range("bytes=0-3", '"e"', '"e"', 10) == range(4)
    assert wanted_range("bytes=0-3", '"old"', '"e"', 10) is None
    assert wanted_range("bytes=0-3", "Fri, 20 Nov 2026 12:00:00 GMT", '"e"', 10) is None


@pytest.mark.parametrize(
    ("header", "known"), [(None, False), ('"e"', True), ('"x", W/"e"', True), ("*", True), ('"x"', False), ("e", False), ("", False)]
)
def test_bytes_the_browser_has_already(header, known):
    assert matches(header, '"e"') is known
