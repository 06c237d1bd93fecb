"""Working: the runner of this installation with a lane for everybody who draws, by itself or inside a serving process."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator, Callable
from typing import TYPE_CHECKING, Final

from pixelstudio.bootstrap.keeping import keeping
from pixelstudio.bootstrap.tasks import beside
from pixelstudio.core.limits import BEAT_S, BREAKER_AFTER, LEASE_S
from pixelstudio.features.accounts import letters
from pixelstudio.features.generation import recalls
from pixelstudio.features.generation.jobs import RENDER, RenderJob
from pixelstudio.features.generation.overlays import OVERLAY_LANE, OVERLAYS_AT_ONCE
from pixelstudio.jobs.claim import Lane
from pixelstudio.jobs.runner import Pace, Runner

if TYPE_CHECKING:
    from pixelstudio.providers.registry import Registry
    from pixelstudio.studio import Studio

DRAWN_HERE_AT_ONCE: Final = 4


def make_runner(studio: Studio) -> Runner:
    """A worker for every lane of this installation. `run` it until `stop`."""
    lanes = [
        recalls.LANE,
        letters.LANE,
        Lane(OVERLAY_LANE, OVERLAYS_AT_ONCE),
        *(
            Lane(name, terms.concurrency, terms.rate, terms.burst, BREAKER_AFTER if terms.is_remote else 0)
            for name, terms in studio.providers.lanes.items()
        ),
    ]
    settings = studio.settings
    pace = Pace(lease_s=settings.lease_s, beat_s=settings.lease_s * BEAT_S / LEASE_S, drain_s=settings.worker_drain_s)
    # Two places more than for drawings: a wish to stop and a letter wait for none of them.
    concurrency = 2 + (settings.worker_concurrency or _places(studio.providers))
    return Runner(
        studio.db, studio.kinds, lanes, studio.progress, concurrency=concurrency, pace=pace, meter=studio.meter, hands=studio.hands
    )


@contextlib.asynccontextmanager
async def working(studio: Studio, hurrying: list[Callable[[], None]] | None = None) -> AsyncGenerator[None]:
    """Run jobs and do the periodic work in this process while the block runs; at its end give back what is in hand.

    What it has sent to a paid provider may come in first. `hurrying` is given what ends that wait.
    """
    runner = make_runner(studio)
    if hurrying is not None:
        hurrying.append(runner.hurry)
    async with keeping(studio), filming(studio), beside(runner.run(), stop=runner.stop):
        yield


@contextlib.asynccontextmanager
async def filming(studio: Studio) -> AsyncGenerator[None]:
    """Make films of what is drawn on this machine while the block runs."""
    render = studio.kinds[RENDER]
    async with beside(render.films.run()) if isinstance(render, RenderJob) else contextlib.nullcontext():
        yield


def _places(providers: Registry) -> int:
    """Whatever paid providers may be drawing costs this machine nothing but waiting, so it takes no place from what is drawn here."""
    here = {model.lane for model in providers.models() if model.is_drawn_here}
    return DRAWN_HERE_AT_ONCE + sum(terms.concurrency for lane, terms in providers.lanes.items() if lane not in here)
