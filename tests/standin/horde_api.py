"""The AI Horde: requests are taken under a name, asked after, fetched and taken back; errors say in one word what they are.

Source: AI-Horde of 2026-08-06 (horde/apis/v2/stable.py, horde/exceptions.py) and horde_sdk 0.18.0.
"""

from __future__ import annotations

import asyncio
import base64
import json
import uuid
from typing import TYPE_CHECKING, Any

from tests.standin.faults import HOTEL, refused, spoiled
from tests.standin.pictures import drawn, foreign
from tests.standin.queued import Drawing

if TYPE_CHECKING:
    from tests.standin.faults import Refusals
    from tests.standin.queued import Drawings
    from tests.standin.script import Journal, Step
    from tests.standin.wire import Line, Request

PREFIX = "/horde"
MODELS = ("AlbedoBase XL (SDXL)", "Flux.1-Schnell fp8 (Compact)", "Deliberate", "stable_diffusion", "Dreamshaper")


async def serve(line: Line, request: Request, journal: Journal, drawings: Drawings) -> None:
    """Answer one call."""
    if not request.headers.get("client-agent"):
        return await line.answer_json(403, {"message": "Unknown agent", "rc": "AgentBlocked"})
    match request.method, request.path.removeprefix(f"{PREFIX}/").split("/"):
        case "GET", ["find_user"]:
            await _user(line, request, journal)
        case "GET", ["status", "models"]:
            await line.answer_json(200, [{"name": name, "count": 3, "type": "image"} for name in MODELS])
        case "POST", ["generate", "async"]:
            await _begin(line, request, journal, drawings)
        case "GET" | "DELETE", ["generate", "check" | "status" as verb, name]:
            await _ask(line, request, drawings, verb, name)
        case _:
            await line.answer_json(404, {"message": "Not found", "rc": "NotFound"})
    return None


async def _user(line: Line, request: Request, journal: Journal) -> None:
    step = journal.aside("check")
    if step.delay_s:
        await line.pause(step.delay_s)
    if await _refused(line, request, step, ""):
        return None
    if step.fault == "html":
        return await line.answer(200, HOTEL, media_type="text/html")
    return await line.answer_json(200, {"username": "standin#1", "id": 1, "kudos": 1234.0})


async def _begin(line: Line, request: Request, journal: Journal, drawings: Drawings) -> None:
    wish = request.json()
    prompt, params = str(wish.get("prompt")), wish["params"]
    step = journal.next_step(prompt)
    now = step.of_moment("submit")
    if now.delay_s:
        await line.pause(now.delay_s)
    if await _refused(line, request, now, prompt):
        return None
    if params["width"] % 64 or params["height"] % 64 or not isinstance(params["seed"], str) or wish["models"][0] not in MODELS:
        return await line.answer_json(400, {"message": "Input payload validation failed", "rc": "ValidationError", "errors": {}})
    journal.charges.append({"model": wish["models"][0], "n": params["n"]})
    facts = {"prompt": prompt, "seed": params["seed"]}
    drawing = drawings.begin(Drawing(facts, step, (params["width"], params["height"]), params["n"], id=str(uuid.uuid4())))
    body = json.dumps({"id": 7} if now.fault == "wrong_shape" else {"id": drawing.id, "kudos": 10.0}).encode()
    if not await spoiled(line, now, body):
        await line.answer(202, body)
    return None


async def _ask(line: Line, request: Request, drawings: Drawings, verb: str, name: str) -> None:
    drawing = drawings.get(name)
    if drawing is None or (drawing.standing == "cancelled" and request.method == "GET"):
        return await line.answer_json(404, {"message": f"Image request with ID '{name}' not found.", "rc": "RequestNotFound"})
    if request.method == "DELETE":
        step = drawing.step_at("cancel")
        if await _refused(line, request, step, drawing.wish["prompt"]):
            return None
        if step.fault != "deaf":
            drawing.cancel()
    failed = drawing.step.fault == "model_failed"
    is_done = drawing.standing == "done"
    told: dict[str, Any] = {
        "finished": int(is_done),
        "processing": int(drawing.standing == "drawing"),
        "waiting": int(drawing.standing == "waiting"),
        "done": is_done and not failed,
        "faulted": failed,
        "wait_time": 1,
        "queue_position": 0,
        "is_possible": True,
    }
    if verb == "status":
        count = drawing.count if drawing.step.count is None else drawing.step.count
        pictures = [await asyncio.to_thread(_picture, drawing, number) for number in range(count)]
        told["generations"] = [
            {"img": picture, "seed": drawing.wish["seed"], "id": name, "censored": drawing.step.fault == "soft_refusal", "state": "ok"}
            for picture in pictures
        ]
        step = drawing.step_at("result")
        if await spoiled(line, step, json.dumps(told).encode(), begins=b'{"generations":[{"img":"'):
            return None
    return await line.answer_json(200, told)


def _picture(drawing: Drawing, number: int) -> str:
    words = f"{drawing.wish['prompt']} {drawing.wish['seed']} {number}"
    data = foreign(drawing.step.picture) if drawing.step.picture else drawn(words, *drawing.size, 1.0, "webp")
    return base64.b64encode(data).decode()


async def _refused(line: Line, request: Request, step: Step, prompt: str) -> bool:
    key = request.headers.get("apikey", "")
    told: Refusals = {
        "throttled": (429, {"message": "2 per 1 second", "rc": "TooManyRequests"}, step.wait_headers),
        "insufficient_quota": (403, {"message": "Due to heavy demand, kudos are needed upfront.", "rc": "KudosUpfront"}, {}),
        "forbidden": (403, {"message": "Forbidden", "rc": "Forbidden"}, {}),
        "not_found": (404, {"message": "Not found", "rc": "NotFound"}, {}),
        "moderation_blocked": (400, {"message": f"This prompt appears corrupt: {prompt}", "rc": "CorruptPrompt"}, {}),
        "invalid": (400, {"message": f"wrong near {prompt}", "rc": "ValidationError"}, {}),
        "server_error": (step.status or 500, {"message": "Internal error", "rc": "Unknown"}, step.wait_headers),
        "unauthorised": (401, {"message": f"No user matching sent API Key {key}.", "rc": "InvalidAPIKey"}, {}),
    }
    return await refused(line, step, told, is_stranger=not key or "wrong" in key)
