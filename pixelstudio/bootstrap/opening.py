"""`open_studio`: everything the product runs on, opened in order and closed in reverse. With `outside`, the one place that names adapters."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING, Final

from pixelstudio.bootstrap.credentials import credentials_if_any
from pixelstudio.bootstrap.outside import outside_of
from pixelstudio.caching.cache import Cache
from pixelstudio.caching.memory import MemoryStore
from pixelstudio.core.clock import SystemClock
from pixelstudio.core.events import Bus
from pixelstudio.core.failpoints import arm
from pixelstudio.core.keyring import Keyring
from pixelstudio.core.settings import Settings
from pixelstudio.db.engine import Database
from pixelstudio.features.accounts.jobs import LetterJob
from pixelstudio.features.gallery.exhibits import KINDS
from pixelstudio.features.generation.jobs import RenderJob
from pixelstudio.features.generation.recalls import RecallJob
from pixelstudio.gateways.mail.smtp import smtp_mailer
from pixelstudio.imaging.children import GENERAL_PRELOAD, ChildPool
from pixelstudio.jobs.hands import Hands
from pixelstudio.jobs.progress import ProgressBoard
from pixelstudio.net.client import Client
from pixelstudio.net.fetch import Fetcher
from pixelstudio.providers.local.accounts import local_models, local_workshop
from pixelstudio.providers.openai.chat import writer_of
from pixelstudio.providers.registry import Registry
from pixelstudio.providers.sketch.provider import SketchProvider
from pixelstudio.storage.local import LocalStorage
from pixelstudio.studio import Studio

if TYPE_CHECKING:
    from pixelstudio.caching.contract import Store
    from pixelstudio.jobs.kind import JobKind

# What a child imports before its first task, so that a first drawing does not wait for it.
DRAWING: Final = "pixelstudio.providers.sketch.drawing"


@contextlib.asynccontextmanager
async def open_studio(settings: Settings, *, keys: Keyring | None = None) -> AsyncGenerator[Studio]:
    """Open everything on a migrated database, in order, and close it in reverse, however far it came. Children start at their first task.

    `keys` stand for those of the data folder, which are made there at the first start.
    """
    arm(settings.failpoint)
    clock, bus = SystemClock(), Bus()
    kinds: dict[str, JobKind] = {}
    async with contextlib.AsyncExitStack() as opened:
        db = await Database.open(settings.effective_database_url, clock, bus)
        opened.push_async_callback(db.close)
        cache = Cache(bus, _store(settings), KINDS)
        opened.push_async_callback(cache.close)
        children = ChildPool(settings.child_processes, preload=(*GENERAL_PRELOAD, DRAWING))
        opened.push_async_callback(children.close)
        local = local_workshop(settings)
        opened.push_async_callback(local.close)
        client = Client()
        opened.push_async_callback(client.close)
        fetcher = Fetcher(allows_loopback=settings.results_from_loopback)
        opened.push_async_callback(fetcher.close)
        outside = await outside_of(settings, client, fetcher)
        studio = Studio(
            settings=settings,
            clock=clock,
            db=db,
            bus=bus,
            storage=LocalStorage(settings.data_dir / "objects"),
            providers=Registry([SketchProvider(children), *local_models(settings, local), *outside.providers]),
            readers=outside.readers,
            children=children,
            progress=ProgressBoard(bus),
            hands=Hands(),
            kinds=kinds,
            keys=keys or Keyring.opened(settings.data_dir / "keys"),
            writer=writer_of(settings, client),
            mailer=smtp_mailer(settings, clock),
            credentials=await asyncio.to_thread(credentials_if_any, settings, clock, is_kept=keys is None),
            cache=cache,
        )
        kinds.update({kind.name: kind for kind in (RenderJob(studio), RecallJob(studio), LetterJob(studio))})
        yield studio


def _store(settings: Settings) -> Store:
    """Where the cache keeps things: in a Redis when one is named, otherwise in this process."""
    if not (url := settings.redis_url.get_secret_value()):
        return MemoryStore()
    from pixelstudio.caching.redis import RedisStore

    return RedisStore.at(url)
