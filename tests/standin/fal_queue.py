"""fal's queue as its own SDK expects it: submit, status, result, cancel, prices, the keys of its webhooks; strict about what it is sent.

Source: fal-client 1.0.3 (client.py) and fal.ai/docs, run against this file by tests/conformance.
"""

from __future__ import annotations

import base64
import json
import time
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pixelstudio.net.signatures import fal_message
from tests.standin.faults import HOTEL, refused, spoiled
from tests.standin.queued import Drawing

if TYPE_CHECKING:
    from tests.standin.faults import Refusals
    from tests.standin.queued import Drawings
    from tests.standin.script import Journal, Step
    from tests.standin.wire import Line, Request

PREFIX = "/fal"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))  # the one of the published test vector
_SIZED = {"prompt", "image_size", "seed", "output_format", "enable_safety_checker", "sync_mode"}
_FLUX = _SIZED | {"num_images", "num_inference_steps", "guidance_scale", "acceleration"}
MODELS: dict[str, set[str]] = {
    "fal-ai/flux/schnell": _FLUX,
    "fal-ai/flux/dev": _FLUX,
    "fal-ai/flux/dev/image-to-image": _FLUX | {"image_url", "strength"},
    "fal-ai/flux-2-pro": _SIZED | {"safety_tolerance"},
    "fal-ai/flux-pro/v1.1": _SIZED | {"num_images", "safety_tolerance", "enhance_prompt"},
    "fal-ai/recraft/v3/text-to-image": {"prompt", "image_size", "style", "colors", "enable_safety_checker"},
}
_STATUS = {"waiting": "IN_QUEUE", "drawing": "IN_PROGRESS", "done": "COMPLETED", "cancelled": "COMPLETED"}


class Faulty(Exception):
    """The request is not one fal would accept."""

    def __init__(self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        super().__init__(str(status))
        self.status, self.body, self.headers = status, body, headers or {}


async def serve(line: Line, request: Request, journal: Journal, drawings: Drawings) -> None:
    """Answer one call of the queue, or of the platform."""
    try:
        await _served(line, request, journal, drawings)
    except Faulty as fault:
        await line.answer_json(fault.status, fault.body, fault.headers)


async def _served(line: Line, request: Request, journal: Journal, drawings: Drawings) -> None:
    path = request.path.removeprefix(f"{PREFIX}/")
    match request.method, path.split("/"):
        case "GET", [".well-known", "jwks.json"]:
            key = base64.urlsafe_b64encode(KEY.public_key().public_bytes_raw()).decode().rstrip("=")
            await line.answer_json(200, {"keys": [{"kty": "OKP", "crv": "Ed25519", "x": key, "kid": "standin"}]})
        case "GET", ["v1", "models", "pricing"]:
            await _prices(line, request, journal)
        case "GET" | "PUT", [owner, app, "requests", name, *verb]:
            await _ask(line, request, drawings, f"{owner}/{app}", name, verb)
        case "POST", _:
            await _begin(line, request, journal, drawings, path.removeprefix("queue/"))
        case _:
            raise Faulty(404, {"detail": "Path not found"})


async def _begin(line: Line, request: Request, journal: Journal, drawings: Drawings, model: str) -> None:
    wish = request.json()
    step = journal.next_step(str(wish.get("prompt")))
    now = step.of_moment("submit")
    if now.delay_s:
        await line.pause(now.delay_s)
    if await _refused(line, request, now, str(wish.get("prompt"))):
        return
    _authorised(request)
    _check(model, wish)
    journal.charges.append({"model": model, "n": wish.get("num_images", 1)})
    size = wish.get("image_size") or {"width": 1024, "height": 768}
    hook = request.query.get("fal_webhook", [""])[0]
    drawing = drawings.begin(Drawing(wish, step, (size["width"], size["height"]), wish.get("num_images", 1), hook))
    drawing.wish["model"] = model

    def message(_status: str) -> tuple[bytes, dict[str, str]]:
        return _signed(drawing, request)

    if step.webhook == "early":
        await drawings.call_now(drawing, message)
    else:
        drawings.call_when_done(drawing, message)
    urls = f"http://{request.headers['host']}{PREFIX}/{_app(model)}/requests/{drawing.id}"
    told = {
        "status": "IN_QUEUE",
        "request_id": drawing.id,
        "gateway_request_id": drawing.id,
        "response_url": urls,
        "status_url": f"{urls}/status",
        "cancel_url": f"{urls}/cancel",
        "queue_position": 0,
    }
    if now.fault == "wrong_shape":
        await line.answer_json(200, {"request": [7]})
    elif not await spoiled(line, now, json.dumps(told).encode()):
        await line.answer_json(200, told)


async def _ask(line: Line, request: Request, drawings: Drawings, app: str, name: str, verb: list[str]) -> None:
    _authorised(request)
    drawing = drawings.get(name)
    if drawing is None or _app(drawing.wish["model"]) != app:
        raise Faulty(404, {"detail": "Request not found"})
    match request.method, verb:
        case "PUT", ["cancel"]:
            await _cancel(line, request, drawing)
        case "GET", ["status"]:
            await _status(line, request, drawing)
        case "GET", []:
            await _result(line, request, drawing)
        case _:
            raise Faulty(405, {"detail": "Method not allowed"})


async def _cancel(line: Line, request: Request, drawing: Drawing) -> None:
    step = drawing.step_at("cancel")
    if await _refused(line, request, step, drawing.wish["prompt"]):
        return
    was_heard = step.fault == "deaf" or drawing.cancel()
    await line.answer_json(202 if was_heard else 400, {"status": "CANCELLATION_REQUESTED" if was_heard else "ALREADY_COMPLETED"})


async def _status(line: Line, request: Request, drawing: Drawing) -> None:
    step = drawing.step_at("status")
    if await _refused(line, request, step, drawing.wish["prompt"]):
        return
    standing = drawing.standing
    told: dict[str, Any] = {"status": _STATUS[standing], "request_id": drawing.id, "logs": None, "metrics": {}}
    if standing == "waiting":
        told["queue_position"] = 0
    if standing == "cancelled":
        told |= {"error": "Request was cancelled", "error_type": "client_cancelled"}
    if standing == "done" and drawing.step.fault in {"model_failed", "soft_refusal"}:
        told["error"] = "The model failed"
    body = json.dumps(told).encode()
    if not await spoiled(line, step, body):
        await line.answer(200 if standing in {"done", "cancelled"} else 202, body)


async def _result(line: Line, request: Request, drawing: Drawing) -> None:
    step = drawing.step_at("result")
    if await _refused(line, request, step, drawing.wish["prompt"]):
        return
    if drawing.standing != "done":
        raise Faulty(400, {"detail": "Request is still in progress"})
    if drawing.step.fault == "model_failed":
        raise Faulty(500, _model_error("internal_server_error", drawing.wish["prompt"]), {"X-Fal-Retryable": "false"})
    if drawing.step.fault == "policy_at_result":
        raise Faulty(422, _model_error("content_policy_violation", drawing.wish["prompt"]))
    body = json.dumps(_told(drawing, request)).encode()
    if step.fault == "wrong_shape":
        await line.answer_json(200, {"images": {"url": 7}})
    elif not await spoiled(line, step, body):
        await line.answer(200, body, {"x-fal-request-id": drawing.id})


async def _prices(line: Line, request: Request, journal: Journal) -> None:
    step = journal.aside("check")
    if step.delay_s:
        await line.pause(step.delay_s)
    if await _refused(line, request, step, ""):
        return None
    _authorised(request)
    if step.fault == "html":
        return await line.answer(200, HOTEL, media_type="text/html")
    asked = [model for model in request.query.get("endpoint_id", []) if model in MODELS][: step.count]
    prices = [{"endpoint_id": model, "unit_price": 0.025, "unit": "megapixels", "currency": "USD"} for model in asked]
    return await line.answer_json(200, {"prices": prices, "next_cursor": None, "has_more": False})


def _authorised(request: Request) -> None:
    key = request.headers.get("authorization", "")
    if not key.startswith("Key ") or "wrong" in key:
        raise Faulty(401, {"detail": f"Cannot access application with {key}. Authentication is required."})


async def _refused(line: Line, request: Request, step: Step, prompt: str) -> bool:
    key = request.headers.get("authorization", "")
    told: Refusals = {
        "throttled": (429, {"detail": "Too many requests"}, step.wait_headers),
        "insufficient_quota": (403, {"detail": "User is locked. Reason: Exhausted balance. Top up your balance."}, {}),
        "unauthorised": (401, {"detail": f"Invalid key {key}"}, {}),
        "forbidden": (403, {"detail": "Forbidden"}, {}),
        "not_found": (404, {"detail": "Application not found"}, {}),
        "invalid": (422, _model_error("value_error", prompt), {}),
        "moderation_blocked": (422, _model_error("content_policy_violation", prompt), {}),
        "server_error": (step.status or 500, {"detail": "Internal error", "error_type": "runner_disconnected"}, step.wait_headers),
    }
    return await refused(line, step, told)


def _model_error(kind: str, prompt: str) -> dict[str, Any]:
    return {"detail": [{"loc": ["body", "prompt"], "msg": f"Near {prompt}", "type": kind, "input": {"prompt": prompt}}]}


def _check(model: str, wish: dict[str, Any]) -> None:
    if model not in MODELS:
        raise Faulty(404, {"detail": f"Application {model} not found"})
    size, count = wish.get("image_size", {"width": 1, "height": 1}), wish.get("num_images", 1)
    is_sound = isinstance(wish.get("prompt"), str) and bool(wish["prompt"]) and isinstance(size, dict) and 1 <= count <= 4
    if set(wish) - MODELS[model] or not is_sound:
        raise Faulty(422, _model_error("extra_forbidden", str(wish.get("prompt"))))


def _app(model: str) -> str:
    return "/".join(model.split("/")[:2])


def _told(drawing: Drawing, request: Request) -> dict[str, Any]:
    width, height = drawing.size
    addresses = drawing.addresses(f"http://{request.headers['host']}")
    pictures = [{"url": address, "width": width, "height": height, "content_type": "image/png"} for address in addresses]
    is_unsafe = drawing.step.fault == "soft_refusal"
    return {
        "images": pictures,
        "seed": drawing.wish.get("seed"),
        "has_nsfw_concepts": [is_unsafe] * len(pictures),
        "prompt": drawing.wish["prompt"],
        "timings": {"inference": 0.5},
    }


def _signed(drawing: Drawing, request: Request) -> tuple[bytes, dict[str, str]]:
    told = {"request_id": drawing.id, "gateway_request_id": drawing.id, "status": "OK", "payload": _told(drawing, request)}
    if drawing.is_cancelled:
        told |= {"status": "ERROR", "payload": None, "error": "Request was cancelled"}
    body, timestamp = json.dumps(told).encode(), str(int(time.time()))
    names = {"Request-Id": drawing.id, "User-Id": "user_standin", "Timestamp": timestamp}
    names["Signature"] = KEY.sign(fal_message(drawing.id, "user_standin", timestamp, body)).hex()
    return body, {f"X-Fal-Webhook-{name}": value for name, value in names.items()}
