"""`worker`: draw what servers on the same database have queued, until told to stop."""

from __future__ import annotations

import argparse

from pixelstudio.cli.migrate import migrate_apart
from pixelstudio.core.settings import Settings


def run(settings: Settings, _options: argparse.Namespace) -> int:
    """Bring the database up to date, then work until SIGTERM or SIGINT."""
    from pixelstudio.worker.process import run as work

    migrate_apart()
    return work(settings)
