"""Footfall: counted once where it happens, written down whole by however many processes, and told to maintainers in figures alone."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import select

from pixelstudio.core.errors import NotAllowed, Unavailable
from pixelstudio.core.tally import Tally
from pixelstudio.features.accounts.visits import visit
from pixelstudio.features.footfall.days import Day, days_of, write_down
from pixelstudio.features.footfall.tables import FootfallDayRow
from pixelstudio.ui import session
from pixelstudio.ui.admin.footfall_state import FootfallState
from pixelstudio.ui.visitor import Visitor
from tests.factories import a_cookie, a_guest, a_maintainer, a_user, done
from tests.ui.driving import Tab

DAY_S = 24 * 60 * 60


@pytest.fixture
def installed(studio):
    session.install(studio)
    yield studio
    session.uninstall()


async def figures(studio, keeper):
    async with studio.db.reader() as reader:
        day = (await days_of(reader, by=keeper))[0]
        return day.views, day.creations, day.visits, day.returns


async def test_pages_members_and_returns_are_counted_each_day_and_nobody_is_named(installed, clock):
    studio = installed
    keeper, ines = await a_maintainer(studio.db), await a_user(studio.db, "ines")
    guest = await a_guest(studio.db)
    for cookie in (await a_cookie(studio.db, ines.id), guest.cookie, ""):
        async with Tab(cookie, "/explore") as tab:
            for _ in range(2):
                await tab.send(Visitor, "load")
    await write_down(studio)
    assert await figures(studio, keeper) == (6, 0, 1, 0)

    clock.advance(DAY_S)
    async with Tab(await a_cookie(studio.db, ines.id), "/explore") as tab:
        await tab.send(Visitor, "load")
    await write_down(studio)

    assert await figures(studio, keeper) == (1, 0, 1, 1)
    async with studio.db.reader() as reader:
        days = await days_of(reader, by=keeper)
        assert [day.views for day in days] == [1, 6, *[0] * 12]
        kept = repr((await reader.exec(select(FootfallDayRow))).all())
        assert [word for word in (ines.id, "ines", guest.actor.id, "explore") if word in kept] == []
        with pytest.raises(NotAllowed):
            await days_of(reader, by=ines)


async def test_a_visit_says_whether_it_is_the_first_of_the_day_and_whether_they_came_back(studio, clock):
    ines, guest = await a_user(studio.db, "ines"), await a_guest(studio.db)

    assert [await done(studio, visit, ines) for _ in range(2)] == ["first", "again"]
    clock.advance(DAY_S)
    assert [await done(studio, visit, ines) for _ in range(2)] == ["returned", "again"]
    assert await done(studio, visit, guest.actor) == "again"


async def test_several_processes_add_to_the_same_day(studio):
    keeper = await a_maintainer(studio.db)
    processes = [replace(studio, tally=Tally()) for _ in range(4)]
    for one in processes:
        one.tally.add("views", 10)
        one.tally.add("creations", 2)

    await asyncio.gather(*(write_down(one) for one in (*processes, *processes)))

    assert await figures(studio, keeper) == (40, 8, 0, 0)


class Away:
    """A database that does not answer."""

    def transaction(self):
        raise Unavailable("The database is away.")


async def test_what_cannot_be_written_counts_on(studio):
    keeper = await a_maintainer(studio.db)
    studio.tally.add("views", 3)

    await write_down(replace(studio, db=Away()))
    studio.tally.add("views")
    await write_down(studio)

    assert await figures(studio, keeper) == (4, 0, 0, 0)


async def test_the_days_are_sent_to_maintainers_alone(installed):
    studio = installed
    keeper, ines = await a_maintainer(studio.db), await a_user(studio.db, "ines")
    studio.tally.add("views", 1_200)
    await write_down(studio)
    for who, count in ((keeper, 14), (ines, 0), (None, 0)):
        async with Tab(await a_cookie(studio.db, who.id) if who else "", "/admin") as tab:
            await tab.send(FootfallState, "list_days")
            days = (await tab.look(FootfallState)).days
            assert len(days) == count
            assert not days or (days[0].views, days[0].share, days[1].share) == ("1,200", "100%", "0%")


def test_a_day_without_anything_is_a_day(clock):
    assert Day(clock.now().date()).views == 0
