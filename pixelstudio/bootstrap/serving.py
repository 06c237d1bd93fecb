"""`serve_studio`: everything a serving process runs on, from open to closed."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, TypeAlias

from pixelstudio.bootstrap.claim import fresh_claim_link
from pixelstudio.bootstrap.counting import counting
from pixelstudio.bootstrap.hearing import hearing_others
from pixelstudio.bootstrap.opening import open_studio
from pixelstudio.bootstrap.tasks import beside
from pixelstudio.bootstrap.working import working
from pixelstudio.jobs.progress_rows import ProgressReader
from pixelstudio.studio import Studio

if TYPE_CHECKING:
    from pixelstudio.bootstrap.plan import Serving

Seam: TypeAlias = Callable[[Studio], AbstractContextManager[object]]
"""What holds the studio from before the first work until after the last."""


@contextlib.asynccontextmanager
async def serve_studio(plan: Serving, seam: Seam = contextlib.nullcontext) -> AsyncGenerator[Studio]:
    """The studio, the pages' seam if there are pages, other processes' facts, the worker."""
    async with contextlib.AsyncExitStack() as stack:
        studio = await stack.enter_async_context(open_studio(plan.settings))
        stack.enter_context(seam(studio))
        await stack.enter_async_context(hearing_others(studio))
        await stack.enter_async_context(counting(studio))
        if plan.with_worker:
            await stack.enter_async_context(working(studio, plan.hurrying))
        else:
            await stack.enter_async_context(beside(ProgressReader(studio.db, studio.progress).run()))
        link = await fresh_claim_link(studio)
        if link:
            plan.announce(f"Nobody looks after this installation yet. Open this link once to claim it: {link}")
        yield studio
