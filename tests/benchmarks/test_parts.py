"""Parts of the bench: a person can measure one thing."""

from __future__ import annotations

import pytest

from tests.benchmarks import first_visit, hanging, ingest, scrolling, steps
from tests.benchmarks.__main__ import PARTS, main, subjects_of


def test_everything_is_measured_once_when_nothing_is_named() -> None:
    every = subjects_of([])

    assert len(every) == len(set(every))
    assert set(every) == {subject for part in PARTS.values() for subject in part}


def test_a_part_is_what_its_name_says_and_nothing_twice() -> None:
    assert subjects_of(["room", "ingest"]) == [first_visit, hanging, scrolling, steps, ingest]


def test_a_part_that_is_none_is_said_before_anything_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rooms"]) == 2
    assert "rooms: no such part. There are picture," in capsys.readouterr().err
