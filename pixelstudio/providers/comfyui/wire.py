"""What ComfyUI answers and tells over its websocket, read as text and bytes that anybody may have sent.

Source: server.py and execution.py of ComfyUI 0.3.64, and script_examples/websockets_api_example.py.
"""

from __future__ import annotations

import struct
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, cast
from urllib.parse import urlencode

from pixelstudio.providers.answers import Unreadable, object_of, within
from pixelstudio.providers.comfyui.graph import OUTPUT

if TYPE_CHECKING:
    from pixelstudio.providers.contract import Standing

_NAMES: Final = uuid.UUID("7d0f2f0a-5b55-5bd1-9f0e-4c3a50b1a6c2")
_PREVIEW, _JPEG_OR_PNG = 1, (1, 2)
# What one press on "interrupt" leaves in the history, and what a wrong name of a checkpoint is answered with.
_INTERRUPTED: Final = "execution_interrupted"
_NOT_INSTALLED: Final = "value_not_in_list"


@dataclass(frozen=True, slots=True)
class Step:
    """The sampler has taken so many of its steps."""

    step: int
    steps: int


@dataclass(frozen=True, slots=True)
class Preview:
    """A small picture of how far it is."""

    picture: bytes


def prompt_id_of(key: str) -> str:
    """The name our call has there: the same key gives the same name, so a drawing can be asked for by it."""
    return str(uuid.uuid5(_NAMES, key))


def read_message(message: str | bytes, prompt_id: str) -> Step | Preview | Literal["ended"] | None:
    """One message; None for what concerns another drawing, or nobody."""
    if isinstance(message, bytes):
        return _preview(message)
    try:
        told = object_of(message.encode(errors="replace"))
    except Unreadable:
        return None
    if within(told, "data", "prompt_id") != prompt_id:
        return None
    match told.get("type"):
        case "progress":
            step, steps = within(told, "data", "value"), within(told, "data", "max")
            return Step(step, steps) if type(step) is int and type(steps) is int and 1 <= step <= steps else None
        case "execution_success" | "execution_error" | "execution_interrupted":
            return "ended"
        case "executing" if within(told, "data", "node") is None:
            return "ended"
        case _:
            return None


def _preview(message: bytes) -> Preview | None:
    if len(message) <= 8:
        return None
    kind, container = struct.unpack_from(">II", message)
    return Preview(message[8:]) if kind == _PREVIEW and container in _JPEG_OR_PNG else None


def standing_of(history: dict[str, Any], queue: dict[str, Any], prompt_id: str) -> Standing:
    """Where a drawing stands, from what has ended and what is in line."""
    if (entry := history.get(prompt_id)) is not None:
        return "cancelled" if _was_interrupted(entry) else "done"
    for name, standing in (("queue_running", "drawing"), ("queue_pending", "waiting")):
        entries = queue.get(name)
        if isinstance(entries, list) and any(within(entry, 1) == prompt_id for entry in cast("list[object]", entries)):
            return cast("Standing", standing)
    return "lost"


def has_failed(entry: object) -> bool:
    """Whether this entry of the history tells of a failure."""
    return within(entry, "status", "status_str") == "error"


def views_of(entry: object) -> list[str]:
    """Where the finished pictures are seen, as paths with their query, in order."""
    images = within(entry, "outputs", OUTPUT, "images")
    views: list[str] = []
    for image in cast("list[object]", images) if isinstance(images, list) else []:
        named = {name: within(image, name) for name in ("filename", "subfolder", "type")}
        if all(isinstance(value, str) for value in named.values()):
            views.append(f"/view?{urlencode(named)}")
    return views


def read_checkpoints(answer: dict[str, Any]) -> list[str]:
    """The files a checkpoint may be loaded from. Raises `Unreadable`."""
    names = within(answer, "CheckpointLoaderSimple", "input", "required", "ckpt_name", 0)
    if names == "COMBO":  # newer servers say what kind of list it is, and then the list
        names = within(answer, "CheckpointLoaderSimple", "input", "required", "ckpt_name", 1, "options")
    if not isinstance(names, list):
        raise Unreadable("no_checkpoints")
    return [name for name in cast("list[object]", names) if isinstance(name, str) and name]


def is_not_installed(complaint: dict[str, Any]) -> bool:
    """Whether a graph was turned down because the checkpoint is not there any more."""
    errors = within(complaint, "node_errors", "checkpoint", "errors")
    return isinstance(errors, list) and any(within(error, "type") == _NOT_INSTALLED for error in cast("list[object]", errors))


def _was_interrupted(entry: object) -> bool:
    messages = within(entry, "status", "messages")
    return isinstance(messages, list) and any(within(message, 0) == _INTERRUPTED for message in cast("list[object]", messages))
