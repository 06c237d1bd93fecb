"""A member with four hundred pictures, all shown, for whatever is slow only when there are many: forty drawings, each hung ten times."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pixelstudio.core.clock import FrozenClock, SystemClock
from pixelstudio.core.events import Bus
from pixelstudio.core.ids import GenerationId, ImageId, UserId
from pixelstudio.core.settings import Settings
from pixelstudio.db.engine import Database
from pixelstudio.db.migrate import migrate
from pixelstudio.features.accounts import registration
from pixelstudio.features.accounts.actor import Actor
from pixelstudio.features.accounts.sessions import open_session
from pixelstudio.features.gallery.posts import publish_many
from pixelstudio.features.generation.tables import GenerationSlotRow
from pixelstudio.features.images.pictures import Origin, Portrait, hang
from pixelstudio.storage.local import LocalStorage
from tools.seed.__main__ import KEPT
from tools.seed.drawings import Drawing, workshop
from tools.seed.world import Site, plan, portraits_of, set_row

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Transaction

PICTURES: Final = 400
IN_A_SET: Final = 5
DRAWINGS: Final = 40
HANDLE: Final = "noor"
_APART_S: Final = 600


async def hang_gallery(folder: Path, pictures: int = PICTURES) -> str:
    """Fill the empty studio whose server will keep its things in `folder`; the cookie of whom the pictures belong to."""
    settings = Settings(_env_file=None, data_dir=folder / "data")  # pyright: ignore[reportCallIssue]  # a field of pydantic-settings itself
    settings.data_dir.mkdir(mode=0o700, parents=True)
    await migrate(settings.effective_database_url)
    clock = FrozenClock(SystemClock().now() - timedelta(days=30))
    db = await Database.open(settings.effective_database_url, clock, Bus())
    children = workshop(2)
    try:
        return await _fill(Site(clock, db, children, LocalStorage(settings.data_dir / "objects"), KEPT), pictures)
    finally:
        await children.close()
        await db.close()


async def _fill(site: Site, count: int) -> str:
    drawings = [drawing for one in plan() for drawing in one.drawings][: min(DRAWINGS, count)]
    portraits = await portraits_of(site, drawings, site.clock.now())
    form = registration.checked(f"{HANDLE}@example.org", HANDLE, "correct horse battery")
    async with site.db.transaction() as tx:
        account = await registration.register(tx, form, "nobody signs in with a password here")
    actor = Actor(UserId(account.id), account.handle, is_maintainer=False, session_digest="")
    for number in range(count // IN_A_SET):
        site.clock.advance(_APART_S)
        shown = [(number * IN_A_SET + slot) % len(drawings) for slot in range(IN_A_SET)]
        async with site.db.transaction() as tx:
            images = await _a_set(tx, UserId(account.id), number, [(drawings[at], portraits[at]) for at in shown])
            await publish_many(tx, images, "", by=actor)
    site.clock.advance(SystemClock().now().timestamp() - site.clock.epoch())
    async with site.db.transaction() as tx:
        return await open_session(tx, UserId(account.id))


async def _a_set(tx: Transaction, owner: UserId, number: int, hung: list[tuple[Drawing, Portrait]]) -> list[ImageId]:
    images: list[ImageId] = []
    row = set_row(tx, hung[0][0], owner, len(hung))
    tx.add(row)
    await tx.flush()
    for slot, (drawing, portrait) in enumerate(hung):
        origin = Origin(owner, GenerationId(row.id), slot, drawing.look, drawing.prompt, "", drawing.seed, row.created_at)
        image_id = await hang(tx, origin, portrait)
        images.append(image_id)
        job = -(number * IN_A_SET + slot) - 1  # of those no job ever has
        tx.add(GenerationSlotRow(generation_id=row.id, slot=slot, job_id=job, seed=drawing.seed, image_id=image_id, outcome="done"))
    return images
