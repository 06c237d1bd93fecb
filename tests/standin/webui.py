"""The API of a Stable Diffusion web UI as its clients know it: one drawing at a time, progress and interruption of whatever is drawn.

Source: modules/api/api.py and modules/api/models.py of AUTOMATIC1111/stable-diffusion-webui 1.10.
"""

from __future__ import annotations

import asyncio
import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.standin.faults import HOTEL, refused, spoiled
from tests.standin.pictures import drawn, foreign

if TYPE_CHECKING:
    from tests.standin.faults import Refusals
    from tests.standin.script import Journal, Step
    from tests.standin.wire import Line, Request

PREFIX = "/a1111"
CHECKPOINTS = ("dreamshaper_8.safetensors [879db523c3]", "sdxl/juggernautXL_v9.safetensors [c9e3e68f89]")
STAGES = 4
_FIELDS = {
    "prompt", "negative_prompt", "width", "height", "seed", "steps", "cfg_scale", "batch_size", "n_iter", "send_images", "save_images",
    "override_settings", "override_settings_restore_afterwards", "init_images", "denoising_strength", "resize_mode", "mask",
    "inpainting_fill", "inpaint_full_res", "mask_blur",
}  # fmt: skip


@dataclass
class Desk:
    """What is being drawn just now, by whoever asked last."""

    step: int = 0
    steps: int = 0
    picture: str = ""
    is_interrupted: bool = False


async def serve(line: Line, request: Request, journal: Journal, desk: Desk) -> None:
    """Answer one call."""
    match request.method, request.path.removeprefix(f"{PREFIX}/sdapi/v1/"):
        case "GET", "sd-models":
            await _checkpoints(line, request, journal)
        case "GET", "progress":
            state = {"job": "task", "sampling_step": desk.step, "sampling_steps": desk.steps, "interrupted": desk.is_interrupted}
            share = desk.step / desk.steps if desk.steps else 0.0
            told = {"progress": share, "eta_relative": 1.0, "state": state, "current_image": desk.picture or None, "textinfo": None}
            await line.answer_json(200, told)
        case "POST", "interrupt":
            desk.is_interrupted = True
            await line.answer_json(200, {})
        case "POST", "txt2img" | "img2img":
            await _draw(line, request, journal, desk)
        case _:
            await line.answer_json(404, {"detail": "Not Found"})


async def _checkpoints(line: Line, request: Request, journal: Journal) -> None:
    step = journal.aside("check")
    if step.delay_s:
        await line.pause(step.delay_s)
    if await _refused(line, request, step):
        return None
    if step.fault == "html":
        return await line.answer(200, HOTEL, media_type="text/html")
    named = [{"title": title, "model_name": title.partition(".")[0], "filename": f"/models/{title}"} for title in CHECKPOINTS]
    return await line.answer_json(200, named[: step.count])


async def _draw(line: Line, request: Request, journal: Journal, desk: Desk) -> None:
    wish = request.json()
    step = journal.next_step(str(wish.get("prompt")))
    if step.delay_s:
        await line.pause(step.delay_s)
    if await _refused(line, request, step):
        return None
    unknown = set(wish) - _FIELDS
    if unknown or wish["override_settings"]["sd_model_checkpoint"] not in CHECKPOINTS or wish["width"] % 8 or wish["height"] % 8:
        return await line.answer_json(422, {"error": "ValidationError", "detail": f"{sorted(unknown)}", "body": "", "errors": ""})
    if request.path.endswith("img2img") and not all(base64.b64decode(picture) for picture in wish["init_images"]):
        return await line.answer_json(500, {"error": "ValueError", "detail": "", "body": "", "errors": "Invalid image"})
    journal.charges.append({"model": wish["override_settings"]["sd_model_checkpoint"], "n": wish["batch_size"]})
    await _pass_time(line, wish, step, desk)
    pictures = [
        await asyncio.to_thread(_picture, wish, step, number) for number in range(wish["batch_size"] if step.count is None else step.count)
    ]
    told: dict[str, Any] = {"images": pictures, "parameters": {}, "info": json.dumps({"seed": wish["seed"]})}
    if step.fault == "wrong_shape":
        told = {"images": {"0": 7}}
    body = json.dumps(told).encode()
    if not await spoiled(line, step, body, begins=b'{"images":["'):
        await line.answer(200, body)
    return None


async def _pass_time(line: Line, wish: dict[str, Any], step: Step, desk: Desk) -> None:
    """A few stages, told to whoever asks for progress; an interruption ends them."""
    desk.steps, desk.is_interrupted = wish["steps"], False
    try:
        for stage in range(1, STAGES + 1):
            desk.step = max(1, wish["steps"] * stage // STAGES)
            early = await asyncio.to_thread(drawn, wish["prompt"], 96, 96, stage / (STAGES + 1), "png")
            desk.picture = base64.b64encode(early).decode()
            await line.pause(max(step.pause_s / STAGES, step.stage_s))
            if desk.is_interrupted:
                return
    finally:
        desk.step, desk.steps, desk.picture = 0, 0, ""


def _picture(wish: dict[str, Any], step: Step, number: int) -> str:
    words = f"{wish['prompt']} {wish['seed']} {number}"
    data = foreign(step.picture) if step.picture else drawn(words, wish["width"], wish["height"], 1.0, "png")
    return base64.b64encode(data).decode()


async def _refused(line: Line, request: Request, step: Step) -> bool:
    key = request.headers.get("authorization", "")
    told: Refusals = {
        "throttled": (429, {"detail": "Too many requests"}, step.wait_headers),
        "forbidden": (403, {"detail": "Forbidden"}, {}),
        "not_found": (404, {"detail": "Not Found"}, {}),
        "invalid": (422, {"detail": [{"loc": ["body"], "msg": f"wrong near {request.body[:200]!r}", "type": "value_error"}]}, {}),
        "server_error": (step.status or 500, {"error": "OutOfMemoryError", "detail": "", "body": "", "errors": "CUDA"}, step.wait_headers),
        "unauthorised": (401, {"detail": f"Incorrect username or password {key}"}, {"WWW-Authenticate": "Basic"}),
    }
    return await refused(line, step, told, is_stranger=b"wrong" in base64.b64decode(key.removeprefix("Basic ")))
