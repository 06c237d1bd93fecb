"""Asserts that are rewritten before pytest begins."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.asserts import keep_rewritten


def kept(path: Path) -> tuple[Path, int]:
    """The one file that is kept, and which writing of it."""
    (file,) = (path.parent / "__pycache__").iterdir()
    return file, file.stat().st_ino


def test_pytest_takes_what_is_kept_and_tells_as_much_as_ever(tmp_path):
    test = tmp_path / "test_counting.py"
    test.write_text("def test_counting():\n    found = [1, 2]\n    assert len(found) == 3\n")

    keep_rewritten(test)
    before = kept(test)
    environment = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    said = subprocess.run(
        [sys.executable, "-m", "pytest", test], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )

    assert kept(test) == before  # whoever finds nothing fit to use writes another
    assert "assert 2 == 3" in said.stdout


def test_only_what_has_changed_is_rewritten(tmp_path):
    test = tmp_path / "test_changing.py"
    test.write_text("def test_sum():\n    assert sum([1, 2]) == 3\n")
    keep_rewritten(test)
    first = kept(test)

    keep_rewritten(test)
    assert kept(test) == first
    test.write_text("def test_sum():\n    assert sum([1, 2, 3]) == 6\n")
    keep_rewritten(test)

    assert kept(test) != first
