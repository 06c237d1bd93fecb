"""The accessibility rules that tests hold every page against: axe-core from npm by a committed lock, for tests only."""

from __future__ import annotations

from tools.npm import installed


def axe() -> str:
    """The script to run in a page, installed first when it is missing or its lock has changed. Safe to call from several processes."""
    return (installed("axe") / "node_modules" / "axe-core" / "axe.min.js").read_text()
