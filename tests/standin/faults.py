"""What goes wrong in the same way whatever the protocol: before an answer, and in the middle of one."""

from __future__ import annotations

import zlib
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from tests.standin.wire import Gone

if TYPE_CHECKING:
    from tests.standin.script import Step
    from tests.standin.wire import Line

Refusal: TypeAlias = tuple[int, Any, dict[str, str]]
"""Status, body and headers."""
Refusals: TypeAlias = dict[str, Refusal]
"""By the fault each is about."""
HOTEL = b"<!doctype html><title>Welcome to the hotel network</title>"


async def kept_out(line: Line, step: Step) -> bool:
    """Play what happens before anything is done; False when nothing of that kind is asked for."""
    match step.fault:
        case "html_error":
            await line.answer(step.status or 502, b"<html><h1>Bad gateway</h1></html>", media_type="text/html")
        case "redirect":
            await line.answer(302, b"", {"Location": "http://127.0.0.1:9/elsewhere"})
        case "reset_before":
            line.reset()
        case "silent":
            await line.pause(3600)
        case _:
            return False
    return True


async def refused(line: Line, step: Step, told: Refusals, *, is_stranger: bool = False) -> bool:
    """Play what happens before anything is done, or answer what `told` has for the fault; False when nothing of that kind is asked for.

    Whoever has no key of ours is unauthorised without being asked to play it.
    """
    if await kept_out(line, step):
        return True
    answer = told.get("unauthorised" if is_stranger else step.fault)
    if answer is not None:
        await line.answer_json(*answer)
    return answer is not None


async def spoiled(
    line: Line,
    step: Step,
    body: bytes,
    media_type: str = "application/json",
    begins: bytes = b'{"id":"',
    headers: dict[str, str] | None = None,
) -> bool:
    """Play what happens after the work is done, instead of `body`; False when nothing of that kind is asked for.

    `headers` are those of the proper answer, for what is one until it breaks off.
    """
    match step.fault:
        case "reset_after":
            line.reset()
        case "garbage_json":
            await line.answer(200, b'{"created":1,"data":[{"b64_json"')
        case "html":
            await line.answer(200, HOTEL, media_type="text/html")
        case "gzip_bomb":
            await line.answer(200, gzip_bomb(), {"Content-Encoding": "gzip"})
        case "endless":
            await endless(line, begins, media_type, headers)
        case "drip":
            await drip(line, body, step.pause_s, media_type, headers)
        case _:
            return False
    return True


async def drip(
    line: Line, body: bytes, pause_s: float, media_type: str = "application/json", headers: dict[str, str] | None = None
) -> None:
    """A byte at a time."""
    await line.head(200, {"Content-Type": media_type, "Content-Length": str(len(body)), **(headers or {})})
    for number in range(len(body)):
        await line.send(body[number : number + 1])
        await line.pause(pause_s)


async def endless(line: Line, begins: bytes, media_type: str, headers: dict[str, str] | None = None) -> None:
    """An answer that begins well and never ends."""
    await line.head(200, {"Content-Type": media_type, "Transfer-Encoding": "chunked", **(headers or {})})
    await line.chunk(begins)
    while not line.left.is_set():
        await line.chunk(b"A" * 1024 * 1024)
    raise Gone


@lru_cache(maxsize=1)
def gzip_bomb() -> bytes:
    """100 MB of zeros in 100 KB."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join([*(squeeze.compress(bytes(1024 * 1024)) for _ in range(100)), squeeze.flush()])
