"""A task beside a block: whatever a process runs for as long as it is open, it runs so, and nothing outlives what it was started for."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Coroutine


@contextlib.asynccontextmanager
async def beside(work: Coroutine[object, object, None], stop: Callable[[], None] | None = None) -> AsyncGenerator[None]:
    """Run `work` beside the block; afterwards ask it to stop, or cancel it, and wait. When it fails, the block fails."""
    async with asyncio.TaskGroup() as group:
        task = group.create_task(work)
        try:
            yield
        finally:
            if stop is None:
                task.cancel()
            else:
                stop()
