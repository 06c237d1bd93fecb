"""Drawings that are begun now and fetched later: where they stand, their pictures at addresses of their own, and the call when they end.

A step of the script that says `at` is for a later moment of its drawing: "status", "result", "picture" or "cancel". It is played once, unless
it says `times`.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from tests.standin.faults import kept_out, spoiled
from tests.standin.pictures import drawn, foreign

if TYPE_CHECKING:
    from tests.standin.script import Step
    from tests.standin.wire import Line, Request

Standing = Literal["waiting", "drawing", "done", "cancelled"]
PICTURES = "/pictures/"
_WEBHOOK_TRIES = 20
_WEBHOOK_PAUSE_S = 0.25


@dataclass
class Drawing:
    """One drawing under way: what was asked for, how it is treated, and since when."""

    wish: dict[str, Any]
    step: Step
    size: tuple[int, int]
    count: int
    hook: str = ""
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    begun: float = field(default_factory=time.monotonic)
    stopped: asyncio.Event = field(default_factory=asyncio.Event)
    played: int = 0

    @property
    def standing(self) -> Standing:
        """A part of its time it waits, then it is drawn."""
        if self.is_cancelled:
            return "cancelled"
        age_s = time.monotonic() - self.begun
        if age_s >= self.step.pause_s or self.step.webhook == "early":
            return "done"
        return "waiting" if age_s < self.step.pause_s * self.step.waits else "drawing"

    @property
    def is_cancelled(self) -> bool:
        """Whether it was stopped."""
        return self.stopped.is_set()

    def cancel(self) -> bool:
        """Stop it; False when it has ended."""
        if self.standing in {"done", "cancelled"}:
            return False
        self.stopped.set()
        return True

    def step_at(self, moment: str) -> Step:
        """How this moment goes."""
        if self.step.at != moment or self.played >= self.step.times:
            return dataclasses.replace(self.step, fault="", delay_s=0.0)
        self.played += 1
        return self.step

    def addresses(self, base: str) -> list[str]:
        """Where its pictures are."""
        count = self.count if self.step.count is None else self.step.count
        return [f"{base}{PICTURES}{self.id}/{number}.png" for number in range(count)]


class Drawings:
    """All drawings of one stand-in."""

    def __init__(self) -> None:
        self._known: dict[str, Drawing] = {}
        self._calling: set[asyncio.Task[None]] = set()

    def begin(self, drawing: Drawing) -> Drawing:
        """Remember it."""
        self._known[drawing.id] = drawing
        return drawing

    def get(self, name: str) -> Drawing | None:
        """One of them."""
        return self._known.get(name)

    def clear(self) -> None:
        """Forget all, and call nobody any more."""
        for task in self._calling:
            task.cancel()
        self._known.clear()

    def call_when_done(self, drawing: Drawing, message: Callable[[str], tuple[bytes, dict[str, str]]]) -> None:
        """Tell whoever wants to be told once it has ended: once, twice, or not at all, as its step says. `message` makes what is sent."""
        if drawing.hook and drawing.step.webhook != "lost":
            task = asyncio.create_task(self._call_when_done(drawing, message))
            self._calling.add(task)
            task.add_done_callback(self._calling.discard)

    async def call_now(self, drawing: Drawing, message: Callable[[str], tuple[bytes, dict[str, str]]], status: str = "end") -> None:
        """Tell at once, and wait until it was heard."""
        await asyncio.to_thread(_post, drawing.hook, *message(status), forged=drawing.step.webhook == "forged")

    async def _call_when_done(self, drawing: Drawing, message: Callable[[str], tuple[bytes, dict[str, str]]]) -> None:
        if drawing.step.webhook == "begun":
            await self.call_now(drawing, message, "begin")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, drawing.step.pause_s - (time.monotonic() - drawing.begun)) + 0.02):
                await drawing.stopped.wait()
        for _ in range(2 if drawing.step.webhook == "doubled" else 1):
            await self.call_now(drawing, message)

    async def serve_picture(self, line: Line, request: Request) -> None:
        """The bytes at one of the addresses."""
        name, _, number = request.path.removeprefix(PICTURES).partition("/")
        drawing = self._known.get(name)
        if drawing is None:
            return await line.answer_json(404, {})
        step = drawing.step_at("picture")
        if step.fault == "gone":
            return await line.answer_json(404, {})
        if step.fault == "server_error":
            return await line.answer_json(step.status or 500, {})
        if await kept_out(line, step):
            return None
        data = await asyncio.to_thread(_picture, drawing, int(number.partition(".")[0]))
        if not await spoiled(line, step, data, "image/png", b"\x89PNG\r\n\x1a\n"):
            await line.answer(200, data, media_type="image/png")
        return None


def _picture(drawing: Drawing, number: int) -> bytes:
    if drawing.step.picture:
        return foreign(drawing.step.picture)
    return drawn(f"{drawing.wish['prompt']} {drawing.wish.get('seed')} {number}", *drawing.size, 1.0, "png")


def _post(address: str, body: bytes, headers: dict[str, str], *, forged: bool) -> None:
    """Tell, again and again for a while, as providers do. A forged one has a byte changed on its way."""
    sent = body.replace(b"{", b"{ ", 1) if forged else body
    for _ in range(1 if forged else _WEBHOOK_TRIES):
        try:
            wanted = urllib.request.Request(address, sent, {"Content-Type": "application/json", **headers})
            with urllib.request.urlopen(wanted, timeout=15):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(_WEBHOOK_PAUSE_S)
