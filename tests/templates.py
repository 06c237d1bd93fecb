"""What many tests begin with, made once for each process."""

from __future__ import annotations

import asyncio
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from pixelstudio.db.migrate import migrate


@cache
def migrated_sqlite() -> bytes:
    """A migrated, empty SQLite file."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(1) as beside:  # a loop may run in this thread
        path = Path(folder) / "template.db"
        beside.submit(asyncio.run, migrate(f"sqlite:///{path}")).result()
        return path.read_bytes()
