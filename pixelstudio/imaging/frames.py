"""The wire between the server and its children: length-prefixed frames of JSON facts and raw bytes.

No pickle: a child holds hostile bytes, so nothing it says may become code here. Every length is checked against a cap before memory
is set aside for it, on both sides by the same function.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

if TYPE_CHECKING:
    import socket

Facts: TypeAlias = dict[str, Any]

HEADER_MAX_BYTES: Final = 256 * 1024
BLOBS_MAX: Final = 64
BLOBS_MAX_BYTES: Final = 128 * 1024 * 1024
PREFIX: Final = struct.Struct(">I")


class FrameBroken(Exception):
    """The other side sent something that is no frame, or closed in the middle of one."""


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before the bytes of a frame; `sizes` are already within the caps."""

    kind: str
    facts: Facts
    sizes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """One message: a kind, JSON facts, raw bytes."""

    kind: str
    facts: Facts = field(default_factory=dict[str, Any])
    blobs: tuple[bytes, ...] = ()


def head_of(frame: Frame) -> bytes:
    """The prefix and header of a frame as bytes; its blobs follow in order. Raises ValueError when the facts are no JSON or too long."""
    sizes = [len(blob) for blob in frame.blobs]
    text = json.dumps({"kind": frame.kind, "facts": frame.facts, "sizes": sizes}, separators=(",", ":")).encode()
    if len(text) > HEADER_MAX_BYTES or len(sizes) > BLOBS_MAX or sum(sizes) > BLOBS_MAX_BYTES:
        raise ValueError(f"frame too large: header {len(text)} bytes, {len(sizes)} blobs, {sum(sizes)} bytes")
    return PREFIX.pack(len(text)) + text


def header_length(prefix: bytes) -> int:
    """How long the header is; raises FrameBroken above the cap."""
    (length,) = PREFIX.unpack(prefix)
    if length > HEADER_MAX_BYTES:
        raise FrameBroken(f"header of {length} bytes")
    return length


def parse_head(text: bytes) -> Head:
    """Read a header that may have been written by anybody; raises FrameBroken when anything is not as agreed."""
    try:
        raw: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FrameBroken("header is no JSON") from error
    if not isinstance(raw, dict):
        raise FrameBroken("header is no object")
    fields = cast("dict[str, object]", raw)
    kind, facts, sizes = fields.get("kind"), fields.get("facts"), fields.get("sizes")
    if not isinstance(kind, str) or not isinstance(facts, dict) or not isinstance(sizes, list):
        raise FrameBroken("header has another shape")
    return Head(kind, cast("Facts", facts), _checked_sizes(cast("list[object]", sizes)))


def _checked_sizes(sizes: list[object]) -> tuple[int, ...]:
    checked = tuple(size for size in sizes if type(size) is int and size >= 0)
    if len(checked) != len(sizes) or len(checked) > BLOBS_MAX or sum(checked) > BLOBS_MAX_BYTES:
        raise FrameBroken("blob sizes out of bounds")
    return checked


def send(channel: socket.socket, frame: Frame) -> None:
    """Write one frame, waiting as long as the reader needs."""
    channel.sendall(head_of(frame))
    for blob in frame.blobs:
        channel.sendall(blob)


def receive(channel: socket.socket) -> Frame | None:
    """Read one frame, or None when the other side closed between two frames."""
    prefix = _receive_exactly(channel, PREFIX.size)
    if not prefix:
        return None
    head = parse_head(_receive_exactly(channel, header_length(prefix)))
    return Frame(head.kind, head.facts, tuple(_receive_exactly(channel, size) for size in head.sizes))


def _receive_exactly(channel: socket.socket, size: int) -> bytes:
    buffer = bytearray(size)
    view, filled = memoryview(buffer), 0
    while filled < size:
        count = channel.recv_into(view[filled:])
        if count == 0:
            if filled == 0:
                return b""
            raise FrameBroken("closed in the middle of a frame")
        filled += count
    return bytes(buffer)
