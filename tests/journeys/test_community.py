"""Two people in two browsers: one publishes, the other sees it come, likes, comments with a mention, follows, collects; the first sees each.

Then the other keeps a search, weighs a wall of their own, mutes and hears again, and no longer meets what was marked.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.journeys.person import PHONE, Person, new_handle

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

    from tests.serving import Served

pytestmark = pytest.mark.slow

LIKE = re.compile(r"^Like(, \d+)?$")
"""The heart, whatever is counted in it."""


async def test_two_people_see_each_other_at_once(browser: Browser, house: Served) -> None:
    ines, omar = await Person.sits_down(browser, house.url), await Person.sits_down(browser, house.url, viewport=PHONE, scheme="light")
    hers, his = new_handle("ines"), new_handle("omar")
    await ines.enters_as(hers)
    await omar.joins(his)
    await ines.asks_for("a paper boat on green water", images=1, small=True)
    await ines.sees_pictures(1)
    await ines.page.locator("figure.pic > a[href^='/image/']").first.click()
    await ines.page.get_by_role("dialog", name="Picture").get_by_role("link", name="Details").click()
    await ines.page.wait_for_url(re.compile("/image/"))
    await omar.goes_to("/explore?sort=newest")

    await ines.page.get_by_role("button", name="Publish").click()
    form = ines.page.get_by_role("dialog", name="Publish")
    await expect(form.get_by_role("textbox", name="Alternative text")).to_have_value(
        "A sketch in the colours and mood of the words “a paper boat on green water”"
    )
    await form.get_by_role("textbox", name="Title").fill(f"Boat of {hers}")
    await form.get_by_role("textbox", name="Tags").fill("sea")
    await form.get_by_role("button", name="Publish").click()
    await expect(ines.page.get_by_role("heading", level=1, name=f"Boat of {hers}")).to_be_visible()
    await expect(ines.page.get_by_role("link", name="See it in Explore")).to_be_visible()

    await omar.page.get_by_role("link", name=f"Boat of {hers} by {hers}").click()
    await expect(omar.page.get_by_role("dialog", name="Picture").get_by_role("link", name="Use this recipe")).to_be_visible()
    await omar.page.get_by_role("link", name="Details").click()
    await omar.sees_the_picture()
    await expect(omar.page.get_by_role("link", name="Use this recipe for a remix")).to_be_visible()
    await omar.page.get_by_role("button", name=LIKE).click()
    await expect(ines.page.get_by_text("1 like", exact=True)).to_be_visible()
    await expect(ines.page.get_by_role("button", name=LIKE)).to_have_count(0)  # her own she keeps as a favourite
    await omar.page.get_by_role("button", name="Follow", exact=True).click()
    await omar.page.get_by_role("textbox", name="Add a comment").fill(f"Lovely, @{hers}")
    await omar.page.get_by_role("button", name="Comment", exact=True).click()
    said = ines.page.get_by_role("region", name="Comments").get_by_role("listitem").filter(has_text="Lovely")
    await expect(said.get_by_role("link", name=f"@{hers}")).to_be_visible()
    await said.get_by_role("button", name="Reply").click()
    await ines.page.get_by_role("textbox", name=f"Answer {his}").fill("Thank you.")
    await ines.page.get_by_role("button", name="Answer", exact=True).click()
    await expect(omar.page.get_by_text("Thank you.")).to_be_visible()

    await omar.page.get_by_role("button", name="Collect", exact=True).click()
    await omar.page.get_by_role("textbox", name="New collection").fill("Water")
    await omar.page.get_by_role("button", name="Create collection").click()
    await expect(omar.page.get_by_text("Collected in Water.")).to_be_visible()
    await omar.goes_to("/collections")
    await expect(omar.page.get_by_role("link", name="Water")).to_be_visible()

    await ines.goes_to("/inbox")
    lines = ines.page.get_by_role("list", name="Notifications").get_by_role("listitem")
    await expect(lines).to_have_count(3)
    await expect(ines.page.get_by_role("link", name="Inbox")).to_contain_text("3")
    await ines.page.get_by_role("button", name="Mark all read").click()
    await expect(ines.page.get_by_role("link", name="Inbox")).not_to_contain_text("3")
    await omar.goes_to("/search")
    await looks_by_keys_alone(omar.page, hers)
    await omar.page.get_by_role("searchbox", name="Search").fill(f"by:{hers} tag:sea")
    boat = omar.page.get_by_role("link", name=f"Boat of {hers} by {hers}")
    await expect(boat).to_be_visible()

    await omar.page.get_by_text("Save this search").click()
    await omar.page.get_by_role("textbox", name="Name").fill("Boats")
    await omar.page.get_by_role("button", name="Save", exact=True).click()
    await omar.page.get_by_text("Saved searches").click()
    await omar.page.get_by_role("button", name="Delete Boats").click()
    await omar.page.get_by_role("button", name="Undo").click()
    await omar.page.get_by_text("Saved searches").click()
    await expect(omar.page.get_by_role("switch", name="Tell me what is new for Boats")).to_be_visible()

    await omar.goes_to("/explore")
    await omar.page.get_by_role("combobox", name="Sort").select_option("For you")
    await omar.page.get_by_text("What counts").click()
    await omar.page.get_by_role("slider", name="Following").press("End")
    await omar.page.get_by_text("What counts").click()
    await boat.click()
    await omar.page.get_by_role("button", name="Why am I seeing this?").click()
    await expect(omar.page.get_by_text("Following: 10.0 points; you follow who made it.")).to_be_visible()
    await omar.page.keyboard.press("Escape")
    await expect(omar.page.get_by_text("Following: 10.0 points")).to_be_hidden()
    await omar.page.keyboard.press("Escape")
    await omar.page.wait_for_url(re.compile(r"/explore\?sort=yours$"))

    await omar.goes_to(f"/u/{hers}")
    await expect(boat).to_be_visible()
    await omar.page.get_by_role("button", name="More", exact=True).click()
    await omar.page.get_by_role("menuitem", name="Mute").click()
    await expect(omar.page.get_by_text("You have muted them")).to_be_visible()
    await omar.goes_to("/feed")
    await expect(omar.page.get_by_text("Nothing new yet")).to_be_visible()
    await omar.goes_to("/settings")
    await omar.page.get_by_role("button", name=f"Unmute {hers}").click()
    await expect(omar.page.get_by_role("button", name=f"Mute again {hers}")).to_be_visible()
    await omar.goes_to("/feed")
    await expect(boat).to_be_visible()
    said = omar.page.get_by_role("figure").filter(has=boat).locator("figcaption span")
    await expect(said.last).to_have_text(hers)  # who made it, on a line of its own
    title, maker = await said.evaluate_all("spans => spans.map((span) => span.getBoundingClientRect())")
    assert maker["top"] >= title["bottom"]

    await ines.goes_to(await boat.get_attribute("href") or "")
    await ines.page.get_by_role("button", name="Change how it is shown").click()
    again = ines.page.get_by_role("dialog", name="How it is shown")
    await again.get_by_role("radio", name="Mature").check(force=True)
    await again.get_by_role("button", name="Save").click()
    await expect(omar.page.get_by_text("Nothing new yet")).to_be_visible()
    assert [*ines.complaints, *omar.complaints] == []


async def looks_by_keys_alone(page: Page, handle: str) -> None:
    """On the page of the search: what the field offers is chosen by the arrow keys, and colours are added and taken away with the focus kept."""
    field, offered = page.get_by_role("searchbox", name="Search"), page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    await field.press_sequentially("ta")
    await expect(offered).to_have_text(["tag:a tag"])
    await field.press("ArrowDown")
    await expect(offered.first).to_have_attribute("aria-selected", "true")
    await field.press("Enter")
    await field.press_sequentially("se")
    await expect(offered.filter(has_text="tag:sea")).to_be_visible()
    await field.press("Escape")
    await expect(offered).to_have_count(0)
    await field.fill(f"by:{handle[:-1]}")
    await expect(offered.filter(has_text=f"by:{handle}")).to_be_visible()
    await field.press("ArrowUp")
    await field.press("Enter")
    await expect(field).to_have_value(re.compile("^by:\\w+ $"))
    await field.fill("")

    for number in (1, 2):
        adds = page.get_by_role("button", name="By colour" if number == 1 else "Add a colour")
        await adds.focus()
        await adds.press("Enter")
        await expect(page.get_by_label(f"Colour {number}", exact=True)).to_be_focused()
    for number, beside in ((2, page.get_by_label("Colour 1", exact=True)), (1, page.get_by_role("button", name="By colour"))):
        taken = page.get_by_role("button", name=f"Take colour {number} away")
        await taken.focus()
        await taken.press("Enter")
        await expect(beside).to_be_focused()
