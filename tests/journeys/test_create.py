"""The page for making pictures, pressed all over: looks and styles, a kept seed, presets, prompts, a review by arrows, recipes dropped in."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.journeys.person import LOOKING_MS, PHONE, Person, new_handle

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page, Route

    from tests.serving import Served

pytestmark = pytest.mark.slow

_DROP = """async ([words, source]) => {
    const content = source ? await (await fetch(source)).blob() : words;
    const dropped = new DataTransfer();
    dropped.items.add(new File([content], "dropped.png"));
    const composer = document.querySelector("form.composer");
    for (const type of ["dragenter", "dragover", "drop"])
        composer.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: dropped }));
}"""


async def test_everything_the_composer_offers_is_taken_up_and_a_set_is_looked_through(browser: Browser, house: Served) -> None:
    ines = await Person.sits_down(browser, house.url)
    page = ines.page
    prompt, seed = page.get_by_role("textbox", name="Prompt", exact=True), page.get_by_role("textbox", name="Seed")
    await ines.enters_as(new_handle("ines"))

    await the_options_stay_as_they_were_left(ines)
    await page.get_by_role("button", name=re.compile("single flower")).click()
    await expect(page.get_by_role("combobox", name="Model")).to_have_value("sketch-bloom")
    await expect(page.get_by_role("combobox", name="Model")).to_have_accessible_description(re.compile("^What draws: .*AI model"))
    more = page.get_by_role("button", name="More images")
    place = await more.bounding_box()
    await page.get_by_role("combobox", name="Model").press("Enter")
    await no_list_lies_over_the_sentence(page)
    for key in ("ArrowRight", "Enter"):
        await page.keyboard.press(key)
    await expect(page.get_by_role("combobox", name="Model")).to_have_value("sketch-horizon")
    await expect(page.locator("input[name=shown]")).to_have_value("sketch-horizon")
    assert await more.bounding_box() == place
    await page.get_by_role("combobox", name="Style").select_option(label="Dusk")
    await page.get_by_role("checkbox", name="Keep seed").set_checked(True, force=True)
    await ines.asks_for("a quiet house", images=2, small=True)
    await ines.sees_pictures(2)
    kept = await seed.input_value()
    assert kept.isdecimal()
    await expect(page.locator(".set .facts").first).to_contain_text("Dusk")

    await a_preset_is_kept_and_taken_up_again(page, kept)
    await a_set_is_looked_through(page)
    await ines.sees_pictures(1)

    await page.get_by_role("button", name="Use this recipe").first.click()
    await expect(seed).to_have_value("")
    await what_is_set_is_not_folded_away(page)
    await expect(seed).to_have_value(re.compile(r"\d+"))
    await page.evaluate(_DROP, ["no picture", ""])
    await expect(page.get_by_text("Save it as one of these")).to_be_visible()
    await prompt.fill("something else")
    await expect(page.get_by_role("region", name="Made from").get_by_role("group")).to_contain_text("something else")
    source = await page.locator("figure[data-image]").get_attribute("data-image")
    await page.evaluate(_DROP, ["", f"/media/{source}/original"])
    await expect(prompt).to_have_value("a quiet house")
    assert int(await seed.input_value()) - int(kept) in {0, 1}  # one of the two pictures of that set is left
    assert [told for told in ines.complaints if "422" not in told] == []

    # What is looked at stays where it is when something in the composer has the focus.
    await page.evaluate("scrollTo(0, 0); new Promise(heard => requestAnimationFrame(() => setTimeout(heard)))")
    assert await page.evaluate("document.documentElement.scrollHeight > innerHeight")
    await page.locator(".dock select[name=model]").focus()
    assert await page.evaluate("scrollY") == 0

    await a_look_is_offered_for_what_is_named(page)
    await page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    await page.get_by_role("button", name="All settings").click()
    await expect(page.get_by_role("combobox", name="Size")).to_be_visible()
    await expect(page.get_by_role("button", name="Go by")).to_have_accessible_description(re.compile("draws from words alone"))
    await expect(page.get_by_text("draws from words alone")).to_be_visible()
    await page.get_by_role("button", name="Done").click()
    await expect(page.get_by_role("combobox", name="Size")).to_be_hidden()
    await what_draws_is_chosen_where_its_name_stands(page)
    await what_is_asked_for_comes_into_sight(page)
    await page.locator("figure[data-image]").last.get_by_role("button", name="Variations and more").click()
    await page.get_by_role("menuitem", name="Publish").click()
    await expect(page.get_by_role("dialog", name="Publish").get_by_role("textbox", name="Title")).to_have_value("a quiet house")
    await expect(page).to_have_url(re.compile(f"/image/{source}$"))


async def a_look_is_offered_for_what_is_named(page: Page) -> None:
    """What was chosen once stays chosen, so the words alone would get mountains for a flower."""
    prompt, model = page.get_by_role("textbox", name="Prompt", exact=True), page.get_by_role("combobox", name="Model")
    words, chosen, offer = await prompt.input_value(), await model.input_value(), page.get_by_role("button", name="Choose Bloom")
    await prompt.fill("a pink peony")
    await offer.click()
    await expect(model).to_have_value("sketch-bloom")
    await expect(offer).to_have_count(0)
    await expect(prompt).to_be_focused()
    await expect(prompt).to_have_value("a pink peony")
    await model.select_option(chosen)
    await expect(offer).to_be_visible()
    await prompt.fill(words)
    await expect(offer).to_have_count(0)


async def no_list_lies_over_the_sentence(page: Page) -> None:
    """The open one stands above the composer, however long it is."""
    await expect(page.get_by_role("combobox", name="Model").locator("option:checked")).to_be_focused()
    seen = await page.get_by_role("textbox", name="Prompt", exact=True).evaluate(
        """box => {
            const { left, top, width, height } = box.getBoundingClientRect();
            return [0.1, 0.3, 0.5].every((part) => document.elementFromPoint(left + part * width, top + height / 2) === box);
        }"""
    )
    assert seen


async def the_options_stay_as_they_were_left(ines: Person) -> None:
    """Folded at first; unfolded by keys, and so on the page that is opened anew."""
    style = ines.page.get_by_role("combobox", name="Style")
    await expect(style).to_be_hidden()
    await ines.page.get_by_role("button", name="More images").focus()
    for key in ("Tab", "Enter"):
        await ines.page.keyboard.press(key)
    await expect(style).to_be_visible()
    await ines.opens("/create")
    await ines.sees_composer()
    await expect(style).to_be_visible()


async def what_is_set_is_not_folded_away(page: Page) -> None:
    """Folded by hand, they come back with a recipe that sets one of them."""
    style, prompt = page.get_by_role("combobox", name="Style"), page.get_by_role("textbox", name="Prompt", exact=True)
    await page.get_by_text("Options", exact=True).click()
    await expect(style).to_be_hidden()
    await page.locator("figure[data-image] > a").drag_to(prompt)
    await expect(style).to_be_visible()


async def what_draws_is_chosen_where_its_name_stands(page: Page) -> None:
    """On a phone: by a press and by keys its list opens, and the way back is the way it came."""
    name, model = page.get_by_role("button", name=re.compile(r"^Model: Horizon\b")), page.get_by_role("combobox", name="Model")
    for opens in (name.click, lambda: name.press("Enter")):
        await opens()
        await expect(model.locator("option:checked")).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(model).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(model).to_be_hidden()
        await expect(name).to_be_focused()
    for key, chosen in (("ArrowRight", "Arches"), ("ArrowLeft", "Horizon")):  # with a choice the settings go too
        await page.get_by_role("button", name=re.compile("^Model: ")).press("Enter")
        await expect(model.locator("option:checked")).to_be_focused()
        await page.keyboard.press(key)
        await page.keyboard.press("Enter")
        await expect(model).to_be_hidden()
        await expect(page.get_by_role("button", name=f"Model: {chosen}")).to_be_focused()


async def what_is_asked_for_comes_into_sight(page: Page) -> None:
    """A variation is put first, and the page goes there from wherever it was read."""
    pictures, newest = page.locator("figure[data-image]"), page.locator("[data-set]").first
    await page.set_viewport_size({"width": PHONE["width"], "height": 460})  # less than one picture
    for count, way in ((1, "Four more"), (5, "New style")):
        await expect(pictures).to_have_count(count, timeout=60_000)
        before = await newest.get_attribute("data-set") or ""
        await pictures.last.get_by_role("button", name="Variations and more").click()
        scrolled = await page.evaluate("scrollY")
        item = page.get_by_role("menuitem", name=way)
        await expect(item).to_have_accessible_name(re.compile("^[A-Z][a-z]+ [a-z]+ 4 pictures: "))
        await expect(item).to_have_accessible_description(re.compile("^All are new drawings. Free ones begin at once"))
        await item.click()
        await expect(newest).not_to_have_attribute("data-set", before)
    await expect(pictures).to_have_count(9, timeout=60_000)
    await expect(page.get_by_role("status", name="Notice")).to_be_empty()  # it said that they were being drawn
    assert scrolled > 0
    await page.wait_for_function(
        "() => { const { top } = document.querySelector('[data-set]').getBoundingClientRect(); return top >= 0 && top < innerHeight / 2; }"
    )


async def a_preset_is_kept_and_taken_up_again(page: Page, seed: str) -> None:
    """Save, rename, take up, delete; then a prompt, which comes without its seed."""
    prompt = page.get_by_role("textbox", name="Prompt", exact=True)
    shelf = page.get_by_role("dialog", name="Presets")
    await page.get_by_role("button", name="Presets").click()
    await shelf.get_by_role("textbox", name="Preset name").fill("Evenings")
    await page.keyboard.press("Enter")
    await shelf.get_by_label("Rename Evenings").click()
    await shelf.get_by_role("textbox", name="New name").fill("Nights")
    await page.keyboard.press("Enter")
    await expect(shelf.get_by_text("Nights")).to_be_visible()
    await page.keyboard.press("Escape")
    await prompt.fill("a boat")
    await page.get_by_role("button", name="Presets").click()
    await shelf.get_by_text("Nights").click()
    await expect(prompt).to_have_value("a quiet house")
    await expect(page.get_by_role("textbox", name="Seed")).to_have_value(seed)
    await page.get_by_role("button", name="Presets").click()
    await shelf.get_by_role("button", name="Delete Nights").click()
    await expect(shelf.get_by_text("No presets yet")).to_be_visible()
    await page.keyboard.press("Escape")

    await prompt.fill("a boat")
    await page.get_by_role("button", name="Your prompts").click()
    await page.get_by_role("searchbox", name="Search your prompts").fill("HOUSE")
    await page.get_by_role("dialog", name="Your prompts").get_by_text("a quiet house").click()
    await expect(prompt).to_have_value("a quiet house")
    await expect(page.get_by_role("textbox", name="Seed")).to_have_value("")


async def a_set_is_looked_through(page: Page) -> None:
    """Favourite the first, bin the second; undo and do it again."""
    review = page.get_by_role("dialog", name="Look through")
    await page.get_by_role("button", name="Look through").click()
    await expect(review.get_by_text("1 of 2")).to_be_visible()
    await page.keyboard.press("ArrowUp")
    await expect(review.get_by_text("2 of 2")).to_be_visible()
    await page.keyboard.press("ArrowLeft")
    await expect(review.get_by_text("1 of 2")).to_be_visible()
    await page.keyboard.press("ArrowUp")
    await expect(review.get_by_text("2 of 2")).to_be_visible()
    await page.keyboard.press("ArrowDown")
    await expect(review.get_by_text("1 picture among your favourites, 1 picture in the trash")).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(review).to_be_hidden()
    favourite = page.locator("figure[data-image]", has=page.get_by_role("img", name="Favourite"))
    await expect(favourite).to_be_visible()
    await favourite.get_by_role("button", name="Variations and more").click()
    await expect(page.get_by_role("menuitemcheckbox", name="Favourite")).to_be_checked()
    await page.keyboard.press("Escape")


_LONG = "a mint moon over paper hills, with a long and winding river below and far away a train that goes into the night " * 3


async def test_on_a_phone_a_tap_beside_a_menu_closes_it_and_does_nothing_else(browser: Browser, house: Served) -> None:
    ines = await Person.sits_down(browser, house.url, viewport=PHONE)
    page, menu = ines.page, ines.page.get_by_role("menu")
    await ines.enters_as(new_handle("ines"))
    await ines.asks_for("a paper boat", images=1, small=True)
    await ines.sees_pictures(1)

    beside = {"x": 60, "y": 40}  # on the picture, and on the dimmed wall around the menu
    picture = page.locator("figure[data-image] > a")
    box = await picture.bounding_box() or {}
    spot = (box["x"] + beside["x"], box["y"] + beside["y"])
    await page.get_by_role("button", name="Variations and more").tap()
    await expect(menu).to_be_visible()
    await page.touchscreen.tap(*spot)
    await expect(menu).to_be_hidden()
    await page.wait_for_timeout(LOOKING_MS)  # in which a picture would open
    assert page.url == f"{house.url}/create"

    await page.get_by_role("button", name="Variations and more").tap()
    await page.get_by_role("button", name="Variations and more").tap()  # its own opener
    await expect(menu).to_be_hidden()
    await page.get_by_role("button", name="All settings").tap()
    await expect(page.get_by_role("heading", name="Settings")).to_be_visible()
    await page.get_by_role("button", name="Generate").tap()  # of the form whose sheet it is
    await ines.sees_pictures(2)
    await page.touchscreen.tap(*spot)
    await expect(page.get_by_role("dialog", name="Picture")).to_be_visible()


_EDGES = """() => {
    const edge = (selector) => document.querySelector(selector).getBoundingClientRect();
    const lines = [...document.querySelectorAll(".results *")].map((line) => line.getBoundingClientRect().bottom);
    return { composer: edge(".dock"), set: edge("[data-set]"), last: Math.max(...lines) };
}"""


# How wide each line of a text is; and by how much the pictures of the last set end before its head does.
_LINES = """text => {
    const range = document.createRange(), lines = {};
    range.selectNodeContents(text);
    for (const { top, width } of range.getClientRects()) if (width < text.clientWidth) lines[Math.round(top)] = width;
    return Object.values(lines);
}"""
_SHORT_OF = """() => {
    const right = (selector) => Math.round(document.querySelector(`[data-set] ${selector}`).getBoundingClientRect().right);
    return right("header") - right(".pic:nth-child(2)");
}"""


async def test_on_a_phone_the_composer_leaves_the_room_to_the_pictures(browser: Browser, house: Served) -> None:
    ines = await Person.sits_down(browser, house.url, viewport=PHONE)
    page, prompt = ines.page, ines.page.get_by_role("textbox", name="Prompt", exact=True)
    await ines.enters_as(new_handle("ines"))
    composer = page.get_by_role("form", name="Composer")
    empty = (await composer.bounding_box() or {})["height"]
    lines = await page.locator(".sketched").evaluate(_LINES)
    assert min(lines) > max(lines) * 2 / 3  # what is said of the models has no line of a word or two

    await ines.chooses_small("256x448")  # as tall as pictures are
    await ines.asks_for(_LONG)
    await expect(page.locator("[data-set] .pic")).to_have_count(4)
    await expect(prompt).not_to_be_focused()
    edges = await page.evaluate(_EDGES)
    assert edges["composer"]["height"] <= empty + 14  # its sentence begins to be seen, and no more of it
    assert edges["set"]["bottom"] <= edges["composer"]["top"]
    await ines.sees_pictures(4)
    for height in (PHONE["height"], 664):  # and without the browser's bars
        await page.set_viewport_size({"width": PHONE["width"], "height": height})
        assert await page.evaluate(_SHORT_OF) == 0
    await page.set_viewport_size(PHONE)  # type: ignore[arg-type]

    for look in (prompt.blur, prompt.focus):  # while it is written in, it takes what it needs, and the page's end goes up with it
        await look()
        await page.wait_for_function(
            "async () => { scrollTo(0, 1e6); await new Promise(requestAnimationFrame);"
            f" const {{ composer, last }} = ({_EDGES})(); return last < composer.top; }}"
        )
    assert (await page.evaluate(_EDGES))["composer"]["height"] > empty + 100

    await page.get_by_role("button", name="All settings").click()
    done = page.get_by_role("button", name="Done", exact=True)
    place = await done.bounding_box()
    await ines.unfolds_options()
    assert await done.bounding_box() == place
    await the_sheet_shows_that_it_goes_on(page)
    await page.get_by_role("combobox", name="Style").select_option("dusk")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name=re.compile("^Model: .+ · Dusk$"))).to_be_visible()  # it would be drawn so
    await ines.context.close()


async def test_on_a_phone_neither_composer_nor_notice_lies_over_what_is_to_be_pressed(browser: Browser, house: Served) -> None:
    ines = await Person.sits_down(browser, house.url, viewport=PHONE)
    page, ideas = ines.page, ines.page.locator(".starter")
    await ines.enters_as(new_handle("ines"))
    await ines.asks_for("a paper boat", small=True)
    await ines.sees_pictures(4)
    await page.locator("figure[data-image]").first.get_by_role("button", name="Variations and more").click()
    await page.get_by_role("menuitem", name="Move to trash").click()
    said = page.locator(".toast", has_text="is in the trash.")
    await expect(said).to_be_visible()

    await page.evaluate("scrollTo(0, 0)")
    await ideas.last.focus()
    for look in (None, "scrollTo(0, document.documentElement.scrollHeight)"):  # as a key brought it into view, and where the page ends
        if look:
            await page.evaluate(look)
        last, toast, dock = [await one.bounding_box() or {} for one in (ideas.last, said, page.locator(".dock"))]
        assert last["y"] > 0
        assert last["y"] + last["height"] <= toast["y"]
        assert toast["y"] + toast["height"] <= dock["y"]
    await ines.context.close()


async def the_sheet_shows_that_it_goes_on(page: Page) -> None:
    """What is cut off fades behind its foot, which lies below all of it at the end."""
    sheet = page.locator(".settings")
    foot = sheet.locator("footer")
    fade = await foot.evaluate("it => { const { position, backgroundImage } = getComputedStyle(it); return [position, backgroundImage]; }")
    assert await sheet.evaluate("it => it.scrollHeight > it.clientHeight")
    assert fade[0] == "sticky"
    assert fade[1].startswith("linear-gradient")
    await sheet.evaluate("it => it.scrollTo(0, it.scrollHeight)")
    last, edge = await page.get_by_role("button", name="Presets").bounding_box(), await foot.bounding_box()
    assert last
    assert edge
    assert last["y"] + last["height"] <= edge["y"]


async def test_a_press_of_generate_before_the_page_is_alive_is_not_lost(browser: Browser, house: Served) -> None:
    ines = await Person.sits_down(browser, house.url)
    await ines.enters_as(new_handle("ines"))
    pressed = asyncio.Event()

    async def after_the_press(route: Route) -> None:
        await pressed.wait()
        await route.continue_()

    await ines.page.route("**/assets/entry.client-*.js", after_the_press)
    await ines.page.goto(f"{house.url}/create", wait_until="commit")
    await ines.page.wait_for_function("() => performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/studio.js'))")
    await ines.page.get_by_role("textbox", name="Prompt", exact=True).fill("A paper boat, early")
    await ines.page.get_by_role("button", name="Generate").click()
    pressed.set()

    await expect(ines.page.locator("[data-set]").first).to_contain_text("A paper boat, early")
    await ines.context.close()
