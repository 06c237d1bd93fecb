"""Keeping the house: the periodic work of an installation, each with how often it is due."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING, Final

from pixelstudio.features.accounts.upkeep import forget_ended
from pixelstudio.features.belongings.erasure import forget_idle_guests
from pixelstudio.features.digests.digests import SEND_EVERY_S, send_digests
from pixelstudio.features.gallery.looking import look_at_older
from pixelstudio.features.gallery.searches import LOOK_EVERY_S as NEWS_EVERY_S
from pixelstudio.features.gallery.searches import look_for_news
from pixelstudio.features.generation.forecasts import forget_forecasts
from pixelstudio.features.images.forgetting import collect_orphans, forget_deleted, sweep_scraps
from pixelstudio.features.operations.alerts import WATCH_EVERY_S, watch
from pixelstudio.features.webhooks.log import forget_old
from pixelstudio.jobs.unknown import decide_old
from pixelstudio.jobs.upkeep import DAY_S, HOUR_S, Keeping, keeping_house

if TYPE_CHECKING:
    from pixelstudio.studio import Studio

FORGET_EVERY_S: Final = 600.0
SWEEP_EVERY_S: Final = 3_600.0
COLLECT_EVERY_S: Final = 6 * 3_600.0
"""It lists everything that is stored."""
LOOK_EVERY_S: Final = 60.0
DECIDE_EVERY_S: Final = 600.0


@contextlib.asynccontextmanager
async def keeping(studio: Studio) -> AsyncGenerator[None]:
    """The periodic work of an installation while the block runs; of several processes each turn is done by one."""
    settings = studio.settings
    kept = Keeping(
        finished_jobs_s=settings.finished_jobs_keep_days * DAY_S,
        facts_s=settings.facts_keep_hours * HOUR_S,
        done_jobs=settings.done_jobs_keep,
        failed_jobs=settings.failed_jobs_keep,
    )
    async with keeping_house(studio.db, kept) as schedule:
        schedule.every(WATCH_EVERY_S, "queue.watch", lambda: watch(studio))
        schedule.every(DECIDE_EVERY_S, "jobs.decide", lambda: decide_old(studio.db, studio.kinds))
        schedule.every(FORGET_EVERY_S, "accounts.forget", lambda: forget_ended(studio))
        schedule.every(FORGET_EVERY_S, "belongings.forget", lambda: forget_idle_guests(studio))
        schedule.every(SEND_EVERY_S, "digests.send", lambda: send_digests(studio))
        schedule.every(NEWS_EVERY_S, "searches.look", lambda: look_for_news(studio))
        schedule.every(SWEEP_EVERY_S, "webhooks.forget", lambda: forget_old(studio))
        schedule.every(FORGET_EVERY_S, "forecasts.forget", lambda: forget_forecasts(studio))
        schedule.every(FORGET_EVERY_S, "images.forget", lambda: forget_deleted(studio))
        schedule.every(LOOK_EVERY_S, "images.look", lambda: look_at_older(studio))
        schedule.every(SWEEP_EVERY_S, "images.sweep", lambda: sweep_scraps(studio))
        schedule.every(COLLECT_EVERY_S, "images.collect", lambda: collect_orphans(studio))
        yield
