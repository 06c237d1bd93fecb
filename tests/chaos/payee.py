"""Somebody who charges, in a process of its own: draws a plain picture for a prompt and a seed, and writes down every credit it takes.

`python -m tests.chaos.payee <journal> <seed>` prints its address and serves until its standard input ends. It misbehaves as providers do,
by dice: throttles, refuses, breaks off before drawing or after charging. How it treats a request that comes again is said by the request:

    none    every request is a drawing of its own, and charged
    key     a request with a key it has seen is answered with the same drawing, and not charged again
    query   the same as none, and it can be asked how the drawing of a key stands
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import random
import struct
import sys
import threading
import zlib
from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.chaos.journal import note
from tests.standin.wire import HEAD_MAX, Gone, Line, read_request

SIDE = 256
# Each of a thousand requests: throttled, refused for now, broken off unread, charged and then broken off.
THROTTLED, REFUSED, BROKEN, CUT_OFF = 40, 30, 30, 30


class Payee:
    """Draws, charges and remembers."""

    def __init__(self, journal: Path, seed: int) -> None:
        self._journal = journal
        self._dice = random.Random(seed)
        self._drawn: dict[str, str] = {}
        self._heard: dict[str, str] = {}
        self._drawing: Counter[str] = Counter()
        self._doors: dict[str, asyncio.Lock] = {}

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, one request."""
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, Gone):
            if request := await read_request(reader):
                line = Line(reader, writer)
                await (self._draw(line, request.json()) if request.path == "/draw" else self._tell(line, request.json()))
        with contextlib.suppress(ConnectionError):
            writer.close()
            await writer.wait_closed()

    async def _draw(self, line: Line, wish: dict[str, Any]) -> None:
        about = {name: wish[name] for name in ("picture", "kind", "key")}
        self._note("asked", about)
        self._heard[wish["key"]] = wish["picture"]
        self._drawing[wish["key"]] += 1
        try:
            # Of two requests with one key that is kept, the second waits for what becomes of the first.
            door = self._doors.setdefault(wish["key"], asyncio.Lock()) if wish["kind"] == "key" else asyncio.Lock()
            async with door:
                await self._answer(line, wish, about)
        finally:
            self._drawing[wish["key"]] -= 1

    async def _answer(self, line: Line, wish: dict[str, Any], about: dict[str, Any]) -> None:
        luck = self._dice.randrange(1_000)
        # It goes on drawing when the caller has gone, as all of them do.
        await asyncio.sleep(self._dice.uniform(0.0, 0.12))
        if luck < THROTTLED:
            self._note("refused", about, status=429)
            return await line.answer_json(429, {}, {"Retry-After": "0.1"})
        if luck < THROTTLED + REFUSED:
            self._note("refused", about, status=503)
            return await line.answer_json(503, {})
        if luck < THROTTLED + REFUSED + BROKEN:
            self._note("broken off", about)
            return line.reset()
        if not (wish["kind"] == "key" and wish["key"] in self._drawn):
            self._note("charged", about)
            self._drawn[wish["key"]] = base64.b64encode(drawn(wish["picture"])).decode()
        await asyncio.sleep(self._dice.uniform(0.0, 0.12))
        if luck < THROTTLED + REFUSED + BROKEN + CUT_OFF:
            self._note("cut off", about)
            return line.reset()
        return await line.answer_json(200, {"picture": self._drawn[wish["key"]]})

    async def _tell(self, line: Line, wish: dict[str, Any]) -> None:
        """How the drawing of a key stands, and the picture when it is there."""
        key = wish["key"]
        standing = "done" if key in self._drawn else "drawing" if self._drawing[key] else "lost"
        if key in self._heard:
            self._note("told", {"picture": self._heard[key], "kind": "query", "key": key}, standing=standing)
        await line.answer_json(200, {"standing": standing, "picture": self._drawn.get(key)})

    def _note(self, event: str, about: dict[str, Any], **more: Any) -> None:
        note(self._journal, event=event, **about, **more)


def drawn(words: str) -> bytes:
    """A PNG of one colour, which is that of the words."""
    colour = sha256(words.encode()).digest()[:3]
    rows = (b"\0" + colour * SIDE) * SIDE
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in ((b"IHDR", struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b""))
    )


async def main(journal: Path, seed: int) -> None:
    """Serve on a free port."""
    server = await asyncio.start_server(Payee(journal, seed).accept, "127.0.0.1", 0, limit=HEAD_MAX)
    print("http://{}:{}".format(*server.sockets[0].getsockname()[:2]), flush=True)
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()

    def end_with_parent() -> None:
        sys.stdin.read()
        loop.call_soon_threadsafe(ended.set)

    threading.Thread(target=end_with_parent, daemon=True).start()
    await ended.wait()
    server.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
