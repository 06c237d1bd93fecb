"""Every attack R1-R30 of the threat model stands on the page about security, with a wall, tests that exist, and how the wall is taken out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture import rules
from tests.architecture.reading import ROOT, Module

PAGE = ROOT / "docs/explanation/security.md"
FOLDER = Path(__file__).parent


def rows() -> dict[int, list[str]]:
    """The attacks of the page, each with its wall, its tests and how the wall is taken out."""
    found = re.findall(r"^\| R(\d+) (.*) \|$", PAGE.read_text(), re.MULTILINE)
    return {int(number): cells.split(" | ") for number, cells in found}


@pytest.mark.parametrize("row", range(1, 31))
def test_every_attack_has_a_wall_and_a_test_that_is_there_and_a_way_to_take_it_out(row):
    attack, wall, proof, out = rows()[row]
    named = re.findall(r"`([\w./]+)::(\w+)`", proof)

    assert attack
    assert wall
    assert named
    for module, test in named:
        assert re.search(rf"^(async )?def {test}\(", (FOLDER / module).read_text(), re.MULTILINE), f"{module}::{test} is not there"
    taken_out = set(re.findall(r'"([^"]+)"', out))
    proofs = "".join((FOLDER / module).read_text() for module, _ in named)
    assert [name for name in taken_out if f'"{name}": ' not in UNWALLED or f'"{name}"' not in proofs] == []


def test_every_wall_that_can_be_taken_out_is_taken_out():
    known = set(re.findall(r'^        "([^"]+)": ', UNWALLED, re.MULTILINE))
    told = {name for cells in rows().values() for name in re.findall(r'"([^"]+)"', cells[-1])}

    assert len(known) > 20
    assert known == told


UNWALLED = (FOLDER / "unwalled.py").read_text()


@pytest.mark.parametrize("name", ["markdown('x')", "html('<b>')", "upload()", "Cookie()", "LocalStorage()", "call_script('x')"])
def test_r15_what_would_draw_foreign_markup_or_evaluate_text_is_no_part_of_a_page(name, monkeypatch):
    page = Module("pixelstudio/ui/create/create_page.py", f"import reflex as rx\npart = rx.{name}")

    refused = list(rules.our_own_elements(page))
    monkeypatch.setattr(rules, "REFLEX", rules.REFLEX | {name.partition("(")[0]})

    assert (len(refused), list(rules.our_own_elements(page))) == (1, [])


def test_r15_the_rule_is_one_of_those_that_every_module_keeps():
    assert rules.our_own_elements in rules.PRODUCT
