"""OpenAI's chat completions, as far as somebody who asks for JSON by a schema needs them; strict about what it is sent.

Source: openai 3.52.0 (types/chat/completion_create_params.py, chat_completion.py), run against this file by tests/conformance. Its answers follow from the schema alone: a text
says which field it stands in, a number is 7.
"""

from __future__ import annotations

import json
from typing import Any

from tests.standin.openai_images import Faulty, authorised, refused
from tests.standin.script import Journal, Step
from tests.standin.wire import Line, Request

MODELS = ("gpt-5-mini", "local-writer")
_PARAMETERS = {"model", "messages", "max_completion_tokens", "max_tokens", "temperature", "response_format", "user", "stream"}
_ROLES = {"developer", "system", "user", "assistant"}
TOKENS = 321


async def serve(line: Line, request: Request, journal: Journal) -> None:
    """Answer one completion, properly or as the script says. `code` of a step: `refusal`, `fenced`, `prose`, `odd` or `uncounted`."""
    try:
        if request.method != "POST":
            raise Faulty(405, "method_not_allowed", "Only POST.")
        wish = _wish(request)
        step = journal.next_step(wish["messages"][-1]["content"])
        if step.delay_s:
            await line.pause(step.delay_s)
        if await refused(line, request, step):
            return
        authorised(request)
        journal.charges.append({"model": wish["model"], "tokens": TOKENS})
        if step.fault == "garbage_json":
            await line.answer(200, b"{not json", media_type="application/json")
        elif step.fault == "wrong_shape":
            await line.answer_json(200, {"choices": []})
        else:
            await line.answer_json(200, _completion(wish, step))
    except Faulty as fault:
        await line.answer_json(fault.status, fault.body)


def _wish(request: Request) -> dict[str, Any]:
    wish = request.json()
    unknown = set(wish) - _PARAMETERS
    if unknown:
        raise Faulty(400, "unknown_parameter", f"Unknown parameter: '{min(unknown)}'.", min(unknown))
    if wish.get("model") not in MODELS:
        raise Faulty(404, "model_not_found", "The model does not exist.", "model")
    messages = wish.get("messages")
    if not messages or any(set(one) != {"role", "content"} or one["role"] not in _ROLES for one in messages):
        raise Faulty(400, "invalid_value", "Invalid messages.", "messages")
    if wish.get("stream"):
        raise Faulty(400, "invalid_value", "Only whole answers are spoken here.", "stream")
    told = wish.get("response_format", {})
    schema = told.get("json_schema", {})
    if told.get("type") != "json_schema" or not {"name", "schema"} <= set(schema):
        raise Faulty(400, "invalid_value", "Only JSON by a schema is spoken here.", "response_format")
    shape = schema["schema"]
    if schema.get("strict") and (shape.get("additionalProperties") is not False or set(shape["required"]) != set(shape["properties"])):
        raise Faulty(400, "invalid_json_schema", "A strict schema requires every property and allows no other.", "response_format")
    return wish


def _completion(wish: dict[str, Any], step: Step) -> dict[str, Any]:
    shape = wish["response_format"]["json_schema"]["schema"]
    said: dict[str, Any] = {name: f"written {name}" if part["type"] == "string" else 7 for name, part in shape["properties"].items()}
    content: str | None = json.dumps(said)
    match step.code:
        case "refusal":
            content = None
        case "fenced":
            content = f"```json\n{content}\n```"
        case "prose":
            content = "Sure! Here is your prompt."
        case "odd":
            content = json.dumps({**said, "num_inference_steps": 10**9, "guidance_scale": "much", "negativePrompt": None})
        case _:
            pass
    message = {"role": "assistant", "content": content, "refusal": "I cannot help with that." if content is None else None}
    usage = {"prompt_tokens": TOKENS - 100, "completion_tokens": 100, "total_tokens": TOKENS}
    return {
        "id": "chatcmpl-standin",
        "object": "chat.completion",
        "created": 1,
        "model": wish["model"],
        "choices": [{"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}],
        **({} if step.code == "uncounted" else {"usage": usage}),
    }
