"""The stand-in as a server: who asks for what, the script's own routes under `/__`, and the memory of what was received."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from typing import Any

from tests.standin import comfyui, fal_queue, horde_api, huggingface_api, openai_chat, openai_images, replicate_api, stability_api, webui
from tests.standin.queued import PICTURES, Drawings
from tests.standin.script import FAULTS, Journal, Step
from tests.standin.wire import HEAD_MAX, Gone, Line, Request, read_request

SECRET_HEADERS = {"authorization", "cookie", "x-api-key", "apikey"}


class StandInServer:
    """Accepts one request per connection and answers it, properly or as the script says."""

    def __init__(self) -> None:
        self.journal = Journal()
        self.drawings = Drawings()
        self.desk = webui.Desk()
        self.bench = comfyui.Workbench()
        self._protocols: dict[str, Callable[[Line, Request], Awaitable[None]]] = {
            "/v1/images/generations": lambda line, request: openai_images.serve(line, request, self.journal),
            "/v1/images/edits": lambda line, request: openai_images.serve(line, request, self.journal),
            "/v1/models": lambda line, request: openai_images.serve(line, request, self.journal),
            "/v1/chat/completions": lambda line, request: openai_chat.serve(line, request, self.journal),
            f"{replicate_api.PREFIX}/": lambda line, request: replicate_api.serve(line, request, self.journal, self.drawings),
            f"{fal_queue.PREFIX}/": lambda line, request: fal_queue.serve(line, request, self.journal, self.drawings),
            f"{webui.PREFIX}/": lambda line, request: webui.serve(line, request, self.journal, self.desk),
            f"{comfyui.PREFIX}/": lambda line, request: comfyui.serve(line, request, self.journal, self.bench),
            f"{stability_api.PREFIX}/": lambda line, request: stability_api.serve(line, request, self.journal),
            f"{huggingface_api.PREFIX}/": lambda line, request: huggingface_api.serve(line, request, self.journal),
            f"{huggingface_api.HUB}/": lambda line, request: huggingface_api.serve_hub(line, request, self.journal),
            f"{horde_api.PREFIX}/": lambda line, request: horde_api.serve(line, request, self.journal, self.drawings),
            PICTURES: self.drawings.serve_picture,
        }
        """What a path begins with, and who answers it."""

    async def start(self, port: int, host: str = "127.0.0.1") -> asyncio.Server:
        """Listen; port 0 takes a free one."""
        return await asyncio.start_server(self._accept, host, port, limit=HEAD_MAX)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            if request := await read_request(reader):
                await self._answer(Line(reader, writer), request)
        with contextlib.suppress(ConnectionError):
            writer.close()
            await writer.wait_closed()

    async def _answer(self, line: Line, request: Request) -> None:
        if request.path.startswith("/__"):
            return await self._own(line, request)
        entry = _remembered(request)
        self.journal.requests.append(entry)
        watching = asyncio.create_task(line.watch())
        try:
            await self._speak(line, request)
        except Gone:
            entry["left_early"] = True
        finally:
            watching.cancel()
        return None

    async def _speak(self, line: Line, request: Request) -> None:
        """Answer in the protocol its path belongs to."""
        answer = next((answer for begins, answer in self._protocols.items() if request.path.startswith(begins)), None)
        if answer is None:
            unknown = {"message": "Unknown path", "type": "invalid_request_error", "param": None, "code": None}
            await line.answer_json(404, {"error": unknown})
        else:
            await answer(line, request)

    async def _own(self, line: Line, request: Request) -> None:
        match request.method, request.path:
            case "POST", "/__script":
                await self._take_script(line, request)
            case "POST", "/__clear":
                self.journal.clear()
                self.drawings.clear()
                self.bench.clear()
                await line.answer_json(200, {})
            case "GET", "/__charges":
                await line.answer_json(200, self.journal.charges)
            case "GET", "/__requests":
                shown = set(request.query.get("show", []))
                await line.answer_json(200, [_redacted(entry, shown) for entry in self.journal.requests])
            case "GET", "/__faults":
                await line.answer_json(200, FAULTS)
            case _:
                await line.answer_json(404, {})

    async def _take_script(self, line: Line, request: Request) -> None:
        try:
            wish = request.json()
            if isinstance(wish, dict):  # every request from now on
                self.journal.otherwise = Step.of(wish)
            else:
                self.journal.steps.extend(Step.of(step) for step in wish)
        except (ValueError, TypeError) as error:
            await line.answer_json(422, {"sentence": str(error)})
        else:
            await line.answer_json(200, {"steps": len(self.journal.steps)})


def _remembered(request: Request) -> dict[str, Any]:
    entry: dict[str, Any] = {"method": request.method, "path": request.path, "headers": request.headers, "left_early": False}
    if request.is_form:
        entry["parts"] = [[name, len(body)] for name, body in request.parts()]
    elif request.body:
        try:
            entry["json"] = request.json()
        except ValueError:
            entry["bytes"] = len(request.body)
    return entry


def _redacted(entry: dict[str, Any], shown: set[str]) -> dict[str, Any]:
    headers = {name: value if name not in SECRET_HEADERS or name in shown else "[redacted]" for name, value in entry["headers"].items()}
    return {**entry, "headers": headers}


def script_of(text: str) -> list[Step]:
    """A script from its JSON text, for the command line."""
    return [Step.of(step) for step in json.loads(text)]
