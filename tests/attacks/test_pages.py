"""R14-R16 and R30 in a browser: canaries in every field a person fills in, every page at both widths, and nothing runs, leaves or complains."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import async_playwright

from tests.attacks.conftest import rows
from tests.attacks.rawsocket import ROOT_STATE, a_socket
from tests.attacks.walls import holds
from tests.serving import Served, a_client, register
from tools.chromium import LAUNCH_ARGUMENTS, chromium

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]

CREATE = f"{ROOT_STATE}.pixelstudio___ui___create___create_state____create_state"
CANARY = "\"'><svg/onload=alert(1)><img src=x onerror=alert(2)>{{7*7}}${7}[x](javascript:alert(3))<iframe srcdoc='<script>parent.alert(4)</script>'></script>"
WIDTHS = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
LISTEN = "addEventListener('securitypolicyviolation', e => console.error('policy: ' + e.violatedDirective + ' ' + e.blockedURI))"


@dataclass
class Visit:
    """A page of a member, and everything the browser said about it."""

    page: Page
    said: list[str] = field(default_factory=list)

    def listen(self) -> None:
        """Note errors, dialogs, and requests to anywhere else."""
        self.page.on("console", lambda message: self.said.append(message.text) if message.type in {"error", "warning"} else None)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", self._dialog)
        self.page.on("request", lambda request: None if _is_here(request.url) else self.said.append(f"asked {request.url}"))

    async def _dialog(self, dialog: Any) -> None:
        self.said.append(f"dialog {dialog.message}")
        await dialog.dismiss()


def _is_here(url: str) -> bool:
    return url.startswith(("http://localhost:", "ws://localhost:", "data:image/", "blob:"))


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=str(chromium()), args=list(LAUNCH_ARGUMENTS))
        yield launched
        await launched.close()


@pytest.fixture(scope="module")
def vera(server: Served) -> str:
    """The cookie of a member whose every field is a canary."""
    with a_client(server) as client:
        return register(client, "vera")


async def a_visit(browser: Browser, server: Served, cookie: str, viewport: dict[str, int] | None = None) -> Visit:
    context = await browser.new_context(viewport=viewport or WIDTHS["desk"])  # type: ignore[arg-type]
    if cookie:
        await context.add_cookies([{"name": "sid", "value": cookie, "url": server.url}])
    await context.add_init_script(LISTEN)
    visit = Visit(await context.new_page())
    visit.listen()
    return visit


async def draw(server: Served, cookie: str) -> str:
    """Ask for a picture with the canary for a prompt; returns its id."""
    form = {"prompt": CANARY, "model": "sketch-paper", "size": "512x512", "images": "1", "seed": "7"}
    async with a_socket(server.url, cookie=cookie) as page:
        await page.load("/create")
        await page.send(f"{CREATE}.generate", {"form": form})
        await page.settle(quiet_s=1.5)
    [(image,)] = rows(server, "SELECT image.id FROM image JOIN account ON account.id = owner_id WHERE handle = 'vera'")
    return str(image)


async def settled(page: Page, url: str) -> None:
    await page.goto(url)
    await page.wait_for_load_state("load")
    await page.wait_for_timeout(500)  # what its scripts do then


async def test_r15_r16_no_field_of_anybodys_runs_or_leads_away_on_any_page(server, vera, browser):
    image = await draw(server, vera)
    paths = ["/", "/register", "/login", "/claim", "/create", "/library", f"/image/{image}", "/nothing-here"]
    paths += [f"/create?prompt={CANARY}", f"/login?next={CANARY}&error={CANARY}", f"/claim?token={CANARY}"]
    said: dict[str, list[str]] = {}
    texts = ""
    for width, cookie in (("desk", vera), ("phone", vera), ("phone", "")):
        visit = await a_visit(browser, server, cookie, WIDTHS[width])
        for path in paths:
            visit.said.clear()
            await settled(visit.page, f"{server.url}{path}")
            said[f"{width} {bool(cookie)} {path[:20]}"] = [line for line in visit.said if "404 (Not Found)" not in line]
            texts += await visit.page.inner_text("body")
            links = await visit.page.eval_on_selector_all("[href],[src],[action]", _ADDRESSES)
            assert [link for link in links if not re.match(r"/(?!/)|#|\?|data:image/|http://localhost:", link)] == []
            assert await visit.page.locator("iframe, base, meta[http-equiv=refresh], svg[onload], img[onerror]").count() == 0
        await visit.page.context.close()

    assert {place: lines for place, lines in said.items() if lines} == {}
    assert CANARY[:40] in texts


_ADDRESSES = "found => found.flatMap(e => ['href', 'src', 'action'].map(name => e.getAttribute(name)).filter(value => value !== null))"


async def test_r30_a_script_that_was_smuggled_in_does_not_run(proof, browser):
    """By an element, by an attribute, by an address, by text to be evaluated."""

    async def attack(server: Served) -> bool:
        visit = await a_visit(browser, server, "")
        await settled(visit.page, server.url)
        await visit.page.evaluate(_SMUGGLE)
        await visit.page.wait_for_timeout(200)
        ran = await visit.page.evaluate("window.ran || []")
        await visit.page.context.close()
        assert (not ran) == any("policy: script-src" in line for line in visit.said)
        return bool(ran)

    await holds(proof, "headers", attack)


_SMUGGLE = """() => {
  window.ran = [];
  const script = document.createElement('script');
  script.textContent = "window.ran.push('element')";
  document.body.append(script);
  const holder = document.createElement('div');
  holder.innerHTML = `<img src="/gone.png" onerror="window.ran.push('attribute')">`;
  document.body.append(holder);
}"""


async def test_r14_signing_in_from_a_crafted_address_runs_nothing_and_stays_here(server, browser):
    with a_client(server) as client:
        register(client, "olga")
    visit = await a_visit(browser, server, "")
    await settled(visit.page, f"{server.url}/login?next=javascript:alert('R1')")
    await visit.page.get_by_role("textbox", name="Email").fill("olga@example.org")
    await visit.page.get_by_label("Password", exact=True).fill("correct horse battery")
    await visit.page.get_by_role("button", name="Sign in").click()
    await visit.page.wait_for_url(f"{server.url}/create")

    assert [line for line in visit.said if line.startswith(("dialog", "asked"))] == []


async def test_r30_nothing_a_page_does_needs_what_the_policy_forbids(server, browser):
    """A notice, a redirect, a live update, a copy: each drawn or done without evaluating text."""
    with a_client(server) as client:
        cookie = register(client, "petra")
    visit = await a_visit(browser, server, cookie)
    page = visit.page
    await settled(page, f"{server.url}/create")
    await page.get_by_role("textbox", name="Prompt", exact=True).fill("a heron in the reeds")
    await page.get_by_role("button", name="Generate").click()
    await page.locator("a[href^='/image/']").first.wait_for(timeout=30_000)
    await page.evaluate("history.replaceState(null, '', '/create')")
    with a_client(server) as client:
        client.post("/auth/sign-out", headers={"Cookie": f"sid={cookie}"})
    await page.wait_for_url(re.compile("/login"))

    # A preview that was under way may still be asked for after signing out.
    assert [line for line in visit.said if "401 (Unauthorized)" not in line] == []
