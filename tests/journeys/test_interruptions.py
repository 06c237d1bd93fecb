"""What comes between asking and having: a refresh, a second tab, another person, signing out, and the process killed by -9."""

from __future__ import annotations

import asyncio
import re
import time
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.journeys.person import Person, new_handle
from tests.journeys.records import Records
from tests.serving import a_server

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.async_api import Browser

    from tests.serving import Served

PROMPT = "A single flower folded from red paper, seen from above"
POINTS = ("after_submit", "while_drawing", "between_bytes_and_rows", "before_last_commit")

pytestmark = pytest.mark.slow


async def test_a_refresh_in_the_middle_shows_the_truth(browser: Browser, house: Served) -> None:
    ines = await Person.sits_down(browser, house.url)
    await ines.enters_as(new_handle("ines"))
    await ines.asks_for(PROMPT, images=2)
    await expect(ines.slots("drawing").first).to_be_visible()

    await ines.page.reload()

    await expect(ines.page.get_by_text(PROMPT).first).to_be_visible()
    await ines.sees_pictures(2)
    assert ines.complaints == []


async def test_a_second_tab_follows_the_first(browser: Browser, house: Served) -> None:
    ines = await Person.sits_down(browser, house.url)
    await ines.enters_as(new_handle("ines"))
    tab = await ines.context.new_page()
    second = Person(house.url, ines.context, tab)
    await second.opens("/create")
    await second.sees_composer()

    await ines.asks_for(PROMPT, images=2, small=True)

    await second.sees_pictures(2)
    await ines.sees_pictures(2)


async def test_another_person_hears_and_sees_nothing(browser: Browser, house: Served, house_records: Records) -> None:
    ines = await Person.sits_down(browser, house.url)
    await ines.enters_as(new_handle("ines"))
    noor = await Person.sits_down(browser, house.url)
    await noor.enters_as(new_handle("noor"))
    frames: list[str] = []
    noor.page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(str(frame))))
    await noor.opens("/create")
    await noor.sees_composer()

    await ines.asks_for(PROMPT, images=2, small=True)
    await ines.sees_pictures(2)
    await noor.page.reload()
    await noor.sees_composer()

    heard = "\n".join(frames)
    assert heard
    for secret in (PROMPT, *(row[0] for row in house_records.ask("SELECT id FROM image UNION SELECT id FROM generation"))):
        assert secret not in heard
    await noor.sees_pictures(0)


async def test_signing_out_reaches_every_open_tab(browser: Browser, house: Served) -> None:
    ines = await Person.sits_down(browser, house.url)
    await ines.enters_as(new_handle("ines"))
    other_tab = await ines.context.new_page()
    await other_tab.goto(f"{house.url}/library")
    await expect(other_tab.get_by_role("heading", name="Library")).to_be_attached()
    await other_tab.wait_for_timeout(500)

    await ines.context.request.post(f"{house.url}/auth/sign-out", headers={"Origin": house.url, "Accept": "application/json"})

    for page in (ines.page, other_tab):
        await page.wait_for_url(re.compile("/login"), timeout=3_000)


async def test_cancelling_stops_what_has_not_come(browser: Browser, house: Served, house_records: Records) -> None:
    ines, handle = await Person.sits_down(browser, house.url), new_handle("ines")
    await ines.enters_as(handle)
    await ines.asks_for(PROMPT, images=10)
    await expect(ines.slots("drawing").first).to_be_visible()

    await ines.page.get_by_role("button", name="Cancel").click()

    await expect(ines.slots("cancelled").first).to_be_visible()
    await expect(ines.slots("drawing")).to_have_count(0)
    assert house_records.count("q_job", handle, "state = 7") >= 7
    assert house_records.count("q_job", handle, "state NOT IN (5, 6, 7)") == 0
    house_records.check_the_ledger()


async def test_the_page_works_from_an_address_it_was_not_built_for(browser: Browser, house: Served) -> None:
    """As a phone on the same network does: an IP literal, another port than the built-in one."""
    ines = await Person.sits_down(browser, f"http://127.0.0.2:{house.port}")
    await ines.joins(new_handle("ines"))
    await ines.asks_for(PROMPT, images=1, small=True)

    await ines.sees_pictures(1)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize("point", POINTS)
async def test_killed_at_any_point_nothing_is_lost_or_doubled(
    browser: Browser, tmp_path: Path, studio_url_of: Callable[[str], dict[str, str]], kind: str, point: str
) -> None:
    with a_server(tmp_path, LEASE_S="4", FAILPOINT=point, **studio_url_of(kind)) as server:
        ines = await Person.sits_down(browser, server.url)
        await ines.enters_as("ines")

        await ines.asks_for(PROMPT, images=2, small=True)
        killed = await asyncio.to_thread(server.process.wait, 30)  # type: ignore[union-attr]
        assert killed == -9

        del server.environment["FAILPOINT"]
        server.start()
        await expect(ines.page.get_by_text(PROMPT).first).to_be_visible()
        await expect(ines.slots()).to_have_count(2, timeout=5_000)
        with Records.of(server) as records:
            await taken_up(records)
            await ines.sees_pictures(2)
            await ended(records)
            records.check_nothing_is_lost_or_doubled(pictures=2)


async def taken_up(records: Records) -> None:
    """Wait until no job is held by the process that died."""
    question = "SELECT count(*) FROM q_job WHERE state IN (1, 2) OR (state = 3 AND lease_until < :now)"
    async with asyncio.timeout(60):
        while records.one(question, now=time.time()):  # noqa: ASYNC110  # another process's database: nothing here can wait for it
            await asyncio.sleep(0.1)


async def ended(records: Records) -> None:
    """Wait until every job has ended."""
    async with asyncio.timeout(60):
        while records.one("SELECT count(*) FROM q_job WHERE state NOT IN (5, 6, 7)"):  # noqa: ASYNC110  # as above
            await asyncio.sleep(0.1)


BAD = (("Prompt", "", "prompt"), ("Seed", "NaN", "whole number"), ("Images", "11", "10"), ("Images", "0", "1"))


async def test_bad_input_is_told_in_a_sentence_and_costs_nothing(browser: Browser, house: Served, house_records: Records) -> None:
    ines, handle = await Person.sits_down(browser, house.url), new_handle("ines")
    await ines.enters_as(handle)
    for field, value, sentence in BAD:  # each in a tab of its own, where nothing was told before
        tab = Person(house.url, ines.context, await ines.context.new_page())
        await tab.opens("/create")
        await tab.sees_composer()
        await tab.unfolds_options()
        await tab.page.locator("form.composer").evaluate("form => { form.noValidate = true; }")
        await tab.page.get_by_role("textbox", name="Prompt", exact=True).fill(PROMPT)
        await tab.page.get_by_label(field, exact=True).first.fill(value)

        await tab.page.get_by_role("button", name="Generate").click()

        await expect(tab.page.get_by_role("status", name="Notice")).to_contain_text(sentence)
        kept = await tab.page.get_by_role("textbox", name="Prompt", exact=True).input_value()
        assert (field, value, kept) == (field, value, "" if field == "Prompt" else PROMPT)
        assert [house_records.count(table, handle) for table in ("generation", "q_job")] == [0, 0]
        assert house_records.count("credit_entry", handle, "kind <> 'grant'") == 0
        await tab.page.close()
