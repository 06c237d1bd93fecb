"""Counting: what a process counts of its visitors is written down now and then, and what is left when it ends."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING

from pixelstudio.bootstrap.tasks import beside
from pixelstudio.features.footfall.days import keep_counting, write_down

if TYPE_CHECKING:
    from pixelstudio.studio import Studio


@contextlib.asynccontextmanager
async def counting(studio: Studio) -> AsyncGenerator[None]:
    """Write down what this process counts while the block runs, and what is left at its end."""
    async with beside(keep_counting(studio)):
        yield
    await write_down(studio)
