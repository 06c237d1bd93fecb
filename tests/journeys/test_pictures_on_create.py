"""The pictures on Create, looked at in the viewer over the page they were drawn on: by mouse, by keys, on a phone, and where the viewer does not come."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.journeys.person import PHONE, Person, new_handle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.async_api import Browser, Locator, Page, Route

    from tests.serving import Served

pytestmark = pytest.mark.slow

PROMPT = "a paper boat on green water"
PICTURES = "figure[data-image] > a"
_IS_LOOKED_AT = "nth => document.activeElement === document.querySelectorAll('figure[data-image] > a')[nth]"

# Whether each press was left to the browser, which then does not follow it here: a tab of its own takes as long as a whole story.
_HEARS_PRESSES = """() => {
    window.left = [];
    for (const type of ["click", "auxclick"])
        addEventListener(type, (event) => { left.push(!event.defaultPrevented); event.preventDefault(); });
}"""


async def draws(browser: Browser, house: Served, images: int, **window: object) -> tuple[Person, Page, Locator]:
    """Somebody new, with so many pictures of one set before them; and the viewer, which is not there yet."""
    ines = await Person.sits_down(browser, house.url, **window)  # type: ignore[arg-type]
    await ines.enters_as(new_handle("ines"))
    await ines.asks_for(PROMPT, images=images, small=True)
    await ines.sees_pictures(images)
    return ines, ines.page, ines.page.get_by_role("dialog", name="Picture")


async def stands_at(viewer: Locator, words: str) -> None:
    await expect(viewer.locator("header").get_by_role("status").first).to_have_text(words)


async def test_a_press_opens_a_picture_over_the_page_and_every_way_back_leads_to_it(browser: Browser, house: Served) -> None:
    ines, page, viewer = await draws(browser, house, 3)
    prompt, pictures = page.get_by_role("textbox", name="Prompt", exact=True), page.locator(PICTURES)
    ids = [await one.get_attribute("data-image") for one in await page.locator("figure[data-image]").all()]
    await prompt.fill("something else, not sent yet")

    await pictures.nth(1).dblclick()  # a second press opens nothing more
    await stands_at(viewer, "2 of 3")
    await expect(page).to_have_url(f"{house.url}/create?show={ids[1]}")
    await expect(viewer.locator(".stage")).to_have_css("position", "relative")  # its sheet has come with it
    await page.keyboard.press("ArrowLeft")
    await stands_at(viewer, "1 of 3")
    await expect(viewer.get_by_role("button", name="Previous picture")).to_have_count(0)
    await expect(page).to_have_url(f"{house.url}/create?show={ids[0]}")
    await page.keyboard.press("Escape")
    await expect(viewer).to_have_count(0)
    await expect(page).to_have_url(f"{house.url}/create")
    await page.wait_for_function(_IS_LOOKED_AT, arg=0)

    for leave in (lambda: viewer.get_by_role("button", name="Close").click(), page.go_back):
        await pictures.nth(2).focus()
        await page.keyboard.press("Enter")
        await stands_at(viewer, "3 of 3")
        await leave()
        await expect(viewer).to_have_count(0)
        await expect(page).to_have_url(f"{house.url}/create")
        await page.wait_for_function(_IS_LOOKED_AT, arg=2)
    await page.go_forward()
    await stands_at(viewer, "3 of 3")
    await page.go_back()
    await expect(viewer).to_have_count(0)
    await expect(prompt).to_have_value("something else, not sent yet")

    # Held with a key, or by the middle button, the press is the browser's, which opens the page of the picture in a tab of its own.
    await expect(pictures.first).to_have_attribute("href", f"/image/{ids[0]}")
    await page.evaluate(_HEARS_PRESSES)
    for how in ({"modifiers": ["Control"]}, {"modifiers": ["Shift"]}, {"modifiers": ["Meta"]}, {"button": "middle"}):
        await pictures.first.click(**how)  # type: ignore[arg-type]
    assert await page.evaluate("left") == [True] * 4
    await expect(viewer).to_have_count(0)
    assert ines.complaints == []
    await ines.context.close()


async def test_what_is_done_in_the_viewer_is_seen_on_the_set_at_once(browser: Browser, house: Served) -> None:
    ines, page, viewer = await draws(browser, house, 3)
    pictures, loved = page.locator(PICTURES), page.get_by_role("region", name="Results").get_by_role("img", name="Favourite", exact=True)
    notice = page.get_by_role("status", name="Notice")

    await pictures.first.click()
    favourite = viewer.get_by_role("button", name="Favourite")
    await expect(favourite).to_have_attribute("aria-pressed", "false")
    await page.keyboard.press("l")
    await expect(favourite).to_have_attribute("aria-pressed", "true")
    await expect(page.locator("figure[data-image] .fond")).to_have_count(1)
    await favourite.click()
    await expect(favourite).to_have_attribute("aria-pressed", "false")
    await expect(page.locator("figure[data-image] .fond")).to_have_count(0)
    await favourite.click()
    await expect(page.locator("figure[data-image] .fond")).to_have_count(1)

    await page.keyboard.press("Delete")
    await stands_at(viewer, "1 of 2")
    await page.keyboard.press("Delete")  # meant for the one that has gone
    said = viewer.locator(".toast", has_text="is in the trash.")
    await expect(said).to_be_visible()
    await expect(pictures).to_have_count(2)
    await stands_at(viewer, "1 of 2")
    await expect(viewer.locator(".room img")).to_have_attribute("alt", f"{PROMPT}, 1 of 2")
    for place, one in enumerate(await pictures.all(), 1):
        await expect(one).to_have_attribute("aria-label", f"{PROMPT}, {place} of 2")
    await expect(page.locator(".set .facts a")).to_have_text("1 in the trash")
    await said.get_by_role("button", name="Undo").click()
    await stands_at(viewer, "2 of 3")
    await expect(pictures).to_have_count(3)
    await expect(page.locator(".set .facts a")).to_have_count(0)
    await page.keyboard.press("Escape")
    await expect(loved).to_have_count(1)

    await pictures.last.click()
    await stands_at(viewer, "3 of 3")
    await page.keyboard.press("c")
    shelf = page.get_by_role("dialog", name="Collect")
    await shelf.get_by_role("textbox", name="New collection").fill("Water")
    await page.keyboard.press("Enter")
    await expect(shelf).to_be_hidden()
    await expect(viewer.locator(".toast", has_text="Collected in Water.")).to_be_visible()

    both = viewer.get_by_role("region", name="Compare two pictures")
    await page.keyboard.press("v")
    await expect(both).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(both).to_be_hidden()
    await viewer.get_by_role("button", name="Compare").click()
    await both.locator(".right").get_by_role("button", name="Move to trash").click()
    await expect(both).to_be_hidden()
    await stands_at(viewer, "2 of 2")
    await viewer.locator(".toast", has_text="is in the trash.").get_by_role("button", name="Undo").click()
    await stands_at(viewer, "3 of 3")
    await expect(pictures).to_have_count(3)
    await expect(viewer.get_by_role("link", name="Download")).to_have_attribute("href", re.compile("^/media/.+/original"))
    await viewer.get_by_role("button", name="Variations").click()
    await expect(page.get_by_role("menuitem", name="Use this recipe")).to_be_hidden()  # it has a button
    await page.get_by_role("menuitem", name="One more").click()
    await expect(viewer).to_have_count(0)
    await ines.sees_pictures(4)
    await expect(notice).to_be_empty()  # it said that one more was being drawn
    await pictures.first.click()
    await stands_at(viewer, "1 of 4")
    await page.keyboard.press("ArrowRight")  # on to the set before
    await stands_at(viewer, "2 of 4")
    await page.keyboard.press("Escape")
    assert ines.complaints == []
    await ines.context.close()


@contextlib.contextmanager
def nothing_may_change(server: Served) -> Iterator[None]:
    """What is asked of any picture meanwhile fails; reading goes on."""
    database = sqlite3.connect(Path(server.environment["DATA_DIR"]) / "pixelstudio.db", timeout=30)
    with contextlib.closing(database):
        database.execute("CREATE TRIGGER refusing BEFORE UPDATE ON image BEGIN SELECT RAISE(ABORT, 'not now'); END")
        yield
        database.execute("DROP TRIGGER refusing")


async def test_what_the_server_refuses_is_taken_back_at_once_and_said(browser: Browser, served: Served) -> None:
    ines, page, viewer = await draws(browser, served, 3)
    pictures, shown = page.locator(PICTURES), await page.locator("figure[data-image]").nth(1).get_attribute("data-image")
    said, notice = viewer.locator(".toast", has_text="Try again in a moment."), page.get_by_role("status", name="Notice")
    await pictures.nth(1).click()
    await stands_at(viewer, "2 of 3")
    favourite = viewer.get_by_role("button", name="Favourite")
    await page.route(
        "**/api/library?*", lambda route: route.abort()
    )  # the wall is not looked at again, which would mend it in its own time

    with nothing_may_change(served):
        await favourite.click()
        await expect(said).to_be_visible()
        await expect(favourite).to_have_attribute("aria-pressed", "false")
        await viewer.get_by_role("button", name="Dismiss").click()
        await expect(said).to_have_count(0)

        await viewer.get_by_role("button", name="Move to trash").click()
        await expect(said).to_be_visible()
        await stands_at(viewer, "2 of 3")
        await expect(page).to_have_url(f"{served.url}/create?show={shown}")
        await page.keyboard.press("Escape")
        await expect(pictures).to_have_count(3)

        await notice.get_by_role("button", name="Dismiss").click()
        await expect(notice).to_be_empty()
        await page.locator("figure[data-image]").nth(1).get_by_role("button", name="Variations and more").click()
        await page.get_by_role("menuitemcheckbox", name="Favourite").click()
        await expect(notice).to_contain_text("Try again in a moment.")
        await expect(page.locator("figure[data-image] .fond")).to_have_count(0)
    await ines.context.close()


async def test_the_menu_knows_what_everybody_sees_after_publishing_and_in_another_tab(browser: Browser, house: Served) -> None:
    ines, page, viewer = await draws(browser, house, 2)
    beside = await ines.context.new_page()
    await beside.goto(f"{house.url}/create")

    async def says(tab: Page, words: str, place: int = 0) -> None:
        await tab.locator("figure[data-image]").nth(place).get_by_role("button", name="Variations and more").click()
        await expect(tab.get_by_role("menuitem", name=re.compile("^(Publish|Change how it is shown)$"))).to_have_text(
            words, use_inner_text=True
        )
        await tab.keyboard.press("Escape")

    for tab in (page, beside):
        await says(tab, "Publish")
    await page.locator("figure[data-image]").first.get_by_role("button", name="Variations and more").click()
    await page.get_by_role("menuitem", name="Publish").click()
    form = page.get_by_role("dialog", name="Publish")
    await form.get_by_text("Everybody", exact=True).click()
    await form.get_by_role("button", name="Publish").click()
    await expect(form).to_be_hidden()

    await beside.bring_to_front()
    await says(beside, "Change how it is shown")
    await page.bring_to_front()
    await page.go_back()
    await says(page, "Change how it is shown")
    await says(page, "Publish", place=1)
    await page.locator(PICTURES).first.click()
    await viewer.get_by_role("button", name="Variations").click()
    await page.get_by_role("menuitem", name="Change how it is shown").click()
    await expect(page.get_by_role("dialog", name="How it is shown")).to_be_visible()
    await ines.context.close()


async def test_an_address_opens_a_picture_and_what_stands_in_the_composer_stays(browser: Browser, house: Served) -> None:
    ines, page, viewer = await draws(browser, house, 2)
    prompt = page.get_by_role("textbox", name="Prompt", exact=True)
    first = await page.locator("figure[data-image]").first.get_attribute("data-image")
    await ines.goes_to("/library")
    await ines.goes_to(f"/create?from={first}")
    await expect(page.locator("input[name=seed]")).to_have_value(re.compile(r"\d+"))  # the picture's, which its set does not bring
    await ines.sees_pictures(2)
    await page.get_by_role("button", name="Use this recipe").click()  # another recipe than the address asks for
    await expect(page.locator("input[name=seed]")).to_have_value("")
    await prompt.fill("a boat of glass")

    await page.locator(PICTURES).last.click()
    await stands_at(viewer, "2 of 2")
    address = page.url
    assert re.search(f"/create\\?from={first}&show=", address)
    for way, is_open in ((page.go_back, False), (page.go_forward, True), (page.go_back, False)):
        await way()
        await expect(viewer).to_have_count(int(is_open))
        if is_open:
            await page.keyboard.press("l")  # what is done after it has been heard: the page has been opened anew by then
            await expect(page.locator("figure[data-image] .fond")).to_have_count(1)
        await expect(prompt).to_have_value("a boat of glass")
    await expect(page).to_have_url(f"{house.url}/create?from={first}")

    await ines.opens(address.removeprefix(house.url))
    await stands_at(viewer, "2 of 2")
    await page.keyboard.press("Escape")
    await expect(page).to_have_url(f"{house.url}/create?from={first}")
    await expect(prompt).to_have_value(PROMPT)
    await page.wait_for_function(_IS_LOOKED_AT, arg=1)

    await prompt.fill("a boat of stone")
    await page.locator(PICTURES).first.click()
    await viewer.get_by_role("link", name="Use this recipe").click()
    await expect(viewer).to_have_count(0)
    await expect(prompt).to_have_value(PROMPT)
    await expect(page).to_have_url(f"{house.url}/create?from={first}")

    await ines.opens("/create?show=aaaaaaaaaaaaaaaaaaaaaaaaaa")  # nobody's
    await expect(page).to_have_url(f"{house.url}/create")
    await expect(viewer).to_have_count(0)
    await ines.context.close()


async def test_on_a_phone_the_acts_of_the_viewer_fit_and_a_pull_closes_it(browser: Browser, house: Served) -> None:
    ines, page, viewer = await draws(browser, house, 2, viewport=PHONE)
    reuse = page.get_by_role("button", name="Use this recipe")
    await expect(reuse.get_by_text("Use recipe", exact=True)).to_be_visible()
    await page.set_viewport_size({"width": 360, "height": 740})
    await page.locator(PICTURES).first.tap()
    await stands_at(viewer, "1 of 2")
    acts = viewer.locator("footer > :has(.named)")
    for words in ("Collect", "Favourite", "Download", "Use recipe", "Trash"):
        await expect(acts.get_by_text(words, exact=True).first).to_be_visible()
    boxes = [await one.bounding_box() or {} for one in await acts.all()]
    assert len({box["y"] for box in boxes}) == 1  # in one row
    assert len({box["height"] for box in boxes}) == 1  # and no word in two lines
    assert max(box["x"] + box["width"] for box in boxes) <= 360
    assert await viewer.evaluate("it => it.scrollWidth <= it.clientWidth")

    await page.mouse.move(180, 300)
    await page.mouse.down()
    await page.mouse.move(180, 600, steps=4)
    await page.mouse.up()
    await expect(viewer).to_have_count(0)
    await page.wait_for_function(_IS_LOOKED_AT, arg=0)
    assert ines.complaints == []
    await ines.context.close()


@pytest.mark.parametrize("lost", ["**/assets/picture-viewer-*.js", "**/api/library?*"], ids=["the viewer", "the wall"])
async def test_where_the_viewer_or_the_wall_does_not_come_the_press_follows_its_link(browser: Browser, house: Served, lost: str) -> None:
    ines, page, viewer = await draws(browser, house, 1)
    image = await page.locator("figure[data-image]").get_attribute("data-image")

    asked_for: list[str] = []

    async def is_lost(route: Route) -> None:
        asked_for.append(route.request.url)
        await route.abort()

    await page.route(lost, is_lost)
    await page.locator(PICTURES).click()

    await page.wait_for_url(f"{house.url}/image/{image}")
    await ines.sees_the_picture()
    await expect(viewer).to_have_count(0)
    assert asked_for
    await ines.context.close()
