"""Every row R1-R30 of the threat model has a test that carries its name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture import rules
from tests.architecture.reading import Module

ROWS = range(1, 31)
FOLDER = Path(__file__).parent


@pytest.mark.parametrize("row", ROWS)
def test_every_row_has_a_test(row):
    tests = "\n".join(path.read_text() for path in FOLDER.glob("test_*.py"))

    assert re.search(rf"def test_r{row}_|def test_r\d+_(?:r\d+_)*r{row}_", tests)


@pytest.mark.parametrize("name", ["markdown('x')", "html('<b>')", "upload()", "Cookie()", "LocalStorage()", "call_script('x')"])
def test_r15_what_would_draw_foreign_markup_or_evaluate_text_is_no_part_of_a_page(name):
    page = Module("pixelstudio/ui/create/create_page.py", f"import reflex as rx\npart = rx.{name}")

    assert list(rules.our_own_elements(page))
