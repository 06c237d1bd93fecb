"""Every page for everybody: by keys alone, as a screen reader is told it, and against the rules of accessibility in every light and width."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest
from playwright.async_api import expect
from sqlalchemy import text

from pixelstudio.ui.routes import PAGES
from tests.journeys.person import DESK, PASSWORD, PATIENCE_MS, PHONE, Person, new_handle, until
from tests.journeys.records import Records
from tests.leaks import remember
from tools.axe import axe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.async_api import Browser, Locator, Page

    from tests.serving import Served

pytestmark = pytest.mark.slow

PROMPT: Final = "A paper boat on a river of ink"
TABS_MAX: Final = 60
# From one to the next either the light changes or the width, for each change is painted.
LOOKS: Final = (("dark", DESK), ("dark", PHONE), ("light", PHONE), ("light", DESK))
TWO_LOOKS: Final = (LOOKS[0], LOOKS[2])
STRANGERS: Final = ("/", "/register", "/login", "/claim", "/forgot", "/reset", "/404")
_SETTLED: Final = "() => document.title && !document.querySelector('[aria-busy=true]:not(.bench *)')"
# What light changes is contrast; everything else is held against each width once. Of what axe loads beforehand the sheets are for one rule alone,
# which it holds to be an experiment and leaves out: to read and parse them takes a seventh of a full look.
_RULES: Final = """async ([inside, only]) => {
    const found = await axe.run(inside || document, {
        ...(only && { runOnly: only }), rules: { "label-content-name-mismatch": { enabled: true } }, resultTypes: ["violations"], preload: { assets: ["media"] },
    });
    return found.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")} (${node.failureSummary})`));
}"""


class Listener:
    """Reads a page by its rules, in every light and at both widths, and keeps what is wrong."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults: list[str] = []

    async def hears(self, what: str, looks: Sequence[tuple[str, dict[str, int]]] = LOOKS, inside: str = "") -> None:
        """Hold the page as it stands, or what is inside, against the rules."""
        await until(self.page, _SETTLED)
        if not await self.page.evaluate("'axe' in window"):
            await self.page.evaluate(axe())
            await self.page.evaluate("axe.configure({ noHtml: true })")  # of every element that is looked at, and nobody reads it
        for look in looks:
            (light, width), only = look, None if look in TWO_LOOKS else ["color-contrast"]
            await self.page.emulate_media(color_scheme=light, reduced_motion="reduce")  # type: ignore[arg-type]
            await self.page.set_viewport_size(width)  # type: ignore[arg-type]
            self.faults += [f"{what}, {light}, {width['width']}: {fault}" for fault in await self.page.evaluate(_RULES, [inside, only])]
            if (wide := await self.page.evaluate("document.documentElement.scrollWidth")) > width["width"]:
                self.faults.append(f"{what}, {width['width']}: is {wide} wide")
        await self.page.set_viewport_size(DESK)  # type: ignore[arg-type]


_NOTHING_ASKED_FOR: Final = (
    """() => [...document.images].every((img) => img.complete || img.getBoundingClientRect().top > 2 * innerHeight)"""
)


async def reaches(page: Page, wanted: Locator) -> None:
    """Press Tab until `wanted` has the focus, and see that it shows it."""
    for _ in range(TABS_MAX):
        if await wanted.evaluate("element => element === document.activeElement"):
            break
        await page.keyboard.press("Tab")
    await expect(wanted).to_be_focused()
    assert await wanted.evaluate("element => element.matches(':focus-visible')")


async def told(page: Page) -> str:
    """The content as assistive technology is told it."""
    return await page.locator("main").aria_snapshot()


async def test_the_whole_journey_goes_by_keys_alone_and_is_told_in_words(browser: Browser, house: Served) -> None:
    ines, handle = await Person.sits_down(browser, house.url), new_handle("ines")
    page, press = ines.page, ines.page.keyboard
    await ines.opens("/register")
    for field, words in (("Email", f"{handle}@example.org"), ("Handle", handle)):
        await reaches(page, page.get_by_role("textbox", name=field))
        await press.type(words)
    await reaches(page, page.get_by_label("Password", exact=True))
    await press.type(PASSWORD)
    remember("email", f"{handle}@example.org")
    await press.press("Enter")
    await ines.sees_composer()

    await reaches(page, page.get_by_role("textbox", name="Prompt", exact=True))
    await press.type(PROMPT)
    await press.press("Control+Enter")
    await expect(page.locator("figure.pic > a[href^='/image/']").first).to_be_visible(timeout=PATIENCE_MS)
    assert 'region "Results"' in await told(page)
    await reaches(page, page.get_by_role("button", name="Generate"))
    await press.press("w")
    await expect(page.get_by_role("heading", name="Library")).to_be_visible()
    await expect(page.locator("#main")).to_be_focused()
    await expect(page.locator("p[aria-live=polite]").first).to_have_text("Library · Pixel Studio")
    await expect(page.get_by_role("link", name=PROMPT).first).to_be_visible()
    assert 'searchbox "Search my pictures"' in await told(page)

    await press.press("/")
    await expect(page.get_by_role("searchbox", name="Search my pictures")).to_be_focused()
    await press.press("Tab")
    await press.press("j")
    await expect(page.get_by_role("link", name=PROMPT).first).to_be_focused()
    await press.press("Enter")
    await reaches(page, page.get_by_role("dialog", name="Picture").get_by_role("link", name="Details"))
    await press.press("Enter")
    await expect(page.get_by_role("region", name="Recipe")).to_be_visible()
    assert re.search(r'region "Recipe"[\s\S]*Cut paper', await told(page))
    assert f'img "{PROMPT}' in await told(page)

    await reaches(page, page.get_by_role("button", name="Move to trash"))
    await until(page, _NOTHING_ASKED_FOR)  # a rendition that is still asked for when its picture is thrown away is answered with 404
    await press.press("Enter")
    await expect(page.get_by_role("status", name="Notice")).to_contain_text("is in the trash.")
    await press.press("Escape")
    await expect(page).to_have_url(re.compile("/library"))
    assert ines.complaints == []


async def test_the_map_of_keys_and_the_palette_do_what_they_say(browser: Browser, house: Served) -> None:
    ines = await Person.sits_down(browser, house.url)
    await ines.enters_as(new_handle("ines"))
    page, press = ines.page, ines.page.keyboard
    await ines.opens("/explore")
    await expect(page.get_by_role("searchbox", name="Search")).to_be_visible()

    await press.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    await expect(keys).to_contain_text("Search")
    await press.press("Escape")
    await expect(keys).to_be_hidden()
    await press.press("Control+k")
    field = page.get_by_role("combobox", name="Search commands")
    await expect(field).to_be_focused()
    await press.type("queue")
    await expect(page.get_by_role("listbox", name="Commands").get_by_role("option")).to_have_count(1)
    await press.press("Enter")
    await expect(page).to_have_url(re.compile("/queue"))
    await press.press("g")
    await expect(page).to_have_url(re.compile("/create"))

    await page.get_by_role("textbox", name="Prompt", exact=True).fill("half a thought, g and w in it")
    await page.get_by_role("link", name="Library").first.click()
    await expect(page).to_have_url(re.compile("/library"))
    await page.get_by_role("link", name="Create").first.click()
    await expect(page.get_by_role("textbox", name="Prompt", exact=True)).to_have_value("half a thought, g and w in it")
    assert ines.complaints == []


async def test_without_a_socket_the_page_says_so_and_pictures_still_come(browser: Browser, house: Served) -> None:
    ines = await Person.sits_down(browser, house.url)
    await ines.enters_as(new_handle("ines"))
    cut_off = await ines.context.new_page()
    await cut_off.add_init_script("""window.WebSocket = class extends EventTarget {
        constructor() { super(); setTimeout(() => { this.onerror?.(new Event("error")); this.onclose?.({ code: 1006 }); }, 20); }
        send() {} close() {}
    };""")
    await cut_off.goto(f"{house.url}/library")
    line = cut_off.get_by_role("status", name="Connection")
    await expect(line).to_have_text("Reconnecting. You can read and scroll; pressing waits.")

    await ines.asks_for(PROMPT, images=1, small=True)
    await ines.sees_pictures(1)

    await expect(line).to_have_text("Live updates are off. You can read and scroll; pressing waits.")
    await expect(cut_off.get_by_role("region", name="Arriving").get_by_role("img", name=PROMPT)).to_be_visible(timeout=PATIENCE_MS)
    await expect(cut_off.get_by_role("main").get_by_role("link", name=PROMPT)).to_be_visible()


@pytest.mark.timeout(180)
async def test_no_page_breaks_a_rule_in_any_light_width_and_state(browser: Browser, house: Served) -> None:
    ines, handle = await Person.sits_down(browser, house.url), new_handle("ines")
    page, listener = ines.page, Listener(ines.page)
    await ines.opens(STRANGERS[0])
    for path in STRANGERS:
        if path != STRANGERS[0]:
            await ines.goes_to(path)
        await listener.hears(f"{path} of a stranger")
    await ines.goes_to("/forgot")
    await page.evaluate("document.documentElement.dataset.noMail = ''")
    await listener.hears("/forgot where no mail is sent", TWO_LOOKS)
    await ines.enters_as(handle)
    with Records.of(house) as records, records.engine.begin() as connection:
        connection.execute(text("UPDATE account SET is_maintainer = true WHERE handle = :handle"), {"handle": handle})
    await listener.hears("/create, empty")
    await ines.unfolds_options()
    await listener.hears("/create, its options", (LOOKS[0], LOOKS[3]), "form.composer")
    await ines.goes_to("/library")
    await listener.hears("/library, empty")
    await ines.goes_to("/create")
    await ines.sees_composer()
    await ines.asks_for(PROMPT, images=2)
    await expect(ines.slots("drawing").first).to_be_visible()
    await listener.hears("/create, drawing")
    await ines.sees_pictures(2)
    address = await page.locator("a[href^='/image/']").first.get_attribute("href") or ""
    await page.locator("figure[data-image] > a").first.press("Enter")
    await expect(page.get_by_role("dialog", name="Picture")).to_be_visible()
    await listener.hears("/create, a picture in the viewer", LOOKS, ".viewer")
    await page.keyboard.press("Escape")
    await page.wait_for_url(f"{house.url}/create")  # it goes by the way back, which takes a moment longer than to be gone
    await shows_and_talks(ines, address)
    await ines.goes_to("/collections")
    collection = await page.get_by_role("link", name="Water").get_attribute("href") or ""

    remix = f"/create?from={address.rsplit('/', 1)[-1]}"
    known = {
        "/create": remix,
        "/image/[image_id]": address,
        "/u/[handle]": f"/u/{handle}",
        "/collections/[collection_id]": collection,
    }
    for path in (known.get(found.route, found.route) for found in PAGES if found.route not in STRANGERS):
        await ines.goes_to(path)
        await expect(page.get_by_role("heading", level=1)).to_be_attached()
        if path == remix:
            await page.get_by_role("textbox", name="Prompt", exact=True).fill(f"{PROMPT} at noon")
            await expect(page.get_by_role("region", name="Made from").get_by_role("group")).to_contain_text("at noon")
        # The page of all components shows both lights at once.
        await listener.hears(path, TWO_LOOKS if path == "/components" else LOOKS)
    await ines.goes_to("/search?colours=2f5d8a-e9c46a")
    await page.get_by_role("searchbox", name="Search").press_sequentially("s")
    await expect(page.get_by_role("listbox", name="Suggestions")).to_be_visible()
    await listener.hears("/search by colour, and while one types", TWO_LOOKS)
    await ines.goes_to("/components")
    await opened(ines, listener)

    assert sorted({*listener.faults}) == []


async def shows_and_talks(ines: Person, address: str) -> None:
    """Publish a picture, write under it, collect it, and like it: then every page has something on it."""
    page = ines.page
    await ines.goes_to(address)
    await page.get_by_role("button", name="Publish").click()
    form = page.get_by_role("dialog", name="Publish")
    await expect(form.get_by_role("textbox").first).to_be_focused()
    await form.get_by_role("button", name="Publish").click()
    await page.get_by_role("textbox", name="Add a comment").fill("Ink on water.")
    await page.get_by_role("button", name="Comment", exact=True).click()
    await expect(page.get_by_text("Ink on water.")).to_be_visible()
    await page.get_by_role("button", name="Collect", exact=True).click()
    await page.get_by_role("textbox", name="New collection").fill("Water")
    await page.get_by_role("button", name="Create collection").click()
    await expect(page.get_by_text("Collected in Water.")).to_be_visible()
    await ines.goes_to("/explore")
    await page.get_by_role("button", name=re.compile("^Like ")).first.click()
    await expect(page.get_by_role("button", name=re.compile("^Like "), pressed=True)).to_be_visible()


async def opened(ines: Person, listener: Listener) -> None:
    """What floats, on the page that shows every component."""
    page = ines.page
    for key, name in (("?", "Keys"), ("Control+k", "Command palette")):
        await page.keyboard.press(key)
        await expect(page.get_by_role("dialog", name=name)).to_be_visible()
        await listener.hears(name, TWO_LOOKS, "dialog[open]")
        await page.keyboard.press("Escape")
    for name in ("Question", "Dialog", "Sheet"):
        await page.get_by_role("button", name=name).first.click()
        await listener.hears(name, TWO_LOOKS, "dialog[open]")
        await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Tell with Undo").first.click()
    await expect(page.get_by_role("button", name="Undo", exact=True)).to_be_visible()
    await listener.hears("a notice", TWO_LOOKS, ".notices")
    await page.get_by_role("button", name="Picture").first.click()
    await listener.hears("a menu", TWO_LOOKS, ".menu:popover-open")
