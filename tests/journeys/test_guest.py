"""A stranger tries it, joins, makes the place theirs, and leaves for good: by keyboard where it matters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.journeys.person import PHONE, Person, new_handle

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

    from tests.journeys.records import Records
    from tests.serving import Served

pytestmark = pytest.mark.slow

PASSWORD = "correct horse battery"


async def test_a_stranger_tries_it_joins_settles_in_and_leaves(browser: Browser, house: Served, house_records: Records) -> None:
    ines, handle = await Person.sits_down(browser, house.url), new_handle("guest")
    page = ines.page

    await ines.opens("/")
    await expect(page.locator("ol.tries > .frame")).to_have_count(3)
    await expect(page.get_by_text("Three tries, no account")).to_be_visible()
    await expect(page.get_by_text("An account adds AI models for any subject.")).to_be_visible()
    await expect(page.get_by_text("Without an account they are gone 24 hours after")).to_be_visible()
    await expect(page.get_by_role("combobox", name="Model").locator("option:checked")).to_have_text("Any model")
    await page.get_by_role("button", name="Use the sentence: A single flower").click()
    await expect(page.get_by_role("combobox", name="Model")).to_have_value("sketch-bloom")
    await page.get_by_role("combobox", name="Model").select_option("sketch-orbs")
    hung = page.locator(".exhibit .pic")
    place = await hung.evaluate("it => it.offsetTop")
    await page.keyboard.press("Control+Enter")
    tries = page.locator("ol.tries a")
    await expect(tries).to_have_count(1, timeout=20_000)
    await expect(page.get_by_text("Two tries left")).to_be_visible()
    await expect(page.get_by_role("combobox", name="Model")).to_have_value("sketch-orbs")
    assert await hung.evaluate("it => it.offsetTop") == place
    await what_was_tried_stands_there_to_be_tried_again(page)
    await expect(tries).to_have_count(2, timeout=20_000)
    label = page.locator(".exhibit .label b")
    assert await label.evaluate("it => it.offsetHeight > 1.5 * parseFloat(getComputedStyle(it).lineHeight)")
    assert await hung.evaluate("it => it.offsetTop") == place  # what stands below it takes two lines now
    address = await tries.first.get_attribute("href") or ""
    newest = (await tries.last.get_attribute("href") or "").rpartition("/")[2]

    await page.get_by_role("link", name="Create account").click()
    await expect(page.get_by_text("What you drew comes along: this picture and 1 more.")).to_be_visible()
    await expect(page.get_by_role("img", name=re.compile("^a paper boat"))).to_have_attribute("src", f"/media/{newest}/512")
    for label, words in (("Email", f"{handle}@example.org"), ("Handle", handle), ("Password", PASSWORD)):
        await page.get_by_label(label).fill(words)
    show = page.get_by_role("button", name="Show password", pressed=False)
    await show.click()
    await expect(page.get_by_label("Password")).to_have_attribute("type", "text")
    await page.get_by_label("Password").press("Enter")
    await page.wait_for_url(re.compile("/create"))
    notice = page.get_by_role("status", name="Notice")
    await expect(notice).to_contain_text("Your 2 pictures are in your library.")
    await notice.get_by_role("button", name="Dismiss").click()
    await expect(page.get_by_role("combobox", name="Model", include_hidden=True)).to_have_value("sketch-orbs")
    assert house_records.count("image", handle, "deleted_at IS NULL") == 2

    await page.get_by_role("navigation", name="Main").first.get_by_role("link", name="Credits").click()
    await expect(page.get_by_role("region", name="Credits")).to_be_focused()
    await page.get_by_label("Name", exact=True).fill("Ines Vale")
    await page.get_by_label("Handle", exact=True).fill("No!")
    await page.keyboard.press("Enter")
    await expect(page.locator("#handle-fault")).to_contain_text("Choose a handle")
    await page.get_by_label("Handle", exact=True).fill(handle)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status", name="Notice")).to_contain_text("Your profile is saved.")

    phone = await Person.sits_down(browser, house.url, viewport=PHONE)
    await phone.opens("/explore")
    bar = phone.page.get_by_role("navigation", name="Main, phone")
    await expect(bar.get_by_role("link")).to_have_text(["Explore", "Create", "Sign in", "Create account"])
    await bar.get_by_role("link", name="Create", exact=True).tap()
    await expect(phone.page.get_by_role("textbox", name="Prompt")).to_be_visible()
    await phone.opens("/explore")
    await bar.get_by_role("link", name="Sign in").tap()
    await phone.opens("/create")
    await expect(phone.page.get_by_text("Sign in to create.")).to_be_visible()
    await phone.opens("/")
    await phone.page.get_by_role("link", name="Create", exact=True).tap()
    await phone.page.wait_for_url("**/login?next=/create")
    await phone.page.go_back()
    await phone.page.wait_for_url(f"{house.url}/")
    await phone.page.go_forward()
    await expect(phone.page.get_by_text("Sign in to create.")).to_be_visible()
    await phone.page.get_by_label("Email").fill(f"{handle}@example.org")
    await phone.page.get_by_label("Password").fill("something else")
    await phone.page.keyboard.press("Enter")
    await expect(phone.page.get_by_label("Password")).to_have_accessible_description(re.compile("not right"))
    await expect(phone.page.get_by_label("Password")).to_be_focused()
    await phone.page.keyboard.type(PASSWORD)
    await phone.page.keyboard.press("Enter")
    await phone.page.wait_for_url(re.compile("/create"))
    await page.reload()
    await page.get_by_role("button", name=re.compile("^Sign out [A-Z]")).last.press("Enter")
    await phone.page.wait_for_url(re.compile("/login"))

    await page.locator("#typed_password").fill(PASSWORD)
    await page.get_by_label("Your handle").fill(handle)
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"{house.url}/")
    assert house_records.count("image", handle) == 0
    await ines.opens(address)
    await expect(page.get_by_text("does not exist, or is not shared")).to_be_visible()


_IS_IN_SIGHT = """() => {
    const edges = document.querySelector(".exhibit").getBoundingClientRect();
    return edges.top >= 0 && edges.bottom <= innerHeight && document.querySelector(".tries .under-way, .tries .pic") !== null;
}"""


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
async def test_on_a_phone_what_is_tried_is_drawn_in_sight(browser: Browser, house: Served, motion: str) -> None:
    noor = await Person.sits_down(browser, house.url, viewport=PHONE, motion=motion)
    page, prompt = noor.page, noor.page.get_by_role("textbox", name="Prompt")
    await noor.opens("/")
    hung = page.locator(".exhibit .pic")
    assert (await hung.bounding_box() or {})["y"] < PHONE["height"] - 240  # a good part of a picture is seen before anything else

    for number in (1, 2):
        await prompt.fill(f"a paper boat on green water, number {number}")
        await page.get_by_role("button", name="Generate").tap()
        await expect(page.locator(".tries > :not(.frame), .tries > .under-way")).to_have_count(number)
        await page.wait_for_function(_IS_IN_SIGHT)
        await expect(page.locator("ol.tries a")).to_have_count(number, timeout=20_000)
        await page.evaluate("() => scrollTo({ top: 0, behavior: 'instant' })")
    await noor.context.close()


async def what_was_tried_stands_there_to_be_tried_again(page: Page) -> None:
    """First in the page that was read anew, then in the one it was pressed in: whole, and chosen by whoever comes to it."""
    prompt = page.get_by_role("textbox", name="Prompt")
    sentence = "a paper boat on green water, and a lantern on a pole behind it, at the hour before dusk"
    await expect(prompt).to_have_value(re.compile("^A single flower"))
    await prompt.click()
    await page.keyboard.type(sentence)
    await page.get_by_role("button", name="Generate").click()
    await expect(page.get_by_text("One try left")).to_be_visible()
    await expect(prompt).to_have_value(sentence)
    await prompt.click()
    assert await page.evaluate("getSelection().toString()") == sentence
