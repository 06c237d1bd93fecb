"""What is forked is a process like any other: its own environment and log, a status, and an end by signals. The nursery has one thread."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.nursery import forked

pytestmark = pytest.mark.slow


def greet(words: str) -> int:
    print(words, os.environ["GREETED"], len(os.environ), Path.cwd(), flush=True)
    print("and what is wrong", file=sys.stderr)
    return 7


def test_it_has_its_own_environment_and_its_status_is_what_it_returns(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("before\n")

    assert forked(greet, "good morning", environment={"GREETED": "Ines"}, log=log).wait(30) == 7

    assert log.read_text() == f"before\ngood morning Ines 1 {Path.cwd()}\nand what is wrong\n"


def test_it_ends_by_a_signal_and_nothing_but_its_first_thread_was_forked(tmp_path: Path) -> None:
    process = forked(time.sleep, 60, environment={}, log=tmp_path / "log")
    seen = psutil.Process(process.pid)
    assert (process.poll(), seen.num_threads(), seen.parents()[0].num_threads()) == (None, 1, 1)

    process.send_signal(signal.SIGKILL)

    assert process.wait(30) == -signal.SIGKILL
    process.send_signal(signal.SIGKILL)
