"""OpenAI's Images API as its own SDK expects it: generations, edits, models; strict about what it is sent.

Source: openai 3.52.0 (types/image_generate_params.py, image_edit_params.py, images_response.py, image_gen_*_event.py), run against
this file by tests/conformance. Models whose id begins with `local-` stand for a compatible endpoint: plain JSON, `response_format`.
"""

from __future__ import annotations

import asyncio
import base64
import io
import json
import re
from typing import Any

from PIL import Image

from tests.standin.faults import HOTEL, endless, kept_out, spoiled
from tests.standin.pictures import drawn, foreign
from tests.standin.script import Journal, Step
from tests.standin.wire import Line, Request

MODELS = ("gpt-image-2.5-flare", "gpt-image-2.5-sunburst", "gpt-image-2", "gpt-image-1.5", "gpt-image-1-mini", "local-diffusion")
FIXED_SIZES = ("1024x1024", "1536x1024", "1024x1536")
_COMMON = {
    "model",
    "prompt",
    "n",
    "size",
    "quality",
    "background",
    "output_format",
    "output_compression",
    "moderation",
    "stream",
    "partial_images",
    "user",
    "safety_identifier",
}
PARAMETERS = {"generations": _COMMON, "edits": _COMMON - {"moderation"} | {"input_fidelity"}}
_WHOLE = {"sse_ignored", "reset_after", "garbage_json", "html", "gzip_bomb"}
"""Faults that are no event stream."""
TOKENS = {"low": 196, "medium": 439, "high": 1_756}


class Faulty(Exception):
    """The request is not one OpenAI would accept: status and error body."""

    def __init__(self, status: int, code: str, message: str, param: str | None = None, kind: str = "invalid_request_error") -> None:
        super().__init__(message)
        self.status = status
        self.body = {"error": {"message": message, "type": kind, "param": param, "code": code}}


async def serve(line: Line, request: Request, journal: Journal) -> None:
    """Answer one call of the API."""
    try:
        if request.path == "/v1/models":
            step = journal.aside("check")
            if step.delay_s:
                await line.pause(step.delay_s)
            if await _refused(line, request, step):
                return None
            _authorised(request)
            models = [{"id": model, "object": "model", "created": 1, "owned_by": "standin"} for model in MODELS[: step.count]]
            if step.fault == "html":
                return await line.answer(200, HOTEL, media_type="text/html")
            return await line.answer_json(200, {"object": "list", "data": models})
        if request.method != "POST":
            raise Faulty(405, "method_not_allowed", "Only POST.")
        step = journal.next_step(_prompt_of(request))
        if step.delay_s:
            await line.pause(step.delay_s)
        if await _refused(line, request, step):
            return None
        _authorised(request)
        wish = _generation(request) if request.path.endswith("/generations") else _edit(request)
        journal.charges.append({name: wish[name] for name in ("model", "n", "size", "quality")})
        await _deliver(line, wish, step)
    except Faulty as fault:
        await line.answer_json(fault.status, fault.body)


def _authorised(request: Request) -> None:
    key = request.headers.get("authorization", "")
    if not key.startswith("Bearer ") or "wrong" in key:
        # The real one quotes the key it was given, half hidden.
        raise Faulty(401, "invalid_api_key", f"Incorrect API key provided: {key.removeprefix('Bearer ')}.")


async def _refused(line: Line, request: Request, step: Step) -> bool:
    """Play the faults that come before a picture; False when none is asked for."""
    if await kept_out(line, step):
        return True
    if (refusal := _refusal(request, step)) is None:
        return False
    await line.answer_json(*refusal)
    return True


def _refusal(request: Request, step: Step) -> tuple[int, dict[str, Any], dict[str, str]] | None:
    """Status, error body and headers of a refusal in the words of the API. Its messages quote what was sent, as the real ones do."""
    key, prompt = request.headers.get("authorization", ""), _prompt_of(request)
    pause = {"retry-after": step.retry_after, "retry-after-ms": step.retry_after_ms, "Date": "Fri, 20 Nov 2026 10:00:00 GMT"}
    given = {name: value for name, value in pause.items() if value}
    ours, theirs = "image_generation_user_error", "server_error"
    moderated = _error("moderation_blocked", f"Rejected by the safety system: {prompt}", ours)
    moderated["error"]["moderation_details"] = {"moderation_stage": step.stage, "categories": ["violence"]}
    quota = _error("insufficient_quota", "You exceeded your current quota.", "insufficient_quota")
    refusals: dict[str, tuple[int, dict[str, Any], dict[str, str]]] = {
        "throttled": (429, _error("rate_limit_exceeded", "Rate limit reached.", "requests"), given),
        "insufficient_quota": (429, quota, {"x-should-retry": "false"}),
        "billing_limit": (400, _error("billing_hard_limit_reached", "Billing hard limit has been reached.", ours), {}),
        "unauthorised": (401, _error("invalid_api_key", f"Incorrect API key provided: {key}."), {}),
        "forbidden": (403, _error("", "Your organization must be verified to use this model."), {}),
        "not_found": (404, _error("model_not_found", "The model does not exist."), {}),
        "moderation_blocked": (400, moderated, {}),
        "invalid": (400, _error("invalid_value", f"Invalid value near {prompt}", param=step.param), {}),
        "server_error": (step.status or 500, _error("server_error", "The server had an error.", theirs), given),
    }
    return refusals.get(step.fault)


def _error(code: str, message: str, kind: str = "invalid_request_error", param: str | None = None) -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "param": param, "code": code or None}}


def _prompt_of(request: Request) -> str:
    try:
        return str(request.json().get("prompt"))
    except ValueError:
        return ""


# --- what was asked


def _generation(request: Request) -> dict[str, Any]:
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise Faulty(400, "invalid_content_type", "Send JSON.")
    try:
        fields = request.json()
    except ValueError as error:
        raise Faulty(400, "invalid_json", "This is no JSON.") from error
    return {**_checked(fields, "generations"), "event": "image_generation"}


def _edit(request: Request) -> dict[str, Any]:
    if not request.is_form:
        raise Faulty(400, "invalid_content_type", "Send a form.")
    parts = request.parts()
    pictures = _edited_pictures(parts)
    fields: dict[str, Any] = {name: body.decode() for name, body in parts if name not in {"image", "image[]", "mask"}}
    for number in ("n", "partial_images", "output_compression"):
        if number in fields:
            fields[number] = int(fields[number])
    if "stream" in fields:
        fields["stream"] = fields["stream"] == "true"
    _check_mask([body for name, body in parts if name == "mask"], pictures[0])
    return {**_checked(fields, "edits"), "event": "image_edit"}


def _edited_pictures(parts: list[tuple[str, bytes]]) -> list[Image.Image]:
    single, several = ([body for name, body in parts if name == wanted] for wanted in ("image", "image[]"))
    if len(single) > 1 or (single and several) or not 1 <= len(single + several) <= 16:
        raise Faulty(400, "invalid_images", "One image is a part named image, several are named image[].", "image")
    try:
        return [Image.open(io.BytesIO(body), formats=("PNG", "JPEG", "WEBP")) for body in single + several]
    except OSError as error:
        raise Faulty(400, "invalid_image_file", "Not a PNG, JPEG or WebP.", "image") from error


def _check_mask(masks: list[bytes], first: Image.Image) -> None:
    for mask in masks:
        picture = Image.open(io.BytesIO(mask), formats=("PNG",))
        if "A" not in picture.mode or picture.size != first.size:
            raise Faulty(400, "invalid_mask", "A mask is a PNG with alpha of the picture's size.", "mask")


def _checked(fields: dict[str, Any], path: str) -> dict[str, Any]:
    model = fields.get("model")
    if model not in MODELS:
        raise Faulty(404, "model_not_found", f"The model '{model}' does not exist.", "model")
    is_local = model.startswith("local-")
    allowed = PARAMETERS[path] | ({"response_format"} if is_local else set())
    for name in fields:
        if name not in allowed:
            raise Faulty(400, "unknown_parameter", f"Unknown parameter: '{name}'.", name)
    prompt = fields.get("prompt")
    if not isinstance(prompt, str) or not 1 <= len(prompt) <= 32_000:
        raise Faulty(400, "invalid_prompt", "prompt has 1 to 32000 characters", "prompt")
    wish = {"n": 1, "size": "1024x1024", "quality": "medium", "stream": False, "partial_images": 0, "output_format": "png", **fields}
    _check_values(wish)
    wish["as_url"] = is_local and fields.get("response_format", "url") == "url"
    wish["stream"] = wish["stream"] and not is_local
    return wish


def _check_values(wish: dict[str, Any]) -> None:
    if type(wish["n"]) is not int or not 1 <= wish["n"] <= 10:
        raise Faulty(400, "invalid_value", "n is 1 to 10", "n")
    if wish["quality"] not in {"low", "medium", "high", "auto"}:
        raise Faulty(400, "invalid_value", "quality", "quality")
    if type(wish["partial_images"]) is not int or not 0 <= wish["partial_images"] <= 3 or (wish["partial_images"] and not wish["stream"]):
        raise Faulty(400, "invalid_value", "partial_images is 0 to 3 and needs stream", "partial_images")
    if wish["output_format"] not in {"png", "jpeg", "webp"}:
        raise Faulty(400, "invalid_value", "output_format", "output_format")
    if wish["size"] == "auto":
        wish["size"] = "1024x1024"
    if not re.fullmatch(r"\d{2,4}x\d{2,4}", str(wish["size"])) or not _size_is_drawn(wish["model"], wish["size"]):
        raise Faulty(400, "invalid_value", f"size {wish['size']}", "size")


def _size_is_drawn(model: str, size: str) -> bool:
    if model in {"gpt-image-1.5", "gpt-image-1-mini"}:
        return size in FIXED_SIZES
    width, height = map(int, size.split("x"))
    return width % 16 == 0 and height % 16 == 0 and max(width, height) <= min(3840, 3 * min(width, height))


# --- what is answered


async def _deliver(line: Line, wish: dict[str, Any], step: Step) -> None:
    """Draw and answer, or play a fault that happens after drawing."""
    if step.fault == "wrong_shape":
        await line.answer_json(200, {"created": 1, "data": {"b64_json": 7}})
    elif wish["stream"] and step.fault == "endless":
        await endless(line, b'data: {"type":"image_generation.completed","b64_json":"', "text/event-stream")
    elif wish["stream"] and step.fault not in _WHOLE:
        await _stream(line, wish, step)
    else:
        body = json.dumps(await _whole(wish, step)).encode()
        if not await spoiled(line, step, body, begins=b'{"created":1,"data":[{"b64_json":"'):
            await line.answer(200, body)


async def _whole(wish: dict[str, Any], step: Step) -> dict[str, Any]:
    count = wish["n"] if step.count is None else step.count
    pictures = [await _encoded(wish, step, number) for number in range(count)]
    entries = [{"url": "http://127.0.0.1:9/picture.png"} if wish["as_url"] else {"b64_json": picture} for picture in pictures]
    facts = {name: wish[name] for name in ("output_format", "quality", "size")}
    return {"created": 1_795_000_000, "data": entries, "background": "opaque", **facts, "usage": _usage(wish), "safety_identifier": None}


async def _encoded(wish: dict[str, Any], step: Step, number: int, stage: float = 1.0) -> str:
    hostile = step.partial_picture if stage < 1 else step.picture
    if hostile:
        data = foreign(hostile)
    else:
        width, height = map(int, wish["size"].split("x"))
        words = f"{wish['prompt']} {number}"
        data = await asyncio.to_thread(drawn, words, width, height, stage, wish["output_format"])
    text = base64.b64encode(data).decode()
    return text[: len(text) // 2 - 1] if step.fault == "truncated_base64" else text


def _usage(wish: dict[str, Any]) -> dict[str, Any]:
    drawn_tokens = wish["n"] * TOKENS.get(wish["quality"], 439) + 100 * wish["partial_images"]
    details = {"text_tokens": 12, "image_tokens": 0}
    return {"input_tokens": 12, "input_tokens_details": details, "output_tokens": drawn_tokens, "total_tokens": 12 + drawn_tokens}


async def _stream(line: Line, wish: dict[str, Any], step: Step) -> None:
    await line.head(200, {"Content-Type": "text/event-stream; charset=utf-8", "Transfer-Encoding": "chunked"})
    partials = wish["partial_images"] if step.partials is None else step.partials
    for index in range(partials):
        await line.pause(step.pause_s)
        event = {"b64_json": await _encoded(wish, step, 0, (index + 1) / (partials + 2)), "partial_image_index": index, **_about(wish)}
        for _ in range(2 if step.fault == "duplicate_partials" else 1):
            await _tell(line, f"{wish['event']}.partial_image", event)
        if index == 0 and step.fault == "sse_stops":
            return line.reset()
        if index == 0 and step.fault == "sse_error":
            error = _error(step.code or "server_error", "An error occurred while drawing.", "server_error")
            await _tell(line, "error", {"type": "error", **error})
            return await line.chunk(b"")
    if step.fault == "duplicate_partials":
        await _tell(
            line,
            f"{wish['event']}.partial_image",
            {"b64_json": await _encoded(wish, step, 0, 0.2), "partial_image_index": 0, **_about(wish)},
        )
    await line.pause(step.pause_s)
    if step.fault != "sse_ends_early":
        event = {"b64_json": await _encoded(wish, step, 0), "usage": _usage(wish), **_about(wish)}
        for _ in range(1 if step.count is None else step.count):
            await _tell(line, f"{wish['event']}.completed", event, step)
    return await line.chunk(b"")


def _about(wish: dict[str, Any]) -> dict[str, Any]:
    facts = {name: wish[name] for name in ("size", "quality", "output_format")}
    return {"background": "opaque", "created_at": 1_795_000_000, **facts}


async def _tell(line: Line, kind: str, event: dict[str, Any], step: Step | None = None) -> None:
    data = f"event: {kind}\ndata: {json.dumps({'type': kind, **event})}\n\n".encode()
    if step is not None and step.fault == "drip":
        for number in range(len(data)):
            await line.chunk(data[number : number + 1])
            await line.pause(step.pause_s)
    else:
        for start in range(0, len(data), 60_000):  # as a network cuts it: never where an event ends
            await line.chunk(data[start : start + 60_000])
