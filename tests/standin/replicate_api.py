"""Replicate's API as its own SDK expects it: predictions, models, the account, the webhook secret; strict about what it is sent.

Source: replicate 1.0.7 (prediction.py, model.py, account.py, webhook.py), run against this file by tests/conformance.
"""

from __future__ import annotations

import json
import time
import uuid
from typing import TYPE_CHECKING, Any

from pixelstudio.net.signatures import standard_key, standard_signature
from tests.standin.faults import HOTEL, refused, spoiled
from tests.standin.queued import Drawing

if TYPE_CHECKING:
    from tests.standin.queued import Drawings
    from tests.standin.script import Journal, Step
    from tests.standin.wire import Line, Request

PREFIX = "/replicate/v1"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # the one of the published test vector
_COMMON = {"prompt", "seed", "output_format"}
_FLUX = _COMMON | {
    "aspect_ratio",
    "num_outputs",
    "num_inference_steps",
    "output_quality",
    "go_fast",
    "megapixels",
    "disable_safety_checker",
}
MODELS: dict[str, set[str]] = {
    "black-forest-labs/flux-schnell": _FLUX,
    "black-forest-labs/flux-dev": _FLUX | {"guidance", "image", "prompt_strength"},
    "black-forest-labs/flux-1.1-pro": _COMMON
    | {"aspect_ratio", "width", "height", "image_prompt", "safety_tolerance", "prompt_upsampling"},
    "ideogram-ai/ideogram-v3-quality": {"prompt", "seed", "aspect_ratio", "resolution", "style_type", "magic_prompt_option"},
    "google/imagen-4": {"prompt", "aspect_ratio", "output_format", "safety_filter_level"},
    "recraft-ai/recraft-v3": {"prompt", "size", "style"},
}
SHAPES = {
    "1:1": (1024, 1024),
    "4:5": (896, 1088),
    "5:4": (1088, 896),
    "9:16": (768, 1344),
    "16:9": (1344, 768),
    "2:3": (832, 1216),
    "3:2": (1216, 832),
    "3:4": (896, 1280),
    "4:3": (1280, 896),
}
_IMAGEN = {"9:16": (768, 1408), "16:9": (1408, 768)}
_STATUS = {"waiting": "starting", "drawing": "processing", "done": "succeeded", "cancelled": "canceled"}


class Faulty(Exception):
    """The request is not one Replicate would accept."""

    def __init__(self, status: int, detail: str, **fields: object) -> None:
        super().__init__(detail)
        self.status = status
        self.body = {"title": "Refused", "detail": detail, "status": status, **fields}


async def serve(line: Line, request: Request, journal: Journal, drawings: Drawings) -> None:
    """Answer one call of the API."""
    try:
        await _served(line, request, journal, drawings)
    except Faulty as fault:
        await line.answer_json(fault.status, fault.body)


async def _served(line: Line, request: Request, journal: Journal, drawings: Drawings) -> None:
    parts = request.path.removeprefix(f"{PREFIX}/").split("/")
    match request.method, parts:
        case "POST", ["models", owner, name, "predictions"]:
            await _begin(line, request, journal, drawings, f"{owner}/{name}")
        case "POST", ["predictions"]:
            await _begin(line, request, journal, drawings, str(request.json().get("version")).partition(":")[0])
        case ("GET", ["predictions", name]) | ("POST", ["predictions", name, "cancel"]):
            await _ask(line, request, drawings, name, cancel=parts[-1] == "cancel")
        case "GET", ["account"] | ["models", _, _] | ["webhooks", "default", "secret"]:
            await _aside(line, request, journal, parts)
        case _:
            raise Faulty(404, "Not found.")


async def _begin(line: Line, request: Request, journal: Journal, drawings: Drawings, model: str) -> None:
    body = request.json()
    wish = body.get("input") or {}
    step = journal.next_step(str(wish.get("prompt")))
    now = step.of_moment("submit")
    if now.delay_s:
        await line.pause(now.delay_s)
    if await _refused(line, request, now, str(wish.get("prompt"))):
        return
    _authorised(request)
    _check(model, wish)
    journal.charges.append({"model": model, "n": wish.get("num_outputs", 1)})
    drawing = drawings.begin(Drawing(wish, step, _size(model, wish), wish.get("num_outputs", 1), str(body.get("webhook") or "")))
    drawing.wish["model"] = model

    def message(status: str) -> tuple[bytes, dict[str, str]]:
        return _signed(json.dumps(_told(drawing, request, "processing" if status == "begin" else None)).encode())

    if step.webhook == "early":
        await drawings.call_now(drawing, message)
    else:
        drawings.call_when_done(drawing, message)
    if "wait" in request.headers.get("prefer", ""):
        await line.pause(step.pause_s)
    told = json.dumps(_told(drawing, request)).encode()
    if now.fault == "wrong_shape":
        await line.answer_json(201, {"prediction": [7]})
    elif not await spoiled(line, now, told):
        await line.answer(201, told)


async def _ask(line: Line, request: Request, drawings: Drawings, name: str, *, cancel: bool) -> None:
    _authorised(request)
    drawing = drawings.get(name)
    if drawing is None:
        raise Faulty(404, "Not found.")
    step = drawing.step_at("cancel" if cancel else "status")
    if await _refused(line, request, step, drawing.wish["prompt"]):
        return
    if cancel and step.fault != "deaf":
        drawing.cancel()
    told = json.dumps(_told(drawing, request)).encode()
    if not await spoiled(line, step, told):
        await line.answer(200, told)


async def _aside(line: Line, request: Request, journal: Journal, parts: list[str]) -> None:
    step = journal.aside("check") if parts == ["account"] else journal.aside(request.path)
    if step.delay_s:
        await line.pause(step.delay_s)
    if await _refused(line, request, step, ""):
        return None
    _authorised(request)
    if step.fault == "html":
        return await line.answer(200, HOTEL, media_type="text/html")
    if parts == ["account"]:
        await line.answer_json(200, {"type": "organization", "username": "standin", "name": "Stand-in", "github_url": ""})
    elif parts[0] == "webhooks":
        await line.answer_json(200, {"key": SECRET})
    elif "/".join(parts[1:]) in MODELS:
        await line.answer_json(200, {"owner": parts[1], "name": parts[2], "visibility": "public", "url": "", "run_count": 1})
    else:
        raise Faulty(404, "Not found.")
    return None


def _authorised(request: Request) -> None:
    key = request.headers.get("authorization", "")
    if not key.startswith(("Bearer ", "Token ")) or "wrong" in key:
        raise Faulty(401, f"You did not pass a valid authentication token: {key}", title="Unauthenticated")


async def _refused(line: Line, request: Request, step: Step, prompt: str) -> bool:
    key = request.headers.get("authorization", "")
    told: dict[str, tuple[int, str, dict[str, str]]] = {
        "throttled": (
            429,
            "Request was throttled." + (" Your rate limit resets in ~30s." if step.stage == "sentence" else ""),
            step.wait_headers,
        ),
        "insufficient_quota": (402, "Insufficient credit", {}),
        "unauthorised": (401, f"Invalid token: {key}", {}),
        "forbidden": (403, "You do not have permission.", {}),
        "not_found": (404, "The model does not exist.", {}),
        "invalid": (422, f"Input validation failed near {prompt}", {}),
        "moderation_blocked": (422, f"Flagged by the safety checker: {prompt}", {}),
        "server_error": (step.status or 500, "Internal error.", step.wait_headers),
    }
    whole = {
        fault: (status, {"title": "refused", "detail": detail, "status": status}, headers)
        for fault, (status, detail, headers) in told.items()
    }
    return await refused(line, step, whole)


def _check(model: str, wish: dict[str, Any]) -> None:
    if model not in MODELS:
        raise Faulty(404, f"The model {model} does not exist.")
    if unknown := set(wish) - MODELS[model]:
        raise Faulty(422, f"Unknown fields: {sorted(unknown)}", invalid_fields=sorted(unknown))
    if not isinstance(wish.get("prompt"), str) or not wish["prompt"]:
        raise Faulty(422, "prompt is required")
    if not 1 <= wish.get("num_outputs", 1) <= 4:
        raise Faulty(422, "num_outputs is 1 to 4")
    if "seed" in wish and not 0 <= wish["seed"] < 2**31:
        raise Faulty(422, "seed is a signed 32-bit number")
    if "aspect_ratio" in wish and wish["aspect_ratio"] not in SHAPES:
        raise Faulty(422, "aspect_ratio")


def _size(model: str, wish: dict[str, Any]) -> tuple[int, int]:
    if "size" in wish:
        width, height = map(int, wish["size"].split("x"))
        return width, height
    shape = wish.get("aspect_ratio", "1:1")
    return _IMAGEN.get(shape, SHAPES[shape]) if model.startswith("google/") else SHAPES[shape]


def _told(drawing: Drawing, request: Request, as_status: str | None = None) -> dict[str, Any]:
    """The prediction. A model fails in its status, never in the HTTP status."""
    step, base = drawing.step, f"http://{request.headers['host']}"
    status = as_status or _STATUS[drawing.standing]
    error, output = None, None
    if status == "succeeded":
        output = drawing.addresses(base)
    if step.fault == "prefer_trap" and status != "succeeded":  # a body that is still processing, with its output filled
        status, output = "processing", drawing.addresses(base)
    if status == "succeeded" and step.fault in {"model_failed", "soft_refusal", "aborted"}:
        status, output = "aborted" if step.fault == "aborted" else "failed", None
        error = {"soft_refusal": "NSFW content detected. Try again with a different prompt."}.get(step.fault, "CUDA error")
    is_removed = step.fault == "result_gone" and status == "succeeded"
    output = None if is_removed else output[0] if output and drawing.wish["model"] not in _SEVERAL and step.count is None else output
    url = f"{base}{PREFIX}/predictions/{drawing.id}"
    return {
        "id": drawing.id,
        "model": drawing.wish["model"],
        "version": "hidden",
        "input": {name: value for name, value in drawing.wish.items() if name != "model"},
        "output": output,
        "error": error,
        "logs": "",
        "status": status,
        "source": "api",
        "data_removed": is_removed,
        "created_at": "2026-11-28T10:00:00.000Z",
        "started_at": None,
        "completed_at": None,
        "metrics": {},
        "urls": {"get": url, "cancel": f"{url}/cancel", "web": url},
    }


_SEVERAL = {"black-forest-labs/flux-schnell", "black-forest-labs/flux-dev"}


def _signed(body: bytes) -> tuple[bytes, dict[str, str]]:
    delivery_id, timestamp = f"msg_{uuid.uuid4().hex}", str(int(time.time()))
    signature = standard_signature(standard_key(SECRET), delivery_id, timestamp, body)
    return body, {"webhook-id": delivery_id, "webhook-timestamp": timestamp, "webhook-signature": signature}
