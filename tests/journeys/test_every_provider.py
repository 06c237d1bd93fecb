"""A studio with every provider there is, all of them the stand-in: a picture by each, over the API and in a browser; one called off, one refused, three compared."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Final

import httpx
import pytest
from playwright.async_api import expect
from sqlalchemy import text

from pixelstudio.core.clock import SystemClock
from pixelstudio.core.events import Bus
from pixelstudio.db.engine import Database
from pixelstudio.features.credits import ledger
from tests.contracts.providers import OUTSIDE, wanted_at
from tests.faults.house import url_of
from tests.journeys.person import PASSWORD, Person
from tests.journeys.records import Records
from tests.serving import a_server

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.async_api import Browser

    from pixelstudio.providers.contract import ImageModel
    from tests.serving import Served
    from tests.standin.process import StandIn

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

COMPARED: Final = ("openai", "stability", "comfyui")
CALLED_OFF, REFUSED = "a boat nobody wants any more", "a boat nobody may draw"
GIVEN: Final = 40


def every_provider(base: str) -> dict[str, str]:
    """What `make standin` says to set."""
    return {
        "OPENAI_API_KEY": "standin",
        "OPENAI_BASE_URL": f"{base}/v1",
        "REPLICATE_API_TOKEN": "standin",
        "REPLICATE_BASE_URL": f"{base}/replicate/v1",
        "FAL_KEY": "standin:key",
        "FAL_QUEUE_URL": f"{base}/fal",
        "FAL_PLATFORM_URL": f"{base}/fal/v1",
        "FAL_KEYS_URL": f"{base}/fal/.well-known/jwks.json",
        "STABILITY_API_KEY": "standin",
        "STABILITY_BASE_URL": f"{base}/stability",
        "HUGGINGFACE_API_KEY": "standin",
        "HUGGINGFACE_BASE_URL": f"{base}/huggingface",
        "HUGGINGFACE_HUB_URL": f"{base}/hub",
        "A1111_BASE_URL": f"{base}/a1111",
        "COMFYUI_BASE_URL": f"{base}/comfyui",
        "HORDE_API_KEY": "0000000000",
        "HORDE_BASE_URL": f"{base}/horde",
        "RESULTS_FROM_LOOPBACK": "true",
    }


async def test_every_provider_draws_over_the_api_and_in_the_browser(browser: Browser, tmp_path: Path, stand_in: StandIn) -> None:
    models = {entry.name: await first_model_of(entry.name, stand_in) for entry in OUTSIDE}
    settings = every_provider(stand_in.base) | {"RATE_LIMIT_REQUESTS_PER_MINUTE": "100"}
    with a_server(tmp_path, **settings) as server, Records.of(server) as records:
        await a_program_has_one_of_each(server, models)

        ines = await Person.sits_down(browser, server.url)
        await ines.enters_as("ines")
        await gives_credits(server, "ines")
        await ines.goes_to("/create")
        await ines.sees_composer()
        await one_of_each_is_drawn(ines, models)
        await one_is_called_off(ines, models["replicate"], stand_in)
        await one_is_refused(ines, models["fal"], stand_in)
        await one_is_enhanced(ines, models["horde"])
        await one_is_asked_for_before_its_sizes_are_shown(ines, models["comfyui"])
        await ines.sees_pictures(len(models) + 2)
        await three_are_compared(ines, [models[name] for name in COMPARED])
        await a_file_tells_its_story(ines, tmp_path)

        assert ines.complaints == []
        records.check_nothing_is_lost_or_doubled(pictures=2 * len(models) + 2 + len(COMPARED))


async def first_model_of(name: str, stand_in: StandIn) -> ImageModel:
    """The one that stands first in the composer."""
    (entry,) = (entry for entry in OUTSIDE if entry.name == name)
    async with entry.opened(wanted_at(stand_in)) as provider:
        return provider.models[0]


async def gives_credits(server: Served, handle: str) -> None:
    """More than a newcomer has."""
    database = await Database.open(url_of(server), SystemClock(), Bus())
    async with database.transaction() as tx:
        account = (await tx.exec(text("SELECT id FROM account WHERE handle=:handle"), {"handle": handle})).scalar_one()
        await ledger.grant(tx, account, GIVEN, key=f"story:{handle}")
    await database.close()


async def a_program_has_one_of_each(server: Served, models: dict[str, ImageModel]) -> None:
    """As by curl: register, ask with `Prefer: wait`, fetch what came with the same token."""
    async with httpx.AsyncClient(base_url=server.url, trust_env=False, timeout=90) as program:
        person = {"email": "otto@example.org", "handle": "otto", "password": PASSWORD}
        tokens = (await program.post("/api/auth/register", json=person)).json()
        await gives_credits(server, "otto")
        program.headers["Authorization"] = f"Bearer {tokens['accessToken']}"

        async def asks(model: ImageModel) -> tuple[str, int, str]:
            wish = {"description": f"a boat for {model.provider}", "model": model.id, "settings": {"resolution": "1024x1024"}}
            told = (await program.post("/api/generate", json=wish, headers={"Prefer": "wait"})).json()
            while told["status"] == "processing":
                await asyncio.sleep(0.2)
                told = (await program.get(f"/api/generate/{told['id']}")).json()
            picture = await program.get(told["images"][0])
            return told["status"], picture.status_code, picture.headers["content-type"].partition("/")[0]

        assert set(await asyncio.gather(*map(asks, models.values()))) == {("completed", 200, "image")}


async def one_of_each_is_drawn(ines: Person, models: dict[str, ImageModel]) -> None:
    for name, model in models.items():
        await chooses(ines, model)
        await ines.asks_for(f"a boat for {name}", images=1)
        await expect(ines.page.locator("[data-set]").first).to_contain_text(f"a boat for {name}")
    await ines.sees_pictures(len(models))


async def chooses(ines: Person, model: ImageModel) -> None:
    box = ines.page.get_by_role("combobox", name="Model", include_hidden=True)
    await box.select_option(value=model.id)
    sizes = "|".join(f"{size.width}x{size.height}" for size in model.sizes)
    await expect(ines.page.locator("[name=size]")).to_have_value(re.compile(f"^({sizes})$"))


async def one_is_called_off(ines: Person, model: ImageModel, stand_in: StandIn) -> None:
    stand_in.script({"pause_s": 120, "when": CALLED_OFF})
    await chooses(ines, model)
    await ines.asks_for(CALLED_OFF, images=1)
    first = ines.page.locator("[data-set]").first
    await expect(first.locator("figure[data-state='drawing']")).to_be_visible()
    await first.get_by_role("button", name="Cancel").click()
    await expect(first).to_contain_text("Called off at Replicate. Nothing was charged.")


async def one_is_refused(ines: Person, model: ImageModel, stand_in: StandIn) -> None:
    stand_in.script({"fault": "moderation_blocked", "when": REFUSED})
    await chooses(ines, model)
    await ines.asks_for(REFUSED, images=1)
    await expect(ines.page.locator("[data-set]").first).to_contain_text("fal.ai's safety check refused this prompt.")


async def one_is_enhanced(ines: Person, model: ImageModel) -> None:
    prompt = ines.page.get_by_role("textbox", name="Prompt", exact=True)
    await chooses(ines, model)
    await prompt.fill("a red ceramic mug")
    await ines.unfolds_options()
    await ines.page.get_by_role("button", name="Enhance").click()
    await expect(ines.page.get_by_role("group", name="Change to the prompt")).to_contain_text("Professional product photography")
    await ines.page.get_by_role("button", name="Take it").click()
    await expect(prompt).to_have_value(re.compile("Professional"))
    await ines.page.get_by_role("button", name="Generate").click()


async def one_is_asked_for_before_its_sizes_are_shown(ines: Person, model: ImageModel) -> None:
    """Nobody's hands are as quick as the page's own."""
    form = ines.page.locator("form.composer")
    await ines.page.get_by_role("combobox", name="Model", include_hidden=True).select_option(value="sketch-paper")
    await ines.page.get_by_role("combobox", name="Size", include_hidden=True).select_option(value="1024x1280")
    await ines.page.get_by_role("textbox", name="Prompt", exact=True).fill("a boat at once")

    await form.evaluate(
        """(form, model) => {
          form.elements.model.value = model;
          form.elements.model.dispatchEvent(new Event("change", { bubbles: true }));
          form.requestSubmit();
        }""",
        model.id,
    )

    first = ines.page.locator("[data-set]").first
    await expect(first).to_contain_text("a boat at once")
    await expect(first.locator(".strip")).to_have_css("--ar", "1.0000")
    await expect(ines.page.locator("[name=size]")).to_have_value("1024x1024")


async def three_are_compared(ines: Person, models: list[ImageModel]) -> None:
    page = ines.page
    await ines.goes_to("/arena")
    await page.get_by_role("textbox", name="Prompt").fill("a boat for three")
    pressed = page.locator("form.arena-form button[aria-pressed='true']")
    await expect(pressed.first).to_be_visible()
    while count := await pressed.count():
        await pressed.first.click()
        await expect(pressed).to_have_count(count - 1)
    for number, model in enumerate(models, 1):
        await page.locator("form.arena-form").get_by_role("button", name=model.title, exact=True).first.click()
        await expect(pressed).to_have_count(number)
    await page.get_by_role("button", name="Compare").click()
    await page.get_by_role("button", name=re.compile("Vote for")).nth(2).click()
    await expect(page.get_by_text("Best:")).to_be_visible()


async def a_file_tells_its_story(ines: Person, folder: Path) -> None:
    """The last one that was drawn by somebody outside, saved and dropped."""
    await ines.goes_to("/create")
    address = await ines.page.locator("a[href^='/image/']").first.get_attribute("href") or ""
    answer = await ines.page.request.get(f"{ines.url}{address.replace('/image/', '/media/')}/original")
    (folder / "drawn.png").write_bytes(await answer.body())
    await ines.goes_to("/verify")
    async with ines.page.expect_file_chooser() as choosing:
        await ines.page.get_by_role("button", name="Choose a file").click()
    await (await choosing.value).set_files(folder / "drawn.png")
    await expect(ines.page.get_by_role("heading", name="Made here, and unchanged")).to_be_visible()
    await expect(ines.page.get_by_text("The same picture · yours")).to_be_visible()
