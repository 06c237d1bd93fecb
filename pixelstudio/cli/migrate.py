"""`migrate`: bring the database up to this release. Serving does it by itself; here it can be done alone."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import subprocess
import sys
from collections.abc import Generator

from sqlalchemy.exc import OperationalError

from pixelstudio.cli.build import IS_INSTALLED
from pixelstudio.core.errors import Unavailable
from pixelstudio.core.settings import Settings
from pixelstudio.db.engine import DatabaseUnusable
from pixelstudio.db.migrate import migrate
from pixelstudio.db.revision import is_at_head


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


@contextlib.contextmanager
def migrating_apart(settings: Settings) -> Generator[None]:
    """Migrate beside the block, in a process that takes Alembic's 15 MB along when it ends. Raises `MigrationFailed` after the block.

    A database that stands at this release needs none.
    """
    if is_at_head(settings.effective_database_url):
        yield
        return
    # An installed studio is started anywhere: what lies in that folder is not to be imported.
    where = ["-P"] if IS_INSTALLED else []
    process = subprocess.Popen([sys.executable, *where, "-m", "pixelstudio", "migrate"])  # noqa: S603 - our own program
    try:
        yield
    finally:
        status = process.wait()
    if status:
        raise MigrationFailed("The database could not be brought up to this release; the reason stands above.")
