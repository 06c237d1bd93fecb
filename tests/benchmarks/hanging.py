"""A wall with pictures on it, opened with nothing cached by a processor slowed four times: how long after the page itself they hang."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, Any

from tests.benchmarks.figures import Figure
from tests.benchmarks.gallery import hang_gallery
from tests.benchmarks.windows import a_browser, a_window
from tests.serving import a_server

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.async_api import Browser

ROUNDS = 7
SLOWED = 4
WALLS = ("/library", "/explore")
_ALL_IN_VIEW_HANG = """() => {
    const seen = [...document.querySelectorAll("figure.pic[data-id] img")].filter((img) => img.getBoundingClientRect().top < innerHeight);
    return seen.length > 5 && seen.every((img) => img.complete);
}"""
_SEEN = """() => ({ ...__visit, first: performance.getEntriesByName("first-contentful-paint")[0].startTime })"""


async def measure(folder: Path) -> list[Figure]:
    """Medians of rounds in which both walls are opened."""
    cookie = await hang_gallery(folder)
    seen: dict[str, list[dict[str, Any]]] = {path: [] for path in WALLS}
    with a_server(folder, "--no-worker", REQUESTS_PER_SECOND="1000") as server:
        async with a_browser() as browser:
            for number in range(-1, ROUNDS):  # the first warms the server
                for path in WALLS:
                    found = await _opened(browser, server.url, path, cookie)
                    if number >= 0:
                        seen[path].append(found)
    return [figure for path in WALLS for figure in _figures(path, seen[path])]


def _figures(path: str, rounds: list[dict[str, Any]]) -> list[Figure]:
    after = statistics.median(one["painted"] - one["first"] for one in rounds)
    return [
        Figure(f"{path} with pictures, slowed: largest paint after the page's first", round(after), "ms", 600),
        Figure(f"{path} with pictures: layout shift", round(max(one["shifted"] for one in rounds), 4), "", 0),
    ]


async def _opened(browser: Browser, url: str, path: str, cookie: str) -> dict[str, Any]:
    async with a_window(browser, "visit.js", url=url, cookie=cookie, slowed=SLOWED) as page:
        await page.goto(f"{url}{path}")
        await page.wait_for_function(_ALL_IN_VIEW_HANG)
        await page.wait_for_timeout(1_500)
        return await page.evaluate(_SEEN)
