"""From the press to the picture, in Chromium on localhost: what a creator waits for."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.async_api import async_playwright

from tests.benchmarks.figures import Figure, median_of
from tests.journeys.person import Person
from tests.serving import a_server
from tools.chromium import LAUNCH_ARGUMENTS, chromium

if TYPE_CHECKING:
    from tests.serving import Served

ROUNDS = 30
WATCH = (Path(__file__).parent / "watch.js").read_text()


async def measure(folder: Path) -> list[Figure]:
    """The three waits of the spine, medians of 30 pictures one after another on a server of its own."""
    samples: list[dict[str, float]] = []
    with a_server(folder, module="pixelstudio", LOG_JSON="true") as server:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=str(chromium()), args=list(LAUNCH_ARGUMENTS))
            ines = await Person.sits_down(browser, server.url, motion="no-preference")
            await ines.joins("ines")
            for n in range(-2, ROUNDS):  # the first two warm the children and the browser
                seen = await _one_picture(ines, server, f"Cut-paper dunes at dusk, number {n + 3}")
                if n >= 0:
                    samples.append(seen)
            await browser.close()
    return [
        median_of("press to skeletons", [s["skeletons"] for s in samples], "ms", 100),
        median_of("press to first preview", [s["preview"] for s in samples], "ms", 400),
        median_of("end of drawing to picture loaded", [s["picture"] for s in samples], "ms", 200),
        median_of("press to picture loaded", [s["whole"] for s in samples], "ms"),
    ]


async def _one_picture(ines: Person, server: Served, prompt: str) -> dict[str, float]:
    await ines.page.reload()
    await ines.sees_composer()
    await ines.page.wait_for_timeout(300)
    await ines.page.evaluate(WATCH)
    await ines.asks_for(prompt, images=1)
    await ines.page.wait_for_function("() => window.__watch.pictures.length === 1 && window.__watch.preview > 0")
    seen: dict[str, Any] = await ines.page.evaluate("window.__watch")
    newest = await ines.page.locator("[data-set]").first.get_attribute("data-set")
    return {
        "skeletons": seen["skeletons"] - seen["pressed"],
        "preview": seen["preview"] - seen["pressed"],
        "picture": seen["pictures"][0] - _drawn_at(server, newest or ""),
        "whole": seen["pictures"][0] - seen["pressed"],
    }


def _drawn_at(server: Served, generation_id: str) -> float:
    """When the server had the drawing's last byte, in milliseconds since 1970, by its log."""
    for line in reversed(server.log.splitlines()):
        if "generation.drawn" in line and generation_id in line:
            return datetime.fromisoformat(json.loads(line)["timestamp"]).timestamp() * 1000
    raise LookupError(f"the log does not tell when {generation_id} was drawn")
