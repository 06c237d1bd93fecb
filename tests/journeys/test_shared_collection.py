"""A collection among several people: laid into a folder, shared with a guest who says what they think, seen live; and looked through in the viewer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.journeys.person import DESK, PHONE, Person, new_handle, until
from tests.journeys.test_every_page import TWO_LOOKS, Listener
from tests.leaks import remember

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

    from tests.serving import Served

# How many collections the sheet offers before it closes and right behind: the next key may open it for another picture.
_LEFT_IN_IT = """async sheet => {
    const offered = () => sheet.querySelectorAll("li").length, before = offered();
    sheet.close();
    await null;
    return [before, offered()];
}"""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


async def begins(page: Page, title: str) -> None:
    """Begin a collection on /collections, where all that is asked is as wide as a phone."""
    await page.get_by_role("button", name="New collection").click()
    await page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert await page.get_by_role("dialog").evaluate("dialog => dialog.scrollWidth <= dialog.clientWidth")
    await page.set_viewport_size(DESK)  # type: ignore[arg-type]
    await page.get_by_role("textbox", name="Title").fill(title)
    await page.get_by_role("button", name="Create collection").click()
    await expect(page.get_by_role("link", name=re.compile(title))).to_be_visible()


async def collects_and_compares(ines: Person, listener: Listener) -> None:
    """In the viewer of the library, by keys alone: into a collection that is there, and into one that is begun for it."""
    page, press = ines.page, ines.page.keyboard
    await ines.goes_to("/library")
    await page.get_by_role("link", name="a paper boat").first.click()
    viewer = page.get_by_role("dialog", name="Picture")
    sheet = page.get_by_role("dialog", name="Collect")
    for _ in range(2):
        await press.press("c")
        await expect(sheet.get_by_role("button", name="Coast")).to_be_focused()
        await press.press("Enter")
        await expect(sheet.get_by_role("button", name="Coast")).to_have_attribute("aria-pressed", "true")
        assert await sheet.evaluate(_LEFT_IN_IT) == [2, 0]
        await expect(viewer.get_by_role("button", name="Collect")).to_be_focused()
        await press.press("j")
    await press.press("c")
    await sheet.get_by_role("textbox", name="New collection").focus()
    await press.type("Harbour")
    await listener.hears("collecting", TWO_LOOKS, "#collect")
    await press.press("Enter")
    await expect(sheet).to_be_hidden()
    await expect(viewer.get_by_text("Collected in Harbour.")).to_be_visible()
    await expect(viewer.get_by_role("button", name="Collect")).to_be_focused()
    await press.press("c")
    await expect(sheet.get_by_role("button", name="Harbour", pressed=True)).to_be_focused()
    await press.press("Escape")
    await press.press("v")
    both = viewer.get_by_role("region", name="Compare two pictures")
    await expect(both.get_by_role("img")).to_have_count(2)
    await press.press("+")
    moved = await both.get_by_role("img").evaluate_all("images => images.map(image => image.style.transform)")
    assert len(set(moved)) == 1
    assert "scale(1.5)" in moved[0]
    await press.press("w")
    await expect(both.get_by_role("slider")).to_have_value("50")
    await press.press("ArrowLeft")
    await expect(both.get_by_role("slider")).to_have_value("45")
    await listener.hears("two compared", TWO_LOOKS, ".viewer")
    await press.press("Escape")
    await expect(both).to_be_hidden()
    await expect(viewer).to_be_visible()
    show = viewer.get_by_role("button", name="Slideshow", exact=True)
    await expect(show).to_be_disabled()  # nothing comes after the last one, and it says so
    await expect(show).to_have_accessible_description(re.compile("last picture"))
    await press.press("s")
    await expect(viewer.get_by_role("button", name="Pause the slideshow")).to_have_count(0)
    await press.press("k")
    await show.click()
    await page.get_by_role("combobox", name="Each for").select_option("3")
    before = page.url
    await until(page, "before => location.href !== before", before)
    await press.press("Escape")
    await expect(viewer).to_be_hidden()
    await expect(page).not_to_have_url(re.compile("show="))  # the way back is the browser's own, and takes a moment


async def keeps_and_throws_away(page: Page) -> None:
    """An own private picture where it was collected: nobody else can like it, and all that is done to one's own is done here."""
    pictures = page.get_by_role("main").get_by_role("group", name="Pictures")  # the rail has one of that name
    viewer = page.get_by_role("dialog", name="Picture")
    await expect(pictures.get_by_role("img")).to_have_count(2)
    await expect(pictures.get_by_role("button", name="Like")).to_have_count(0)
    await pictures.get_by_role("link").first.click()
    await expect(viewer.get_by_role("link", name="Download")).to_be_visible()
    for name in ("Like", "Comments"):
        await expect(viewer.get_by_role("button", name=name)).to_have_count(0)
    await page.keyboard.press("l")
    await expect(viewer.get_by_role("button", name="Favourite", pressed=True)).to_be_visible()
    await viewer.get_by_role("button", name="Move to trash").click()
    await expect(viewer.get_by_role("status").first).to_have_text("1 of 1")
    await viewer.get_by_role("button", name="Undo").click()
    await expect(viewer.get_by_role("status").first).to_have_text("2 of 2")
    await page.keyboard.press("Escape")
    await expect(viewer).to_have_count(0)
    await expect(pictures.get_by_text("Favourite", exact=True)).to_have_count(1)


async def test_a_collection_is_shared_with_people_and_guests_and_everybody_is_seen_at_once(browser: Browser, house: Served) -> None:
    ines, omar = await Person.sits_down(browser, house.url), await Person.sits_down(browser, house.url, viewport=PHONE, scheme="light")
    hers, his = new_handle("ines"), new_handle("omar")
    page, listener = ines.page, Listener(ines.page)
    await omar.joins(his)
    await ines.enters_as(hers)
    await ines.asks_for("a paper boat on green water", images=2, small=True)
    await ines.sees_pictures(2)
    await ines.goes_to("/collections")
    for title in ("Year", "Coast"):
        await begins(page, title)
    await page.get_by_role("link", name=re.compile("Year")).click()
    await page.get_by_role("main").get_by_role("link", name="Library").click()  # nothing hangs there yet
    await expect(page.get_by_role("heading", name="Library", exact=True)).to_be_visible()
    await collects_and_compares(ines, listener)

    await ines.goes_to("/collections")
    cards = page.get_by_role("list", name="Collections").get_by_role("listitem")
    await cards.filter(has_text="Coast").drag_to(cards.filter(has_text="Year"))
    await expect(cards).to_have_count(2)
    await page.get_by_role("button", name="Undo").click()
    await expect(cards).to_have_count(3)
    await page.get_by_role("link", name=re.compile("Coast")).focus()
    await page.keyboard.press("m")
    places = page.get_by_role("dialog", name="Move into")
    await expect(places.get_by_role("button", name="Year")).to_be_visible()
    await listener.hears("places", TWO_LOOKS, "dialog[open]")
    await places.get_by_role("button", name="Year").click()
    await page.get_by_role("link", name=re.compile("Year")).click()
    await page.get_by_role("list", name="In it").get_by_role("link", name=re.compile("Coast")).click()
    await expect(page.get_by_role("navigation", name="Where it lies")).to_contain_text("Year")
    collection = page.url.removeprefix(house.url)
    await keeps_and_throws_away(page)

    await page.get_by_role("button", name="People").click()
    await page.get_by_role("textbox", name="Handle").fill(his)
    await page.get_by_role("button", name="Invite").click()
    await expect(page.get_by_role("list", name="People")).to_contain_text(his)
    await page.get_by_role("switch", name="Show them my private pictures here").click()
    await listener.hears("people", TWO_LOOKS, "dialog[open]")
    await page.keyboard.press("Escape")
    await omar.goes_to("/inbox")
    await omar.page.get_by_role("link", name=re.compile("invites you")).click()
    await omar.page.get_by_role("button", name="Join").click()
    await expect(omar.page.get_by_role("group", name="Pictures").get_by_role("img")).to_have_count(2)
    await omar.goes_to(collection)
    await expect(page.get_by_role("list", name="Here now")).to_contain_text(his)
    await omar.page.close()
    await expect(page.get_by_role("list", name="Here now")).to_be_hidden()

    await page.get_by_role("button", name="Share").click()
    await page.get_by_text("For opinions", exact=True).click()
    await page.get_by_text("With my private pictures").click()
    await listener.hears("sharing", TWO_LOOKS, "dialog[open]")
    await page.get_by_role("button", name="Make a link").click()
    link = await page.locator("#made-link").text_content() or ""
    remember("key", link.rpartition("/")[2])
    await page.keyboard.press("Escape")
    anna = await Person.sits_down(browser, house.url)
    guest, hears = anna.page, Listener(anna.page)
    await anna.opens(link.removeprefix(house.url))
    await expect(guest.get_by_role("group", name="Pictures").get_by_role("img")).to_have_count(2)
    await hears.hears("a shared collection")
    await guest.get_by_role("group", name="Pictures").get_by_role("link").first.click()
    await guest.get_by_role("textbox", name="Your name").fill("<b>Anna</b>")
    await guest.keyboard.press("Enter")
    await guest.get_by_role("button", name="Ask for changes").click()
    await guest.get_by_role("textbox", name="A few words").fill("Warmer, <i>please</i>")
    await guest.get_by_role("button", name="Send").click()
    opinions = page.get_by_role("list", name="Opinions")
    await expect(opinions).to_contain_text("Warmer, <i>please</i>")
    await expect(opinions).to_contain_text("<b>Anna</b>")
    await hears.hears("a guest's opinion", TWO_LOOKS, ".viewer")
    await listener.hears("a collection with opinions")

    await page.get_by_role("button", name="Share").click()
    await page.get_by_role("button", name="Revoke").click()
    await expect(page.get_by_role("button", name="Revoke")).to_have_count(0)
    await guest.reload()
    await expect(guest.get_by_role("heading", name="This link leads nowhere")).to_be_visible()
    assert sorted({*listener.faults, *hears.faults}) == []
    assert ines.complaints == []
