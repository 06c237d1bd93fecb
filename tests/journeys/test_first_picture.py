"""A stranger's first visit: from the landing page to a picture of their own, seen, shared, downloaded and deleted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.journeys.person import DESK, PHONE, Person, new_handle

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

    from tests.journeys.records import Records
    from tests.serving import Served

PROMPT = "Cut-paper dunes at dusk, a pale sun over coral ridges"
LIGHTS = ("dark", "light")
SHOTS = Path(__file__).resolve().parents[2] / "build" / "journeys"

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("viewport", "first"), [(DESK, "dark"), (PHONE, "light")], ids=["desk", "phone"])
async def test_a_prompt_becomes_a_picture(
    browser: Browser, house: Served, house_records: Records, viewport: dict[str, int], first: str
) -> None:
    """With everything that moves. The light changes at each station, as at somebody's dusk: each is seen in both, and gone on from in either."""
    ines = await Person.sits_down(browser, house.url, viewport=viewport, scheme=first, motion="no-preference")
    handle, device, lights = new_handle("ines"), "phone" if viewport is PHONE else "desk", sorted(LIGHTS, reverse=first == "light")

    async def shot(name: str) -> None:
        for light in lights:
            await ines.page.emulate_media(color_scheme=light)
            await ines.page.screenshot(path=SHOTS / f"{device}-{light}" / f"{name}.jpg", quality=90)
        lights.reverse()

    await ines.opens("/")
    await expect(ines.page.get_by_role("link", name="Sign in").first).to_be_visible()
    await shot("landing")

    await ines.joins(handle)
    await shot("create-empty")

    await ines.asks_for(PROMPT, images=4)
    await expect(ines.slots()).to_have_count(4)
    await expect(ines.slots("drawing").first).to_be_visible()
    await shot("create-drawing")
    await ines.sees_pictures(4)
    await shot("create-done")

    await ines.goes_to("/library")
    await ines.sees_pictures(4)
    await shot("library")

    await ines.page.locator("main a[href^='/image/']").first.click()
    await ines.page.get_by_role("dialog", name="Picture").get_by_role("link", name="Details").click()
    await expect(ines.page.get_by_role("region", name="Recipe")).to_contain_text("Cut paper")
    await expect(ines.page.get_by_role("region", name="Recipe")).to_contain_text("Sketch (not AI)")
    await ines.sees_the_picture()
    await shot("image")
    address = ines.page.url
    await shared_then_hidden(browser, house, ines, address)

    async with ines.page.expect_download() as started:
        await ines.page.get_by_role("link", name="Download").click()
        await expect(ines.page.get_by_role("link", name="Download").get_by_role("status")).to_have_text("Downloading")
    download = await started.value
    assert Path(await download.path()).read_bytes().startswith(b"\x89PNG")

    await ines.page.get_by_role("button", name="Move to trash").first.click()
    await expect(ines.page.get_by_role("status", name="Notice")).to_contain_text("is in the trash.")
    await ines.goes_to("/library?view=trash")
    await expect(ines.page.get_by_text("30 days left")).to_be_visible()
    await ines.goes_to("/library")
    await ines.sees_pictures(3)
    await ines.opens(address.removeprefix(house.url))
    await expect(ines.page.get_by_text("does not exist, or is not shared")).to_be_visible()

    assert house_records.count("image", handle, "deleted_at IS NULL") == 3
    house_records.check_the_ledger()
    assert [complaint for complaint in ines.complaints if "404" not in complaint] == []
    assert f"404 {address}" in ines.complaints


async def shared_then_hidden(browser: Browser, house: Served, ines: Person, address: str) -> None:
    """A stranger sees the picture while it is public, and not a moment longer."""
    path = address.removeprefix(house.url)
    stranger = await Person.sits_down(browser, house.url)
    gone = stranger.page.get_by_text("does not exist, or is not shared")

    await stranger.opens(path)
    await expect(gone).to_be_visible()

    await ines.shows_it("By link")
    await expect(ines.page.get_by_text("Whoever has its link sees it").first).to_be_visible()
    await is_told_clear_of_the_ways_out(ines.page)
    await stranger.opens(path)
    await expect(stranger.page.get_by_role("region", name="Recipe")).to_be_visible()

    await ines.shows_it("Only me")
    await expect(ines.page.get_by_text("Only you see it").first).to_be_visible()
    await stranger.opens(path)
    await expect(gone).to_be_visible()
    await stranger.context.close()


async def is_told_clear_of_the_ways_out(page: Page) -> None:
    """The notice stands in the middle of what is beside the rail, or on a phone above the bar; the way back is not under it."""
    told = await page.get_by_role("status", name="Notice").locator(".toast").bounding_box()
    back = await page.get_by_role("link", name="Back to the library").bounding_box()
    rail = await page.locator(".rail").bounding_box()
    bar = await page.locator(".bar").bounding_box()
    assert told
    assert not back or back["y"] + back["height"] <= told["y"]
    assert not bar or told["y"] + told["height"] <= bar["y"]
    left = rail["width"] if rail else 0
    assert abs(told["x"] - left - (await page.evaluate("innerWidth") - told["x"] - told["width"])) <= 2
