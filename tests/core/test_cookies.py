"""What is read from a Cookie header."""

from __future__ import annotations

import pytest

from pixelstudio.core.cookies import kept_pictures


@pytest.mark.parametrize(
    ("header", "pictures"),
    [("sid=a; kept=2", 2), ("kept=9", 3), ("", 0), ("kept=", 0), ("kept=-1", 0), ("kept=12", 0), ("kept=\N{SUPERSCRIPT TWO}", 0)],
)
def test_the_pictures_that_came_along_are_a_small_number_or_none(header, pictures):
    assert kept_pictures(header) == pictures
