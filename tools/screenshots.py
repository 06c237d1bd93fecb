"""`make screenshots`: every page of a seeded studio, at two widths and in both modes, kept for the README and the documents.

And the pages of the gallery in two other worlds, at a desk in the dark and on a phone in the light: where there is nothing yet, and where
somebody has just shown their first few pictures.
"""

from __future__ import annotations

import asyncio
import io
import os
import tempfile
from pathlib import Path
from typing import Any, Final

from PIL import Image
from playwright.async_api import Browser, Page, async_playwright, expect

from pixelstudio.core.settings import load_settings
from tests.leaks import secret_settings
from tests.serving import Served, a_client, a_server, register
from tools.chromium import LAUNCH_ARGUMENTS, chromium
from tools.seed.__main__ import fill
from tools.seed.people import PASSWORD, PEOPLE

KEPT: Final = Path(__file__).resolve().parent.parent / "docs" / "images"
WIDTHS: Final = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
MODES: Final = ("dark", "light")
SEARCH: Final = "/search?colours=2f5d8a-e9c46a"
OPEN_TO_ALL: Final = {
    "landing": "/",
    "register": "/register",
    "login": "/login",
    "forgot": "/forgot",
    "reset": "/reset#a-link-that-is-used-up",
    "explore": "/explore",
    "verify": "/verify",
    "search": SEARCH,
}
MEMBERS: Final = {
    "library": "/library",
    "queue": "/queue",
    "settings": "/settings",
    "feed": "/feed",
    "collections": "/collections",
    "inbox": "/inbox",
    "prompts": "/prompts",
    "arena": "/arena",
    "person": f"/u/{PEOPLE[1].handle}",
}
GALLERY: Final = {"explore": "/explore", "feed": "/feed", "collections": "/collections", "inbox": "/inbox", "search": SEARCH}
"""What is looked at in the other worlds too, beside one's own profile."""
TWO_LOOKS: Final = ("desk-dark", "phone-light")
NEWCOMER: Final = "noor"
FIRST: Final = ("A paper lighthouse over slate water", "Folded hills in morning mist")
DRAWN: Final = {
    "desk-dark": ("A lighthouse in a storm, with a small boat", "sketch-paper"),
    "desk-light": ("A bowl of lemons on a blue kitchen table", "sketch-product"),
    "phone-dark": ("A harbour town in heavy rain, a thunderstorm far out at sea", "sketch-horizon"),
    "phone-light": ("Cut-paper dunes at dusk, a pale sun over coral ridges", "sketch-paper"),
}
"""What is asked for where, and of which model."""
_AS_A_NEWCOMER_HAS_IT: Final = dict.fromkeys(secret_settings(), "")
"""Without the keys a server of the tests is given, which offer the models of every provider."""
_SETTLED: Final = """() => document.querySelector("h1") && !document.querySelector("[aria-busy=true]:not(.bench *)")
    && [...document.images].every(image => image.complete || image.loading === "lazy")"""
_AT_REST_MS: Final = 900
"""Pictures fade in from their placeholders."""


def main() -> None:
    """Take all of them anew."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATA_DIR"] = f"{folder}/data"
        asyncio.run(fill(load_settings()))
        with a_server(Path(folder), **_AS_A_NEWCOMER_HAS_IT) as server:
            asyncio.run(_take(server, _signed_in(server)))
    with tempfile.TemporaryDirectory() as folder, a_server(Path(folder), **_AS_A_NEWCOMER_HAS_IT) as server:
        with a_client(server) as client:
            cookie = register(client, NEWCOMER)
        asyncio.run(_take_beginnings(server, cookie))


def _signed_in(server: Served) -> str:
    """The cookie of the person with the most pictures."""
    with a_client(server) as client:
        answer = client.post("/auth/sign-in", data={"email": PEOPLE[0].email, "password": PASSWORD})
        answer.raise_for_status()
        return client.cookies["sid"]


async def _take(server: Served, cookie: str) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(chromium()), args=list(LAUNCH_ARGUMENTS))
        for width in WIDTHS:
            for mode in MODES:
                await _strangers(browser, server, f"{width}-{mode}")
                await _members(browser, server, f"{width}-{mode}", cookie)
        await browser.close()


async def _take_beginnings(server: Served, cookie: str) -> None:
    """An empty studio, as somebody new finds it; and the same after their first pictures."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(chromium()), args=list(LAUNCH_ARGUMENTS))
        for world in ("empty", "small"):
            if world == "small":
                await _show_first(browser, server, cookie)
            for which in TWO_LOOKS:
                page = await _page(browser, which)
                await _sign_in(page, server, cookie)
                for name, path in {**GALLERY, "person": f"/u/{NEWCOMER}"}.items():
                    await page.goto(f"{server.url}{path}")
                    await _keep(page, f"{name}-{world}", which)
                await page.context.close()
        await browser.close()


async def _show_first(browser: Browser, server: Served, cookie: str) -> None:
    """Draw, and show all of it to everybody."""
    page = await _page(browser, TWO_LOOKS[0])
    await _sign_in(page, server, cookie)
    for prompt in FIRST:
        await page.goto(f"{server.url}/create")
        await page.get_by_role("textbox", name="Prompt", exact=True).fill(prompt)
        await page.get_by_role("button", name="Generate").click()
        await expect(page.locator("figure[data-state='drawing'], figure[data-state='waiting']").first).to_be_visible(timeout=30_000)
        await expect(page.locator("figure[data-state='drawing'], figure[data-state='waiting']")).to_have_count(0, timeout=120_000)
    await page.goto(f"{server.url}/library")
    await page.get_by_role("button", name="Select", exact=True).click()
    await page.get_by_role("region", name="Selection").get_by_role("button", name="Select all").click()
    await page.get_by_role("region", name="Selection").get_by_role("button", name="Publish").click()
    await page.get_by_role("dialog").get_by_role("textbox", name="Tags for all of them").fill("paper, first")
    await page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    await expect(page.get_by_text("in the gallery, for everybody.")).to_be_visible(timeout=30_000)
    await page.context.close()


async def _sign_in(page: Page, server: Served, cookie: str) -> None:
    await page.context.add_cookies([{"name": "sid", "value": cookie, "url": server.url, "httpOnly": True, "sameSite": "Lax"}])


async def _strangers(browser: Browser, server: Served, which: str) -> None:
    page = await _page(browser, which)
    for name, path in OPEN_TO_ALL.items():
        await page.goto(f"{server.url}{path}")
        await _keep(page, name, which)
    await page.context.close()


async def _members(browser: Browser, server: Served, which: str, cookie: str) -> None:
    page = await _page(browser, which)
    await _sign_in(page, server, cookie)
    await page.goto(f"{server.url}/create")
    prompt, model = DRAWN[which]
    models = page.get_by_role("combobox", name="Model", include_hidden=True)
    await expect(models.locator(f"option[value={model}]")).to_be_attached()  # by then the page is awake
    await models.select_option(value=model, force=True)
    await page.get_by_role("textbox", name="Prompt", exact=True).fill(prompt)
    await page.get_by_role("button", name="Generate").click()
    await expect(page.locator("figure[data-state='drawing'] img").first).to_be_visible(timeout=30_000)
    await _keep(page, "create-drawing", which, at_rest_ms=0)
    await expect(page.locator("figure[data-state='drawing'], figure[data-state='waiting']")).to_have_count(0, timeout=60_000)
    await _keep(page, "create-done", which)
    for name, path in MEMBERS.items():
        await page.goto(f"{server.url}{path}")
        await _keep(page, name, which)
    await page.goto(f"{server.url}/library")
    newest = await page.locator("a[href^='/image/']").first.get_attribute("href")
    await page.goto(f"{server.url}{newest}")
    await _keep(page, "image", which)
    await page.context.close()


async def _page(browser: Browser, which: str) -> Page:
    width, mode = which.split("-")
    options: dict[str, Any] = {
        "viewport": WIDTHS[width],
        "color_scheme": mode,
        "has_touch": width == "phone",
        "is_mobile": width == "phone",
    }
    context = await browser.new_context(**options)
    return await context.new_page()


async def _keep(page: Page, name: str, which: str, at_rest_ms: int = _AT_REST_MS) -> None:
    await page.wait_for_load_state("load")
    if at_rest_ms:
        await page.wait_for_timeout(at_rest_ms)
        await page.wait_for_function(_SETTLED)
    with Image.open(io.BytesIO(await page.screenshot())) as shot:
        shot.convert("RGB").save(KEPT / f"{name}-{which}.webp", quality=82, method=6)


if __name__ == "__main__":
    main()
