"""`migrate`: bring the database up to this release. Serving does it by itself; here it can be done alone."""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys

from sqlalchemy.exc import OperationalError

from pixelstudio.core.errors import Unavailable
from pixelstudio.core.settings import Settings
from pixelstudio.db.engine import DatabaseUnusable
from pixelstudio.db.migrate import migrate


class MigrationFailed(Unavailable):
    """The database could not be brought up to this release."""

    default_code = "migration_failed"


def run(settings: Settings, _options: argparse.Namespace) -> int:
    """Migrate; safe to repeat and to run from several processes at once."""
    try:
        asyncio.run(migrate(settings.effective_database_url))
    except OperationalError as error:
        # The driver's own text may hold the password.
        raise DatabaseUnusable("The database does not answer. Is it running, and is DATABASE_URL right?") from error
    return 0


def migrate_apart() -> None:
    """Migrate in a process of its own, which takes Alembic's 15 MB with it when it ends. Raises `MigrationFailed`."""
    finished = subprocess.run([sys.executable, "-m", "pixelstudio", "migrate"], check=False)  # our own program
    if finished.returncode:
        raise MigrationFailed("The database could not be brought up to this release; the reason stands above.")
