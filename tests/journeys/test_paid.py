"""A picture for money: a priced model from the composer to the wall, and what a person reads when the provider misbehaves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.journeys.person import Person
from tests.journeys.records import Records
from tests.serving import a_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.async_api import Browser

    from tests.serving import Served
    from tests.standin.process import StandIn

pytestmark = pytest.mark.slow

PROMPT = "A paper boat on a river of ink"
DEAR = "GPT Image 2"
DEAR_CREDITS = 2
WELCOME = 5 + 1


@pytest.fixture
def served(tmp_path: Path, stand_in: StandIn) -> Iterator[Served]:
    """A server that knows the sketches and, through the stand-in, OpenAI's models."""
    with a_server(tmp_path, OPENAI_API_KEY="sk-of-a-test", OPENAI_BASE_URL=stand_in.base_url, LEASE_S="4") as server:
        yield server


async def chooses(person: Person, title: str) -> None:
    """Pick a model by its name in the list."""
    await person.page.get_by_role("combobox", name="Model", include_hidden=True).select_option(label=title)
    await expect(person.page.locator(".said")).to_have_text(title)


async def test_a_priced_model_shows_its_price_its_stages_and_its_picture(
    browser: Browser, served: Served, records: Records, stand_in: StandIn
) -> None:
    stand_in.always(pause_s=0.7)
    ines = await Person.sits_down(browser, served.url)
    await ines.joins("ines")
    await chooses(ines, DEAR)
    await ines.page.get_by_role("spinbutton", name="Images").fill("2")
    await expect(ines.page.locator(".price")).to_have_text("4 credits")

    await ines.asks_for(PROMPT, images=2)

    await expect(ines.page.locator("figure[data-state='drawing'] img").first).to_be_visible()
    await ines.page.screenshot(path="/tmp/paid.png")
    await ines.sees_pictures(2)
    await ines.page.screenshot(path="/tmp/paid2.png")
    print(records.ask("select kind,available_delta,held_delta from credit_entry"))
    print(stand_in.requests())
    assert len(stand_in.charges()) == 2
    assert ines.complaints == []
