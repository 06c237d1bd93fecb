"""Which Python makes the environment, and that its locks leave nothing out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

TOOL = Path(__file__).parents[2] / "tools" / "environment"
SLOW, QUICK, OLD = "slow", "quick", "old"


def a_python(folder: Path, name: str, kind: str) -> Path:
    """Answers what it is asked about itself, and says its own path when it is to begin."""
    folder.mkdir(exist_ok=True)
    answer = f'case "$2" in *ensurepip*) exit {int(kind != QUICK)} ;; *) exit {int(kind == OLD)} ;; esac'
    python = folder / name
    python.write_text(f'#!/bin/sh\n[ "$1" != -c ] || {answer}\necho "$0" "$2" "$3"\n')
    python.chmod(0o755)
    return python


def chosen(*folders: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    path = ":".join(map(str, folders))
    return subprocess.run(
        [TOOL, "test", "more"], env={"PATH": path, **environment}, capture_output=True, text=True, check=False, timeout=30
    )


def test_one_that_was_optimised_comes_before_all_others(tmp_path):
    a_python(tmp_path / "own", "python3.11", SLOW)
    a_python(tmp_path / "own", "python3.12", SLOW)
    quick = a_python(tmp_path / "system of all", "python3.12", QUICK)
    a_python(tmp_path / "system of all", "python3", QUICK)

    assert chosen(tmp_path / "own", tmp_path / "system of all").stdout == f"{quick} test more\n"


def test_where_none_was_the_first_that_can_is_taken(tmp_path):
    a_python(tmp_path / "own", "python3.11", OLD)
    able = a_python(tmp_path / "own", "python3.13", SLOW)
    a_python(tmp_path / "own", "python3", SLOW)

    assert chosen(tmp_path / "own").stdout == f"{able} test more\n"


@pytest.mark.parametrize("kind", [SLOW, QUICK])
def test_the_one_that_is_named_is_taken(tmp_path, kind):
    a_python(tmp_path / "own", "python3.11", QUICK)
    named = a_python(tmp_path / "named", "snake", kind)

    assert chosen(tmp_path / "own", PYTHON=str(named)).stdout == f"{named} test more\n"


def test_without_any_it_says_what_to_do(tmp_path):
    a_python(tmp_path / "own", "python3.11", OLD)

    ended = chosen(tmp_path / "own")

    assert ended.returncode == 1
    assert "needs Python 3.11 or newer" in ended.stderr


def test_the_locks_name_all_that_what_they_name_needs():
    command = [sys.executable, "-m", "uv", "pip", "check", "--python", sys.executable]
    checked = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)

    assert checked.returncode == 0, checked.stderr
