"""What a first visit fetches, weighed: of what `make bench B=visit` bounds, this no machine can blur."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest
from playwright.async_api import expect

from tests.journeys.person import LOOKING_MS, Person, new_handle
from tests.serving import a_client, register

if TYPE_CHECKING:
    from playwright.async_api import Browser

    from tests.serving import Served

pytestmark = pytest.mark.slow

KB: Final = 1_000
MOST: Final = {".js": 170 * KB, ".css": 15 * KB}
"""Of scripts 200 KB are allowed. It is less, and what would bring in the parts of other pages shall be noticed."""


@pytest.mark.parametrize("path", ["/", "/create", "/library"])
def test_a_first_visit_fetches_little(house: Served, path: str) -> None:
    with a_client(house) as client:
        if path != "/":
            register(client, new_handle("ines"))
        page = client.get(path, headers={"Accept": "text/html"}).text
        named = set(re.findall(r'(?:href|src)="(/[^"]+\.(?:js|css))#?"', page))
        weights = {name: int(client.head(name, headers={"Accept-Encoding": "br"}).headers["content-length"]) for name in named}

    weighed = {kind: sum(weight for name, weight in weights.items() if name.endswith(kind)) for kind in MOST}

    assert all(0 < weighed[kind] <= most for kind, most in MOST.items()), weighed


_KEEPS_NOTHING: Final = """
    for (const name of ["localStorage", "sessionStorage"])
      Object.defineProperty(window, name, { configurable: true, get() { throw new DOMException("no", "SecurityError"); } });
"""


async def test_where_the_browser_lets_nothing_be_kept_the_studio_is_used_all_the_same(house: Served, browser: Browser) -> None:
    ines = await Person.sits_down(browser, house.url)
    await ines.page.add_init_script(_KEEPS_NOTHING)

    await ines.enters_as(new_handle("ines"))
    await ines.page.get_by_text("Options").click()
    await ines.page.get_by_role("textbox", name="Prompt", exact=True).fill("a heron in the reeds")
    await ines.page.get_by_role("button", name="Fold the rail").click()
    await ines.page.get_by_role("link", name="Library").first.click()

    await expect(ines.page.get_by_role("heading", name="No pictures yet")).to_be_visible()
    await ines.page.context.close()
    assert ines.complaints == []


_SEES_MODULES_BEGIN: Final = """
    new MutationObserver(() => document.querySelector("script[type=module]") && (window.begun ??= performance.now()))
      .observe(document, { childList: true, subtree: true });
"""
# What was painted is told a moment after it can be seen.
_TIMES: Final = """() => {
    const [painted] = performance.getEntriesByName("first-contentful-paint");
    return painted && [painted.startTime, window.begun];
}"""


@pytest.mark.parametrize(("path", "is_seen_first"), [("/register", True), ("/u/somebody", False)], ids=["drawn by the build", "by modules"])
async def test_modules_begin_once_there_is_something_to_be_seen_and_at_once_where_they_draw_it(
    house: Served, browser: Browser, path: str, is_seen_first: bool
) -> None:
    page = await browser.new_page()
    await page.add_init_script(_SEES_MODULES_BEGIN)

    await page.goto(f"{house.url}{path}")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    await expect(page.locator("html")).to_have_attribute("data-line", "up")
    times = await page.wait_for_function(_TIMES, polling=LOOKING_MS)
    seen, begun = await times.json_value()
    await page.context.close()
    assert min(seen, begun) > 0
    assert (seen <= begun) is is_seen_first
