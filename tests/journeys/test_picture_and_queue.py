"""The picture's own page and the queue, with keys and mouse, as somebody far from the server's time zone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect
from sqlalchemy import text

from tests.journeys.person import PHONE, Person, new_handle
from tests.journeys.records import Records

if TYPE_CHECKING:
    from playwright.async_api import Browser

    from tests.serving import Served

pytestmark = pytest.mark.slow

_PRESSED_BEFORE_ITS_DIALOG_CAME = """() => {
  const dialog = document.getElementById("publish");
  const place = document.createComment("");
  dialog.replaceWith(place);
  document.getElementById("publishing").click();
  setTimeout(() => place.replaceWith(dialog), 120);
}"""


async def test_a_picture_is_walked_on_from_shared_and_thrown_away_and_its_job_found_in_the_queue(browser: Browser, house: Served) -> None:
    ines = await Person.sits_down(browser, house.url, zone="Asia/Tokyo")
    await ines.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page, press = ines.page, ines.page.keyboard
    await ines.enters_as(new_handle("ines"))
    await ines.asks_for("a mint moon over paper hills", images=2, small=True)
    await ines.sees_pictures(2)

    await press.press("q")
    jobs = page.get_by_role("table", name="Jobs")
    await expect(jobs.get_by_role("cell", name="Done", exact=True)).to_have_count(2)
    await jobs.get_by_role("link", name="Open", exact=True).first.click()
    await ines.sees_the_picture()
    here = page.url
    assert "GMT+9" in (await page.locator("main time").first.get_attribute("title") or "")

    await page.get_by_role("button", name="Full screen", exact=True).click()
    await expect(page.get_by_role("button", name="Leave full screen")).to_be_visible()
    await page.locator(".lit-wall figure > img").click()
    await expect(page.get_by_role("button", name="Full screen", exact=True)).to_be_visible()
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

    await ines.shows_it("By link")
    await page.get_by_role("button", name="Share").click()
    await expect(page.get_by_text("Link copied")).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == here

    await press.press("Delete")
    await page.get_by_role("status", name="Notice").get_by_role("button", name="Undo").click()
    await expect(page.get_by_role("button", name="Move to trash")).to_be_visible()
    await expect(page.locator("#publish")).to_be_attached()
    await page.evaluate(_PRESSED_BEFORE_ITS_DIALOG_CAME)
    await expect(page.get_by_role("dialog", name="Publish")).to_be_visible()
    await page.keyboard.press("Escape")
    await press.press("Escape")
    await expect(page).to_have_url(re.compile(r"/(image|queue)"))
    assert ines.complaints == []


async def test_a_held_lane_is_told_on_every_page_and_a_line_is_rearranged_under_a_thumb(browser: Browser, served: Served) -> None:
    ines, handle = await Person.sits_down(browser, served.url), new_handle("ines")
    page = ines.page
    await ines.enters_as(handle)
    with Records.of(served) as records, records.engine.begin() as connection:
        connection.execute(text("UPDATE account SET is_maintainer = true WHERE handle = :handle"), {"handle": handle})
    await ines.goes_to("/admin")
    lanes = page.get_by_role("table", name="Lanes")
    await lanes.get_by_role("row", name="sketch").get_by_role("button", name="Pause").press("Enter")
    await expect(lanes.get_by_text("Paused")).to_be_visible()

    await ines.goes_to("/create")
    await ines.sees_composer()
    await ines.asks_for("a paper boat on ink", images=3, small=True)
    await expect(page.get_by_text("Whoever looks after this studio has paused this line.").first).to_be_visible()

    await page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    await ines.goes_to("/queue")
    jobs = page.get_by_role("table", name="Jobs")
    rows = jobs.get_by_role("row").filter(has_text="a paper boat on ink")
    await expect(rows.nth(2)).to_contain_text("picture 3 of 3")
    await expect(rows.nth(0).get_by_text("a paper boat on ink")).to_have_css("-webkit-line-clamp", "2")
    await expect(rows.nth(0).get_by_text("a paper boat on ink")).to_have_css("position", "static")
    for place in (1, 2):  # the sentence of a set stands once, and is heard with each of its jobs
        await expect(rows.nth(place).get_by_text("a paper boat on ink")).to_have_css("width", "1px")
    await expect(rows.nth(0)).to_contain_text("Whoever looks after this studio has paused this line.")
    await rows.nth(2).get_by_role("button", name="First").click()
    await expect(rows.nth(0)).to_contain_text("picture 3 of 3")
    await rows.nth(1).get_by_role("button", name="Pause").press("Enter")
    await expect(page.get_by_role("status", name="Under way")).to_have_text("2 waiting, 1 put aside")
    await expect(rows.nth(2)).to_contain_text("You put it aside.")
    tops = await page.locator(".queue-head .push > button").evaluate_all("buttons => buttons.map(button => button.offsetTop)")
    assert len(tops) >= 3
    assert len(set(tops)) == 1  # in one line
    await rows.nth(2).get_by_role("button", name="Cancel").click()
    await expect(page.get_by_role("status", name="Under way")).to_have_text("2 waiting")

    admin = await ines.context.new_page()
    ines.listen(admin)
    await admin.goto(f"{served.url}/admin")
    await admin.get_by_role("button", name="Let go on").click()
    await expect(jobs.get_by_role("cell", name="Done", exact=True)).to_have_count(2, timeout=60_000)
    await rows.filter(has_text="Cancelled").get_by_role("button", name="Remove from the list").click()
    await expect(rows).to_have_count(2)
    notice = page.get_by_role("status", name="Notice")
    await expect(notice).to_contain_text("“a paper boat on ink” is off this list.")
    await notice.get_by_role("button", name="Undo").click()
    await expect(rows).to_have_count(3)
    await rows.nth(0).get_by_role("button", name="Remove from the list").press("Enter")
    await expect(rows).to_have_count(2)
    await expect(rows.nth(0).get_by_role("button", name="Remove from the list")).to_be_focused()
    await page.get_by_role("button", name="Clear ended").click()
    await expect(page.get_by_role("heading", name="Nothing in line")).to_be_visible()
    await admin.get_by_role("button", name="Add everything up").click()
    await expect(admin.get_by_text("Nobody is below zero.")).to_be_visible()
    assert ines.complaints == []
