"""Reading answers: events cut anywhere, sizes bounded, every other shape refused in one way."""

from __future__ import annotations

import base64
import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixelstudio.providers.openai.refusals import Complaint, complaint_of
from pixelstudio.providers.openai.wire import EventReader, Finished, Partial, ToldFailure, Unreadable, read_event, read_whole

PICTURE = base64.b64encode(b"pixels").decode()


def fed(pieces: list[bytes]) -> list[bytes]:
    reader = EventReader(max_event_bytes=1_000)
    return [event for piece in pieces for event in reader.feed(piece)]


def an_event(**fields) -> bytes:
    return json.dumps(fields).encode()


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), min_size=1), min_size=1), st.integers(1, 9), st.booleans())
def test_events_are_the_same_however_the_network_cuts_them(texts, cut, with_cr) -> None:
    end = "\r\n" if with_cr else "\n"
    stream = "".join(f": keep-alive{end}event: x{end}data: {text}{end}{end}" for text in texts).encode()
    reader = EventReader()

    events = [event for start in range(0, len(stream), cut) for event in reader.feed(stream[start : start + cut])]

    assert events == [text.encode() for text in texts]


def test_an_event_over_the_bound_is_refused_before_it_is_whole() -> None:
    with pytest.raises(Unreadable):
        fed([b"data: " + b"A" * 100] * 100)


def test_many_lines_of_one_event_are_bounded_together() -> None:
    with pytest.raises(Unreadable):
        fed([b"data: " + b"A" * 100 + b"\n"] * 100)


def test_partial_and_finished_pictures_are_read() -> None:
    partial = read_event(an_event(type="image_generation.partial_image", partial_image_index=1, b64_json=PICTURE))
    finished = read_event(an_event(type="image_edit.completed", b64_json=PICTURE, usage={"output_tokens": 196}))

    assert partial == Partial(1, b"pixels")
    assert finished == Finished((b"pixels",), 196)


@pytest.mark.parametrize(
    "event",
    [
        b"[DONE]",
        an_event(type="image_generation.started"),
        an_event(type="image_generation.partial_image", partial_image_index=True, b64_json=PICTURE),
        an_event(type="image_generation.partial_image", partial_image_index=0, b64_json="*"),
    ],
)
def test_what_can_be_done_without_is_passed_over(event) -> None:
    assert read_event(event) is None


@pytest.mark.parametrize(
    "event", [b"", b"{", b"[" * 100_000, b"7", an_event(type="x.completed"), an_event(type="x.completed", b64_json="*")]
)
def test_events_of_another_shape_are_unreadable(event) -> None:
    with pytest.raises(Unreadable):
        read_event(event)


def test_an_error_event_is_told() -> None:
    with pytest.raises(ToldFailure) as told:
        read_event(an_event(type="error", error={"code": "server_error"}))

    assert complaint_of(told.value.body).code == "server_error"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["data", "b64_json", "usage", "error", "code"]), inner),
    )
)
def test_any_json_is_read_or_refused_and_never_breaks(value) -> None:
    text = json.dumps(value).encode()

    assert isinstance(complaint_of(text), Complaint)
    for read in (read_whole, read_event):
        with contextlib.suppress(Unreadable, ToldFailure):
            read(text)


def test_words_of_the_protocol_pass_and_sentences_do_not() -> None:
    body = {"error": {"code": "invalid_value", "type": "Incorrect API key: sk-canary", "param": "size"}}

    assert complaint_of(body) == Complaint(code="invalid_value", kind="", param="size")
