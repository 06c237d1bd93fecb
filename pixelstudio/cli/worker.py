"""`worker`: draw what servers on the same database have queued, until told to stop."""

from __future__ import annotations

import argparse

from pixelstudio.cli.migrate import migrating_apart
from pixelstudio.core.settings import Settings


def run(settings: Settings, _options: argparse.Namespace) -> int:
    """Bring the database up to date, then work until SIGTERM or SIGINT."""
    with migrating_apart(settings):
        from pixelstudio.worker.process import run as work
    return work(settings)
