"""A story of words: a prompt is enhanced, drawn, its file told apart from a forged one; models are compared; a key is made and revoked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest
from playwright.async_api import expect

from tests.journeys.person import PATIENCE_MS, Person, new_handle
from tests.journeys.test_every_page import TWO_LOOKS, Listener

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.async_api import Browser, Page

    from tests.serving import Served

pytestmark = pytest.mark.slow

PROMPT: Final = "a red ceramic mug"


async def test_words_are_enhanced_drawn_verified_and_compared(browser: Browser, house: Served, tmp_path: Path) -> None:
    ines = await Person.sits_down(browser, house.url)
    await ines.enters_as(new_handle("ines"))
    page, listener = ines.page, Listener(ines.page)

    await ines.chooses_small()
    await ines.unfolds_options()
    await a_prompt_is_enhanced(page, listener)
    await ines.sees_pictures(1)
    await its_file_tells_its_story(ines, listener, tmp_path)
    await models_are_compared(ines, listener)
    await a_prompt_is_saved_and_found(ines)
    await a_key_is_shown_once(ines)

    assert sorted({*listener.faults}) == []


async def a_prompt_is_enhanced(page: Page, listener: Listener) -> None:
    prompt = page.get_by_role("textbox", name="Prompt", exact=True)
    await prompt.fill(PROMPT)
    await page.get_by_role("spinbutton", name="Images").fill("1")
    await page.get_by_role("button", name="Enhance").click()
    change = page.get_by_role("group", name="Change to the prompt")
    await expect(change).to_contain_text("Professional product photography", timeout=PATIENCE_MS)
    await page.get_by_role("button", name="Studio", exact=True).click()
    await expect(change.locator("ins").filter(has_text="softbox")).to_be_visible(timeout=PATIENCE_MS)
    await listener.hears("Enhance", TWO_LOOKS, "dialog[open]")
    await expect(prompt).to_have_value(PROMPT)
    await page.get_by_role("button", name="Take it").click()
    await expect(prompt).to_have_value(re.compile("softbox"), timeout=PATIENCE_MS)
    await page.get_by_role("button", name="Generate").click()


async def its_file_tells_its_story(ines: Person, listener: Listener, folder: Path) -> None:
    page = ines.page
    address = await page.locator("a[href^='/image/']").first.get_attribute("href") or ""
    answer = await page.request.get(f"{ines.url}{address.replace('/image/', '/media/')}/original")
    (folder / "mine.png").write_bytes(await answer.body())
    (folder / "changed.png").write_bytes((await answer.body()).replace(b'"prompt":"Professional', b'"prompt":"Prefessional'))

    await ines.goes_to("/verify")
    # Of other bytes nobody says that they are the very same picture, only how much alike it looks.
    for name, title, likeness in (
        ("mine.png", "Made here, and unchanged", "The same picture · yours"),
        ("changed.png", "The recipe was changed after it was signed", re.compile(r"(The same picture|Almost surely a copy) · yours")),
    ):
        async with page.expect_file_chooser() as choosing:
            await page.get_by_role("button", name="Choose a file").click()
        await (await choosing.value).set_files(folder / name)
        await expect(page.get_by_role("heading", name=title)).to_be_visible(timeout=PATIENCE_MS)
        await expect(page.get_by_text(likeness)).to_be_visible()
    await listener.hears("/verify, a story")


async def models_are_compared(ines: Person, listener: Listener) -> None:
    page = ines.page
    await ines.goes_to("/arena")
    compare = page.get_by_role("button", name="Compare")
    await expect(page.get_by_text("Type a prompt first.")).to_be_visible(timeout=PATIENCE_MS)
    await page.get_by_role("textbox", name="Prompt").fill(PROMPT)
    await expect(compare).to_be_enabled(timeout=PATIENCE_MS)
    await compare.click()
    await page.get_by_role("button", name=re.compile("Vote for")).nth(2).click(timeout=PATIENCE_MS)
    await expect(page.get_by_text("Best:")).to_contain_text("1 of 1 vote", timeout=PATIENCE_MS)
    await expect(page.get_by_role("region", name="Your votes")).to_be_in_viewport(ratio=1)
    await listener.hears("/arena, compared")


async def a_prompt_is_saved_and_found(ines: Person) -> None:
    page = ines.page
    await ines.goes_to("/prompts")
    await page.get_by_label("What is it?").fill(PROMPT)
    await page.get_by_role("button", name="Luxury", exact=True).click()
    await expect(page.get_by_role("group", name="The prompt", exact=True)).to_contain_text("premium feel", timeout=PATIENCE_MS)
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_role("group", name="Tags")).to_contain_text("luxury", timeout=PATIENCE_MS)
    await page.locator("summary[aria-label='Edit this prompt']").click()
    await page.get_by_role("textbox", name="Tags").last.fill("mugs, luxury")
    await page.get_by_role("button", name="Save prompt").last.click()
    await expect(page.get_by_role("group", name="Tags")).to_contain_text("mugs", timeout=PATIENCE_MS)


async def a_key_is_shown_once(ines: Person) -> None:
    page = ines.page
    await ines.goes_to("/settings")
    name = page.get_by_role("textbox", name="Name of the key")
    await name.fill("Laptop", timeout=PATIENCE_MS)
    await page.get_by_role("button", name="Make a key").click()
    shown = page.get_by_role("textbox", name="The new key")
    await expect(shown).to_have_value(re.compile("psk_.{43}"), timeout=PATIENCE_MS)
    await page.get_by_role("button", name="I have it").click()
    await expect(shown).to_have_count(0, timeout=PATIENCE_MS)
    await page.get_by_role("button", name="Revoke Laptop").click()
    await expect(page.get_by_role("button", name="Revoke Laptop")).to_have_count(0, timeout=PATIENCE_MS)
