"""Runs in build/conformance, not in our environment: the official OpenAI SDK asks the stand-in, and tells as JSON what it understood."""
# pyright: reportMissingImports=false, reportUnknownMemberType=false

from __future__ import annotations

import base64
import json
import struct
import sys
import urllib.request
import zlib

import openai
import pydantic

QUESTION = json.loads(sys.argv[2])
"""What our own writer is asked: `messages`, the name of the `schema` and the schema."""


def main(base: str) -> None:
    """Play every scene and print one JSON object."""
    client = openai.OpenAI(base_url=f"{base}/v1", api_key="sk-conformance", max_retries=2, timeout=20)
    scenes = (
        plain,
        several,
        streamed,
        edited,
        edited_with_mask,
        edited_and_streamed,
        moderated,
        out_of_money,
        throttled_then_served,
        models,
        wrong_key,
        written,
        parsed,
        declined,
        written_after_throttling,
        writer_out_of_money,
        loosely_asked,
        unknown_writer,
    )
    told = {}
    for scene in scenes:
        ask(base, "/__clear", {})
        told[scene.__name__] = {**scene(client, base), "calls": len(ask(base, "/__requests"))}
    print(json.dumps(told))


def ask(base: str, path: str, body: object = None):
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(base + path, data), timeout=10) as answer:
        return json.loads(answer.read())


def a_png(alpha: int = 255) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\0" + bytes([90, 120, 160, alpha]) * 64 for _ in range(64))
    header = struct.pack(">IIBBBBB", 64, 64, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def kind_of(text: str) -> str:
    return {b"\x89PNG": "png", b"RIFF": "webp"}.get(base64.b64decode(text)[:4], "jpeg")


def plain(client, _base):
    answer = client.images.generate(model="gpt-image-2", prompt="a lighthouse", size="1024x1024", quality="low")
    return {"pictures": [kind_of(entry.b64_json) for entry in answer.data], "usage": answer.usage.output_tokens, "size": answer.size}


def several(client, _base):
    answer = client.images.generate(model="gpt-image-2", prompt="a lighthouse", n=2, output_format="webp", background="opaque")
    return {"pictures": [kind_of(entry.b64_json) for entry in answer.data]}


def streamed(client, _base):
    events = list(client.images.generate(model="gpt-image-2", prompt="a lighthouse", stream=True, partial_images=3))
    return {
        "types": [event.type for event in events],
        "indexes": [event.partial_image_index for event in events[:-1]],
        "usage": events[-1].usage.output_tokens,
    }


def edited(client, base):
    answer = client.images.edit(model="gpt-image-2", prompt="add a boat", image=("one.png", a_png(), "image/png"))
    return {"pictures": len(answer.data), "parts": [name for name, _ in ask(base, "/__requests")[0]["parts"]]}


def edited_with_mask(client, base):
    images = [("one.png", a_png(), "image/png"), ("two.png", a_png(), "image/png")]
    answer = client.images.edit(model="gpt-image-2", prompt="add a boat", image=images, mask=("mask.png", a_png(0), "image/png"), n=2)
    return {"pictures": len(answer.data), "parts": [name for name, _ in ask(base, "/__requests")[0]["parts"]]}


def edited_and_streamed(client, _base):
    picture = ("one.png", a_png(), "image/png")
    events = list(client.images.edit(model="gpt-image-2", prompt="add a boat", image=picture, stream=True, partial_images=1))
    return {"types": [event.type for event in events]}


def moderated(client, base):
    ask(base, "/__script", [{"fault": "moderation_blocked"}])
    return failure(client)


def out_of_money(client, base):
    ask(base, "/__script", [{"fault": "insufficient_quota"}])
    return failure(client)


def throttled_then_served(client, base):
    ask(base, "/__script", [{"fault": "throttled", "retry_after_ms": "50"}])
    return {"pictures": len(client.images.generate(model="gpt-image-2", prompt="a lighthouse").data)}


def models(client, _base):
    return {"ids": [model.id for model in client.models.list()]}


def wrong_key(client, _base):
    return failure(client.with_options(api_key="sk-wrong"))


def written(client, base):
    answer = complete(client)
    choice = answer.choices[0]
    said = json.loads(choice.message.content)
    facts = {"finish": choice.finish_reason, "refusal": choice.message.refusal, "tokens": answer.usage.total_tokens}
    return {"said": said, **facts, "asked": ask(base, "/__requests")[0]["json"]}


class Mug(pydantic.BaseModel):
    """A shape the SDK itself makes a strict schema of."""

    words: str
    steps: int


def parsed(client, _base):
    answer = client.chat.completions.parse(model="gpt-5-mini", messages=QUESTION["messages"], response_format=Mug)
    return {"mug": answer.choices[0].message.parsed.model_dump()}


def declined(client, base):
    ask(base, "/__script", [{"code": "refusal"}])
    message = complete(client).choices[0].message
    return {"content": message.content, "refusal": message.refusal}


def written_after_throttling(client, base):
    ask(base, "/__script", [{"fault": "throttled", "retry_after_ms": "50"}])
    return {"finish": complete(client).choices[0].finish_reason}


def writer_out_of_money(client, base):
    ask(base, "/__script", [{"fault": "insufficient_quota"}])
    return failure(client, complete)


def loosely_asked(client, _base):
    loose = {"type": "object", "properties": {"words": {"type": "string"}}}
    return failure(client, lambda client: complete(client, schema=loose))


def unknown_writer(client, _base):
    return failure(client, lambda client: complete(client, model="gpt-0"))


def complete(client, model="gpt-5-mini", schema=None):
    told = {"name": QUESTION["name"], "strict": True, "schema": schema or QUESTION["schema"]}
    return client.chat.completions.create(
        model=model,
        messages=QUESTION["messages"],
        max_completion_tokens=QUESTION["max_completion_tokens"],
        response_format={"type": "json_schema", "json_schema": told},
    )


def draw(client):
    return client.images.generate(model="gpt-image-2", prompt="a lighthouse")


def failure(client, doing=draw):
    try:
        doing(client)
    except openai.APIStatusError as error:
        return {"error": type(error).__name__, "status": error.status_code, "code": error.code, "type": error.type}
    return {}


if __name__ == "__main__":
    main(sys.argv[1])
