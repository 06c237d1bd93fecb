"""R15, R16: every page at both widths, with hostile text in every stored field: nothing runs, leads away, is blocked or complains."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import pytest
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import expect
from sqlalchemy import text

from pixelstudio.core.ids import secret_digest
from pixelstudio.ui.routes import PAGES
from tests.api.pages import read
from tests.journeys.person import DESK, PHONE, Person, until

if TYPE_CHECKING:
    from playwright.async_api import Browser

    from tests.journeys.records import Records
    from tests.serving import Served

pytestmark = pytest.mark.slow

CANARY: Final = (
    "\"'><svg/onload=alert(1)>{{7*7}}${7}</script></title>\u2028end<img src=x onerror=alert(2)>[x](javascript:alert(3))"
    "<iframe srcdoc='<script>parent.alert(4)</script>'></iframe><meta http-equiv=refresh content=0;url=//evil.example><base href=//evil.example>"
)
# Past every check a form makes: whatever stands in the database must be harmless on a page.
PLANTED: Final = {
    "account": ("email", "handle", "display_name", "bio"),
    "sign_in_session": ("user_agent",),
    "generation": ("prompt", "negative_prompt", "style"),
    "image": ("prompt", "negative_prompt", "model"),
    "generation_slot": ("sentence",),
    "preset": ("name", "prompt", "negative_prompt", "style"),
    "q_attempt": ("error_sentence",),
    "post": ("title", "description", "alt", "style"),
    "post_tag": ("tag",),
    "comment": ("words",),
    "collection": ("title", "description"),
    "notification": ("words",),
    "proof": ("guest", "words"),
}
_SECRET: Final = "a-secret-of-a-link"
_COMMUNITY: Final = (
    """INSERT INTO post (image_id, account_id, title, description, alt, model, style, is_listed, published_at, likes, comments,
    heat_24h, heat_48h, heat_7d, heat_30d, words) SELECT id, owner_id, '', '', '', model, '', true, created_at, 1, 1, 0, 0, 0, 0, '' FROM image""",
    "INSERT INTO post_tag (image_id, tag) SELECT id, '' FROM image",
    "INSERT INTO comment (id, image_id, writer_id, words, likes, answers, created_at) SELECT id, id, owner_id, '', 0, 0, created_at FROM image",
    """INSERT INTO collection (id, account_id, title, description, visibility, created_at, changed_at)
    SELECT id, id, '', '', 'public', created_at, created_at FROM account""",
    "INSERT INTO collection_picture (collection_id, image_id) SELECT owner_id, id FROM image",
    """INSERT INTO notification (id, account_id, kind, topic, from_id, image_id, words, created_at)
    SELECT id, owner_id, 'comment', '', owner_id, id, '', created_at FROM image""",
    f"""INSERT INTO collection_link (id, collection_id, digest, is_proofing, shows_private, created_at)
    SELECT id, id, '{secret_digest(_SECRET)}', true, false, created_at FROM collection ORDER BY id LIMIT 1""",
    """INSERT INTO proof (id, collection_id, link_id, image_id, guest, guest_key, is_loved, verdict, words, changed_at)
    SELECT collection_picture.image_id, collection_link.collection_id, collection_link.id, collection_picture.image_id, '', '', true, 'approved', '',
    collection_link.created_at FROM collection_picture JOIN collection_link ON collection_link.collection_id = collection_picture.collection_id""",
)
_A_PRESET: Final = """INSERT INTO preset (id, account_id, name, prompt, negative_prompt, model, style, width, height, count, created_at)
    SELECT id, id, 'night', '', '', 'sketch-paper', '', 1024, 1024, 1, created_at FROM account"""
_A_FAILED_TRY: Final = """INSERT INTO q_attempt (job_id, attempt, started, ended, outcome) SELECT id, 99, 1, 2, 'failed' FROM q_job"""
_WATCH: Final = """
document.addEventListener("securitypolicyviolation", (e) => window.reportViolation(`${e.violatedDirective} ${e.blockedURI} ${e.sample}`));
"""
# Nothing is loading any more, and whatever the last change made the browser do is done.
_SETTLED: Final = """() => document.title && !document.querySelector('[aria-busy=true]') &&
    new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(true)))))"""
# Where every link, picture and form of the page leads, and what no page of ours has.
_LEADS: Final = """() => [[...document.querySelectorAll('[href],[src],[action]')].flatMap(
    e => ['href', 'src', 'action'].map(name => e.getAttribute(name)).filter(value => value !== null)),
    document.querySelectorAll('iframe, base, meta[http-equiv=refresh], svg[onload], img[onerror]').length]"""
_OWN: Final = re.compile(r"/(?!/)|#|\?|data:image/|blob:|http://localhost:")
_HERE: Final = ("http://localhost:", "ws://localhost:", "data:image/", "blob:")


@dataclass
class Watched:
    """A person whose browser says what it blocked and what popped up."""

    person: Person
    is_member: bool
    widths: list[dict[str, int]]
    """That at which the next page opens first; then it is narrowed, or widened, and the next one opens at the other."""
    violations: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    @classmethod
    async def sits_down(cls, browser: Browser, url: str, viewport: dict[str, int], cookie: str) -> Watched:
        widths = [viewport, PHONE if viewport is DESK else DESK]
        watched = cls(await Person.sits_down(browser, url, viewport=viewport), bool(cookie), widths)
        context, page = watched.person.context, watched.person.page
        await context.expose_binding("reportViolation", lambda _source, report: watched.violations.append(str(report)))
        await context.add_init_script(_WATCH)
        if cookie:
            await context.add_cookies([{"name": "sid", "value": cookie, "url": url, "httpOnly": True, "sameSite": "Lax"}])

        async def dismiss(dialog: Any) -> None:
            watched.dialogs.append(dialog.message)
            await dialog.dismiss()

        def ask(request: Any) -> None:
            if not request.url.startswith(_HERE):
                watched.violations.append(f"asked {request.url}")

        page.on("dialog", dismiss)
        page.on("request", ask)
        return watched

    async def visits(self, path: str) -> None:
        """Open a page, let it finish, and look where it leads; at the other width too."""
        page = self.person.page
        await self.person.opens(path)
        await until(page, _SETTLED)
        try:
            await self.looks_around()
        except PlaywrightError:  # a stranger is being led on to the page for signing in
            await page.wait_for_url("**/login**")
            await until(page, _SETTLED)
            await self.looks_around()
        self.widths.reverse()
        await page.set_viewport_size(self.widths[0])  # type: ignore[arg-type]
        await until(page, _SETTLED)
        await self.looks_around()

    async def looks_around(self) -> None:
        """Nothing leads away, and nothing is there that no page of ours has."""
        leads, foreign = await self.person.page.evaluate(_LEADS)
        assert [lead for lead in leads if not _OWN.match(lead)] == []
        assert foreign == 0

    async def visits_all(self, paths: list[str]) -> None:
        """One page after another, each without a complaint."""
        for path in paths:
            await self.visits(path)
            assert (path, self.complaints()) == (path, [])

    def complaints(self) -> list[str]:
        """All that went wrong, but for pages that are rightly missing."""
        return [c for c in self.person.complaints if "404" not in c] + self.violations + self.dialogs


async def drawn(browser: Browser, served: Served) -> tuple[str, str]:
    """Somebody asks for a picture by the hostile prompt; returns the picture's id and their cookie."""
    ines = await Person.sits_down(browser, served.url)
    await ines.enters_as("ines")
    await ines.asks_for(CANARY, images=2, small=True)
    await ines.sees_pictures(2)
    link = await ines.page.locator("a[href^='/image/']").first.get_attribute("href")
    cookies = {cookie.get("name"): cookie.get("value", "") for cookie in await ines.context.cookies()}
    assert ines.complaints == []
    await ines.context.close()
    return (link or "").removeprefix("/image/"), cookies["sid"]


def plant(records: Records) -> None:
    """Write the text into every field that somebody outside can reach, whatever its length and rules."""
    with records.engine.begin() as connection:
        connection.execute(text(_A_PRESET))
        connection.execute(text(_A_FAILED_TRY))
        for statement in _COMMUNITY:
            connection.execute(text(statement))
        for table, fields in PLANTED.items():
            for name in fields:
                changed = connection.execute(text(f"UPDATE {table} SET {name} = :canary"), {"canary": CANARY})
                assert changed.rowcount > 0
        connection.execute(text("UPDATE image SET visibility = 'public'"))
        connection.execute(text("UPDATE generation_slot SET outcome = 'failed', image_id = NULL WHERE slot = 1"))


def addresses(image_id: str, collection_id: str) -> list[str]:
    """Every page, and those whose address carries text."""
    hostile = quote(CANARY, safe="")
    hostile_path = quote(CANARY.replace("\u2028", ""), safe="")
    known = {"[image_id]": image_id, "[collection_id]": collection_id, "[handle]": "ines", "[secret]": _SECRET}
    pages = [re.sub(r"\[\w+\]", lambda found: known[found[0]], page.route) for page in PAGES if page.route != "/404"]
    assert not [path for path in pages if "[" in path]
    return [
        *pages,
        f"/create?from={image_id}",
        f"/create?prompt={hostile}",
        f"/login?error={hostile}&next={hostile}",
        f"/register?error={hostile}",
        f"/claim?token={hostile}",
        f"/forgot?done={hostile}",
        f"/reset#{hostile}",
        f"/image/{hostile_path}",
        f"/u/{hostile_path}",
        f"/collections/{hostile_path}",
        f"/shared/{hostile_path}",
        f"/search?q={hostile}",
        f"/explore?sort={hostile}&show={hostile}",
        f"/{hostile_path}",
    ]


@pytest.mark.timeout(300)
async def test_hostile_text_in_every_field_does_nothing_on_any_page(browser: Browser, served: Served, records: Records) -> None:
    image_id, cookie = await drawn(browser, served)
    plant(records)
    collection_id = records.one("SELECT id FROM collection")
    watchers = [await Watched.sits_down(browser, served.url, viewport, who) for viewport, who in ((DESK, cookie), (PHONE, ""))]

    async with asyncio.TaskGroup() as group:
        for watched in watchers:
            group.create_task(watched.visits_all(addresses(image_id, collection_id)))

    await has_no_page_where_an_address_has_two_lines(watchers[0])
    for watched in watchers:
        await shows_it_as_text(watched, image_id)
        assert watched.complaints() == []
        await hears_what_is_blocked(watched)


async def shows_it_as_text(watched: Watched, image_id: str) -> None:
    """The page and its preview say the words; the title of the tab is the page's."""
    page = watched.person.page
    source = read(await (await watched.person.context.request.get(f"{watched.person.url}/image/{image_id}")).text())
    assert source.meta["og:title"].startswith("\"'><svg/onload=alert(1)>{{7*7}}${7}</script>")
    assert not [name for name, _ in source.elements if name == "svg"]
    await watched.visits(f"/image/{image_id}")
    await expect(page.get_by_role("region", name="Recipe")).to_contain_text("<svg/onload=alert(1)>{{7*7}}${7}</script>")
    if watched.is_member:
        await watched.visits("/create")
        await expect(page.get_by_role("main")).to_contain_text("{{7*7}}${7}</script>")
        await watched.visits(f"/image/{image_id}")
    await expect(page).to_have_title(re.compile(r"svg/onload.*· Pixel Studio"))
    assert await page.locator("svg[onload]").count() == 0


async def has_no_page_where_an_address_has_two_lines(watched: Watched) -> None:
    """The router of the pages takes the end of a line for the end of the address, and would show a bare page of its own."""
    for separator in ("\u2028", "\u2029", "\n", "\r"):
        answer = await watched.person.page.goto(f"{watched.person.url}/create{quote(separator)}x")
        assert answer is not None
        assert (answer.status, await answer.text()) == (404, "There is nothing at this address.\n")
    assert [complaint for complaint in watched.person.complaints if "404" not in complaint] == []


async def hears_what_is_blocked(watched: Watched) -> None:
    """The silence before was not deafness."""
    await watched.person.page.evaluate("document.body.append(Object.assign(document.createElement('script'), {textContent: 'alert(1)'}))")
    await until(watched.person.page, _SETTLED)
    assert [report for report in watched.violations if report.startswith("script-src")]
    assert watched.dialogs == []
