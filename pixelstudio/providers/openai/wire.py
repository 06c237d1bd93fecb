"""OpenAI's image protocol: the request's fields, and answers read as text that anybody may have written.

Source: openai 3.52.0 (types/image_generate_params.py, images_response.py, image_gen_*_event.py); tests/conformance runs that SDK
against the same stand-in as this file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from pixelstudio.net.client import Part
from pixelstudio.providers.answers import PICTURE_MAX_BYTES, Unreadable, object_of, picture_of, within

if TYPE_CHECKING:
    from pixelstudio.providers.contract import DrawRequest
    from pixelstudio.providers.openai.catalogue import Offer

_BESIDES_MAX_BYTES: Final = 64 * 1024


class ToldFailure(Unreadable):
    """The event stream tells an error instead of a picture; `body` has the shape of an error answer."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        super().__init__("error event")
        self.body = body


@dataclass(frozen=True, slots=True)
class Partial:
    """A picture on its way; `index` counts from 0."""

    index: int
    picture: bytes


@dataclass(frozen=True, slots=True)
class Finished:
    """Finished pictures, and how many output tokens were charged when the answer says."""

    pictures: tuple[bytes, ...]
    units: int | None


def body_of(offer: Offer, request: DrawRequest) -> dict[str, Any]:
    """The JSON of one call to `/images/generations`."""
    body: dict[str, Any] = {
        "model": offer.model,
        "prompt": request.prompt,
        "n": request.count,
        "size": f"{request.width}x{request.height}",
    }
    if offer.quality:
        body["quality"] = offer.quality
    if offer.response_format:
        body["response_format"] = offer.response_format
    if offer.partial_images:
        body |= {"stream": True, "partial_images": offer.partial_images}
    return body


def form_of(offer: Offer, request: DrawRequest, reference: bytes) -> tuple[Part, ...]:
    """The same as a form for `/images/edits`, with one picture to go by: its part is named `image`, and only several are `image[]`.

    With a mask what is clear in it is drawn anew, and the rest is kept.
    """
    fields = [Part.of(name, str(value).lower() if isinstance(value, bool) else value) for name, value in body_of(offer, request).items()]
    picture = Part("image", reference, f"reference.{_ending(reference)}", f"image/{_ending(reference)}")
    mask = () if request.mask is None else (Part("mask", request.mask, "mask.png", "image/png"),)
    return (*fields, picture, *mask)


def _ending(picture: bytes) -> str:
    """What kind of picture it is: one of ours, so it is one of three."""
    return {b"\x89PNG": "png", b"RIFF": "webp"}.get(picture[:4], "jpeg")


def answer_max_bytes(offer: Offer, count: int) -> int:
    """More than this is no answer to this request; partial pictures may come twice."""
    return PICTURE_MAX_BYTES * (count + 2 * offer.partial_images) + _BESIDES_MAX_BYTES


def read_whole(body: bytes) -> Finished:
    """The pictures of a plain JSON answer. Raises `Unreadable`."""
    answer = object_of(body)
    entries = answer.get("data")
    if not isinstance(entries, list):
        raise Unreadable("no_data")
    return Finished(tuple(_picture(entry) for entry in cast("list[object]", entries)), _units(answer))


def read_models(answer: Mapping[str, Any]) -> set[str]:
    """The ids of a list of models. Raises `Unreadable`."""
    entries = answer.get("data")
    if not isinstance(entries, list):
        raise Unreadable("no_data")
    named = (cast("dict[str, object]", entry).get("id") for entry in cast("list[object]", entries) if isinstance(entry, dict))
    return {name for name in named if isinstance(name, str)}


def read_event(text: bytes) -> Partial | Finished | None:
    """One event of the stream; None for what does not concern us or can be done without. Raises `Unreadable` and `ToldFailure`."""
    if text.startswith(b"[DONE]"):
        return None
    event = object_of(text)
    if isinstance(event.get("error"), dict):
        raise ToldFailure(event)
    kind = str(event.get("type"))
    if kind.endswith(".completed"):
        return Finished((_picture(event),), _units(event))
    return _partial(event) if kind.endswith(".partial_image") else None


_WORDS_MAX_BYTES: Final = 64 * 1024


class EventReader:
    """Cuts a stream of server-sent events into the data of each, in time linear in its bytes and in the memory of one event."""

    def __init__(self, max_event_bytes: int = PICTURE_MAX_BYTES + _BESIDES_MAX_BYTES) -> None:
        self._max_event_bytes = max_event_bytes
        self._line = bytearray()
        self._data: list[bytes] = []
        self._size = 0

    @property
    def is_amid_much(self) -> bool:
        """Whether it holds more of an event than its words take: a picture is on the way."""
        return self._size + len(self._line) > _WORDS_MAX_BYTES

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """Take the next bytes and give the events they complete. Raises `Unreadable` when one grows too large."""
        start = 0
        while (end := piece.find(b"\n", start)) >= 0:
            self._line += piece[start:end]
            start = end + 1
            if (data := self._take_line()) is not None:
                yield data
        self._line += piece[start:]
        if self._size + len(self._line) > self._max_event_bytes:
            raise Unreadable("event_too_large")

    def _take_line(self) -> bytes | None:
        line, self._line = self._line, bytearray()
        if line.endswith(b"\r"):
            del line[-1:]
        if line.startswith(b"data:"):
            begins = 6 if line.startswith(b"data: ") else 5
            self._data.append(bytes(memoryview(line)[begins:]))  # a line may hold a picture: copied once and no more
            self._size += len(line)
        if line or not self._data:
            return None
        data = b"\n".join(self._data)
        self._data, self._size = [], 0
        return data


def _picture(entry: object) -> bytes:
    return picture_of(within(entry, "b64_json"))


def _partial(event: dict[str, Any]) -> Partial | None:
    index = event.get("partial_image_index")
    try:
        return Partial(index, _picture(event)) if type(index) is int else None
    except Unreadable:
        return None  # a preview less; the picture is still to come


def _units(answer: dict[str, Any]) -> int | None:
    usage = answer.get("usage")
    units = cast("dict[str, object]", usage).get("output_tokens") if isinstance(usage, dict) else None
    return units if type(units) is int else None
