"""The composition root: the one place that names concrete adapters and job kinds, and opens and closes what they run on.

Adapters are imported where they are opened: the pages are built from this module's application too, and a build opens nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Final

from starlette.types import ASGIApp

from pixelstudio.core.clock import SystemClock
from pixelstudio.core.events import Bus
from pixelstudio.core.failpoints import arm
from pixelstudio.core.keyring import Keyring, kept
from pixelstudio.core.limits import BEAT_S, BREAKER_AFTER, LEASE_S
from pixelstudio.core.log import get_logger
from pixelstudio.core.settings import Settings, load_settings
from pixelstudio.db.engine import Database
from pixelstudio.db.relay import OutboxRelay
from pixelstudio.edge.crowd import Allowance
from pixelstudio.edge.door import Edge
from pixelstudio.edge.front_end import FrontEnd
from pixelstudio.edge.origins import parse_origin
from pixelstudio.edge.walls import Rules
from pixelstudio.features.accounts.claiming import issue_claim_token
from pixelstudio.studio import Studio
from pixelstudio.ui import session
from pixelstudio.ui.app import StudioApp, make_app
from pixelstudio.ui.framework import ensure_production

if TYPE_CHECKING:
    from pixelstudio.caching.cache import Cache
    from pixelstudio.caching.contract import Store
    from pixelstudio.core.clock import Clock
    from pixelstudio.imaging.credentials import Credentials
    from pixelstudio.jobs.kind import JobKind
    from pixelstudio.jobs.runner import Runner
    from pixelstudio.net.client import Client
    from pixelstudio.net.fetch import Fetcher
    from pixelstudio.providers.contract import Provider
    from pixelstudio.providers.deliveries import DeliveryReader
    from pixelstudio.providers.registry import Registry

FORGET_EVERY_S: Final = 600.0
SWEEP_EVERY_S: Final = 3_600.0
COLLECT_EVERY_S: Final = 6 * 3_600.0
"""It lists everything that is stored."""
LOOK_EVERY_S: Final = 60.0
DECIDE_EVERY_S: Final = 600.0
DRAWN_HERE_AT_ONCE: Final = 4
RELAYED: Final = ("huggingface", "stability")
"""Providers that call nobody; a relay of the maintainer's own may."""
# What a child imports before its first task, so that a first drawing does not wait for it.
DRAWING: Final = "pixelstudio.providers.sketch.drawing"


@dataclass(frozen=True, slots=True)
class Serving:
    """How this process serves: with which settings, with or without a worker of its own, and where the built pages are."""

    settings: Settings
    with_worker: bool = True
    pages: FrontEnd | None = None
    announce: Callable[[str], None] = print
    """Says the claim link to whoever started the server. It must not go to the log: it makes a maintainer."""
    hurrying: list[Callable[[], None]] = field(default_factory=list[Callable[[], None]])
    """What the server calls, in its loop, when it is told to stop once more."""
    draining: Event = field(default_factory=Event)
    """Set once the server has been told to stop: it still answers, and says that it is not ready."""


@contextlib.asynccontextmanager
async def open_studio(settings: Settings, *, keys: Keyring | None = None) -> AsyncGenerator[Studio]:
    """Open everything on a migrated database, in order, and close it in reverse. Children start at their first task.

    `keys` stand for those of the data folder, which are made there at the first start.
    """
    from pixelstudio.caching.cache import Cache
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

    arm(settings.failpoint)
    clock, bus, client, fetcher = SystemClock(), Bus(), Client(), Fetcher(allows_loopback=settings.results_from_loopback)
    db = await Database.open(settings.effective_database_url, clock, bus)
    cache = Cache(bus, _store(settings), KINDS)
    children = ChildPool(settings.child_processes, preload=(*GENERAL_PRELOAD, DRAWING))
    local = local_workshop(settings)
    kinds: dict[str, JobKind] = {}
    outside = await _outside(settings, client, fetcher)
    try:
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
            credentials=await asyncio.to_thread(_credentials_if_any, settings, clock, is_kept=keys is None),
            cache=cache,
        )
        render, recall = RenderJob(studio), RecallJob(studio)
        kinds[render.name], kinds[recall.name] = render, recall
        yield studio
    finally:
        await fetcher.close()
        await client.close()
        await local.close()
        await children.close()
        await cache.close()
        await db.close()


def credentials_of(settings: Settings, clock: Clock, *, is_kept: bool = True) -> Credentials:
    """What puts Content Credentials into downloads. A certificate of its own is made when none is named, and kept unless told otherwise.

    Raises `CredentialsUnusable`.
    """
    from pixelstudio.imaging.certificates import certified, self_made
    from pixelstudio.imaging.credentials import Credentials, CredentialsUnusable

    try:
        pem = _certificate(settings, lambda: self_made(clock.now()), is_kept=is_kept)
    except OSError as error:
        sentence = "The certificate for Content Credentials is not there, or may not be read."
        raise CredentialsUnusable(sentence, code="credentials_certificate_missing") from error
    return Credentials(certified(pem))


def _certificate(settings: Settings, make: Callable[[], bytes], *, is_kept: bool) -> bytes:
    if settings.content_credentials_certificate:
        return Path(settings.content_credentials_certificate).read_bytes()
    return kept(settings.data_dir / "keys" / "credentials.pem", make) if is_kept else make()


def _credentials_if_any(settings: Settings, clock: Clock, *, is_kept: bool) -> Credentials | None:
    """They are no reason not to start: without them a download is what it always was, and `doctor` says why."""
    from pixelstudio.imaging.credentials import CredentialsUnusable

    if not settings.content_credentials:
        return None
    try:
        return credentials_of(settings, clock, is_kept=is_kept)
    except CredentialsUnusable as error:
        get_logger().warning("credentials.unusable", code=error.code, said=error.sentence)
        return None


def _store(settings: Settings) -> Store:
    """Where the cache keeps things: in a Redis when one is named, otherwise in this process."""
    from pixelstudio.caching.memory import MemoryStore

    if not (url := settings.redis_url.get_secret_value()):
        return MemoryStore()
    from pixelstudio.caching.redis import RedisStore

    return RedisStore.at(url)


@dataclass(frozen=True, slots=True)
class _Outside:
    """Whoever else draws, and who reads what is brought by them or for them."""

    providers: list[Provider]
    readers: dict[str, DeliveryReader]


async def _outside(settings: Settings, client: Client, fetcher: Fetcher) -> _Outside:
    """The configured providers. Only self-hosted ones are asked something here: what they have installed."""
    from pixelstudio.net.signatures import standard_key
    from pixelstudio.providers.a1111.accounts import a1111_providers
    from pixelstudio.providers.comfyui.accounts import comfyui_providers
    from pixelstudio.providers.deliveries import StandardReader, relayed
    from pixelstudio.providers.fal import accounts as fal
    from pixelstudio.providers.horde.accounts import horde_providers
    from pixelstudio.providers.huggingface.accounts import huggingface_providers
    from pixelstudio.providers.openai.accounts import openai_providers
    from pixelstudio.providers.replicate import accounts as replicate
    from pixelstudio.providers.stability.accounts import stability_providers

    outside = _Outside(openai_providers(settings, client), {})
    if at_replicate := replicate.replicate_provider(settings, client, fetcher):
        outside.providers.append(at_replicate)
        outside.readers[at_replicate.name] = replicate.reader_for(at_replicate, settings)
    if at_fal := fal.fal_provider(settings, client, fetcher):
        outside.providers.append(at_fal)
        outside.readers[at_fal.name] = fal.reader_for(settings, client)
    outside.providers.extend([*stability_providers(settings, client), *huggingface_providers(settings, client)])
    outside.providers.extend([*await a1111_providers(settings, client), *await comfyui_providers(settings, client)])
    outside.providers.extend(horde_providers(settings, client))
    if keys := [standard_key(secret) for secret in settings.secrets_of("webhook_secret")]:
        outside.readers.update({name: StandardReader(keys, relayed) for name in RELAYED})
    return outside


def make_runner(studio: Studio) -> Runner:
    """A worker for every lane of this installation. `run` it until `stop`."""
    from pixelstudio.features.generation import recalls
    from pixelstudio.features.generation.overlays import OVERLAY_LANE, OVERLAYS_AT_ONCE
    from pixelstudio.jobs.claim import Lane
    from pixelstudio.jobs.runner import Pace, Runner

    lanes = [
        recalls.LANE,
        Lane(OVERLAY_LANE, OVERLAYS_AT_ONCE),
        *(
            Lane(name, terms.concurrency, terms.rate, terms.burst, BREAKER_AFTER if terms.is_remote else 0)
            for name, terms in studio.providers.lanes.items()
        ),
    ]
    settings = studio.settings
    pace = Pace(lease_s=settings.lease_s, beat_s=settings.lease_s * BEAT_S / LEASE_S, drain_s=settings.worker_drain_s)
    # One place more than for drawings: a wish to stop waits for none of them.
    concurrency = 1 + (settings.worker_concurrency or _places(studio.providers))
    return Runner(
        studio.db, studio.kinds, lanes, studio.progress, concurrency=concurrency, pace=pace, meter=studio.meter, hands=studio.hands
    )


def _places(providers: Registry) -> int:
    """Whatever paid providers may be drawing costs this machine nothing but waiting, so it takes no place from what is drawn here."""
    here = {model.lane for model in providers.models() if model.is_drawn_here}
    return DRAWN_HERE_AT_ONCE + sum(terms.concurrency for lane, terms in providers.lanes.items() if lane not in here)


@contextlib.asynccontextmanager
async def hearing_others(studio: Studio) -> AsyncGenerator[None]:
    """Bring the facts and rings of other processes to this one's bus while the block runs; what is cached follows them."""
    async with _beside(studio.db.doorbell.listen()), _beside(OutboxRelay(studio.db).run()), _following(studio.cache):
        yield


@contextlib.asynccontextmanager
async def _following(cache: Cache | None) -> AsyncGenerator[None]:
    async with _beside(cache.follow()) if cache else contextlib.nullcontext():
        yield


@contextlib.asynccontextmanager
async def working(studio: Studio, hurrying: list[Callable[[], None]] | None = None) -> AsyncGenerator[None]:
    """Run jobs and do the periodic work in this process while the block runs; at its end give back what is in hand.

    What it has sent to a paid provider may come in first. `hurrying` is given what ends that wait.
    """
    runner = make_runner(studio)
    if hurrying is not None:
        hurrying.append(runner.hurry)
    async with keeping(studio), filming(studio), _beside(runner.run(), stop=runner.stop):
        yield


@contextlib.asynccontextmanager
async def filming(studio: Studio) -> AsyncGenerator[None]:
    """Make films of what is drawn on this machine while the block runs."""
    from pixelstudio.features.generation.jobs import RENDER, RenderJob

    render = studio.kinds[RENDER]
    async with _beside(render.films.run()) if isinstance(render, RenderJob) else contextlib.nullcontext():
        yield


@contextlib.asynccontextmanager
async def keeping(studio: Studio) -> AsyncGenerator[None]:
    """The periodic work of an installation while the block runs; of several processes each turn is done by one."""
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


@contextlib.asynccontextmanager
async def counting(studio: Studio) -> AsyncGenerator[None]:
    """Write down what this process counts while the block runs, and what is left at its end."""
    from pixelstudio.features.footfall.days import keep_counting, write_down

    async with _beside(keep_counting(studio)):
        yield
    await write_down(studio)


@contextlib.asynccontextmanager
async def serve_studio(plan: Serving) -> AsyncGenerator[Studio]:
    """Everything a serving process runs on, from open to closed: the studio, the pages' seam, other processes' facts, the worker."""
    from pixelstudio.jobs.progress_rows import ProgressReader

    async with contextlib.AsyncExitStack() as stack:
        studio = await stack.enter_async_context(open_studio(plan.settings))
        session.install(studio)
        stack.callback(session.uninstall)
        await stack.enter_async_context(hearing_others(studio))
        await stack.enter_async_context(counting(studio))
        if plan.with_worker:
            await stack.enter_async_context(working(studio, plan.hurrying))
        else:
            await stack.enter_async_context(_beside(ProgressReader(studio.db, studio.progress).run()))
        link = await fresh_claim_link(studio)
        if link:
            plan.announce(f"Nobody looks after this installation yet. Sign in and open this link once to claim it: {link}")
        yield studio


@contextlib.asynccontextmanager
async def _beside(work: Coroutine[object, object, None], stop: Callable[[], None] | None = None) -> AsyncGenerator[None]:
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


def claim_link(settings: Settings, token: str) -> str:
    """Where a member claims the installation. The token stands in the address once and opens nothing twice."""
    return f"{settings.public_url or f'http://localhost:{settings.port}'}/claim?token={token}"


async def fresh_claim_link(studio: Studio) -> str | None:
    """A one-time link, which replaces an earlier one; None once somebody has claimed this installation."""
    async with studio.db.transaction() as tx:
        token = await issue_claim_token(tx)
    return claim_link(studio.settings, token) if token else None


def build_app() -> StudioApp:
    """The application: pages, API, door. Opens nothing; the studio is opened when a server starts it."""
    from pixelstudio.api.app import make_api
    from pixelstudio.api.previews import Shells

    api = make_api()
    app = make_app(beside=[api])

    def outermost(inside: ASGIApp) -> ASGIApp:
        plan = _plan_of(app)
        return Edge(inside, _rules_of(plan.settings), plan.pages)

    def pages(draws_itself: Callable[[str], bool]) -> ASGIApp | None:
        front_end = _plan_of(app).pages
        return front_end.serving(draws_itself) if front_end else None

    @contextlib.asynccontextmanager
    async def open_doors() -> AsyncGenerator[None]:
        ensure_production()
        plan = _plan_of(app)
        async with serve_studio(plan) as studio:
            api.state.studio = studio
            api.state.shells = Shells(plan.pages.drawn, plan.pages.empty) if plan.pages else None
            api.state.readiness.draining = plan.draining
            async with _beside(api.state.readiness.lag.watch()):
                yield

    app.opened_by(open_doors, outermost, pages)
    return app


def build_api(plan: Serving) -> ASGIApp:
    """The API and its door without any page, for an installation that only programs use. Opens nothing before it is served."""
    from pixelstudio.api.app import make_api

    api = make_api(with_pages=False)

    @contextlib.asynccontextmanager
    async def opened(_app: object) -> AsyncGenerator[None]:
        async with serve_studio(plan) as studio:
            api.state.studio, api.state.shells = studio, None
            api.state.readiness.draining = plan.draining
            async with _beside(api.state.readiness.lag.watch()):
                yield

    api.router.lifespan_context = opened
    return Edge(api, _rules_of(plan.settings))


def _rules_of(settings: Settings) -> Rules:
    allowance = Allowance(settings.requests_per_second, settings.sockets_per_address)
    return Rules(public=parse_origin(settings.public_url), proxy_hops=settings.trusted_proxy_hops, allowance=allowance)


def _plan_of(app: StudioApp) -> Serving:
    return app.serving or Serving(load_settings())
