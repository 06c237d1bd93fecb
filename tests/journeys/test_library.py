"""The library by hand and by key: find, look, choose many, throw away and take back, download as one file; and before its page is awake."""

from __future__ import annotations

import asyncio
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.journeys.person import PHONE, Person, new_handle, the_second_held, until

if TYPE_CHECKING:
    from playwright.async_api import APIResponse, Browser, Locator, Route

    from tests.serving import Served

pytestmark = pytest.mark.slow


async def is_favoured_in_another_tab(ines: Person, image: str | None, mark: Locator) -> None:
    """What another tab does to the picture is shown in the menu that is open on it."""
    tab = await ines.context.new_page()
    await tab.goto(f"{ines.url}/image/{image}")
    for checked in (False, True):
        await tab.get_by_role("button", name="Favourite").click()
        await expect(mark).to_be_checked(checked=checked)
    await tab.close()


async def is_not_undone_by_an_old_answer(ines: Person, favourite: Locator) -> None:
    """An answer that was on its way while somebody pressed again says nothing of that press."""
    asked: asyncio.Queue[tuple[Route, APIResponse]] = asyncio.Queue()

    async def hold(route: Route) -> None:
        await asked.put((route, await route.fetch()))

    await ines.page.route("**/api/library?*only=*", hold)
    await favourite.click()
    before, it_was = await asked.get()
    await favourite.click()
    after, it_is = await asked.get()
    async with ines.page.expect_response("**/api/library?*only=*"):
        await before.fulfill(response=it_was)
    await ines.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    await expect(favourite).to_have_attribute("aria-pressed", "false", timeout=1)
    await after.fulfill(response=it_is)
    await ines.page.unroute("**/api/library?*only=*")
    await expect(favourite).to_have_attribute("aria-pressed", "false")


async def compares_two_and_throws_one_away(ines: Person, selection: Locator) -> None:
    """From the selection: the one that is less good goes where it is seen, and the other one is shown and stays chosen."""
    page = ines.page
    viewer, both = page.get_by_role("dialog", name="Picture"), page.get_by_role("region", name="Compare two pictures")
    await selection.get_by_role("button", name="Compare").click()
    await expect(both.locator("figure")).to_have_count(2)
    await until(page, "() => [...document.querySelectorAll('.compare figure img')].every(img => img.naturalWidth > 0)")
    await both.locator(".left").get_by_role("button", name="Move to trash").click()
    await expect(both).to_have_count(0)
    await expect(viewer.get_by_role("status").first).to_have_text("1 of 2")
    await page.keyboard.press("Escape")
    await expect(selection.get_by_role("status")).to_have_text("1 selected")
    await selection.get_by_role("button", name="Compare").click()
    await expect(selection.get_by_role("status")).to_have_text("Select two pictures to compare them")
    await page.get_by_role("status", name="Notice").get_by_role("button", name="Undo").click()
    await expect(page.get_by_role("group", name="My pictures").get_by_role("checkbox")).to_have_count(3)


async def looks_at_a_set(ines: Person) -> None:
    """A set of three, beside a picture that was drawn alone: into it, and back in each of the three ways."""
    page = ines.page
    sets = page.get_by_role("list", name="My sets")
    tabs = page.get_by_role("navigation", name="Library")
    await ines.goes_to("/library")
    await tabs.get_by_role("link", name="Sets").click()
    for way in ("Sets", "Escape", "back"):
        await expect(sets.get_by_role("listitem")).to_have_count(1)
        await expect(page.get_by_role("status").filter(has_text="1 set")).to_be_visible()
        await sets.get_by_role("link").click()
        await expect(page.get_by_role("heading", level=2)).to_have_text(re.compile("^Set of 3.*a paper boat on green water"))
        await expect(tabs.get_by_role("link", name="Sets")).to_have_attribute("aria-current", "page")
        await ines.sees_pictures(3)
        if way == "Sets":
            await page.get_by_role("main").get_by_role("link", name="Sets", exact=True).last.click()
        elif way == "Escape":
            await page.keyboard.press("Escape")
        else:
            await page.go_back()
    await expect(sets).to_be_visible()


async def test_two_pictures_are_published_one_after_the_other_from_the_viewer(browser: Browser, house: Served) -> None:
    ines = await Person.sits_down(browser, house.url)
    page = ines.page
    await ines.enters_as(new_handle("ines"))
    await ines.asks_for("a paper boat on green water", images=3, small=True)
    await ines.sees_pictures(3)
    viewer, form = page.get_by_role("dialog", name="Picture"), page.get_by_role("dialog", name="Publish", exact=True)

    hung = page.get_by_role("group", name="My pictures")
    for already, title in enumerate(("The first boat", "The second boat")):
        await ines.goes_to("/library")
        await expect(hung.get_by_text("Public", exact=True)).to_have_count(
            already
        )  # the wall is there as it was left before it is looked at again
        image_id = await hung.locator("figure").filter(has_not=page.get_by_text("Public", exact=True)).first.get_attribute("data-id")
        await hung.locator(f"[data-id='{image_id}']").get_by_role("link").click()
        await viewer.get_by_role("button", name="Variations").click()
        await page.get_by_role("menuitem", name="Publish").click()
        await expect(form).to_be_visible()
        assert await page.evaluate("scrollY") == 0  # one arrives at the page's top, with its title
        await form.get_by_role("textbox", name="Title").fill(title)
        await form.get_by_role("button", name="Publish").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text(title)
        await expect(page).to_have_url(f"{house.url}/image/{image_id}")

    # By the address alone too, as a page of its own and from the page of another picture; and each time the form is the picture's own.
    last, ways = page.url, (ines.opens, ines.goes_to)
    for way in ways:
        await ines.goes_to("/library")
        await expect(hung.get_by_text("Public", exact=True)).to_have_count(2)
        image_id = await hung.locator("figure").filter(has_not=page.get_by_text("Public", exact=True)).first.get_attribute("data-id")
        await ines.goes_to(last.removeprefix(house.url))
        await expect(page.get_by_role("heading", level=1)).to_have_text("The second boat")
        await way(f"/image/{image_id}#publishing")
        await expect(form.get_by_role("textbox", name="Title")).not_to_have_value("The second boat")
        await page.keyboard.press("Escape")
        await expect(form).to_be_hidden()
    assert ines.complaints == []
    await ines.context.close()


async def clears_a_search_with_a_thumb(ines: Person) -> None:
    """One press takes away what was written, and the next word can be written at once."""
    page = ines.page
    search, clear = page.get_by_role("searchbox", name="Search my pictures"), page.get_by_role("button", name="Clear search")
    await expect(clear).to_have_count(0)
    await search.fill("boat")
    await page.wait_for_url(re.compile(r"q=boat"))
    box = await clear.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44
    await clear.tap()
    await page.wait_for_url(f"{ines.url}/library")
    await expect(search).to_have_value("")
    await expect(search).to_be_focused()
    await expect(clear).to_have_count(0)


async def the_filters_show_that_they_go_on(row: Locator) -> None:
    """A row that is cut off fades on the side where there is more."""
    fades = "row => ['--past', '--more'].map((side) => parseFloat(getComputedStyle(row).getPropertyValue(side)))"
    assert await row.evaluate("row => row.scrollWidth > row.clientWidth")
    assert await row.evaluate(fades) == [0, 68]
    await row.evaluate("row => new Promise((done) => { row.scrollTo(1e4, 0); requestAnimationFrame(() => requestAnimationFrame(done)); })")
    assert await row.evaluate(fades) == [48, 0]


async def test_a_recipe_is_found_on_a_phone_and_many_pictures_are_collected_together(browser: Browser, house: Served) -> None:
    ines = await Person.sits_down(browser, house.url, viewport=PHONE)
    page = ines.page
    await ines.enters_as(new_handle("ines"))
    await ines.asks_for("a paper boat on green water", images=2, small=True)
    await ines.sees_pictures(2)
    recipe = page.get_by_role("button", name="Use this recipe")
    await expect(recipe.get_by_text("Use recipe", exact=True)).to_be_visible()

    await ines.goes_to("/library")
    await the_filters_show_that_they_go_on(page.get_by_role("group", name="Filters"))
    await page.get_by_role("group", name="My pictures").get_by_role("link").first.tap()
    viewer, sheet = page.get_by_role("dialog", name="Picture"), page.get_by_role("dialog", name="Collect")
    way = viewer.get_by_role("link", name="Use this recipe")
    await expect(way.get_by_text("Use recipe")).to_be_visible()
    await page.evaluate("() => { window.filled = 0; Element.prototype.requestFullscreen = async () => { window.filled += 1; }; }")
    full = viewer.get_by_role("button", name="Full screen")
    await expect(full).to_be_hidden()  # the viewer fills a phone by itself
    await page.keyboard.press("f")
    assert await page.evaluate("filled") == 0
    for width, has_words in ((1440, True), (900, False)):
        await page.set_viewport_size({"width": width, "height": 844})
        await expect(full).to_be_visible()
        await page.keyboard.press("f")
        for word in ("Favourite", "Use recipe", "Compare"):
            await expect(viewer.get_by_text(word, exact=True)).to_be_visible(visible=has_words)
    assert await page.evaluate("filled") == 2
    await page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    await viewer.get_by_role("button", name="Collect").tap()
    begins, ends = (sheet.get_by_role("button", name=name) for name in ("Create collection", "Done"))
    await expect(ends).to_be_visible()
    await expect(begins).to_be_hidden()
    await sheet.get_by_role("textbox", name="New collection").fill("A harbour with a name that is longer than a phone")
    await expect(ends).to_be_hidden()  # it would throw away what was written
    await begins.tap()
    await expect(sheet).to_be_hidden()
    await page.keyboard.press("Escape")

    await clears_a_search_with_a_thumb(ines)
    await page.get_by_role("button", name="Select", exact=True).tap()
    selection = page.get_by_role("region", name="Selection")
    await selection.get_by_role("button", name="Collect").tap(force=True)  # nothing is chosen yet
    await expect(sheet).to_be_hidden()
    await selection.get_by_role("button", name="Select all 2").tap()
    await selection.get_by_role("button", name="Collect").tap()
    place = sheet.get_by_role("button", name=re.compile("^A harbour"))
    for held, said in (("mixed", "1 of these"), ("true", "2 pictures"), ("false", "0 pictures")):
        await expect(place).to_have_attribute("aria-pressed", held)
        await expect(place).to_contain_text(said)
        await place.tap()
    await expect(place).to_have_attribute("aria-pressed", "true")
    assert await sheet.evaluate("sheet => sheet.scrollWidth <= sheet.clientWidth")
    await page.keyboard.press("Escape")
    await expect(selection.get_by_role("status")).to_have_text("2 selected")
    await page.keyboard.press("Escape")

    await page.get_by_role("group", name="My pictures").get_by_role("link").first.tap()
    await way.tap()
    await page.wait_for_url(re.compile("/create"))
    await expect(page.get_by_role("textbox", name="Prompt", exact=True)).to_have_value("a paper boat on green water")
    assert ines.complaints == []
    await ines.context.close()


async def test_pictures_are_found_looked_at_thrown_away_and_brought_back(browser: Browser, house: Served, tmp_path: Path) -> None:
    ines = await Person.sits_down(browser, house.url)
    page = ines.page
    await ines.enters_as(new_handle("ines"))
    await ines.asks_for("a paper boat on green water", images=3, small=True)
    await ines.sees_pictures(3)
    await ines.goes_to("/library")
    await ines.sees_pictures(3)

    await page.get_by_role("group", name="My pictures").get_by_role("link").first.click()
    viewer = page.get_by_role("dialog", name="Picture")
    await expect(viewer.get_by_role("status").first).to_have_text("1 of 3")
    await page.keyboard.press("ArrowRight")
    await expect(viewer.get_by_role("status").first).to_have_text("2 of 3")
    await page.keyboard.press("Escape")
    await expect(viewer).to_have_count(0)
    await page.wait_for_function("() => document.activeElement.closest('figure') === document.querySelectorAll('figure.pic')[1]")
    await expect(page).to_have_url(f"{house.url}/library")

    search = page.get_by_role("searchbox", name="Search my pictures")
    await page.keyboard.press("/")
    await page.keyboard.type("100% tree")
    await expect(page.get_by_role("heading", name="Nothing matches")).to_be_visible()
    await page.go_back()
    await search.fill("BOAT green")
    await page.wait_for_url(re.compile(r"q=BOAT"))
    await ines.sees_pictures(3)
    await search.fill("")
    await page.wait_for_url(f"{house.url}/library")  # another search ends what is being chosen
    await ines.sees_pictures(3)

    await page.get_by_role("button", name="Select", exact=True).click()
    boxes = page.get_by_role("group", name="My pictures").get_by_role("checkbox")
    await boxes.first.focus()
    for key in ("Space", "Shift+ArrowRight"):
        await page.keyboard.press(key)
    selection = page.get_by_role("region", name="Selection")
    await expect(selection.get_by_role("status")).to_have_text("2 selected")
    async with page.expect_download() as started:
        await selection.get_by_role("button", name="Download").click()
    await expect(selection.get_by_role("status")).to_have_text("Downloading as one file")
    await (await started.value).save_as(tmp_path / "two.zip")
    with zipfile.ZipFile(tmp_path / "two.zip") as packed:
        assert [packed.read(name)[:4] for name in packed.namelist()] == [b"\x89PNG"] * 2

    await compares_two_and_throws_one_away(ines, selection)
    await selection.get_by_role("button", name="Select all 3").click()
    await selection.get_by_role("button", name="Move to trash").click()
    notice = page.get_by_role("status", name="Notice")
    await expect(notice).to_contain_text("3 pictures are in the trash.")
    await expect(boxes).to_have_count(0)
    await notice.get_by_role("button", name="Undo").click()
    await expect(boxes).to_have_count(3)
    await page.keyboard.press("Escape")
    await ines.sees_pictures(3)

    await ines.goes_to("/library?q=boat")
    await ines.sees_pictures(3)  # one that is still asked for when it is thrown away is answered with 404
    await page.get_by_role("button", name="Select", exact=True).click()
    await selection.get_by_role("button", name="Select all 3").click()
    await selection.get_by_role("button", name="Move to trash").click()
    await expect(page.get_by_role("heading", name="Moved to the trash")).to_be_visible()
    await expect(notice.get_by_role("button", name="Undo")).to_be_visible()
    await expect(page.get_by_role("button", name="Undo")).to_have_count(1)
    await notice.get_by_role("button", name="Dismiss").click()
    await page.locator(".empty").get_by_role("button", name="Undo").click()
    await expect(boxes).to_have_count(3)
    await page.keyboard.press("Escape")

    woken = asyncio.Event()

    async def sleeps(route: Route) -> None:
        await woken.wait()
        await route.continue_()

    read_again = await the_second_held(page, "**/api/library?*")
    await page.route("**/assets/entry.client-*.js", sleeps)
    await page.goto(f"{house.url}/library", wait_until="commit")
    early = page.locator(".early > figure")
    await expect(early).to_have_count(3)
    await early.nth(1).click()
    woken.set()
    await expect(viewer.get_by_role("status").first).to_have_text("2 of 3")
    await expect(early).to_have_count(0)
    await until(page, "() => document.querySelector('.viewer .room img').naturalWidth > 0")
    route, from_before = await read_again.get()  # once its page has woken, each wall is read once more
    await viewer.get_by_role("button", name="Move to trash").dblclick()
    await expect(viewer.get_by_role("status").filter(has_text="in the trash")).to_contain_text(
        "“a paper boat on green water” is in the trash."
    )
    place = viewer.get_by_role("status").first
    await expect(place).to_have_text("2 of 2")  # the next one came under the second press, which was not meant for it
    await expect(viewer.get_by_role("button", name="Move to trash")).to_be_disabled()
    await page.keyboard.press("ArrowLeft")
    await expect(viewer.get_by_role("button", name="Move to trash")).to_be_enabled(timeout=1_000)
    async with page.expect_response("**/api/library?*"):
        await route.fulfill(response=from_before)
    await page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    await expect(place).to_have_text("1 of 2", timeout=1)

    await viewer.get_by_role("button", name="Dismiss").click()
    await expect(viewer.get_by_role("status").last).to_be_empty()
    await page.keyboard.press("Escape")
    await page.get_by_role("link", name="Trash", exact=True).click()
    thrown = page.get_by_role("group", name="In the trash")
    assert await thrown.evaluate("wall => wall.offsetWidth >= 4 * wall.querySelector('figure').offsetWidth")  # as on a full wall
    await page.get_by_role("button", name="Restore a paper boat on green water").click()
    await expect(page.get_by_role("heading", name="The trash is empty")).to_be_visible()
    await expect(page.get_by_role("button", name="My pictures")).to_be_focused()
    await notice.get_by_role("link", name="My pictures").click()
    await ines.sees_pictures(3)

    hung = page.get_by_role("group", name="My pictures")
    await expect(hung.locator("figcaption .nth")).to_have_text(["1 of 3", "2 of 3", "3 of 3"])
    await hung.get_by_role("link", name="a paper boat on green water, 2 of 3").focus()
    for key in ("Tab", "Enter"):
        await page.keyboard.press(key)
    await expect(page.get_by_role("menuitem", name="One more")).to_be_focused()
    mark = page.get_by_role("menuitemcheckbox", name="Favourite")
    await expect(mark).to_be_checked(checked=False)
    await mark.press("Enter")
    favourite = hung.locator("figure", has_text="2 of 3")
    await expect(favourite.get_by_text("Favourite", exact=True)).to_be_visible()
    await favourite.get_by_role("button", name="Variations and more").click()
    await expect(mark).to_be_checked()
    await is_favoured_in_another_tab(ines, await favourite.get_attribute("data-id"), mark)
    await mark.click()
    await hung.get_by_role("link", name="a paper boat on green water, 2 of 3").click()
    await expect(viewer.get_by_role("button", name="Favourite", pressed=False)).to_be_visible()
    await is_not_undone_by_an_old_answer(ines, viewer.get_by_role("button", name="Favourite"))
    await page.keyboard.press("Escape")
    await expect(viewer).to_have_count(0)

    await hung.get_by_role("link").first.click()
    await viewer.get_by_role("button", name="Variations").click()
    await page.get_by_role("menuitem", name="One more").click()
    await page.wait_for_url(re.compile("/create"))
    await ines.sees_pictures(4)

    await looks_at_a_set(ines)
    await ines.opens("/library")
    sort = page.get_by_role("combobox", name="Sort")
    await expect(hung.locator("figure").first).not_to_contain_text("of 3")
    await sort.select_option("Oldest first")
    await page.wait_for_url(f"{house.url}/library?sort=oldest")
    await expect(hung.locator("figure").first).to_contain_text("1 of 3")
    await hung.locator("figure", has_text="3 of 3").get_by_role("link").click()
    await expect(viewer.get_by_role("status").first).to_have_text("3 of 4")
    await page.keyboard.press("ArrowRight")
    await expect(viewer.get_by_role("status").first).to_have_text("4 of 4")
    async with page.expect_download():
        await viewer.get_by_role("link", name="Download").click()
        await expect(viewer.get_by_text("Downloading")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(viewer).to_have_count(0)
    await page.wait_for_url(f"{house.url}/library?sort=oldest")
    await page.go_back()
    await expect(sort).to_have_value("")
    await expect(hung.locator("figure").first).not_to_contain_text("of 3")
    await hung.get_by_role("link").first.click()
    await viewer.get_by_role("link", name="Details").click()
    await ines.sees_the_picture()
    await page.get_by_role("button", name="Variations", exact=True).click()
    await page.get_by_role("menuitem", name="Four more").click()
    await page.wait_for_url(re.compile("/create"))
    await ines.sees_pictures(8)
    assert ines.complaints == []
    await ines.context.close()
