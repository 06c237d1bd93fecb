"""Browser windows that measure: a fresh profile each, nothing cached, with a script that watches from before the page's first byte."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.async_api import async_playwright

from tests.journeys.person import DESK, PATIENCE_MS
from tools.chromium import LAUNCH_ARGUMENTS, chromium

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from playwright.async_api import Browser, Page

WATCHES = Path(__file__).parent


@contextlib.asynccontextmanager
async def a_browser() -> AsyncGenerator[Browser]:
    """Chromium while the block runs."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(chromium()), args=list(LAUNCH_ARGUMENTS))
        yield browser
        await browser.close()


@contextlib.asynccontextmanager
async def a_window(
    browser: Browser, watch: str, *, url: str = "", cookie: str = "", slowed: float = 1, tall: int | None = None
) -> AsyncGenerator[Page]:
    """A window with `watch` (a script beside this file) in each of its pages, signed in at `url` with `cookie`, its processor `slowed`."""
    context = await browser.new_context(viewport={**DESK, "height": tall or DESK["height"]}, color_scheme="dark")  # pyright: ignore[reportArgumentType]
    context.set_default_timeout(PATIENCE_MS)
    await context.add_init_script((WATCHES / watch).read_text())
    if cookie:
        await context.add_cookies([{"name": "sid", "value": cookie, "url": url, "httpOnly": True, "sameSite": "Lax"}])
    page = await context.new_page()
    if slowed != 1:
        devtools = await context.new_cdp_session(page)
        await devtools.send("Emulation.setCPUThrottlingRate", {"rate": slowed})
    yield page
    await context.close()
