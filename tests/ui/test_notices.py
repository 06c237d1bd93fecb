"""What a page says stands as long as it is about what was just done, on the open page and on one that is opened."""

from __future__ import annotations

import re
from pathlib import Path

from pixelstudio.ui.notices import ASKS_FOR_S, STANDS_FOR_S

FEEDBACK = (Path(__file__).parents[2] / "assets" / "styles" / "feedback.css").read_text()


def test_a_notice_stands_on_the_open_page_as_long_as_who_opens_the_page_finds_it():
    rules = re.search(
        r"\.toast\.passing:not\([^{]*\{[^}]*\bpass (\d+)ms (\d+)s[^}]*\}.*?\.toast\.passing:has\(\.does, \.link\) \{\s*animation-delay: 0s, (\d+)s",
        FEEDBACK,
        re.DOTALL,
    )

    assert rules is not None
    fades_ms, told_s, asked_s = map(int, rules.groups())
    assert asked_s == ASKS_FOR_S
    assert told_s + fades_ms / 1_000 <= STANDS_FOR_S
