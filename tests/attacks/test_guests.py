"""Guests over the raw socket: every handler of members turns them away, and nothing of anybody changes."""

from __future__ import annotations

import asyncio
import re

import pytest

from pixelstudio.core import limits
from tests.attacks import exposed
from tests.attacks.conftest import Person, rows
from tests.attacks.rawsocket import ROOT_STATE, a_socket
from tests.serving import Served, a_client

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]

PROMPT = "a canary of tin over a loud harbour"


@pytest.fixture(scope="module")
def guest(server: Served) -> Person:
    with a_client(server) as client:
        client.post("/auth/guest", data={"prompt": PROMPT}, headers={"Accept": "application/json"}).raise_for_status()
        return Person("", client.cookies["sid"])


def counts(server: Served) -> list[tuple[object, ...]]:
    """What a guest could have changed, leaving out their own first drawing, which goes on."""
    return rows(server, "SELECT (SELECT count(*) FROM generation), (SELECT count(*) FROM account), (SELECT count(*) FROM preference)")


async def test_every_handler_of_members_turns_a_guest_away(server, guest):
    listed = [line.split() for line in exposed.HANDLERS.read_text().splitlines()]
    members = [(f"{ROOT_STATE}.{name}", arguments) for role, name, *arguments in listed if role in {"member", "maintainer"}]
    before = counts(server)
    assert len(members) > 20

    async with a_socket(server.url, cookie=guest.cookie) as page:
        for name, arguments in members:
            await page.send(name, dict.fromkeys(arguments, "x"))
            await asyncio.sleep(1 / limits.EVENTS_PER_SECOND)
        await page.settle()
        heard = page.heard()

    assert len(re.findall(r"/login\?next=", heard)) >= len(members)
    assert counts(server) == before


async def test_a_guest_of_another_browser_hears_nothing_of_the_first(server, guest):
    with a_client(server) as client:
        client.post("/auth/guest", data={"prompt": "something else"}, headers={"Accept": "application/json"}).raise_for_status()
        other = client.cookies["sid"]

    async with a_socket(server.url, cookie=other) as page:
        await page.load("/")
        await page.send(f"{ROOT_STATE}.pixelstudio___ui___landing___landing_state____landing_state.draw", {"form": {"prompt": "dunes"}})
        await page.settle()

        assert "something else" in page.heard()
        assert PROMPT not in page.heard()
