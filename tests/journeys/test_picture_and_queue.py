"""The picture's own page and the queue, with keys and mouse, as somebody far from the server's time zone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.journeys.person import Person, new_handle

if TYPE_CHECKING:
    from playwright.async_api import Browser

    from tests.serving import Served

pytestmark = pytest.mark.slow


async def test_a_picture_is_walked_on_from_shared_and_thrown_away_and_its_job_found_in_the_queue(browser: Browser, house: Served) -> None:
    ines = await Person.sits_down(browser, house.url, zone="Asia/Tokyo")
    await ines.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page, press = ines.page, ines.page.keyboard
    await ines.joins(new_handle("ines"))
    await ines.asks_for("a mint moon over paper hills", images=2)
    await ines.sees_pictures(2)

    await press.press("q")
    jobs = page.get_by_role("table", name="Jobs")
    await expect(jobs.get_by_role("cell", name="Done", exact=True)).to_have_count(2)
    await jobs.get_by_role("link", name="Open", exact=True).first.click()
    await ines.sees_the_picture()
    here = page.url
    assert "GMT+9" in (await page.locator("main time").first.get_attribute("title") or "")

    beyond = page.get_by_role("link", name=re.compile("^(Older|Newer) picture$"))
    there, back = (
        ("ArrowRight", "ArrowLeft") if await beyond.get_attribute("aria-label") == "Older picture" else ("ArrowLeft", "ArrowRight")
    )
    side = beyond.and_(page.locator(f"[data-key={back}]"))  # of two pictures each has the other beside it, on the other side
    await press.press(there)
    await expect(page).not_to_have_url(here)
    await expect(side).to_be_visible()
    await press.press(back)
    await expect(page).to_have_url(here)
    await expect(side).to_be_hidden()
    await page.get_by_role("button", name="Copy prompt").click()
    assert await page.evaluate("navigator.clipboard.readText()") == "a mint moon over paper hills"

    await page.get_by_role("switch", name="Public").press("Space")
    await page.get_by_role("button", name="Share").click()
    await expect(page.get_by_text("Link copied")).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == here

    await press.press("Delete")
    await page.get_by_role("status", name="Notice").get_by_role("button", name="Undo").click()
    await expect(page.get_by_role("button", name="Move to trash")).to_be_visible()
    await press.press("Escape")
    await expect(page).to_have_url(re.compile(r"/(image|queue)"))
    assert ines.complaints == []
