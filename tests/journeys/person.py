"""A person at a browser: joins, asks for pictures, looks. Knows the page by its accessible names only."""

from __future__ import annotations

import asyncio
import itertools
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import expect

from tests.leaks import remember

if TYPE_CHECKING:
    from playwright.async_api import APIResponse, Browser, BrowserContext, ConsoleMessage, Locator, Page, Route

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
PATIENCE_MS = 30_000  # a generous ceiling, not a speed claim
LOOKING_MS = 100
"""How often one looks whether a page has come so far. By itself Playwright looks at every frame, and has one painted for it sixty times a second."""
SMALL = "256x320"
PASSWORD = "correct horse battery"
expect.set_options(timeout=PATIENCE_MS)
# The page that is left answers still when the router has gone on: what it said of itself is taken away first, and said anew by the next one.
_GO = "path => { document.documentElement.dataset.line = 'left'; return __reactRouterDataRouter.navigate(path); }"
_ANSWERS = "() => document.documentElement.dataset.line === 'up'"
_UNTIL = """async ([argument, every, most]) => {
    const holds = %s, ends = performance.now() + most;
    while (!(await holds(argument))) {
        if (performance.now() > ends) throw new Error(`not in ${most} ms: ${holds}`);
        await new Promise(done => setTimeout(done, every));
    }
}"""
_REFUSED = re.compile(r"Failed to load resource: the server responded with a status of (\d+)")

_newcomers = itertools.count(1)


def new_handle(name: str) -> str:
    """The name with a number nobody had before: several tests share a house."""
    return f"{name}_{next(_newcomers)}"


async def until(page: Page, condition: str, argument: Any = None, within_ms: int = PATIENCE_MS) -> None:
    """Wait until a function of the page's says yes, on the page it leads to as well.

    Playwright's own wait first gives each page that is loaded all that locators are made of, which takes a sixth of what the page itself takes.
    """
    while True:
        try:
            await page.evaluate(_UNTIL % condition, [argument, LOOKING_MS, within_ms])
        except PlaywrightError as error:
            if "context was destroyed" not in error.message:
                raise
        else:
            return


@dataclass
class Person:
    """One browser profile with one page open; `complaints` collects what the browser complained about."""

    url: str
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)

    @classmethod
    async def sits_down(
        cls,
        browser: Browser,
        url: str,
        *,
        viewport: dict[str, int] | None = None,
        scheme: str = "dark",
        zone: str = "UTC",
        motion: str = "reduce",
    ) -> Person:
        """Open a browser window of their own on nothing yet. They ask for little `motion`: to paint it takes a quarter of a story's time."""
        shape: Any = viewport or DESK
        is_phone = shape is PHONE
        context = await browser.new_context(
            viewport=shape,
            color_scheme=scheme,  # type: ignore[arg-type]
            reduced_motion=motion,  # type: ignore[arg-type]
            has_touch=is_phone,
            is_mobile=is_phone,
            timezone_id=zone,
        )
        context.set_default_timeout(PATIENCE_MS)
        person = cls(url, context, await context.new_page())
        person.listen(person.page)
        return person

    def listen(self, page: Page) -> None:
        """Note errors of the console and of scripts."""
        page.on("console", self._hears)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hears(self, message: ConsoleMessage) -> None:
        # Of every answer that is an error the console says which; to be told of all answers takes as long again as all else we are told.
        if message.type == "error":
            self.complaints.append(message.text)
            if found := _REFUSED.match(message.text):
                self.complaints.append(f"{found[1]} {message.location['url']}")

    async def opens(self, path: str) -> None:
        """Type an address and wait until the page answers to clicks."""
        await self.page.goto(f"{self.url}{path}")
        await until(self.page, _ANSWERS)

    async def goes_to(self, path: str) -> None:
        """Go on from the open page as by a link to another one, until that answers to clicks; a load of its own costs five times as much."""
        await self.page.evaluate(_GO, path)
        await self.page.wait_for_selector("html[data-line=up]", state="attached")

    async def joins(self, handle: str) -> None:
        """Register; ends on the page for making pictures."""
        await self.opens("/register")
        await self.registers(handle)
        await self.page.wait_for_url(re.compile("/create"))
        await self._is_remembered(handle)
        await self.sees_composer()

    async def registers(self, handle: str) -> None:
        """Fill the open form of an account in and send it."""
        await self.page.get_by_role("textbox", name="Email").fill(f"{handle}@example.org")
        await self.page.get_by_role("textbox", name="Handle").fill(handle)
        await self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        await self.page.get_by_role("button", name="Create account").click()

    async def enters_as(self, handle: str) -> None:
        """Be somebody new on the page for making pictures, for stories that begin there: what the page of `joins` sends is sent without it."""
        form = {"email": f"{handle}@example.org", "handle": handle, "password": PASSWORD}
        headers = {"Origin": self.url, "Accept": "application/json"}
        answer = await self.context.request.post(f"{self.url}/auth/register", form=dict(form), headers=headers)
        assert answer.ok, await answer.text()
        await self._is_remembered(handle)
        await self.opens("/create")
        await self.sees_composer()

    async def _is_remembered(self, handle: str) -> None:
        for what, word in (("email", f"{handle}@example.org"), ("password", PASSWORD)):
            remember(what, word)
        for cookie in await self.context.cookies():
            remember("cookie", cookie.get("value", ""))

    async def sees_composer(self) -> None:
        """The composer is there and its models are loaded."""
        await expect(self.page.get_by_role("button", name="Generate")).to_be_enabled()
        await expect(self.page.get_by_role("combobox", name="Model", include_hidden=True).locator("option").first).to_be_attached()

    async def asks_for(self, prompt: str, images: int = 4, *, small: bool = False) -> None:
        """Fill in the composer and press Generate. Where it only matters that pictures come, `small` ones are drawn with a sixteenth of the work."""
        remember("prompt", prompt)
        if small:
            await self.chooses_small()
        await self.page.get_by_role("textbox", name="Prompt", exact=True).fill(prompt)
        spin = self.page.get_by_role("spinbutton", name="Images", include_hidden=True)
        if await spin.input_value() != str(images):
            if not await spin.is_visible():
                await self.page.get_by_role("button", name="All settings").click()
            await spin.fill(str(images))
        await self.page.get_by_role("button", name="Generate").click()

    async def unfolds_options(self) -> None:
        """Style, seed, presets and what else nobody needs for a picture; this browser keeps them open from here on."""
        style = self.page.get_by_role("combobox", name="Style")
        if not await style.is_visible():
            await self.page.get_by_text("Options", exact=True).click()
        await expect(style).to_be_visible()

    async def chooses_small(self, size: str = SMALL) -> None:
        """A size, of the usual shape, that a recipe may bring along and the page offers to nobody by itself."""
        box = self.page.get_by_role("combobox", name="Size", include_hidden=True)
        await box.evaluate(
            """(box, size) => {
                if (box.value === size) return;
                box.add(new Option(size, size));
                box.value = size;
                box.dispatchEvent(new Event("change", { bubbles: true }));
            }""",
            size,
        )

    def slots(self, state: str | None = None) -> Locator:
        """The slots of sets that move or have just ended; in one state when asked."""
        return self.page.locator("figure[data-state]" if state is None else f"figure[data-state='{state}']")

    async def sees_pictures(self, count: int) -> None:
        """So many pictures hang on the page, and their bytes are really there."""
        await until(
            self.page,
            """count => {
                const hung = [...document.querySelectorAll("figure.pic:has(> a[href^='/image/'])")];
                return hung.length === count && hung.every(f => { const i = f.querySelector('img'); return i && i.complete && i.naturalWidth > 0; });
            }""",
            count,
            within_ms=60_000,
        )

    async def shows_it(self, to: str) -> None:
        """On the page of an own picture: say who sees it, in the words of the form."""
        await self.page.get_by_role("button", name=re.compile("^(Publish|Change how it is shown)$")).click()
        form = self.page.get_by_role("dialog", name=re.compile("^(Publish|How it is shown)$"))
        await form.get_by_text(to, exact=True).click()
        await form.get_by_role("button", name=re.compile("^(Publish|Save)$")).click()

    async def sees_the_picture(self) -> None:
        """The one picture of an image page is really there."""
        await until(self.page, "() => { const i = document.querySelector('.lit-wall img'); return i && i.complete && i.naturalWidth > 0; }")


async def the_second_held(page: Page, address: str) -> asyncio.Queue[tuple[Route, APIResponse]]:
    """Keep the second answer from an address: once it is asked for, it is in the queue as it was then, to be given late. Questions about a
    few pictures `only` are not counted.
    """
    held: asyncio.Queue[tuple[Route, APIResponse]] = asyncio.Queue()
    answers = itertools.count()

    async def hold(route: Route) -> None:
        if "only=" in route.request.url or next(answers) != 1:
            return await route.continue_()
        return await held.put((route, await route.fetch()))

    await page.route(address, hold)
    return held
