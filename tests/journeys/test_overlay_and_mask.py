"""Text and a logo laid over a picture, as its preview shows them; and a part of it drawn anew, painted by keys alone."""

from __future__ import annotations

import base64
import io
import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from playwright.async_api import expect

from tests.journeys.person import Person, new_handle
from tests.journeys.test_every_page import Listener
from tests.serving import a_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.async_api import Browser, Page

    from tests.serving import Served
    from tests.standin.process import StandIn

pytestmark = pytest.mark.slow


@pytest.fixture
def served(tmp_path: Path, stand_in: StandIn) -> Iterator[Served]:
    """A server that knows the sketches and, through the stand-in, a web UI whose models take masks."""
    with a_server(tmp_path, A1111_BASE_URL=f"{stand_in.base}/a1111") as server:
        yield server


async def previewed(page: Page) -> np.ndarray:
    """What the canvas shows."""
    url: str = await page.get_by_role("img", name="Preview").evaluate("canvas => canvas.toDataURL('image/png')")
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))).convert("RGB")).astype(int)


async def made(ines: Person, before: str, size: tuple[int, int]) -> np.ndarray:
    """Make the picture, open it, and fetch its file at the preview's size."""
    page = ines.page
    await page.get_by_role("button", name="Make the picture").press("Enter")
    await page.get_by_role("status", name="Notice").get_by_role("button", name="Open").click()
    await expect(page).not_to_have_url(before)
    await ines.sees_the_picture()
    answer = await page.request.get(f"{ines.url}/media/{page.url.rsplit('/', 1)[-1]}/original")
    return np.asarray(Image.open(io.BytesIO(await answer.body())).convert("RGB").resize(size)).astype(int)


async def test_what_is_laid_over_a_picture_is_what_its_preview_showed_and_a_part_is_drawn_anew_by_keys(
    browser: Browser, served: Served, stand_in: StandIn
) -> None:
    ines = await Person.sits_down(browser, served.url)
    page, press, listener = ines.page, ines.page.keyboard, Listener(ines.page)
    await ines.enters_as(new_handle("ines"))
    await ines.asks_for("a mint moon over paper hills", images=1)
    await ines.sees_pictures(1)
    await page.locator("figure.pic a[href^='/image/']").first.click()
    await page.get_by_role("dialog", name="Picture").get_by_role("link", name="Open its page").click()
    await ines.sees_the_picture()
    parent = page.url

    await page.get_by_role("button", name="Put text or a logo on it").press("Enter")
    await page.get_by_role("textbox", name="Text").fill("Harbour\nNights")
    await page.get_by_role("radio", name="Bottom right").focus()
    for key in ("ArrowUp", "ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowUp"):
        await press.press(key)
    await expect(page.get_by_role("radio", name="Top left")).to_be_checked()
    await page.get_by_role("slider", name="Rotation").fill("20")
    await page.get_by_role("slider", name="Size").fill("60")
    await expect(page.get_by_role("img", name="Preview")).to_have_attribute("data-drawn", re.compile('Nights.*"size":60,.*"rotation":20'))
    await listener.hears("text over a picture", inside="dialog#overlay")
    shown = await previewed(page)
    came = await made(ines, parent, (shown.shape[1], shown.shape[0]))
    letters = (shown.min(-1) > 245) | (came.min(-1) > 245)
    assert letters.mean() > 0.01
    assert np.abs(shown - came)[letters].mean() < 12
    assert np.abs(shown - came).mean() < 4

    logo = io.BytesIO()
    Image.new("RGBA", (60, 30), (0, 160, 80, 255)).save(logo, "PNG")
    here = page.url
    await page.get_by_role("button", name="Put text or a logo on it").press("Enter")
    await page.locator("dialog#overlay label.segment", has_text="Logo").click()
    await page.get_by_label("Bring a logo").set_input_files({"name": "logo.png", "mimeType": "image/png", "buffer": logo.getvalue()})
    await expect(page.get_by_role("radio", name=re.compile("Your logo"))).to_be_checked()
    await expect(page.get_by_role("img", name="Preview")).to_have_attribute("data-drawn", re.compile("/media/uploads/"))
    shown = await previewed(page)
    came = await made(ines, here, (shown.shape[1], shown.shape[0]))
    green = (np.abs(came - (0, 160, 80)).max(-1) < 30) & (np.abs(shown - (0, 160, 80)).max(-1) < 30)
    assert green.mean() == pytest.approx(0.3 * 0.3 / 2 * shown.shape[1] / shown.shape[0], rel=0.05)

    await ines.goes_to("/create")
    await ines.sees_composer()
    await ines.unfolds_options()
    await expect(page.get_by_role("button", name="Mask")).to_be_disabled()
    await page.get_by_role("combobox", name="Model").select_option(label="dreamshaper 8")
    await page.get_by_role("combobox", name="Go by").select_option(index=1)
    await page.get_by_role("button", name="Mask").press("Enter")
    canvas = page.get_by_role("img", name="Mask over the picture")
    await canvas.focus()
    for key in ("ArrowLeft", "Shift+ArrowDown", "Enter"):
        await press.press(key)
    await expect(page.get_by_text(re.compile(r"1\d % of the picture is drawn anew"))).to_be_visible()
    await page.get_by_role("button", name="Invert").press("Enter")
    await page.get_by_role("button", name="Undo").press("Enter")
    await expect(page.get_by_text(re.compile(r"1\d % of the picture is drawn anew"))).to_be_visible()
    await listener.hears("painting a mask", inside="dialog#mask")
    await page.get_by_role("button", name="Use this mask").press("Enter")
    await expect(page.get_by_text("Painted", exact=True)).to_be_visible()
    await ines.asks_for("a harbour with a boat", images=1)
    await expect(ines.slots("done").first).to_be_visible()
    (sent,) = [request["json"] for request in stand_in.requests() if request["path"].endswith("img2img")]
    mask = np.asarray(Image.open(io.BytesIO(base64.b64decode(sent["mask"]))))
    assert (mask.ndim, 0.15 < (mask > 128).mean() < 0.2) == (2, True)
    assert listener.faults == []
    assert ines.complaints == []
