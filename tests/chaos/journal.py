"""Append-only files of what happened: each line is written by one call, so that no kill and no other process tears it."""

from __future__ import annotations

import json
import os
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


def note(path: Path, **facts: Any) -> None:
    """One line, with the moment (seconds since 1970)."""
    line = json.dumps({"at": round(time.time(), 3), **facts}) + "\n"
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, line.encode())
    finally:
        os.close(descriptor)


def notes(path: Path) -> list[dict[str, Any]]:
    """Every line so far, in order."""
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
