"""`make seed`: fill an empty studio with twelve people and four hundred pictures, the same every time."""

from __future__ import annotations

import asyncio
import sys
import time
from datetime import timedelta
from pathlib import Path
from random import Random

from sqlalchemy import func, select

from pixelstudio.core.clock import FrozenClock, SystemClock
from pixelstudio.core.events import Bus
from pixelstudio.core.settings import Settings, load_settings
from pixelstudio.db.engine import Database
from pixelstudio.db.migrate import migrate
from pixelstudio.features.accounts.tables import AccountRow
from pixelstudio.storage.local import LocalStorage
from tools.seed.company import look_at, meet
from tools.seed.drawings import workshop
from tools.seed.people import PASSWORD, PEOPLE
from tools.seed.shelves import Published, collect
from tools.seed.world import DAYS, Site, add, plan, portraits_of, settle

KEPT = Path(__file__).resolve().parents[2] / "build" / "seed"
DICE = 7
"""Who likes what falls the same every time."""


def main() -> int:
    """Fill the studio of this folder's settings; the exit status."""
    started = time.monotonic()
    count = asyncio.run(fill(load_settings()))
    if count is None:
        sys.stderr.write("Somebody lives here already. Set DATA_DIR to an empty folder, or DATABASE_URL to an empty database.\n")
        return 1
    print(f"{len(PEOPLE)} people, {count} pictures, in {time.monotonic() - started:.0f} s.")
    print(f"Sign in as {PEOPLE[0].email} with the password: {PASSWORD}")
    return 0


async def fill(settings: Settings) -> int | None:
    """How many pictures hang now; None when the studio is not empty, and then nothing is changed."""
    await migrate(settings.effective_database_url)
    now = SystemClock().now()
    clock = FrozenClock(now - timedelta(days=DAYS))
    db = await Database.open(settings.effective_database_url, clock, Bus())
    children = workshop(settings.child_processes)
    try:
        async with db.reader() as reader:
            if (await reader.exec(select(func.count()).select_from(AccountRow))).scalar_one():
                return None
        return await _fill(Site(clock, db, children, LocalStorage(settings.data_dir / "objects"), KEPT))
    finally:
        await children.close()
        await db.close()


async def _fill(site: Site) -> int:
    began, sets = site.clock.now(), plan()
    times = [began + timedelta(seconds=one.after_s) for one in sets]
    async with asyncio.TaskGroup() as group:  # while the rows of a set are written, those after it are drawn and taken in
        taken = [group.create_task(portraits_of(site, one.drawings, at)) for one, at in zip(sets, times, strict=True)]
        people, dice = await settle(site), Random(DICE)  # noqa: S311  # a game of chance, the same every time
        await meet(site, people, dice)
        hung: list[Published] = []
        for one, at, portraits in zip(sets, times, taken, strict=True):
            drawn = await portraits
            site.clock.advance((at - site.clock.now()).total_seconds())
            published = await add(site, one, people[one.handle], drawn)
            await look_at(site, published, people[one.handle], people, dice)
            hung += (Published(image_id, one.handle, one.drawings[0].prompt) for image_id in published)
        await collect(site, hung, people, dice)
    return sum(len(one.drawings) for one in sets)


if __name__ == "__main__":
    sys.exit(main())
