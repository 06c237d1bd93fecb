"""/admin: alive for the maintainer, a missing page for everybody else, and quiet while nothing happens."""

from __future__ import annotations

import asyncio

import pytest

from pixelstudio.features.accounts.claiming import claim, issue_claim_token
from pixelstudio.ui.admin import admin_state
from pixelstudio.ui.admin.admin_state import MISSING, AdminState
from tests.factories import a_cookie, a_guest, a_user
from tests.jobs.floor import Lane, change, put, take
from tests.ui.driving import tab_of


@pytest.fixture
async def keeper(open_studio):
    account = await a_user(open_studio.db, "keeper")
    async with open_studio.db.transaction() as tx:
        await claim(tx, await issue_claim_token(tx) or "", by=account)
    await put(open_studio.db, lane="sketch")
    await take(open_studio.db, wanted=0, lane=Lane("sketch", 2))
    return account


@pytest.fixture
async def tab(open_studio, keeper):
    async with tab_of(await a_cookie(open_studio.db, keeper.id), "/admin") as page:
        yield page


async def opened(tab):
    await tab.start(AdminState, "follow")
    await tab.wait_until(AdminState, lambda page: page.is_open)
    return await tab.look(AdminState)


async def test_the_maintainer_sees_the_lanes_and_holds_one(tab):
    page = await opened(tab)
    (lane,) = page.lanes
    assert (lane.id, lane.word, lane.depth, lane.running, lane.is_held) == ("sketch", "Works", "1 in line", "0 of 2", False)
    assert lane.since
    assert (page.title, page.objective) == ("Operations · Pixel Studio", "Nobody should wait longer than 5 minutes.")

    await tab.send(AdminState, "hold", lane="sketch")
    assert [(lane.word, lane.is_held) for lane in (await tab.look(AdminState)).lanes] == [("Paused", True)]
    await tab.send(AdminState, "release", lane="sketch")
    assert [lane.word for lane in (await tab.look(AdminState)).lanes] == ["Works"]

    await tab.send(AdminState, "hold", lane="nowhere")
    assert (await tab.look(AdminState)).notice.kind == "error"


async def test_the_books_are_added_up_when_asked(tab, open_studio):
    await opened(tab)
    await tab.send(AdminState, "add_up")
    page = await tab.look(AdminState)
    assert (page.books.is_right, page.books.sentence) == (True, "1 entry adds up: 5 credits free, 0 credits held. Nobody is below zero.")

    await change(open_studio.db, "UPDATE credit_entry SET available_delta=-1")
    await tab.send(AdminState, "add_up")
    assert (await tab.look(AdminState)).books.sentence.startswith("The books do not add up: 1 entries whose two amounts")


async def test_what_changes_is_shown_and_while_nothing_does_nothing_is_sent(tab, open_studio, monkeypatch):
    monkeypatch.setattr(admin_state, "LOOK_AGAIN_S", 0.05)
    await opened(tab)
    await asyncio.sleep(0.2)
    tab.updates.clear()

    await asyncio.sleep(0.5)
    assert tab.updates == []

    await change(open_studio.db, "UPDATE q_lane SET breaker='open'")
    await tab.wait_until(AdminState, lambda page: [lane.word for lane in page.lanes] == ["Provider fails"])
    assert [alert.lane for alert in (await tab.look(AdminState)).alerts] == ["sketch"]


async def test_nobody_else_finds_the_page_or_is_told_anything(open_studio, keeper):
    ines, guest = await a_user(open_studio.db, "ines"), await a_guest(open_studio.db)
    for cookie in ("", guest.cookie, await a_cookie(open_studio.db, ines.id)):
        async with tab_of(cookie, "/admin") as tab:
            following = await tab.start(AdminState, "follow")
            await asyncio.sleep(0.1)
            for handler, sent in (("hold", {"lane": "sketch"}), ("release", {"lane": "sketch"}), ("add_up", {})):
                await tab.send(AdminState, handler, **sent)
            page = await tab.look(AdminState)
            following.cancel()

            assert (page.is_open, page.title, page.lanes, page.alerts, page.books.at) == (False, MISSING, [], [], "")
            assert "sketch" not in tab.said()
