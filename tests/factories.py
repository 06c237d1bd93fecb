"""Plain builders of what tests need: people, studios, generations, pictures. Each writes real rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypeVar

from argon2 import PasswordHasher

from pixelstudio.caching.cache import Cache
from pixelstudio.caching.memory import MemoryStore
from pixelstudio.core.ids import GenerationId, ImageId, new_id, secret_digest
from pixelstudio.core.limits import SIDE_MIN
from pixelstudio.core.settings import Settings
from pixelstudio.features.accounts.claiming import claim, issue_claim_token
from pixelstudio.features.accounts.guests import open_guest
from pixelstudio.features.accounts.jobs import LetterJob
from pixelstudio.features.accounts.registration import Registration, register
from pixelstudio.features.accounts.sessions import actor_for, open_session
from pixelstudio.features.credits.ledger import grant
from pixelstudio.features.gallery.exhibits import KINDS
from pixelstudio.features.gallery.posts import PostForm, publish
from pixelstudio.features.generation.jobs import RenderJob
from pixelstudio.features.generation.recalls import RecallJob
from pixelstudio.features.generation.requests import GenerationRequest
from pixelstudio.features.generation.tables import GenerationRow
from pixelstudio.features.images.pictures import Origin, Portrait, hang, set_visibility
from pixelstudio.features.images.renditions import StoredFile, add_film
from pixelstudio.imaging.children import ChildPool
from pixelstudio.imaging.ingest import ingest
from pixelstudio.imaging.recipe import Recipe
from pixelstudio.imaging.seal import Seal
from pixelstudio.jobs.hands import Hands
from pixelstudio.jobs.progress import ProgressBoard
from pixelstudio.providers.registry import Registry
from pixelstudio.providers.sketch.provider import SketchProvider
from pixelstudio.storage.memory import MemoryStorage
from pixelstudio.studio import Studio

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from pixelstudio.core.clock import Clock
    from pixelstudio.core.ids import UserId
    from pixelstudio.db.engine import Database
    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.jobs.kind import JobKind
    from pixelstudio.providers.contract import DrawRequest, Provider
    from pixelstudio.storage.contract import Storage

T = TypeVar("T")
PASSWORD = "correct horse battery"
NO_PASSWORD = "nobody signs in with a password here"
_FOLDERS = TemporaryDirectory(prefix="ps-studios-")


@cache
def quick_hash() -> str:
    """Of `PASSWORD`, on the least terms there are: a hash tells them to whoever checks, and what is about doors need not wait for locks."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


async def a_user(database: Database, handle: str = "ines", *, password_hash: str = NO_PASSWORD, credits: int = 0) -> Actor:  # noqa: A002
    """A registered, signed-in person; `credits` come on top of what a sign-up gives."""
    form = Registration(f"{handle}@example.org", handle, PASSWORD)
    async with database.transaction() as tx:
        account = await register(tx, form, password_hash)
        await grant(tx, account.id, credits, key=f"test:{account.id}")
        return await _known(tx, await open_session(tx, account.id))


@dataclass(frozen=True)
class Guest:
    """A stranger who tries it out, and their cookie."""

    actor: Actor
    cookie: str


async def a_guest(database: Database, ip: str = "192.0.2.9") -> Guest:
    """A guest with a session."""
    async with database.transaction() as tx:
        cookie = await open_session(tx, await open_guest(tx, ip))
        return Guest(await _known(tx, cookie), cookie)


async def a_cookie(database: Database, account_id: UserId) -> str:
    """The cookie value of a new session of this person."""
    async with database.transaction() as tx:
        return await open_session(tx, account_id)


async def an_actor(database: Database, cookie: str) -> Actor:
    """Who comes with this cookie; fails when nobody does."""
    async with database.reader() as reader:
        return await _known(reader, cookie)


async def _known(reader: Reader, cookie: str) -> Actor:
    actor = await actor_for(reader, cookie)
    assert actor is not None
    assert actor.session_digest == secret_digest(cookie)
    return actor


def a_studio(database: Database, clock: Clock, children: ChildPool, *providers: Provider, storage: Storage | None = None) -> Studio:
    """A whole studio on this database, drawing with `providers` (quick sketches when there are none) into memory."""
    kinds: dict[str, JobKind] = {}
    studio = Studio(
        settings=_defaults().model_copy(update={"data_dir": Path(_FOLDERS.name) / new_id()}),
        clock=clock,
        db=database,
        bus=database.bus,
        storage=storage or MemoryStorage(),
        providers=Registry(providers or [QuickSketch(children)]),
        children=children,
        progress=ProgressBoard(database.bus),
        hands=Hands(),
        kinds=kinds,
        cache=Cache(database.bus, MemoryStore(), KINDS),
    )
    kinds.update({kind.name: kind for kind in (RenderJob(studio), RecallJob(studio), LetterJob(studio))})
    return studio


@cache
def _defaults() -> Settings:
    """As on a laptop with no account anywhere; read once, for the environment is looked through for every field."""
    return Settings(_env_file=None)  # pyright: ignore[reportCallIssue]  # a field of pydantic-settings itself


class QuickSketch(SketchProvider):
    """The sketch provider, which draws a quarter of a side where the least there is was asked for: nobody looks at the picture then, and
    most of what such a test cost was drawing it and cutting its film.
    """

    def _arguments(self, request: DrawRequest) -> dict[str, object]:
        told = super()._arguments(request)
        return {**told, "width": SIDE_MIN // 4, "height": SIDE_MIN // 4} if request.width == request.height == SIDE_MIN else told


class PricedSketch(QuickSketch):
    """As if each picture cost two credits, for whatever is about paying."""

    def __init__(self, children: ChildPool) -> None:
        super().__init__(children)
        self.models = tuple(replace(model, price_credits=2) for model in type(self).models)


def a_request(**changes: object) -> GenerationRequest:
    """A small, valid wish."""
    return replace(GenerationRequest(prompt="a red lighthouse at dusk", model="sketch-paper", width=256, height=256, seed=7), **changes)


async def an_image(
    studio: Studio,
    by: Actor,
    *,
    is_public: bool = False,
    prompt: str = "a red lighthouse",
    original: bytes = b"original",
    renditions: bytes = b"",
    size: tuple[int, int] = (256, 256),
    seed: int = 7,
    asked: tuple[GenerationId, datetime] | None = None,
    slot: int = 0,
) -> ImageId:
    """A finished picture, of the set that was `asked` for or of one of its own, whose variants are a few bytes of text, or `renditions`; each variant's bytes are stored."""
    files = {name: await _stored(studio, renditions or data, size) for name, data in _variants(original).items()}
    async with studio.db.transaction() as tx:
        generation_id, asked_at = asked or await _asked(tx, by, prompt)
        origin = Origin(by.id, generation_id, slot, "sketch-paper", prompt, "", seed, asked_at)
        image_id = await hang(tx, origin, Portrait(files.pop("original"), files, b"", "#aabbcc"))
        if is_public:
            await set_visibility(tx, image_id, "public", by=by)
    return image_id


async def a_set(studio: Studio, by: Actor, count: int = 1) -> tuple[GenerationId, datetime]:
    """A set of so many pictures, none of which has come, and when it was asked for: now."""
    async with studio.db.transaction() as tx:
        return await _asked(tx, by, "a red lighthouse", count)


async def a_true_image(studio: Studio, by: Actor, data: bytes, *, is_public: bool = False, prompt: str = "a red lighthouse") -> ImageId:
    """A finished picture of these bytes, taken in and sealed as a drawing is."""
    recipe = Recipe(prompt, "", "sketch-paper", "sketch", 7, 256, 256, studio.clock.now())
    taken = await ingest(studio.children, data, recipe, Seal(studio.keys.recipes))
    portrait = Portrait.of(taken, {variant: await studio.storage.put(file.data) for variant, file in taken.files.items()})
    async with studio.db.transaction() as tx:
        generation_id, asked_at = await _asked(tx, by, prompt)
        origin = Origin(by.id, generation_id, 0, "sketch-paper", prompt, "", 7, asked_at, is_public=is_public)
        return await hang(tx, origin, portrait)


async def a_film(studio: Studio, image_id: ImageId, data: bytes = b"original film") -> StoredFile:
    """The film of this picture's making: a few bytes of text."""
    film = await _stored(studio, data)
    async with studio.db.transaction() as tx:
        await add_film(tx, image_id, film)
    return film


async def _asked(tx: Transaction, by: Actor, prompt: str, count: int = 1) -> tuple[GenerationId, datetime]:
    generation_id = GenerationId(new_id())
    tx.add(_ended_generation(generation_id, by, prompt, tx.now, count))
    await tx.flush()
    return generation_id, tx.now


def _ended_generation(generation_id: GenerationId, by: Actor, prompt: str, moment: datetime, count: int) -> GenerationRow:
    return GenerationRow(
        id=generation_id,
        account_id=by.id,
        prompt=prompt,
        model="sketch-paper",
        seed=7,
        width=256,
        height=256,
        count=count,
        price_credits_each=0,
        created_at=moment,
        ended_at=moment,
    )


def _variants(original: bytes) -> dict[str, bytes]:
    return {"original": original, **{side: original + side.encode() for side in ("256", "512", "1024")}}


async def _stored(studio: Studio, data: bytes, size: tuple[int, int] = (256, 256)) -> StoredFile:
    return StoredFile(await studio.storage.put(data), "image/png", *size, len(data))


async def done(studio: Studio, command: Callable[..., Awaitable[T]], *args: object, **more: object) -> T:
    """Run one command in a transaction of its own."""
    async with studio.db.transaction() as tx:
        return await command(tx, *args, **more)


async def a_post(
    studio: Studio, by: Actor, *, prompt: str = "a red lighthouse", size: tuple[int, int] = (256, 256), seed: int = 7, **form: str
) -> ImageId:
    """A finished picture that hangs for everybody, or for whom `showing` says."""
    image_id = await an_image(studio, by, prompt=prompt, size=size, seed=seed)
    await done(studio, publish, image_id, PostForm(**form), by=by)
    return image_id


async def a_maintainer(database: Database, handle: str = "keeper") -> Actor:
    """The member who looks after the installation."""
    keeper = await a_user(database, handle)
    async with database.transaction() as tx:
        await claim(tx, await issue_claim_token(tx) or "", by=keeper)
    return await an_actor(database, await a_cookie(database, keeper.id))
