"""Logs: one line a fact, secrets never."""

from __future__ import annotations

import io
import logging
import sys

import pytest

from pixelstudio.core.log import get_logger, set_up_logging

CANARY = "canary-9f2e"


def test_secret_names_and_secret_shapes_are_redacted(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("debug", as_json=True)

    get_logger().warning(
        "thing.happened", password=CANARY, prompt=CANARY, note=f"postgresql://ines:{CANARY}@host/db", path=f"/_event?token={CANARY}"
    )
    logging.getLogger("library").error("connecting to postgresql://ines:%s@host", CANARY)

    written = capsys.readouterr().err
    assert "thing.happened" in written
    assert CANARY not in written


def test_levels_below_the_set_one_are_silent(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("warning")

    get_logger().info("thing.happened")

    assert capsys.readouterr().err == ""


def test_logging_outlives_the_stream_it_was_set_up_on(monkeypatch):
    first, second = io.StringIO(), io.StringIO()
    monkeypatch.setattr(sys, "stderr", first)
    set_up_logging("info")
    monkeypatch.setattr(sys, "stderr", second)
    first.close()

    get_logger().info("worker.started")
    logging.getLogger("library").error("went wrong")

    assert "worker.started" in second.getvalue()
    assert "went wrong" in second.getvalue()
