"""What a first visit fetches, weighed: of what `make bench B=visit` bounds, this no machine can blur."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest
from playwright.async_api import expect

from tests.journeys.person import new_handle
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
        named = set(re.findall(r'(?:href|src)="(/[^"]+\.(?:js|css))"', page))
        weights = {name: int(client.head(name, headers={"Accept-Encoding": "br"}).headers["content-length"]) for name in named}

    weighed = {kind: sum(weight for name, weight in weights.items() if name.endswith(kind)) for kind in MOST}

    assert all(0 < weighed[kind] <= most for kind, most in MOST.items()), weighed


_SEES_MODULES_BEGIN: Final = """
    new MutationObserver(() => document.querySelector("script[type=module]") && (window.begun ??= performance.now()))
      .observe(document, { childList: true, subtree: true });
"""


async def test_a_page_is_seen_before_its_modules_begin(house: Served, browser: Browser) -> None:
    page = await browser.new_page()
    await page.add_init_script(_SEES_MODULES_BEGIN)

    await page.goto(f"{house.url}/register")
    await expect(page.locator("html")).to_have_attribute("data-line", "up")

    seen, begun = await page.evaluate("[performance.getEntriesByName('first-contentful-paint')[0].startTime, window.begun]")
    await page.context.close()
    assert 0 < seen <= begun
