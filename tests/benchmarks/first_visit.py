"""A first visit, with nothing cached, beside a bare Reflex page of the same machine and minute: what comes, when it is seen, when it answers."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.benchmarks.bare import a_bare_page
from tests.benchmarks.figures import Figure
from tests.benchmarks.windows import a_browser, a_window
from tests.serving import a_client, a_server, register

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

ROUNDS = 7
SLOWED = 4
KB = 1_000


@dataclass(frozen=True, slots=True)
class Visited:
    """A page, who opens it, and its first press: on what, and how one sees that it worked."""

    name: str
    url: str
    press: str
    has_worked: str
    cookie: str = ""


def _pages(url: str, cookie: str) -> list[Visited]:
    """As somebody sees them who is new: a stranger at the door, and a member who has nothing yet. Each press is the one such a person begins with."""
    is_filled = "document.querySelector('textarea[name=prompt]')?.value"
    return [
        Visited("/", f"{url}/", ".art-wall button", is_filled),
        Visited("/create", f"{url}/create", ".starter", is_filled, cookie),
        Visited("/library", f"{url}/library", ".empty .main-act", "location.pathname === '/create'", cookie),
    ]


async def measure(folder: Path) -> list[Figure]:
    """Rounds in which every page is visited once at full speed and twice slowed; medians of them."""
    async with a_bare_page(folder / "bare") as bare_url, a_browser() as browser:
        with a_server(folder / "studio", module="pixelstudio", REQUESTS_PER_SECOND="1000") as server:
            with a_client(server) as client:
                pages = _pages(server.url, register(client, "ines"))
            bare = Visited("bare page", bare_url, "button", "document.querySelector('output')?.textContent > '0'")
            seen: dict[tuple[str, str], list[float]] = defaultdict(list)
            for number in range(-1, ROUNDS):  # the first warms the servers
                for page in (bare, *pages):
                    for what, value in (await _visits(browser, page)).items():
                        if number >= 0:
                            seen[page.name, what].append(value)
    return [figure for page in pages for figure in _figures(page.name, lambda name, what: statistics.median(seen[name, what]))]


def _figures(name: str, median: Callable[[str, str], float]) -> list[Figure]:
    def beyond(what: str) -> float:
        return round(median(name, what) - median("bare page", what))

    return [
        Figure(f"{name}: scripts, compressed", round(median(name, "js") / KB, 1), "KB", 200),
        Figure(f"{name}: styles, compressed", round(median(name, "css") / KB, 1), "KB", 15),
        Figure(f"{name}: largest paint", round(median(name, "painted")), "ms"),
        Figure(f"{name}: largest paint, after a bare page's", beyond("painted"), "ms", 200),
        Figure(f"{name}: the same on a processor slowed {SLOWED} times", beyond("painted slowed"), "ms", 500),
        Figure(f"{name}: first press that works, slowed", round(median(name, "pressed slowed")), "ms"),
        Figure(
            f"{name}: of what a bare page takes", round(median(name, "pressed slowed") / median("bare page", "pressed slowed"), 2), "x", 1.2
        ),
        Figure(f"{name}: layout shift", round(median(name, "shifted"), 4), "", 0),
    ]


async def _visits(browser: Browser, visited: Visited) -> dict[str, float]:
    """One visit to look, the same slowed, and one slowed to press as soon as that can be."""
    at_full_speed = await _look(browser, visited, 1)
    slowed = await _look(browser, visited, SLOWED)
    return {
        "js": at_full_speed["js"],
        "css": at_full_speed["css"],
        "painted": at_full_speed["painted"],
        "painted slowed": slowed["painted"],
        "shifted": max(at_full_speed["shifted"], slowed["shifted"]),
        "pressed slowed": await _press(browser, visited),
    }


async def _look(browser: Browser, visited: Visited, slowed: float) -> dict[str, Any]:
    async with a_window(browser, "visit.js", url=visited.url, cookie=visited.cookie, slowed=slowed) as page:
        await page.goto(visited.url)
        await _at_rest(page)
        return await page.evaluate("() => ({ ...__visit, js: __weightOf('.js'), css: __weightOf('.css') })")


async def _press(browser: Browser, visited: Visited) -> float:
    async with a_window(browser, "visit.js", url=visited.url, cookie=visited.cookie, slowed=SLOWED) as page:
        await page.add_init_script(f"__pressUntil({visited.press!r}, () => {visited.has_worked})")
        await page.goto(visited.url)
        await page.wait_for_function("() => __visit.pressed > 0")
        return await page.evaluate("() => __visit.pressed")


async def _at_rest(page: Page) -> None:
    """Nothing is on its way any more, and a second has passed in which more might have come."""
    await page.wait_for_load_state("networkidle")
    await page.wait_for_timeout(1_000)
