"""Four hundred pictures on one wall: scrolled through, one's own chosen among."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.benchmarks.figures import Figure, median_of
from tests.benchmarks.gallery import PICTURES, hang_gallery
from tests.benchmarks.windows import a_browser, a_window
from tests.serving import a_server

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.async_api import Browser, Page

ROUNDS = 5
TURN_PX, TURN_MS = 300, 40
REST_MS = 1_500
_IS_AT_THE_END = """pictures =>
    document.querySelectorAll("figure.pic[data-id]").length === pictures && scrollY + innerHeight >= document.body.scrollHeight - 2"""
_SELECT = """() => new Promise(resolve => {
    const begun = performance.now();
    document.querySelector("[data-selects]").click();
    __painted(now => resolve(now - begun));
})"""


async def measure(folder: Path) -> list[Figure]:
    """The longest task of each way down the wall, and how long it takes to begin and end choosing when all of it hangs; medians."""
    cookie = await hang_gallery(folder)
    with a_server(folder, "--no-worker", module="pixelstudio", REQUESTS_PER_SECOND="1000") as server:
        async with a_browser() as browser:
            rounds = [await _a_way_down(browser, server.url, cookie) for _ in range(ROUNDS)]
            explored = [await _explored(browser, server.url, cookie) for _ in range(ROUNDS)]
    return [
        median_of(f"longest task while {PICTURES} pictures of /library are scrolled", [r["scrolled"] for r in rounds], "ms", 100),
        median_of(f"longest task while {PICTURES} pictures of /explore are scrolled", explored, "ms", 100),
        median_of(f"press of Select among {PICTURES} pictures", [r["begun"] for r in rounds], "ms", 100),
        median_of("the same press again", [r["ended"] for r in rounds], "ms", 100),
    ]


async def _a_way_down(browser: Browser, url: str, cookie: str) -> dict[str, float]:
    async with a_window(browser, "frames.js", url=url, cookie=cookie) as page:
        scrolled = await _scrolled(page, f"{url}/library")
        await page.wait_for_load_state("networkidle")
        begun = await page.evaluate(_SELECT)
        await page.wait_for_timeout(REST_MS)
        return {"scrolled": scrolled, "begun": begun, "ended": await page.evaluate(_SELECT)}


async def _explored(browser: Browser, url: str, cookie: str) -> float:
    async with a_window(browser, "frames.js", url=url, cookie=cookie) as page:
        return await _scrolled(page, f"{url}/explore?sort=newest")


async def _scrolled(page: Page, address: str) -> float:
    """The longest task on the way from the top of a wall to its end."""
    await page.goto(address)
    await page.locator("figure.pic[data-id]").first.wait_for()
    await page.wait_for_load_state("networkidle")
    await page.evaluate("window.__longest = 0")
    await page.mouse.move(720, 450)
    while not await page.evaluate(_IS_AT_THE_END, PICTURES):
        await page.mouse.wheel(0, TURN_PX)
        await page.wait_for_timeout(TURN_MS)
    return await page.evaluate("window.__longest")
