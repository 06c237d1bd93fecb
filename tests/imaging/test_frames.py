"""The wire between server and child: nothing is believed before it is checked."""

import json
import socket

import pytest

from pixelstudio.imaging import frames
from pixelstudio.imaging.frames import Frame, FrameBroken, Head


@pytest.fixture
def ends():
    one, other = socket.socketpair()
    with one, other:
        yield one, other


def test_a_frame_arrives_as_it_was_sent(ends):
    one, other = ends
    frame = Frame("step", {"prompt": "Löwe", "steps": [1, 2]}, (b"", b"\0\xff", b"x" * 5_000))

    frames.send(one, frame)

    assert frames.receive(other) == frame


def test_a_channel_closed_between_frames_is_the_end(ends):
    one, other = ends
    one.close()

    assert frames.receive(other) is None


def test_a_channel_closed_inside_a_frame_is_broken(ends):
    one, other = ends
    one.sendall(frames.head_of(Frame("step", {}, (b"12345",))) + b"123")
    one.close()

    with pytest.raises(FrameBroken):
        frames.receive(other)


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"\x80\x04pickle",
        b"[]",
        b"null",
        b"{}",
        b"[" * 200_000,
        b'{"kind": 1, "facts": {}, "sizes": []}',
        b'{"kind": "step", "facts": [], "sizes": []}',
        b'{"kind": "step", "facts": {}, "sizes": {}}',
        b'{"kind": "step", "facts": {}, "sizes": [-1]}',
        b'{"kind": "step", "facts": {}, "sizes": [true]}',
        b'{"kind": "step", "facts": {}, "sizes": [1.5]}',
        b'{"kind": "step", "facts": {}, "sizes": ["9"]}',
        b'{"kind": "step", "facts": {}, "sizes": [1099511627776]}',
        json.dumps({"kind": "step", "facts": {}, "sizes": [0] * 65}).encode(),
        json.dumps({"kind": "step", "facts": {}, "sizes": [frames.BLOBS_MAX_BYTES // 2 + 1] * 2}).encode(),
    ],
)
def test_a_header_that_is_not_as_agreed_is_broken(header):
    with pytest.raises(FrameBroken):
        frames.parse_head(header)


def test_a_header_as_agreed_is_read():
    assert frames.parse_head(b'{"kind": "step", "facts": {"a": 1}, "sizes": [0, 7]}') == Head("step", {"a": 1}, (0, 7))


def test_a_header_longer_than_the_cap_is_never_waited_for():
    with pytest.raises(FrameBroken):
        frames.header_length(b"\xff\xff\xff\xff")


def test_too_much_is_not_sent():
    with pytest.raises(ValueError, match="too large"):
        frames.head_of(Frame("step", {"text": "x" * frames.HEADER_MAX_BYTES}))
