"""Where somebody could be stuck, lost or startled: each of these has a way on, and nothing moves under the hand."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Final

import pytest
from playwright.async_api import expect

from tests.journeys.person import PHONE, Person, new_handle, the_second_held, until

if TYPE_CHECKING:
    from playwright.async_api import Browser, Locator, Page, Route

    from tests.serving import Served

pytestmark = pytest.mark.slow

_NOTHING: Final = {"pictures": [], "next": ""}
_WIDTHS: Final = range(320, 480, 10)
"""Of phones: which words go into the next line is another question on each."""
_HEIGHT: Final = "set => set.querySelector('.strip').getBoundingClientRect().top - set.getBoundingClientRect().top"
_RIGHT: Final = "way => way.getBoundingClientRect().right"
_CHOSEN: Final = "box => box.value.slice(box.selectionStart, box.selectionEnd)"
_STANDS_AT: Final = """async y => {
    for (let frames = 0; frames < 10; frames++) {
        await new Promise(requestAnimationFrame);
        if (Math.abs(scrollY - y) > 2) return false;
    }
    return true;
}"""
"""So far down, and stays there."""
_ROWS: Final = """acts => [...Map.groupBy(acts, (act) => Math.round(act.getBoundingClientRect().bottom / 9)).values()]
    .map((row) => row.map((act) => act.innerText.trim()))"""
_BELOW: Final = """figure => {
    const [picture, words] = ["img", "figcaption"].map((part) => figure.querySelector(part).getBoundingClientRect());
    return words.top >= picture.bottom && words.bottom <= figure.getBoundingClientRect().bottom;
}"""


async def test_a_search_by_likeness_that_finds_nothing_leads_back_and_on(browser: Browser, house: Served) -> None:
    noor = await Person.sits_down(browser, house.url)
    await noor.page.route("**/api/gallery/search*", lambda route: route.fulfill(json=_NOTHING))
    like = "a" * 26

    await noor.opens(f"/search?similar={like}")
    await expect(noor.page.get_by_role("heading", name="Nothing looks like it")).to_be_visible()
    ways = noor.page.locator(".empty")
    await expect(ways.get_by_role("link", name="Back to the picture")).to_have_attribute("href", f"/image/{like}")
    await ways.get_by_role("link", name="Explore").click()

    await expect(noor.page.get_by_role("heading", name="Explore", exact=True)).to_be_visible()
    await noor.context.close()


async def test_explore_is_searched_while_one_types_and_back_takes_the_whole_search_away(browser: Browser, house: Served) -> None:
    noor = await Person.sits_down(browser, house.url)
    page, asked = noor.page, []
    await page.route("**/api/gallery/search*", lambda route: route.fulfill(json=_NOTHING))
    page.on("request", lambda request: asked.append(request.url) if "/api/gallery/search" in request.url else None)
    await noor.opens("/explore?sort=newest")
    field, offered = page.get_by_role("searchbox", name="Search"), page.get_by_role("listbox", name="Suggestions").get_by_role("option")

    await field.focus()
    await page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    await expect(offered).to_have_count(0, timeout=1)  # nothing lies over the pictures unasked
    await field.press("ArrowDown")
    await expect(offered.first).to_have_text("by:a person")
    await field.press("Escape")
    await expect(offered).to_have_count(0)
    await field.press_sequentially("boat", delay=30)
    await page.wait_for_url(f"{house.url}/explore?q=boat&sort=newest")
    await expect(page.get_by_role("heading", name="Nothing matches")).to_be_visible()
    await expect(page.get_by_text("Try another one.")).to_be_visible()
    await expect(field).to_be_focused()
    async with page.expect_request(lambda request: "search?q=boat+ta&" in request.url):
        await field.press_sequentially(" ta", delay=30)
        await expect(offered).to_have_text(["tag:a tag"])
    await page.wait_for_url(f"{house.url}/explore?q=boat+ta&sort=newest")
    await expect(page.get_by_text("Take some away")).to_be_visible()
    assert [url.split("?")[1] for url in asked] == ["q=boat&limit=40", "q=boat+ta&limit=40"]
    await field.press("Enter")
    await expect(offered).to_have_count(0)
    await expect(page.get_by_role("link", name="More ways to search")).to_have_attribute("href", "/search?q=boat+ta")

    await page.go_back()
    await page.wait_for_url(f"{house.url}/explore?sort=newest")
    await expect(field).to_have_value("")
    await expect(page.get_by_role("combobox", name="Sort")).to_have_value("newest")
    await page.go_forward()
    await expect(field).to_have_value("boat ta")
    await page.get_by_role("button", name="Clear the search").click()
    await expect(field).to_have_value("")
    assert noor.complaints == []
    await noor.context.close()


@pytest.mark.parametrize("path", ["/", "/login", "/register"])
async def test_a_stranger_on_a_phone_finds_what_others_made(browser: Browser, house: Served, path: str) -> None:
    noor = await Person.sits_down(browser, house.url, viewport=PHONE)
    await noor.opens(path)

    await noor.page.get_by_role("link", name="See what others made").tap()

    await expect(noor.page.get_by_role("heading", name="Explore", exact=True)).to_be_visible()
    await noor.context.close()


async def test_a_press_on_the_bar_begins_the_library_at_its_top_and_back_finds_the_place(browser: Browser, house: Served) -> None:
    ines = await Person.sits_down(browser, house.url, viewport=PHONE)
    page, bar = ines.page, ines.page.get_by_role("navigation", name="Main, phone")
    await ines.enters_as(new_handle("ines"))
    await ines.asks_for("a paper boat", images=4, small=True)
    await ines.sees_pictures(4)
    await page.set_viewport_size({"width": 390, "height": 480})
    await ines.goes_to("/library")
    await ines.sees_pictures(4)
    await page.evaluate("scrollTo(0, 240)")
    await until(page, _STANDS_AT, 240)

    await page.get_by_role("group", name="My pictures").get_by_role("link").last.tap()
    viewer = page.get_by_role("dialog", name="Picture")
    await expect(viewer).to_be_visible()
    place = await page.evaluate("scrollY")  # the tap may have brought the picture into sight
    assert place > 0
    await viewer.get_by_role("link", name="Details").tap()
    await page.get_by_role("link", name="Back to the library").tap()
    await ines.sees_pictures(4)
    await until(page, _STANDS_AT, place)

    await bar.get_by_role("link", name="Library").tap()
    await until(page, _STANDS_AT, 0)
    await page.evaluate("scrollTo(0, 240)")
    await until(page, _STANDS_AT, 240)
    await bar.get_by_role("link", name="Create").tap()
    await ines.sees_composer()
    await bar.get_by_role("link", name="Library").tap()
    await ines.sees_pictures(4)
    await until(page, _STANDS_AT, 0)
    await page.go_back()
    await ines.sees_composer()
    await page.go_back()
    await ines.sees_pictures(4)
    await until(page, _STANDS_AT, 240)
    await ines.context.close()


async def test_what_was_taken_out_of_a_collection_is_put_back_from_the_viewer_by_who_takes_their_time(
    browser: Browser, house: Served
) -> None:
    ines = await Person.sits_down(browser, house.url, motion="no-preference")
    page = ines.page
    await ines.enters_as(new_handle("ines"))
    await ines.asks_for("a paper boat", images=2, small=True)
    await ines.sees_pictures(2)
    await ines.goes_to("/library")
    await page.get_by_role("button", name="Select", exact=True).click()
    selection, sheet = page.get_by_role("region", name="Selection"), page.get_by_role("dialog", name="Collect")
    await selection.get_by_role("button", name="Select all 2").click()
    await selection.get_by_role("button", name="Collect").click()
    await sheet.get_by_role("textbox", name="New collection").fill("Water")
    await sheet.get_by_role("button", name="Create collection").click()
    await ines.goes_to("/collections")
    await page.get_by_role("link", name=re.compile("Water")).click()

    pictures = page.get_by_role("main").get_by_role("group", name="Pictures").get_by_role("link")
    await pictures.first.click()
    viewer = page.get_by_role("dialog", name="Picture")
    await viewer.get_by_role("button", name="Take it out of the collection").click()
    said = viewer.locator(".toast", has_text="Taken out of Water.")
    await expect(said).to_be_visible()
    await page.mouse.move(5, 5)
    assert await said.evaluate("toast => getComputedStyle(toast).animationDelay") == "0s, 20s"
    await expect(viewer.get_by_role("status").first).to_have_text("1 of 1")
    await said.get_by_role("button", name="Undo").click()

    await expect(viewer.get_by_role("status").first).to_have_text("2 of 2")
    await page.keyboard.press("Escape")
    await expect(pictures).to_have_count(2)
    await ines.context.close()


async def test_the_head_of_the_landing_fits_on_the_narrowest_phone(browser: Browser, house: Served) -> None:
    noor = await Person.sits_down(browser, house.url, viewport=PHONE)
    await noor.opens("/")

    for width in _WIDTHS:
        await noor.page.set_viewport_size({"width": width, "height": PHONE["height"]})
        right = await noor.page.get_by_role("link", name="Create", exact=True).first.evaluate(_RIGHT)
        assert right <= width, width
    await noor.context.close()


async def test_on_a_phone_nothing_moves_when_a_set_is_done(browser: Browser, house: Served) -> None:
    ines = await Person.sits_down(browser, house.url, viewport=PHONE)
    await ines.enters_as(new_handle("ines"))
    newest = ines.page.locator("[data-set]").first

    await ines.asks_for("a paper boat on green water")
    await expect(newest.get_by_role("button", name="Cancel")).to_be_visible()
    under_way = await heights(ines.page, newest)
    await expect(newest.get_by_role("button", name="Cancel")).to_be_visible()
    await ines.sees_pictures(4)
    await expect(newest.get_by_role("button", name="Look through")).to_be_visible()

    assert await heights(ines.page, newest) == under_way
    await ines.context.close()


_PLACES: Final = """() => [...document.querySelectorAll('.jobs .under-way tr')].map(row => {
    const { top, height } = row.getBoundingClientRect();
    return [top + scrollY, height];
})"""


@pytest.mark.parametrize("width", [360, 390])
async def test_on_a_phone_nothing_moves_in_the_queue_when_a_job_is_done(browser: Browser, house: Served, width: int) -> None:
    ines = await Person.sits_down(browser, house.url, viewport=PHONE)
    await ines.enters_as(new_handle("ines"))
    await ines.page.set_viewport_size({"width": width, "height": 740})
    await ines.asks_for("a paper boat on green water")
    await ines.goes_to("/queue")
    await expect(ines.page.get_by_role("button", name="Cancel", exact=True).last).to_be_visible()
    in_line = await ines.page.evaluate(_PLACES)

    await expect(ines.page.get_by_text("Nothing waits.")).to_be_visible()

    await expect(ines.page.get_by_role("link", name="Open", exact=True)).to_have_count(4)
    assert len(in_line) > 1
    assert await ines.page.evaluate(_PLACES) == in_line
    await ines.context.close()


async def heights(page: Page, shown: Locator) -> list[float]:
    """How far below its head a set's pictures hang, on phones of each width."""
    found: list[float] = []
    for width in _WIDTHS:
        await page.set_viewport_size({"width": width, "height": PHONE["height"]})
        found.append(await shown.evaluate(_HEIGHT))
    return found


async def test_who_is_new_reads_what_draws_here_and_finds_words_below_each_picture(browser: Browser, house: Served) -> None:
    ines = await Person.sits_down(browser, house.url, viewport=PHONE)
    await ines.enters_as(new_handle("ines"))
    await expect(ines.page.get_by_text("AI models are here too")).to_be_visible()
    await ines.asks_for("a paper boat on green water", images=1, small=True)
    await ines.sees_pictures(1)

    await ines.goes_to("/library")
    await ines.sees_pictures(1)

    hung = ines.page.locator("figure.pic")
    await expect(hung.locator("figcaption .called")).to_have_text("a paper boat on green water")
    assert await hung.evaluate(_BELOW)
    assert ines.complaints == []
    await ines.context.close()


async def test_a_sentence_that_was_sent_gives_way_to_the_next_one_and_stays_for_changes(browser: Browser, house: Served) -> None:
    ines = await Person.sits_down(browser, house.url)
    await ines.enters_as(new_handle("ines"))
    prompt = ines.page.get_by_role("textbox", name="Prompt", exact=True)
    await ines.asks_for("a paper boat", images=1, small=True)
    await ines.sees_pictures(1)

    await prompt.click()
    assert await prompt.evaluate(_CHOSEN) == "a paper boat"
    await prompt.click()
    assert await prompt.evaluate(_CHOSEN) == ""
    await ines.page.keyboard.press("End")
    await ines.page.keyboard.type(" at dusk")
    await ines.page.keyboard.press("Control+Enter")
    await sees_it_sent(ines.page, 2)
    await ines.page.keyboard.type("a tin whale")

    await expect(prompt).to_have_value("a tin whale")
    await ines.context.close()


async def sees_it_sent(page: Page, sets: int) -> None:
    """So many sets are on the page."""
    await until(page, "count => document.querySelectorAll('[data-set]').length === count", sets)


async def test_another_visit_begins_with_as_many_images_as_were_asked_for_last(browser: Browser, house: Served) -> None:
    ines = await Person.sits_down(browser, house.url)
    await ines.enters_as(new_handle("ines"))
    await ines.asks_for("a paper boat", images=1, small=True)
    await ines.sees_pictures(1)

    ines.page = await ines.context.new_page()
    await ines.opens("/create")

    await expect(ines.page.get_by_role("spinbutton", name="Images")).to_have_value("1")
    await expect(ines.page.locator(".price")).to_have_text(re.compile("1 picture"))
    await ines.context.close()


async def hangs_early_as_it_will(person: Person, path: str) -> None:
    """The first picture of a page that is not awake yet stands where it will, and as large with its words."""
    woken = asyncio.Event()

    async def sleeps(route: Route) -> None:
        await woken.wait()
        await route.continue_()

    await person.page.route("**/assets/entry.client-*.js", sleeps)
    await person.page.goto(f"{person.url}{path}", wait_until="commit")
    early = await person.page.locator(".early > figure").first.bounding_box()
    woken.set()
    await expect(person.page.locator(".early")).to_have_count(0)
    assert await person.page.locator("main .hung > figure").first.bounding_box() == early


async def test_what_a_stranger_liked_is_liked_once_they_have_joined(browser: Browser, house: Served) -> None:
    ines, noor = await Person.sits_down(browser, house.url), await Person.sits_down(browser, house.url, viewport=PHONE)
    hers = new_handle("ines")
    await ines.enters_as(hers)
    await ines.asks_for(f"a boat of {hers}", images=1, small=True)
    await ines.sees_pictures(1)
    await ines.page.locator("figure[data-image]").get_by_role("button", name="Variations and more").click()
    await ines.page.get_by_role("menuitem", name="Publish").click()
    await ines.page.get_by_role("dialog", name="Publish").get_by_role("button", name="Publish").click()
    await expect(ines.page.get_by_role("link", name="See it in Explore")).to_be_visible()
    sought = f"/search?q={hers}"
    await noor.opens(sought)

    await noor.page.get_by_role("button", name="Like").first.tap()
    await expect(noor.page.get_by_text("Sign in or create an account, and your like counts.")).to_be_visible()
    await noor.page.get_by_role("link", name="Create account").tap()
    await noor.registers(new_handle("noor"))

    await noor.page.wait_for_url(f"**{sought}")  # to what they looked for, not to a bare wall
    await expect(ines.page.get_by_text("1 like", exact=True)).to_be_visible()

    await noor.page.get_by_role("group", name="Found pictures").get_by_role("link").tap()
    viewer = noor.page.get_by_role("dialog", name="Picture")
    heart = viewer.get_by_role("button", name="Like, 1", exact=True, pressed=True)
    await expect(heart).to_have_text("Liked, 1")
    await heart.tap()
    await expect(viewer.get_by_role("button", name="Like", exact=True, pressed=False)).to_have_text("Like")
    await expect(viewer.locator("header").get_by_role("link", name=hers)).to_be_visible()
    rows = await viewer.locator("footer > *").evaluate_all(_ROWS)
    assert rows == [["Collect", "Like", "Comments"], ["Use this recipe", "Details"]]

    await noor.goes_to("/feed")
    people, wall = noor.page.get_by_role("region", name="People to follow"), noor.page.get_by_role("group", name="Feed")
    await people.get_by_role("button", name=f"Follow {hers}", exact=True).tap()
    await expect(people.get_by_role("button", name=f"Following {hers}", exact=True, pressed=True)).to_be_visible()
    await expect(wall.get_by_role("link", name=f"a boat of {hers} by {hers}")).to_be_visible()
    await noor.goes_to("/create")
    await noor.goes_to("/feed")
    await expect(wall.get_by_role("link", name=f"a boat of {hers} by {hers}")).to_be_visible()
    await expect(people.get_by_role("link", name=hers, exact=True)).to_have_count(0)
    await noor.goes_to("/create")
    await noor.asks_for("a first boat", images=1, small=True)
    await noor.sees_pictures(1)  # nothing hangs early for who is new
    await hangs_early_as_it_will(noor, "/feed")

    read_again = await the_second_held(noor.page, "**/api/gallery/search*")
    await noor.opens(sought)
    on_wall = noor.page.get_by_role("group", name="Found pictures").locator(".like")
    await expect(on_wall).to_have_attribute("aria-pressed", "false")
    route, from_before = await read_again.get()  # once its page has woken, each wall is read once more
    await on_wall.tap()
    await expect(ines.page.get_by_text("1 like", exact=True)).to_be_visible()
    async with noor.page.expect_response("**/api/gallery/search*"):
        await route.fulfill(response=from_before)
    await noor.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    await expect(on_wall).to_have_attribute("aria-pressed", "true", timeout=1)
    for person in (ines, noor):
        await person.context.close()
