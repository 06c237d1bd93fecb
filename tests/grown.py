"""What the nursery has imported and read before it forks: what servers and workers run on, and nothing that starts a thread, for it would be left behind."""

from __future__ import annotations

import os
from importlib import import_module

from sqlalchemy.orm import configure_mappers

from pixelstudio.cli import serve
from pixelstudio.core.collection import keep_what_is_loaded
from pixelstudio.net.client import _trusted

os.environ["OPENBLAS_NUM_THREADS"] = "1"
serve._prepare_reflex()
for module in (
    "pixelstudio.pixelstudio",
    "pixelstudio.bootstrap.serving",
    *("uvloop", "websockets", "aiosqlite", "apscheduler.schedulers.asyncio"),
    *("tests.worker.drone", "tests.faults.painter", "tests.chaos.worker"),
):
    import_module(module)
configure_mappers()
_trusted()
keep_what_is_loaded()
