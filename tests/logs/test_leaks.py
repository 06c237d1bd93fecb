"""The search itself: a server that leaks fails its test, by the name of the secret and not by the secret."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from pixelstudio.core.settings import Settings
from tests.leaks import canary, leaks_in, remember, secret_settings, watched, with_canaries
from tests.serving import ROOT

if TYPE_CHECKING:
    from pathlib import Path

# What a worker of a parallel run does: a server's log, written by a fixture that outlives its tests, and a secret learnt only later.
LEAKY = """
import pathlib
from tests.leaks import remember, watched

def test_a_log_that_is_clean_while_its_server_runs(tmp_path):
    with watched(tmp_path / "server.log"):
        (tmp_path / "server.log").write_text("handler.failed value='typed-by-somebody'")

def test_what_was_typed_is_known_later():
    remember("prompt", "typed-by-somebody")
"""


def test_a_server_that_leaks_fails_its_test_without_repeating_the_secret(tmp_path: Path) -> None:
    log = tmp_path / "server.log"

    with pytest.raises(AssertionError) as failure, watched(log):
        log.write_text(f"started key={canary('TEST_KEY')}")

    assert "canary of TEST_KEY" in str(failure.value)
    assert canary("TEST_KEY") not in str(failure.value)
    log.unlink()  # or the whole run would fail for it


def test_every_secret_setting_holds_a_canary_and_what_a_test_sets_is_searched_for() -> None:
    held = with_canaries(
        {
            "OPENAI_API_KEY": "sk-only-in-this-test",
            "DATABASE_URL": "postgresql://ines@127.0.0.1/studio",
            "REDIS_URL": "redis://:only-in-this-test@127.0.0.1",
        }
    )

    assert held.keys() == set(secret_settings())
    assert {name.lower() for name in held} <= Settings.model_fields.keys()
    assert leaks_in(" ".join(held.values())) == sorted({name for value in held.values() for name in leaks_in(value)})
    assert all(leaks_in(value) for value in held.values())
    assert leaks_in("an innocent line") == []


def test_short_words_are_not_searched_for() -> None:
    remember("prompt", "a boat")

    assert leaks_in("a boat") == []


@pytest.mark.slow
def test_a_leak_that_shows_only_at_the_end_fails_a_parallel_run(tmp_path: Path) -> None:
    """Without the fixture of the whole run in `tests/conftest.py` this run passes."""
    folder = ROOT / "build" / "leaky"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "test_leaky.py").write_text(LEAKY)
    command = [sys.executable, "-m", "pytest", "-q", "-n", "1", "-p", "tests.conftest", f"--basetemp={tmp_path / 'run'}", str(folder)]
    ended = subprocess.run(command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, timeout=90, check=False)

    assert ended.returncode == 1, ended.stdout
    assert "2 passed, 1 error" in ended.stdout
    assert "holds secrets" in ended.stdout
