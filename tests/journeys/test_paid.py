"""A picture for money: a priced model from the composer to the wall, and what a person reads when the provider or the purse says no."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Final

import pytest
from playwright.async_api import expect

from pixelstudio.cli.main import main
from tests.journeys.person import DESK, PHONE, Person
from tests.nursery import ROOT, ended
from tests.serving import a_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.async_api import Browser

    from tests.journeys.records import Records
    from tests.serving import Served
    from tests.standin.process import StandIn

pytestmark = pytest.mark.slow

PROMPT = "A paper boat on a river of ink"
MODEL = "GPT Image 2"
PRICE = 2
WELCOME = 5 + 1  # for registering, and for the day
REFUSED = "OpenAI's safety check refused this prompt. Change the words and try again. Nothing was charged."
NOBODY_KNOWS = "Interrupted after the provider was asked: it may have drawn and charged for this picture. Its 2 credits are held until "
TOO_DEAR = "This costs 8 credits and you have 6. Choose fewer images or a cheaper model, or come back tomorrow for another credit."


@pytest.fixture
def served(tmp_path: Path, stand_in: StandIn) -> Iterator[Served]:
    """A server that knows the sketches and, through the stand-in, OpenAI's models."""
    with a_server(tmp_path, OPENAI_API_KEY="sk-of-a-test", OPENAI_BASE_URL=stand_in.base_url, LEASE_S="3") as server:
        yield server


async def sits_down_with(browser: Browser, served: Served, images: int) -> Person:
    """Somebody new, before a priced model and so many pictures."""
    ines = await Person.sits_down(browser, served.url)
    await ines.enters_as("ines")
    await ines.page.get_by_role("combobox", name="Model", include_hidden=True).select_option(label=MODEL)
    await ines.page.get_by_role("spinbutton", name="Images").fill(str(images))
    await expect(ines.page.get_by_text(f"{PRICE * images} credits", exact=True)).to_be_visible()
    return ines


async def sees_credits(ines: Person, credits_: int) -> None:
    """The purse on the page."""
    await expect(ines.page.get_by_role("navigation", name="Main").get_by_role("link", name=re.compile("^Credits"))).to_have_text(
        re.compile(rf"Credits\s*{credits_}$")
    )


def entries(records: Records) -> list[tuple[str, int, int]]:
    """Everything that was booked after the welcome."""
    found = records.ask("SELECT kind, available_delta, held_delta FROM credit_entry WHERE kind<>'grant' ORDER BY id")
    return [(row[0], row[1], row[2]) for row in found]


_WATCHED: Final = """() => {
    const look = () => (window.sawPreview ||= Boolean(document.querySelector("figure[data-state='drawing'] img")?.src));
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
}"""
"""Whether a preview has hung, however short: who looks from outside now and then may miss it."""


async def test_a_priced_model_shows_its_price_its_stages_its_picture_and_the_rest_of_the_purse(
    browser: Browser, served: Served, records: Records, stand_in: StandIn
) -> None:
    stand_in.always(pause_s=0.5)
    ines = await sits_down_with(browser, served, images=2)
    await ines.page.evaluate(_WATCHED)

    await ines.asks_for(PROMPT, images=2)

    await ines.sees_pictures(2)
    assert await ines.page.evaluate("window.sawPreview")
    await sees_credits(ines, WELCOME - 2 * PRICE)
    assert entries(records) == [("hold", -PRICE, PRICE)] * 2 + [("capture", 0, -PRICE)] * 2
    assert len(stand_in.requests()) == len(stand_in.charges()) == 2
    records.check_nothing_is_lost_or_doubled(pictures=2)
    assert ines.complaints == []


_PLACES: Final = "() => [...document.querySelectorAll('.set, .set > *')].map((it) => { const box = it.getBoundingClientRect(); return [box.top + scrollY, box.height]; })"


@pytest.mark.parametrize("shape", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("failing", [1, 2])
async def test_when_pictures_fail_nothing_on_the_page_moves(
    browser: Browser, served: Served, stand_in: StandIn, shape: dict[str, int], failing: int
) -> None:
    stand_in.always(pause_s=1.0)
    stand_in.script(*({"fault": "moderation_blocked"} for _ in range(failing)))
    ines = await Person.sits_down(browser, served.url, viewport=shape)
    page, refused = ines.page, ines.page.get_by_text(REFUSED)
    await ines.enters_as("ines")
    await ines.asks_for("a paper boat", images=1, small=True)
    await ines.sees_pictures(1)
    model = page.get_by_role("combobox", name="Model", include_hidden=True)
    await model.evaluate("(box, title) => { box.value = [...box.options].find(({ text }) => text.trim() === title).value; }", MODEL)
    await model.dispatch_event("change")
    await expect(page.locator("input[name=shown]")).to_have_value(await model.input_value())
    await ines.asks_for(PROMPT, images=2)
    await expect(page.locator("figure[data-state]")).to_have_count(3)
    before = await page.evaluate(_PLACES)

    await expect(refused).to_have_count(1)
    await ines.sees_pictures(1 + 2 - failing)
    again = page.get_by_role("button", name=re.compile("^(Draw both again|Try again)$"))
    await expect(again).to_be_visible()
    assert await page.evaluate(_PLACES) == before
    for it in (refused, again):
        box, frame = await it.bounding_box() or {}, await it.locator("xpath=ancestor::figure").bounding_box() or {}
        assert frame["y"] <= box["y"]
        assert box["y"] + box["height"] <= frame["y"] + frame["height"]
    await ines.context.close()


async def test_a_refusal_a_busy_spell_and_garbage_end_in_words_on_the_page(
    browser: Browser, served: Served, records: Records, stand_in: StandIn
) -> None:
    """Leave `release` out of `_give_back` and the purse stays short; retry what answered garbage and it is paid twice."""
    stand_in.script({"fault": "moderation_blocked"}, {"fault": "throttled", "retry_after": "2"}, {}, {"fault": "html"})
    ines = await sits_down_with(browser, served, images=1)

    await ines.asks_for(PROMPT, images=1)
    await expect(ines.page.get_by_text(REFUSED)).to_be_visible()
    await sees_credits(ines, WELCOME)

    again = ines.page.get_by_role("button", name="Try again", description=f"{PRICE} credits")
    await again.press("Enter")
    await expect(ines.page.get_by_text(REFUSED)).to_be_hidden()
    await expect(ines.page.locator("[data-set]")).to_have_count(1)
    await expect(ines.page.locator("[data-set]")).to_be_focused()
    await expect(ines.page.get_by_text("OpenAI is very busy at the moment. Trying again in").first).to_be_visible()
    await ines.sees_pictures(1)
    await sees_credits(ines, WELCOME - PRICE)

    await ines.asks_for(PROMPT, images=1)
    await expect(ines.page.get_by_text("OpenAI answered with something that is no picture.")).to_be_visible()
    await sees_credits(ines, WELCOME - PRICE)
    assert [kind for kind, *_ in entries(records)] == ["hold", "release", "hold", "capture", "hold", "release"]
    assert (len(stand_in.requests()), len(stand_in.charges())) == (4, 2)
    records.check_the_ledger()
    assert ines.complaints == []


async def test_an_empty_purse_says_what_to_do_and_writes_nothing(
    browser: Browser, served: Served, records: Records, stand_in: StandIn
) -> None:
    ines = await sits_down_with(browser, served, images=4)

    await ines.asks_for(PROMPT, images=4)

    await expect(ines.page.get_by_text(TOO_DEAR)).to_be_visible()
    await sees_credits(ines, WELCOME)
    assert entries(records) == []
    assert [records.one(f"SELECT count(*) FROM {table}") for table in ("generation", "generation_slot", "q_job", "q_payload")] == [0] * 4
    assert stand_in.requests() == []
    assert ines.complaints == []


async def test_a_server_killed_after_asking_does_not_ask_again_says_so_and_holds_the_credits_until_it_is_settled(
    browser: Browser, served: Served, records: Records, stand_in: StandIn
) -> None:
    """Without `phase=0` in the queue's `rescue` the restarted server sends the same paid request a second time.

    Without `SlotUnknown` in `_OF_ONE_SET` the page goes on saying that it is being drawn.
    """
    stand_in.always(fault="silent")
    ines = await sits_down_with(browser, served, images=1)
    await ines.asks_for(PROMPT, images=1)
    await asyncio.to_thread(stand_in.wait_for_request)

    served.kill()
    stand_in.always()
    served.start()

    await expect(ines.page.get_by_text(NOBODY_KNOWS)).to_be_visible(timeout=20_000)
    await sees_credits(ines, WELCOME - PRICE)
    assert entries(records) == [("hold", -PRICE, PRICE)]
    records.check_the_ledger()

    assert "credits held: 2" in (told := await asyncio.to_thread(settle, served))
    assert "at once with --give-back" in told
    assert "Given back: 1 of 1." in await asyncio.to_thread(settle, served, "--give-back")
    await expect(ines.page.get_by_text("so it counts as not drawn. Nothing was charged.")).to_be_visible()
    await sees_credits(ines, WELCOME)
    assert entries(records) == [("hold", -PRICE, PRICE), ("release", PRICE, -PRICE)]
    assert len(stand_in.requests()) == 1
    assert records.one("SELECT count(*) FROM generation WHERE ended_at IS NULL") == 0
    records.check_the_ledger()


def settle(served: Served, *options: str) -> str:
    """What a maintainer types on the machine itself, while the studio serves."""
    if options:  # the second time from where the imports end
        told = ended(main, ["settle", *options], environment=served.environment)
    else:
        command = [sys.executable, "-m", "pixelstudio", "settle"]
        told = subprocess.run(command, cwd=ROOT, env=served.environment, capture_output=True, text=True, timeout=60, check=False)
    assert told.returncode == 0, told.stderr
    return told.stdout


async def test_a_cancellation_that_comes_too_late_says_so_and_the_picture_comes(
    browser: Browser, served: Served, records: Records, stand_in: StandIn
) -> None:
    stand_in.always(pause_s=1.0)
    ines = await sits_down_with(browser, served, images=1)
    await ines.asks_for(PROMPT, images=1)
    await asyncio.to_thread(stand_in.wait_for_request)

    await ines.page.get_by_role("button", name="Cancel").first.click()

    await expect(ines.page.get_by_text("Too late to stop: the provider is drawing this already.")).to_be_visible()
    await ines.sees_pictures(1)
    await sees_credits(ines, WELCOME - PRICE)
    assert entries(records) == [("hold", -PRICE, PRICE), ("capture", 0, -PRICE)]
    assert ines.complaints == []
