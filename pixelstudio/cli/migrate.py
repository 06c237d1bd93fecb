"""`migrate`: bring the database up to this release. Serving does it by itself; here it can be done alone."""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys

from pixelstudio.core.errors import Unavailable
from pixelstudio.core.settings import Settings
from pixelstudio.db.migrate import migrate


class MigrationFailed(Unavailable):
    """The database could not be brought up to this release."""

    default_code = "migration_failed"


def run(settings: Settings, _options: argparse.Namespace) -> int:
    """Migrate; safe to repeat and to run from several processes at once."""
    asyncio.run(migrate(settings.effective_database_url))
    return 0


def migrate_apart() -> None:
    """Migrate in a process of its own, which takes Alembic's 15 MB with it when it ends. Raises `MigrationFailed`."""
    finished = subprocess.run([sys.executable, "-m", "pixelstudio", "migrate"], check=False)  # our own program
    if finished.returncode:
        raise MigrationFailed("The database could not be brought up to this release; the reason stands above.")
