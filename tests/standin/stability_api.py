"""Stability AI's v2beta image services and the balance of v1, strict about what it is sent: forms only, and only the fields it knows.

Source: a reading of the live specification of 2026-07-25 recorded by a third party; see pixelstudio/providers/stability/wire.py.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from tests.standin.faults import HOTEL, refused, spoiled
from tests.standin.pictures import drawn, foreign

if TYPE_CHECKING:
    from tests.standin.faults import Refusals
    from tests.standin.script import Journal, Step
    from tests.standin.wire import Line, Request

PREFIX = "/stability"
SHAPES = {
    "1:1": (1024, 1024), "4:5": (896, 1088), "5:4": (1088, 896), "2:3": (832, 1216), "3:2": (1216, 832), "9:16": (768, 1344),
    "16:9": (1344, 768), "21:9": (1536, 640), "9:21": (640, 1536),
}  # fmt: skip
_COMMON = {"prompt", "negative_prompt", "aspect_ratio", "seed", "output_format"}
FIELDS = {
    "core": _COMMON | {"style_preset"},
    "ultra": _COMMON | {"image", "strength"},
    "sd3": _COMMON | {"model", "mode", "image", "strength", "cfg_scale"},
}
MODELS = {"sd3.5-large", "sd3.5-large-turbo", "sd3.5-medium"}


async def serve(line: Line, request: Request, journal: Journal) -> None:
    """Answer one call."""
    path = request.path.removeprefix(f"{PREFIX}/")
    match request.method, path.split("/"):
        case "GET", ["v1", "user", "balance"]:
            await _balance(line, request, journal)
        case "POST", ["v2beta", "stable-image", "generate", route] if route in FIELDS:
            await _draw(line, request, journal, route)
        case _:
            await line.answer_json(404, _error("not_found", "No such route"))


async def _balance(line: Line, request: Request, journal: Journal) -> None:
    step = journal.aside("check")
    if step.delay_s:
        await line.pause(step.delay_s)
    if await _refused(line, request, step, ""):
        return None
    if step.fault == "html":
        return await line.answer(200, HOTEL, media_type="text/html")
    return await line.answer_json(200, {"credits": 64.5})


async def _draw(line: Line, request: Request, journal: Journal, route: str) -> None:
    if not request.is_form:
        return await line.answer_json(400, _error("bad_request", "content-type: must be multipart/form-data"))
    parts = dict(request.parts())
    wish = {name: body.decode() for name, body in parts.items() if name != "image"}
    step = journal.next_step(wish.get("prompt", ""))
    if step.delay_s:
        await line.pause(step.delay_s)
    if await _refused(line, request, step, wish.get("prompt", "")):
        return None
    if wrong := _wrong(route, parts, wish):
        return await line.answer_json(400, _error("bad_request", wrong))
    journal.charges.append({"model": wish.get("model", route), "n": 1})
    if step.pause_s and step.fault != "drip":
        await line.pause(step.pause_s)
    if step.fault == "wrong_shape":
        return await line.answer_json(200, {"image": 7})
    size = SHAPES[wish.get("aspect_ratio", "1:1")]
    words = f"{wish['prompt']} {wish['seed']}"
    data = foreign(step.picture) if step.picture else await asyncio.to_thread(drawn, words, *size, 1.0, "png")
    reason = "CONTENT_FILTERED" if step.fault == "soft_refusal" else "SUCCESS"
    facts = {"finish-reason": reason, "seed": wish["seed"]}
    if not await spoiled(line, step, data, "image/png", b"\x89PNG\r\n\x1a\n", facts):
        await line.answer(200, data, facts, media_type="image/png")
    return None


def _wrong(route: str, parts: dict[str, bytes], wish: dict[str, str]) -> str:
    """What this request has that the service does not take; "" when nothing."""
    if unknown := set(parts) - FIELDS[route]:
        return f"unknown: {sorted(unknown)}"
    if route == "sd3" and (wish.get("model") not in MODELS or (wish.get("mode") == "image-to-image") != ("image" in parts)):
        return "model, mode"
    if route == "sd3" and "image" in parts and "aspect_ratio" in parts:
        return "aspect_ratio goes with text-to-image"
    if ("image" in parts) != ("strength" in parts) or not 1 <= int(wish["seed"]) <= 4_294_967_294:
        return "strength, seed"
    return "" if wish.get("aspect_ratio", "1:1") in SHAPES else "aspect_ratio"


def _error(name: str, text: str) -> dict[str, Any]:
    return {"id": "standin", "name": name, "errors": [text]}


async def _refused(line: Line, request: Request, step: Step, prompt: str) -> bool:
    key = request.headers.get("authorization", "")
    told: Refusals = {
        "throttled": (429, _error("rate_limit_exceeded", "150 requests in 10 seconds"), step.wait_headers),
        "insufficient_quota": (402, _error("payment_required", "You lack sufficient credits"), {}),
        "forbidden": (403, _error("forbidden", "Forbidden"), {}),
        "moderation_blocked": (403, _error("content_moderation", f"Your request was flagged: {prompt}"), {}),
        "not_found": (404, _error("not_found", "Not found"), {}),
        "invalid": (400, _error("bad_request", f"wrong near {prompt}"), {}),
        "server_error": (step.status or 500, _error("internal_error", "An unexpected error"), step.wait_headers),
        "unauthorised": (401, _error("unauthorized", f"{key} is no key"), {}),
    }
    return await refused(line, step, told, is_stranger=not key.startswith("Bearer ") or "wrong" in key)
