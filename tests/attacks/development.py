"""The studio opened in Reflex's mode for development, in the one for people, and in the first again without the check; says how each ended."""

from __future__ import annotations

import asyncio
import os
from typing import Any
from unittest.mock import patch

from pixelstudio.bootstrap import app as application
from pixelstudio.ui.framework import UnderDevelopment


def main() -> None:
    """Print the names of the three errors."""
    asyncio.run(_opened_in("dev"))
    asyncio.run(_opened_in("prod"))
    with patch.object(application, "ensure_production", lambda: None):
        asyncio.run(_opened_in("dev"))


async def _opened_in(mode: str) -> None:
    from pixelstudio.pixelstudio import app

    tasks: Any = app.get_lifespan_tasks()
    os.environ["REFLEX_ENV_MODE"] = mode
    try:
        async with next(task for task in tasks if task.__name__ == "open_doors")():
            print("opened", flush=True)
    except (UnderDevelopment, OSError, BaseExceptionGroup) as error:
        ended_by: BaseException = error
        while isinstance(ended_by, BaseExceptionGroup):
            ended_by = ended_by.exceptions[0]
        print(type(ended_by).__name__, flush=True)
