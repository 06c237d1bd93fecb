"""ComfyUI's server as its own examples use it: a queue of graphs under names of the caller's choice, a history, a websocket.

Source: server.py, execution.py and script_examples/websockets_api_example.py of ComfyUI 0.3.64.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import json
import struct
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.standin.faults import HOTEL, refused, spoiled
from tests.standin.pictures import drawn, foreign
from tests.standin.queued import Drawing, Standing

if TYPE_CHECKING:
    from tests.standin.faults import Refusals
    from tests.standin.script import Journal, Step
    from tests.standin.wire import Line, Request

PREFIX = "/comfyui"
CHECKPOINTS = ("sd_xl_base_1.0.safetensors", "flux/flux1-schnell-fp8.safetensors")
STAGES = 4
NODES = {
    "CheckpointLoaderSimple", "CLIPTextEncode", "EmptyLatentImage", "KSampler", "VAEDecode", "VAEEncode", "PreviewImage", "LoadImage",
    "ImageScale", "ImageToMask", "SetLatentNoiseMask", "RepeatLatentBatch",
}  # fmt: skip
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


@dataclass
class Graph(Drawing):
    """A drawing that is done when its last node has been executed."""

    is_finished: bool = False

    @property
    def standing(self) -> Standing:
        """Its turn comes at once."""
        if self.is_cancelled:
            return "cancelled"
        return "done" if self.is_finished else "drawing"


class Workbench:
    """Everything this server holds: drawings by name, what is laid in its folder, who listens."""

    def __init__(self) -> None:
        self.drawings: dict[str, Graph] = {}
        self.uploads: set[str] = set()
        self.listeners: dict[str, asyncio.Queue[bytes | str]] = {}
        self.tasks: set[asyncio.Task[None]] = set()

    def clear(self) -> None:
        """Forget all."""
        for task in self.tasks:
            task.cancel()
        self.drawings.clear()
        self.uploads.clear()

    def tell(self, client: str, message: bytes | dict[str, Any]) -> None:
        """To whoever listens under this name."""
        if client in self.listeners:
            self.listeners[client].put_nowait(message if isinstance(message, bytes) else json.dumps(message))


async def serve(line: Line, request: Request, journal: Journal, bench: Workbench) -> None:
    """Answer one call."""
    if request.headers.get("origin"):  # as the real one does for other hosts than its own
        return await line.answer_json(403, {})
    match request.method, request.path.removeprefix(f"{PREFIX}/").split("/"):
        case "GET", ["ws"]:
            await _listen(line, request, bench)
        case "POST", ["prompt"]:
            await _begin(line, request, journal, bench)
        case "GET", ["history", name]:
            await _history(line, bench, name)
        case "GET", ["queue"]:
            running = [[0, name, {}, {}, []] for name, drawing in bench.drawings.items() if drawing.standing in {"waiting", "drawing"}]
            await line.answer_json(200, {"queue_running": running, "queue_pending": []})
        case "POST", ["queue" | "interrupt"]:
            _stop(bench, request.json())
            await line.answer_json(200, {})
        case "GET", ["view"]:
            await _view(line, request, bench)
        case "POST", ["upload", "image"]:
            await _upload(line, request, bench)
        case "GET", ["object_info", "CheckpointLoaderSimple"]:
            await _nodes(line, journal)
        case _:
            await line.answer_json(404, {})
    return None


async def _nodes(line: Line, journal: Journal) -> None:
    step = journal.aside("check")
    if step.delay_s:
        await line.pause(step.delay_s)
    if await _refused(line, step):
        return None
    if step.fault == "html":
        return await line.answer(200, HOTEL, media_type="text/html")
    told = {"CheckpointLoaderSimple": {"input": {"required": {"ckpt_name": [list(CHECKPOINTS)[: step.count], {}]}}}}
    return await line.answer_json(200, told)


async def _begin(line: Line, request: Request, journal: Journal, bench: Workbench) -> None:
    wish = request.json()
    graph, name = wish["prompt"], wish.get("prompt_id") or str(uuid.uuid4())
    texts = [node["inputs"]["text"] for node in graph.values() if node["class_type"] == "CLIPTextEncode"]
    step = journal.next_step(texts[0])
    now = step.of_moment("submit")
    if now.delay_s:
        await line.pause(now.delay_s)
    if await _refused(line, now):
        return None
    if (wrong := _wrong(graph, bench)) is not None:
        return await line.answer_json(400, wrong)
    journal.charges.append({"model": graph["checkpoint"]["inputs"]["ckpt_name"], "n": 1})
    sampler = next(node["inputs"] for node in graph.values() if node["class_type"] == "KSampler")
    sized = next(node["inputs"] for node in graph.values() if "width" in node["inputs"])
    facts = {"prompt": texts[0], "seed": sampler["seed"], "steps": sampler["steps"], "client": wish.get("client_id", "")}
    drawing = Graph(facts, step, (sized["width"], sized["height"]), 1, id=name)
    bench.drawings[name] = drawing
    task = asyncio.create_task(_execute(bench, drawing))
    bench.tasks.add(task)
    task.add_done_callback(bench.tasks.discard)
    body = json.dumps({"prompt_id": name, "number": 1, "node_errors": {}}).encode()
    if not await spoiled(line, now, body):
        await line.answer(200, body)
    return None


def _wrong(graph: dict[str, Any], bench: Workbench) -> dict[str, Any] | None:
    """The complaint about a graph that cannot be executed."""
    error: dict[str, Any] = {"type": "prompt_outputs_failed_validation", "message": "", "details": "", "extra_info": {}}
    if {node["class_type"] for node in graph.values()} - NODES:
        return {"error": error | {"type": "invalid_prompt"}, "node_errors": {}}
    if graph["checkpoint"]["inputs"]["ckpt_name"] not in CHECKPOINTS:
        return {"error": error, "node_errors": {"checkpoint": {"errors": [{"type": "value_not_in_list"}], "class_type": ""}}}
    links = [value for node in graph.values() for value in node["inputs"].values() if isinstance(value, list)]
    loaded = [node["inputs"]["image"] for node in graph.values() if node["class_type"] == "LoadImage"]
    if any(source not in graph for source, _ in links) or any(name not in bench.uploads for name in loaded):
        return {"error": error, "node_errors": {}}
    return None


async def _execute(bench: Workbench, drawing: Graph) -> None:
    """Tell the steps with a preview before each, then the end."""
    client, about = drawing.wish["client"], {"prompt_id": drawing.id}
    bench.tell(client, {"type": "execution_start", "data": about})
    for stage in range(1, STAGES + 1):
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(drawing.step.pause_s / STAGES, drawing.step.stage_s)):
                await drawing.stopped.wait()
        if drawing.is_cancelled:
            return bench.tell(client, {"type": "execution_interrupted", "data": about})
        early = await asyncio.to_thread(drawn, drawing.wish["prompt"], 96, 96, stage / (STAGES + 1), "jpeg")
        bench.tell(client, struct.pack(">II", 1, 1) + early)
        value = max(1, drawing.wish["steps"] * stage // STAGES)
        bench.tell(client, {"type": "progress", "data": {**about, "value": value, "max": drawing.wish["steps"], "node": "sampler"}})
    drawing.is_finished = True
    if drawing.step.fault == "model_failed":
        return bench.tell(client, {"type": "execution_error", "data": {**about, "exception_message": "CUDA out of memory"}})
    return bench.tell(client, {"type": "executing", "data": {**about, "node": None}})


async def _history(line: Line, bench: Workbench, name: str) -> None:
    drawing = bench.drawings.get(name)
    if drawing is None or drawing.standing not in {"done", "cancelled"}:
        return await line.answer_json(200, {})
    step = drawing.step_at("history")
    failed = drawing.step.fault == "model_failed" or drawing.is_cancelled
    why = "execution_interrupted" if drawing.is_cancelled else "execution_error"
    count = 1 if drawing.step.count is None else drawing.step.count
    images = [{"filename": f"{name}_{number}.png", "subfolder": "", "type": "temp"} for number in range(count)]
    entry: dict[str, Any] = {
        "prompt": [],
        "outputs": {} if failed else {"picture": {"images": images}},
        "status": {"status_str": "error" if failed else "success", "completed": not failed, "messages": [[why, {}]] if failed else []},
    }
    body = json.dumps({name: 7 if step.fault == "wrong_shape" else entry}).encode()
    if not await spoiled(line, step, body):
        await line.answer(200, body)
    return None


def _stop(bench: Workbench, wish: dict[str, Any]) -> None:
    for name in [*wish.get("delete", []), wish.get("prompt_id", "")]:
        if name in bench.drawings:
            bench.drawings[name].cancel()


async def _view(line: Line, request: Request, bench: Workbench) -> None:
    name = request.query["filename"][0].partition("_")[0]
    drawing = bench.drawings[name]
    step = drawing.step_at("picture")
    words = f"{drawing.wish['prompt']} {drawing.wish['seed']}"
    data = foreign(step.picture) if step.picture else await asyncio.to_thread(drawn, words, *drawing.size, 1.0, "png")
    if not await spoiled(line, step, data, "image/png", b"\x89PNG\r\n\x1a\n"):
        await line.answer(200, data, media_type="image/png")


async def _upload(line: Line, request: Request, bench: Workbench) -> None:
    head, _, _ = request.body.partition(b"\r\n\r\n")
    name = head.partition(b'filename="')[2].partition(b'"')[0].decode()
    fields = dict(request.parts())
    bench.uploads.add(f"{name} [{fields['type'].decode()}]")
    await line.answer_json(200, {"name": name, "subfolder": "", "type": fields["type"].decode()})


async def _listen(line: Line, request: Request, bench: Workbench) -> None:
    """A websocket by hand: the handshake, then frames that are never masked, until the caller closes."""
    digest = hashlib.sha1(request.headers["sec-websocket-key"].encode() + _GUID, usedforsecurity=False).digest()
    head = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"]
    await line.send("\r\n".join([*head, f"Sec-WebSocket-Accept: {base64.b64encode(digest).decode()}", "", ""]).encode())
    client, messages = request.query["clientId"][0], asyncio.Queue[bytes | str]()
    bench.listeners[client] = messages
    leaving = asyncio.create_task(line.left.wait())
    try:
        while not line.left.is_set():
            hearing = asyncio.create_task(messages.get())
            await asyncio.wait({hearing, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if not hearing.done():
                hearing.cancel()
                break
            await line.send(_frame(hearing.result()))
        await line.send(b"\x88\x00")
    finally:
        leaving.cancel()
        bench.listeners.pop(client, None)
        with contextlib.suppress(asyncio.CancelledError):
            await leaving


def _frame(message: bytes | str) -> bytes:
    body = message if isinstance(message, bytes) else message.encode()
    size = bytes([len(body)]) if len(body) < 126 else struct.pack(">BQ", 127, len(body))
    if 126 <= len(body) < 65_536:
        size = struct.pack(">BH", 126, len(body))
    return (b"\x82" if isinstance(message, bytes) else b"\x81") + size + body


async def _refused(line: Line, step: Step) -> bool:
    told: Refusals = {
        "throttled": (429, {}, step.wait_headers),
        "unauthorised": (401, {}, {}),
        "forbidden": (403, {}, {}),
        "not_found": (404, {}, {}),
        "invalid": (400, {"error": {"type": "invalid_prompt", "message": "", "details": "", "extra_info": {}}, "node_errors": {}}, {}),
        "server_error": (step.status or 500, {}, step.wait_headers),
    }
    return await refused(line, step, told)
