"""The export: everything the studio keeps of a person, as files for them alone. Told page by page, so that it takes little memory."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pixelstudio.core.errors import NotFound
from pixelstudio.core.log import get_logger
from pixelstudio.features.accounts.api_keys import keys_of
from pixelstudio.features.accounts.avatars import avatar_content
from pixelstudio.features.accounts.mutes import muted_by
from pixelstudio.features.accounts.preferences import preferences_of
from pixelstudio.features.accounts.profile import profile_of
from pixelstudio.features.accounts.sessions import sessions_of
from pixelstudio.features.conduct.rulings import rulings_of
from pixelstudio.features.credits.statement import statement_of
from pixelstudio.features.digests.digests import digest_of
from pixelstudio.features.gallery.blocks import blocked_by
from pixelstudio.features.gallery.leanings import leanings_of
from pixelstudio.features.gallery.owners import collections_after, followed_by, likes_after, words_by
from pixelstudio.features.gallery.proofs import proofs_after
from pixelstudio.features.gallery.searches import searches_of
from pixelstudio.features.generation.owners import sets_after
from pixelstudio.features.images.owners import owned_after
from pixelstudio.features.images.uploads import uploaded_by
from pixelstudio.features.presets.presets import presets_of
from pixelstudio.features.prompts.saved import saved_prompts_of

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Reader
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.studio import Studio

_ENDINGS: Final = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}
_UNTOLD: Final = frozenset({"thumbhash", "spill", "is_mine"})
_README: Final = """This is what Pixel Studio keeps of your account.

account.json    your name, address and settings, whom you follow, muted and blocked, what was decided about things of
                yours, where you are signed in, and what your API keys are called
ledger.json     every credit that came and went, newest first
comments.json   everything you wrote under pictures, the last first
opinions.json   what guests thought of pictures in your collections, by links you made
sets.json       everything you asked for, with its prompt and settings
prompts.json    the prompts you saved, with their tags
presets.json    the settings you keep under a name
collections.json  the collections you made, and which pictures are in them
likes.json      the pictures you like
pictures.json   every picture, with its recipe; `file` names it in the folder pictures
pictures/       the pictures themselves, as they were made; the trash is left out
uploads/        the logos you brought and the masks you painted
"""


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """One file of an export, its content in pieces."""

    name: str
    pieces: AsyncIterator[bytes]
    is_text: bool = True


async def exported(studio: Studio, by: Actor) -> AsyncIterator[ExportedFile]:
    """Everything of the actor's, a file at a time. The pieces of one must be read before the next is asked for."""
    yield ExportedFile("README.txt", _whole(_README.encode()))
    async with studio.db.reader() as reader:
        account = await _account(reader, by)
        avatar_id = str(account["profile"]["avatar_id"])
        avatar = await avatar_content(reader, avatar_id) if avatar_id else b""
    yield ExportedFile("account.json", _whole(_json(account)))
    if avatar:
        yield ExportedFile("avatar.webp", _whole(avatar), is_text=False)
    yield ExportedFile("ledger.json", _listed(_ledger(studio, by)))
    async with studio.db.reader() as reader:
        comments = await words_by(reader, by)
    yield ExportedFile("comments.json", _whole(_json(comments)))
    yield ExportedFile("opinions.json", _listed(_opinions(studio, by)))
    yield ExportedFile("prompts.json", _whole(_json(await _prompts(studio, by))))
    yield ExportedFile("presets.json", _whole(_json(await _presets(studio, by))))
    yield ExportedFile("collections.json", _listed(_collections(studio, by)))
    yield ExportedFile("likes.json", _listed(_likes(studio, by)))
    yield ExportedFile("sets.json", _listed(_sets(studio, by)))
    yield ExportedFile("pictures.json", _listed(_pictures(studio, by)))
    async for view, digest in _owned(studio, by):
        yield ExportedFile(f"pictures/{_file_of(view)}", _stored(studio, view.id, digest), is_text=False)
    async with studio.db.reader() as reader:
        uploads = await uploaded_by(reader, by)
    for name, digest in uploads:
        yield ExportedFile(f"uploads/{name}", _stored(studio, name, digest), is_text=False)


async def _account(reader: Reader, by: Actor) -> dict[str, Any]:
    return {
        "profile": dataclasses.asdict(await profile_of(reader, by)),
        "preferences": dataclasses.asdict(await preferences_of(reader, by.id)),
        "api_keys": [dataclasses.asdict(view) for view in await keys_of(reader, by)],
        "sees": by.sees,
        "leanings": dataclasses.asdict(await leanings_of(reader, by)),
        "searches": [dataclasses.asdict(view) for view in await searches_of(reader, by)],
        "follows": await followed_by(reader, by),
        "digest": await digest_of(reader, by),
        "muted": [person.handle for person in await muted_by(reader, by)],
        "blocked": [person.handle for person in await blocked_by(reader, by)],
        "decisions": [dataclasses.asdict(view) for view in await rulings_of(reader, by)],
        "sessions": [dataclasses.asdict(view) for view in await sessions_of(reader, by)],
    }


async def _opinions(studio: Studio, by: Actor) -> AsyncIterator[object]:
    async for opinion in _paged(studio, lambda reader, last: proofs_after(reader, by, last), lambda opinion: opinion["id"]):
        yield {name: value for name, value in opinion.items() if name != "id"}


async def _prompts(studio: Studio, by: Actor) -> list[dict[str, Any]]:
    async with studio.db.reader() as reader:
        return [dataclasses.asdict(view) for view in await saved_prompts_of(reader, by)]


async def _presets(studio: Studio, by: Actor) -> list[dict[str, Any]]:
    async with studio.db.reader() as reader:
        return [dataclasses.asdict(view) for view in await presets_of(reader, by)]


def _collections(studio: Studio, by: Actor) -> AsyncIterator[object]:
    return _paged(studio, lambda reader, last: collections_after(reader, by, last), lambda collection: collection["id"])


def _likes(studio: Studio, by: Actor) -> AsyncIterator[object]:
    return _paged(studio, lambda reader, last: likes_after(reader, by, last), lambda like: like["image_id"])


async def _ledger(studio: Studio, by: Actor) -> AsyncIterator[object]:
    cursor = ""
    while True:
        async with studio.db.reader() as reader:
            page = await statement_of(reader, by.id, before=cursor)
        for line in page.items:
            yield dataclasses.asdict(line)
        if not page.next_cursor:
            return
        cursor = page.next_cursor


async def _sets(studio: Studio, by: Actor) -> AsyncIterator[object]:
    async for record in _paged(studio, lambda reader, last: sets_after(reader, by, last), lambda record: record.id):
        yield dataclasses.asdict(record)


async def _pictures(studio: Studio, by: Actor) -> AsyncIterator[object]:
    async for view, _ in _owned(studio, by):
        told = {name: value for name, value in dataclasses.asdict(view).items() if name not in _UNTOLD}
        yield {**told, "file": f"pictures/{_file_of(view)}"}


def _owned(studio: Studio, by: Actor) -> AsyncIterator[Any]:
    return _paged(studio, lambda reader, last: owned_after(reader, by, last), lambda found: found[0].id)


async def _paged(
    studio: Studio, page_after: Callable[[Reader, str], Awaitable[Iterable[Any]]], id_of: Callable[[Any], str]
) -> AsyncIterator[Any]:
    """Every row, a page at a time; no transaction is open while anybody reads on."""
    last = ""
    while True:
        async with studio.db.reader() as reader:
            page = list(await page_after(reader, last))
        for row in page:
            yield row
        if not page:
            return
        last = id_of(page[-1])


def _file_of(view: Any) -> str:
    return f"{view.id}.{_ENDINGS.get(view.media_type, 'bin')}"


async def _stored(studio: Studio, name: str, digest: str) -> AsyncIterator[bytes]:
    try:
        yield await studio.storage.get(digest)
    except NotFound:  # deleted while the export was under way
        get_logger().info("export.file_gone", file=name)


async def _whole(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def _listed(rows: AsyncIterator[object]) -> AsyncIterator[bytes]:
    """A JSON list, a row a line."""
    before = b"[\n"
    async for row in rows:
        yield before + json.dumps(row, ensure_ascii=False, default=str).encode()
        before = b",\n"
    yield b"\n]\n" if before == b",\n" else b"[]\n"


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, default=str, indent=2).encode() + b"\n"
