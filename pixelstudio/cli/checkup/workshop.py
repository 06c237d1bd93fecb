"""What the studio works with: the disk, the picture folder, the children that draw and decode, the providers, credentials, mail, the cache."""

from __future__ import annotations

import asyncio
import secrets
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pydantic import SecretStr

from pixelstudio.bootstrap.credentials import credentials_of
from pixelstudio.bootstrap.opening import DRAWING, open_studio
from pixelstudio.cli.checkup.finding import Finding, look, ok, wrong
from pixelstudio.core.errors import PixelStudioError
from pixelstudio.core.keyring import Keyring
from pixelstudio.features.operations.providers import providers_of, wellbeing_of
from pixelstudio.imaging.credentials import CredentialsUnusable
from pixelstudio.imaging.ingest import ingest
from pixelstudio.imaging.recipe import Recipe

if TYPE_CHECKING:
    from pixelstudio.core.clock import Clock
    from pixelstudio.core.settings import Settings
    from pixelstudio.gateways.mail.contract import Mailer
    from pixelstudio.providers.contract import Provider
    from pixelstudio.storage.contract import Storage
    from pixelstudio.studio import Studio

ROOM_LOOK_BYTES: Final = 1024**3
ROOM_WRONG_BYTES: Final = 100 * 1024**2
_MAIL_WITHIN_S: Final = 20.0
_MAIL_MEND: Final = "see SMTP_URL and MAIL_FROM: the port, smtp:// or smtps://, the name and password, and the sender the server accepts"
_CACHE_MEND: Final = "see that REDIS_URL names a Redis that runs, its password, and that this machine may reach it"
_SIDE: Final = 256
_PROBE_BYTES: Final = 64 * 1024


async def workshop_findings(settings: Settings, *, may_write: bool) -> list[Finding]:
    """Open a studio with these settings on a database that is thrown away, and try its tools."""
    with tempfile.TemporaryDirectory() as folder:
        apart = settings.model_copy(update={"database_url": SecretStr(f"sqlite:///{folder}/checkup.db")})
        async with open_studio(apart, keys=Keyring.new()) as studio:
            return [
                room_finding(settings.data_dir),
                *([await _storage(studio.storage)] if may_write and settings.data_dir.exists() else []),
                await _children(studio),
                *[await _provider(provider) for provider in providers_of(studio)],
                *credentials_findings(settings, studio.clock),
                await mail_finding(studio.mailer, studio.settings.effective_mail_from),
                await cache_finding(studio),
            ]


def room_finding(folder: Path) -> Finding:
    """How much room there is where data goes."""
    existing = next(path for path in (folder.resolve(), *folder.resolve().parents) if path.exists())
    free = shutil.disk_usage(existing).free
    said = f"{free / 1024**3:.1f} GB free in {folder}."
    mend = "make room on this disk, or move DATA_DIR to a larger one"
    if free < ROOM_WRONG_BYTES:
        return wrong("disk", said, mend)
    return look("disk", said, mend) if free < ROOM_LOOK_BYTES else ok("disk", said)


def credentials_findings(settings: Settings, clock: Clock) -> list[Finding]:
    """Whether Content Credentials can be made, where they are switched on."""
    if not settings.content_credentials:
        return []
    try:
        credentials_of(settings, clock, is_kept=False)
    except CredentialsUnusable as error:
        mend = "`make extra E=c2pa`, and see CONTENT_CREDENTIALS_CERTIFICATE: docs/how-to/use-content-credentials.md"
        return [wrong("downloads", f"{error.sentence} Downloads go without them.", mend)]
    return [ok("downloads", "They carry Content Credentials.")]


async def _storage(storage: Storage) -> Finding:
    data = secrets.token_bytes(_PROBE_BYTES)
    try:
        digest = await storage.put(data)
        is_same = await storage.get(digest) == data
        await storage.delete(digest)
    except PixelStudioError as error:
        return wrong("storage", error.sentence, "let the studio's user write in DATA_DIR, on a disk with room")
    if not is_same:
        return wrong("storage", "What was stored came back changed.", "look at this disk: it loses data")
    return ok("storage", "A picture can be stored, read and deleted.")


async def _children(studio: Studio) -> Finding:
    drawing = {"model": "sketch-paper", "prompt": "a lighthouse at dusk", "seed": 7, "width": _SIDE, "height": _SIDE}
    recipe = Recipe("a lighthouse at dusk", "", "sketch-paper", "sketch", 7, _SIDE, _SIDE, datetime.fromtimestamp(0, UTC))
    started = studio.clock.monotonic()
    try:
        drawn = await studio.children.call(f"{DRAWING}:draw", drawing)
        taken = await ingest(studio.children, drawn.blobs[0], recipe)
    except (PixelStudioError, OSError) as error:
        code = error.code if isinstance(error, PixelStudioError) else type(error).__name__
        mend = "let the studio's user start processes, with 2 GB of address space for each"
        return wrong("children", f"No picture could be drawn and decoded ({code}).", mend)
    seconds = studio.clock.monotonic() - started
    return ok("children", f"A {taken.width} px sketch was drawn and decoded in {seconds:.1f} s, starting included.")


async def mail_finding(mailer: Mailer | None, sender: str) -> Finding:
    """Whether the mail server would take a letter."""
    if mailer is None:
        return ok("mail", "No mail is sent: SMTP_URL is empty. Who forgets a password needs a link from you: `password HANDLE`, or /admin.")
    try:
        async with asyncio.timeout(_MAIL_WITHIN_S):
            await mailer.check()
    except TimeoutError:
        return wrong("mail", f"The mail server did not answer within {_MAIL_WITHIN_S:.0f} seconds.", _MAIL_MEND)
    except PixelStudioError as error:
        answer = error.fields.get("answer")
        return wrong("mail", f"{error.sentence}{f' It says: {answer}' if answer else ''}", _MAIL_MEND)
    return ok("mail", f"The mail server lets this studio in, and takes mail from {sender}.")


async def cache_finding(studio: Studio) -> Finding:
    """Whether the cache that servers share answers."""
    if studio.cache is None or not studio.settings.redis_url.get_secret_value():
        return ok("cache", "Each server keeps a cache of its own: REDIS_URL is empty.")
    if not await studio.cache.is_there():
        return look("cache", "The shared cache does not answer: everything is read from the database.", _CACHE_MEND)
    return ok("cache", "The shared cache answers.")


async def _provider(provider: Provider) -> Finding:
    one = await wellbeing_of(provider)
    models = "1 model" if one.models == 1 else f"{one.models} models"
    return Finding(one.verdict, "provider", f"{one.provider}: {models}. {one.said}", one.mend)
