"""What the studio works with: the disk, the picture folder, the children that draw and decode, the providers, mail, the cache."""

from __future__ import annotations

import asyncio
import secrets
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pydantic import SecretStr

from pixelstudio.bootstrap import DRAWING, open_studio
from pixelstudio.cli.checkup.finding import Finding, look, ok, wrong
from pixelstudio.core.errors import PixelStudioError
from pixelstudio.core.keyring import Keyring
from pixelstudio.imaging.ingest import ingest
from pixelstudio.imaging.recipe import Recipe

if TYPE_CHECKING:
    from pixelstudio.core.settings import Settings
    from pixelstudio.gateways.mail.contract import Mailer
    from pixelstudio.providers.contract import Provider
    from pixelstudio.storage.contract import Storage
    from pixelstudio.studio import Studio

ROOM_LOOK_BYTES: Final = 1024**3
ROOM_WRONG_BYTES: Final = 100 * 1024**2
_CHECK_WITHIN_S: Final = 10.0
_SLOW_S: Final = 3.0
_MAIL_WITHIN_S: Final = 20.0
_MAIL_MEND: Final = "see SMTP_URL and MAIL_FROM: the port, smtp:// or smtps://, the name and password, and the sender the server accepts"
_CACHE_MEND: Final = "see that REDIS_URL names a Redis that runs, its password, and that this machine may reach it"
_MENDS: Final[dict[str, str]] = {
    "provider_unreachable": "see that its address is right and that this machine has a way out: name service, firewall, HTTPS_PROXY",
    "provider_slow": "see the way out and its own status page; until then its pictures will be slow or fail",
    "provider_not_its_protocol": "set its address to the one its own guide names, ending in /v1",
    "model_not_offered": "have the account allowed to use them, name others in the settings, or install a newer release",
    "provider_out_of_money": "pay in at the provider, or raise the limit set there",
    "provider_throttled": "ask again in a minute; if it stays so, the account's limits there are too low",
}
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
                *[await _provider(provider) for provider in _providers(studio)],
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
        return ok("mail", "No mail is sent: SMTP_URL is empty.")
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


def _providers(studio: Studio) -> list[Provider]:
    providers = {model.provider: studio.providers.provider_of(model.id) for model in studio.providers.models()}
    return list(providers.values())


async def _provider(provider: Provider) -> Finding:
    said = f"{provider.name}: {len(provider.models)} models"
    try:
        async with asyncio.timeout(_CHECK_WITHIN_S):
            health = await provider.check()
    except TimeoutError:
        return wrong("provider", f"{said}. It did not answer within {_CHECK_WITHIN_S:.0f} seconds.", _MENDS["provider_slow"])
    except PixelStudioError as error:
        return _unwell(said, error)
    if health.not_offered:
        return wrong("provider", f"{said}; it does not offer {', '.join(health.not_offered)}.", _MENDS["model_not_offered"])
    if health.seconds > _SLOW_S:
        return look("provider", f"{said}. It answered, but after {health.seconds:.1f} seconds.", _MENDS["provider_slow"])
    if all(model.is_drawn_here for model in provider.models):
        return ok("provider", f"{said}, drawn here.")
    left = f" The account has {health.balance} left." if health.balance else ""
    return ok("provider", f"{said}, and it answers this studio's key in {health.seconds:.1f} s.{left}")


def _unwell(said: str, error: PixelStudioError) -> Finding:
    match error.fields.get("status"):
        case 401:
            return wrong("provider", f"{said}. The key is refused.", "make a new key at the provider and set it here")
        case 403:
            asked = "The key may not list models; whether it may draw was not asked, for that costs money."
            return look("provider", f"{said}. {asked}", "let the key read models at the provider, or draw one picture to be sure")
        case _:
            mend = _MENDS.get(error.code, "see its key and its address in the settings, and its own status page")
            return wrong("provider", f"{said}. {error.sentence}", mend)
