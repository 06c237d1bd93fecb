"""The bench itself: a broken bound is seen, written down and ends in a failure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.benchmarks.figures import Figure, median_of, report

if TYPE_CHECKING:
    from pathlib import Path


def test_a_broken_bound_exits_non_zero_and_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = report([Figure("quick", 5, "ms", 10), Figure("slow", 11, "ms", 10)], tmp_path / "bench.json")

    assert code == 1
    assert "BROKEN: slow is 11 ms" in capsys.readouterr().out
    written = json.loads((tmp_path / "bench.json").read_text())
    assert [(f["name"], f["holds"]) for f in written] == [("quick", True), ("slow", False)]
    assert set(written[0]) == {"name", "value", "unit", "bound", "at_least", "holds"}


def test_bounds_that_hold_exit_zero(tmp_path: Path) -> None:
    assert report([Figure("quick", 10, "ms", 10), Figure("told", 99, "ms")], tmp_path / "bench.json") == 0


def test_a_bound_may_be_the_least_that_is_promised() -> None:
    assert Figure("throughput", 11, "/s", 10, at_least=True).holds
    assert not Figure("throughput", 9, "/s", 10, at_least=True).holds


def test_a_median_needs_five_samples() -> None:
    with pytest.raises(ValueError, match="too few"):
        median_of("rash", [1, 2, 3, 4], "ms")
