"""Live pages: what happens reaches the page, and nothing falls between snapshot and listening."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
import reflex as rx

from pixelstudio.core.events import Bus, Event
from pixelstudio.core.ids import secret_digest
from pixelstudio.features.accounts.sessions import sign_out
from pixelstudio.ui import live, session
from pixelstudio.ui.live import Live
from pixelstudio.ui.notices import ASKS_FOR_S, STANDS_FOR_S, NoticeView
from tests.factories import a_cookie, a_user
from tests.ui.driving import Tab


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn(Event):
    """Something of somebody went on."""

    whose: str
    name = "test.drawn"

    def topics(self) -> tuple[str, ...]:
        return (f"user:{self.whose}",)


class Wall(Live, rx.State):
    """A page that counts what it is shown."""

    loads: int = 0
    heard: int = 0
    pushes: int = 0
    secret: str = ""

    async def _snapshot(self, studio: Any, actor: Any) -> None:
        await studio.pause()
        self.loads += 1
        self.secret = f"of {actor.handle}" if actor else "of nobody"

    async def _apply(self, studio: Any, actor: Any, events: Any) -> None:
        studio.applied()
        self.heard += len(events)
        self.pushes += 1


class OpenWall(Live, rx.State):
    """A page that strangers may see."""

    _members_only = False
    secret: str = ""

    async def _snapshot(self, studio: Any, actor: Any) -> None:
        self.secret = f"of {actor.handle}" if actor else "of nobody"


@pytest.fixture
def studio(database, bus):
    async def pause() -> None:
        await asyncio.sleep(0)

    opened = SimpleNamespace(db=database, bus=bus, pause=pause, applied=lambda: None)
    session.install(opened)  # pyright: ignore[reportArgumentType]
    yield opened
    session.uninstall()


@pytest.fixture
async def ines(studio, database):
    return await a_user(database, "ines")


async def test_a_page_shows_its_snapshot_and_then_what_happens(studio, database, ines):
    async with Tab(await a_cookie(database, ines.id)) as tab:
        await tab.start(Wall, "follow")
        await tab.wait_until(Wall, lambda page: page.loads == 1)
        studio.bus.publish(Drawn(whose=ines.id))
        await tab.wait_until(Wall, lambda page: page.heard == 1)

        assert (await tab.look(Wall)).loads == 1


async def test_an_opened_page_says_what_was_just_said_and_nothing_of_an_earlier_visit(studio, database, ines):
    async with Tab(await a_cookie(database, ines.id)) as tab:
        for age_s, action, says in (
            (0, "", "Published."),
            (STANDS_FOR_S + 1, "", ""),
            (ASKS_FOR_S - 1, "Undo", "Published."),
            (ASKS_FOR_S + 1, "Undo", ""),
        ):
            (await tab.look(Wall)).notice = NoticeView("note", "Published.", action=action, said_at=time.monotonic() - age_s)
            loads = (await tab.look(Wall)).loads
            await tab.start(Wall, "follow")
            await tab.wait_until(Wall, lambda page, loads=loads: page.loads > loads)
            notice = (await tab.look(Wall)).notice
            assert (notice.sentence if notice else "") == says


async def test_what_happens_during_the_snapshot_is_not_lost(studio, database, ines):
    loading, go_on = asyncio.Event(), asyncio.Event()

    async def pause() -> None:
        loading.set()
        await go_on.wait()

    studio.pause = pause
    async with Tab(await a_cookie(database, ines.id)) as tab:
        await tab.start(Wall, "follow")
        await loading.wait()
        studio.bus.publish(Drawn(whose=ines.id))
        go_on.set()
        await tab.wait_until(Wall, lambda page: page.heard == 1)


async def test_a_hundred_facts_at_once_become_few_pushes(studio, database, ines):
    async with Tab(await a_cookie(database, ines.id)) as tab:
        await tab.start(Wall, "follow")
        await tab.wait_until(Wall, lambda page: page.loads == 1)
        for _ in range(100):
            studio.bus.publish(Drawn(whose=ines.id))
        await tab.wait_until(Wall, lambda page: page.heard == 100)

        assert (await tab.look(Wall)).pushes <= 2


async def test_a_listener_that_fell_behind_loads_its_snapshot_once(studio, database, ines):
    async with Tab(await a_cookie(database, ines.id)) as tab:
        await tab.start(Wall, "follow")
        await tab.wait_until(Wall, lambda page: page.loads == 1)
        for _ in range(300):
            studio.bus.publish(Drawn(whose=ines.id))
        await tab.wait_until(Wall, lambda page: page.loads == 2)

        assert (await tab.look(Wall)).heard == 0


async def test_another_person_hears_nothing(studio, database, ines):
    marc = await a_user(database, "marc")
    async with Tab(await a_cookie(database, marc.id)) as tab:
        await tab.start(Wall, "follow")
        await tab.wait_until(Wall, lambda page: page.loads == 1)
        seen = len(tab.updates)
        studio.bus.publish(Drawn(whose=ines.id))
        await asyncio.sleep(0.2)

        assert len(tab.updates) == seen
        assert ines.id not in tab.said()


async def test_signing_out_blanks_the_page_and_sends_it_away_within_a_second(studio, database, ines):
    cookie = await a_cookie(database, ines.id)
    async with Tab(cookie) as tab:
        await tab.start(Wall, "follow")
        await tab.wait_until(Wall, lambda page: page.loads == 1)
        async with database.transaction() as tx:
            await sign_out(tx, secret_digest(cookie))
        await tab.wait_until(Wall, lambda page: page.secret == "", timeout_s=1.0)
        await asyncio.sleep(0.05)

        assert [event.payload["path"] for update in tab.updates for event in update.events] == ["/login"]


async def test_a_fact_after_the_session_ended_is_not_shown(studio, database, ines, monkeypatch):
    cookie = await a_cookie(database, ines.id)
    async with Tab(cookie) as tab:
        await tab.start(Wall, "follow")
        await tab.wait_until(Wall, lambda page: page.loads == 1)
        async with database.transaction() as tx:
            await sign_out(tx, secret_digest(cookie))
            studio.bus.publish(Drawn(whose=ines.id))
        await tab.wait_until(Wall, lambda page: page.secret == "")

        assert (await tab.look(Wall)).heard == 0


async def test_a_failed_change_leaves_the_page_listening(studio, database, ines, monkeypatch):
    monkeypatch.setattr(live, "_PAUSE_AFTER_FAILURE_S", 0.01)

    def applied() -> None:
        studio.applied = lambda: None
        raise RuntimeError("once")

    studio.applied = applied
    async with Tab(await a_cookie(database, ines.id)) as tab:
        await tab.start(Wall, "follow")
        await tab.wait_until(Wall, lambda page: page.loads == 1)
        studio.bus.publish(Drawn(whose=ines.id))
        await tab.wait_until(Wall, lambda page: page.loads == 2)
        studio.bus.publish(Drawn(whose=ines.id))
        await tab.wait_until(Wall, lambda page: page.heard == 1)


async def test_a_quiet_page_sends_nothing_but_stays_alive(studio, database, ines, monkeypatch):
    monkeypatch.setattr(live, "KEEP_ALIVE_S", 0.02)
    async with Tab(await a_cookie(database, ines.id)) as tab:
        await tab.start(Wall, "follow")
        await tab.wait_until(Wall, lambda page: page.loads == 1)
        await asyncio.sleep(0.05)
        seen = len(tab.updates)
        await asyncio.sleep(0.3)

        assert (len(tab.updates), (await tab.look(Wall)).loads) == (seen, 1)


async def test_leaving_the_page_ends_its_listening(studio, database, ines):
    async with Tab(await a_cookie(database, ines.id)) as tab:
        await tab.start(Wall, "follow")
        await tab.wait_until(Wall, lambda page: page.loads == 1)
        assert studio.bus.has_listeners(f"user:{ines.id}")
        tab.leave()
        await asyncio.sleep(0.05)

        assert not studio.bus.has_listeners(f"user:{ines.id}")


async def test_a_stranger_is_sent_from_a_members_page_and_sees_an_open_one(studio, database):
    async with Tab(path="/library") as tab:
        [event] = await tab.send(Wall, "follow")
        await tab.send(OpenWall, "follow")

        assert event.payload["path"] == "/login?next=/library"
        assert (await tab.look(Wall)).secret == ""
        assert (await tab.look(OpenWall)).secret == "of nobody"


@pytest.mark.parametrize("turns", range(5))
async def test_a_page_that_is_left_while_a_batch_comes_is_left(turns):
    """`asyncio.wait_for` in `_next_batch` returns the batch and forgets the leaving, one turn of the loop after the fact (3.11)."""
    bus = Bus()
    with bus.subscribe("user:ines") as subscription:
        waiting = asyncio.create_task(live._next_batch(subscription, 60))
        await asyncio.sleep(0)
        bus.publish(Drawn(whose="ines"))
        for _ in range(turns):
            await asyncio.sleep(0)
        was_asked = waiting.cancel()
        await asyncio.wait([waiting])

        assert waiting.cancelled() == was_asked
