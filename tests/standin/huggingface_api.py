"""Hugging Face's router for inference providers, and what its hub tells of models and tokens.

Source: huggingface_hub 2.4.0 (inference/_providers), run against this file by tests/conformance.
"""

from __future__ import annotations

import asyncio
import base64
import json
from typing import TYPE_CHECKING, Any

from tests.standin.faults import HOTEL, refused, spoiled
from tests.standin.pictures import drawn, foreign

if TYPE_CHECKING:
    from tests.standin.faults import Refusals
    from tests.standin.script import Journal, Step
    from tests.standin.wire import Line, Request

PREFIX, HUB = "/huggingface", "/hub"
NAMES = {"together": "-together", "nscale": "", "hf-inference": ""}
_FIELDS = {
    "together": {"prompt", "model", "response_format", "seed", "width", "height", "steps", "guidance", "negative_prompt"},
    "nscale": {"prompt", "model", "response_format", "size"},
}


async def serve(line: Line, request: Request, journal: Journal) -> None:
    """Answer one call of the router."""
    match request.method, request.path.removeprefix(f"{PREFIX}/").split("/", 2):
        case "POST", ["hf-inference", "models", repository]:
            await _draw(line, request, journal, "hf-inference", repository)
        case "POST", ["together" | "nscale" as drawer, "v1", "images/generations"]:
            await _draw(line, request, journal, drawer, str(request.json().get("model")))
        case _:
            await line.answer_json(404, {"error": "Not Found"})


async def serve_hub(line: Line, request: Request, journal: Journal) -> None:
    """Answer one question to the hub."""
    path = request.path.removeprefix(f"{HUB}/api/")
    step = journal.aside("check") if path == "whoami-v2" else journal.aside("mapping")
    if step.delay_s:
        await line.pause(step.delay_s)
    if await _refused(line, request, step, ""):
        return None
    if step.fault == "html":
        return await line.answer(200, HOTEL, media_type="text/html")
    if path == "whoami-v2":
        return await line.answer_json(200, {"type": "user", "name": "standin"})
    repository = path.removeprefix("models/")
    mapping = {
        drawer: {"providerId": f"{repository}{ending}", "task": "text-to-image", "status": "live"} for drawer, ending in NAMES.items()
    }
    if step.count == 0:
        mapping = {}
    return await line.answer_json(200, {"id": repository, "inferenceProviderMapping": mapping})


async def _draw(line: Line, request: Request, journal: Journal, drawer: str, model: str) -> None:
    wish = request.json()
    prompt = str(wish.get("inputs", wish.get("prompt")))
    step = journal.next_step(prompt)
    if step.delay_s:
        await line.pause(step.delay_s)
    if await _refused(line, request, step, prompt):
        return None
    if drawer in _FIELDS and set(wish) - _FIELDS[drawer]:
        return await line.answer_json(422, {"error": f"unknown: {sorted(set(wish) - _FIELDS[drawer])}"})
    journal.charges.append({"model": model, "n": 1})
    if step.pause_s and step.fault != "drip":
        await line.pause(step.pause_s)
    data = await asyncio.to_thread(_picture, wish, step, prompt)
    count = 1 if step.count is None else step.count
    entries: Any = [{"b64_json": base64.b64encode(data).decode(), "index": number} for number in range(count)]
    body = json.dumps({"id": "standin", "data": 7 if step.fault == "wrong_shape" else entries}).encode()
    if drawer == "hf-inference":
        if not await spoiled(line, step, data, "image/png", b"\x89PNG\r\n\x1a\n"):
            await line.answer(200, data, media_type="image/png")
    elif not await spoiled(line, step, body, begins=b'{"data":[{"b64_json":"'):
        await line.answer(200, body)
    return None


def _picture(wish: dict[str, Any], step: Step, prompt: str) -> bytes:
    if step.picture:
        return foreign(step.picture)
    given = wish.get("parameters", wish)
    width, height = map(int, wish["size"].split("x")) if "size" in wish else (given.get("width", 512), given.get("height", 512))
    return drawn(f"{prompt} {given.get('seed')}", width, height, 1.0, "png")


async def _refused(line: Line, request: Request, step: Step, prompt: str) -> bool:
    key = request.headers.get("authorization", "")
    told: Refusals = {
        "throttled": (429, {"error": "Rate limit reached"}, step.wait_headers),
        "insufficient_quota": (402, {"error": "You have exceeded your monthly included credits for Inference Providers."}, {}),
        "forbidden": (403, {"error": "This token has no permission to call Inference Providers"}, {}),
        "not_found": (404, {"error": "Model not found"}, {}),
        "invalid": (422, {"error": [f"wrong near {prompt}"]}, {}),
        "server_error": (step.status or 500, {"error": "Internal error"}, step.wait_headers),
        "unauthorised": (401, {"error": f"Invalid credentials {key}"}, {}),
    }
    return await refused(line, step, told, is_stranger=not key.startswith("Bearer ") or "wrong" in key)
