"""Bodies that are handed on as they come: whoever takes them may refuse before reading, and no more comes than is taken."""

from __future__ import annotations

import asyncio

import pytest

from pixelstudio.edge.asgi import Message
from pixelstudio.edge.bodies import STREAMED, BodyTooLarge, Patience, body_bound, passing_body

PATH = "/api/avatar"


def pieces_of(*pieces):
    waiting = [{"type": "http.request", "body": piece, "more_body": n + 1 < len(pieces)} for n, piece in enumerate(pieces)]

    async def receive():
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    return receive, waiting


def scope(**headers):
    return {"path": PATH, "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]}


async def test_nothing_is_read_before_it_is_asked_for():
    receive, waiting = pieces_of(b"a" * 1000, b"b")

    passing = passing_body(scope(), receive, Patience())

    assert PATH in STREAMED
    assert len(waiting) == 2
    assert [(await passing())["body"][:1] for _ in range(2)] == [b"a", b"b"]


async def test_a_length_that_is_too_large_is_refused_at_once():
    receive, waiting = pieces_of(b"a")

    for length in (str((body_bound(PATH) or 0) + 1), "-1", "x"):
        with pytest.raises(BodyTooLarge):
            passing_body(scope(content_length=length), receive, Patience())
    assert waiting


async def test_one_that_does_not_end_ends_as_if_its_sender_had_left():
    half = b"x" * ((body_bound(PATH) or 0) // 2)
    receive, _ = pieces_of(half, half, b"y" * 4, b"z")

    passing = passing_body(scope(), receive, Patience())

    assert [(await passing())["type"] for _ in range(3)] == ["http.request", "http.request", "http.disconnect"]


async def test_one_that_drips_is_not_waited_for():
    async def never() -> Message:
        await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    passing = passing_body(scope(), never, Patience(grace_s=0.01))

    assert (await passing())["type"] == "http.disconnect"
