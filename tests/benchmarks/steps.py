"""A drawing that goes on among sixty pictures: what each step of it sends and costs, and what everything else of a set sends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from playwright.async_api import expect

from tests.benchmarks.figures import Figure, median_of
from tests.benchmarks.gallery import hang_gallery
from tests.benchmarks.windows import a_browser, a_window
from tests.serving import a_server

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.async_api import Page

DRAWINGS = 8
TALL = 4_400
"""All sixty are on the screen."""
KB = 1_000


async def measure(folder: Path) -> list[Figure]:
    """From a step's message to the paint that shows it, medians over drawings one after another."""
    cookie = await hang_gallery(folder)
    with a_server(folder, module="pixelstudio") as server:
        async with a_browser() as browser, a_window(browser, "frames.js", url=server.url, cookie=cookie, tall=TALL) as page:
            await page.goto(f"{server.url}/create")
            await expect(page.locator("figure.pic[data-image]")).to_have_count(60)
            await page.wait_for_load_state("networkidle")
            await page.wait_for_timeout(1_000)
            for number in range(DRAWINGS):
                await _draw(page, f"Cut-paper dunes at dusk, number {number}")
            steps: list[dict[str, Any]] = await page.evaluate("window.__steps")
    return [
        median_of("a step among sixty pictures, from message to paint", [step["ms"] for step in steps], "ms", 20),
        Figure("what it sends, at most", round(max(step["size"] for step in steps) / KB, 2), "KB", 2),
    ]


async def _draw(page: Page, prompt: str) -> None:
    newest = page.locator("[data-set]").first
    before = await newest.get_attribute("data-set") or ""
    await page.get_by_role("textbox", name="Prompt", exact=True).fill(prompt)
    await page.get_by_role("spinbutton", name="Images").fill("1")
    await page.get_by_role("button", name="Generate").click()
    await expect(newest).not_to_have_attribute("data-set", before)
    await expect(newest.locator("figure[data-state=done]")).to_have_count(1, timeout=60_000)
