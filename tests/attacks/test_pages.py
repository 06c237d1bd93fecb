"""R14, R16, R30 in a browser: what is smuggled into a page does not run, and nothing a page does by itself needs what the policy forbids.

Every page, with hostile text in every field, is visited by tests/journeys/test_crawl.py.
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pytest
from playwright.async_api import TimeoutError as PlaywrightTimeout
from playwright.async_api import expect

from tests.attacks.walls import holds
from tests.serving import Served, a_client, register

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]

_LISTEN: Final = """
window.ran = []; window.stopped = 0;
addEventListener('securitypolicyviolation', e => {
  window.stopped += 1;
  console.error('policy: ' + e.violatedDirective + ' ' + e.blockedURI);
});
"""
_SMUGGLE: Final = """() => {
  const add = (name, more) => document.body.appendChild(Object.assign(document.createElement(name), more));
  add('script', {textContent: "window.ran.push('element')"});
  add('div', {innerHTML: `<img src="/gone.png" onerror="window.ran.push('attribute')">`});
  add('a', {href: "javascript:void window.ran.push('address')"}).click();
  try { setTimeout("window.ran.push('evaluated')"); } catch { /* stopped */ }
}"""
_WAYS: Final = {"element", "attribute", "address", "evaluated"}
_OVER: Final = f"() => window.ran.length + window.stopped >= {len(_WAYS)}"


@dataclass
class Visit:
    """A page, and everything the browser said about it."""

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


async def a_visit(browser: Browser, url: str) -> Visit:
    context = await browser.new_context()
    await context.add_init_script(_LISTEN)
    visit = Visit(await context.new_page())
    visit.listen()
    await visit.page.goto(url)
    await visit.page.wait_for_load_state(
        "networkidle"
    )  # on the server with a stray, pages notice that they are not of its build, and load again
    return visit


async def test_r16_r30_a_script_that_was_smuggled_in_does_not_run(proof, browser):
    """By an element, by an attribute, by an address, by text to be evaluated: none of them, or, without the policy, all."""

    async def attack(server: Served) -> bool:
        visit = await a_visit(browser, server.url)
        await visit.page.evaluate(_SMUGGLE)
        with contextlib.suppress(PlaywrightTimeout):
            await visit.page.wait_for_function(_OVER, timeout=5_000)
        ran = set(await visit.page.evaluate("window.ran"))
        await visit.page.context.close()
        assert ran in (set(), _WAYS)
        assert (not ran) == any("policy: script-src" in line for line in visit.said)
        return bool(ran)

    await holds(proof, "headers", attack)


async def test_r14_r30_from_a_crafted_address_to_a_picture_and_out_again_nothing_runs_or_needs_what_is_forbidden(server, browser):
    """A redirect, a notice, a live update: each drawn or done without evaluating text, and signing in leads nowhere else."""
    with a_client(server) as client:
        register(client, "olga")
    visit = await a_visit(browser, f"{server.url}/login?next=javascript:alert('R1')")
    page = visit.page
    await page.get_by_role("textbox", name="Email").fill("olga@example.org")
    await page.get_by_label("Password", exact=True).fill("correct horse battery")
    await page.get_by_role("button", name="Sign in").click()
    await page.wait_for_url(f"{server.url}/create")
    await expect(page.get_by_role("button", name="Generate")).to_be_enabled()
    await expect(page.get_by_role("combobox", name="Model", include_hidden=True).locator("option").first).to_be_attached()
    await page.get_by_role("textbox", name="Prompt", exact=True).fill("a heron in the reeds")
    await page.get_by_role("button", name="Generate").click()
    await page.locator("a[href^='/image/']").first.wait_for(timeout=60_000)
    cookie = next(kept.get("value") for kept in await page.context.cookies() if kept.get("name") == "sid")
    with a_client(server) as client:
        client.post("/auth/sign-out", headers={"Cookie": f"sid={cookie}"})
    await page.wait_for_url(re.compile("/login"))

    # A preview that was under way may still be asked for after signing out.
    assert [line for line in visit.said if "401 (Unauthorized)" not in line] == []
