"""An open page at rest."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.journeys.person import Person, new_handle

if TYPE_CHECKING:
    from playwright.async_api import Browser

    from tests.serving import Served

pytestmark = pytest.mark.slow

QUIET_S = 30


@pytest.mark.patient
async def test_an_idle_open_page_exchanges_nothing_but_pings_for_half_a_minute(browser: Browser, house: Served) -> None:
    ines = await Person.sits_down(browser, house.url)
    await ines.enters_as(new_handle("ines"))
    frames: list[str] = []
    requests: list[str] = []

    def watch(socket) -> None:
        socket.on("framesent", lambda frame: frames.append(str(frame)))
        socket.on("framereceived", lambda frame: frames.append(str(frame)))

    ines.page.on("websocket", watch)
    await ines.opens("/create")
    await ines.sees_composer()
    await asyncio.sleep(2)
    assert frames, "the page's socket was not seen"
    ines.page.on("request", lambda request: requests.append(request.url))
    frames.clear()

    await asyncio.sleep(QUIET_S)

    assert requests == []
    assert [frame for frame in frames if frame not in {"2", "3"}] == []  # engine.io's ping and pong
