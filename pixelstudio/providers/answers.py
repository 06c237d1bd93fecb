"""What every adapter needs that asks and is answered: a short question, what its failures mean, and the pause that was asked for.

A question that is free may be asked again; one that buys a picture may not. So what the network says of a call that broke off means
different things, and whoever asks says which of the two it is.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final, cast

from pixelstudio.net.client import Patience
from pixelstudio.net.errors import AnswerUnfit, NetError, NotSent
from pixelstudio.providers.errors import ProviderError, Spent, Unanswered, Unavailable

if TYPE_CHECKING:
    from pixelstudio.net.client import Call, Client, Exchange

PICTURE_MAX_BYTES: Final = 25 * 1024 * 1024
"""One picture, as bytes or as base64; a PNG of the largest offered size has about 5 MB."""
ERROR_MAX_BYTES: Final = 64 * 1024
ANSWER_MAX_BYTES: Final = 1024 * 1024
CHECK_WITHIN_S: Final = 8.0
RETRY_AFTER_MAX_S: Final = 3_600.0
_WORD: Final = re.compile(r"[a-z0-9_.\[\]-]{1,60}")


class Unreadable(Exception):
    """The answer is not what the protocol says; the word says in what."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer read to its end."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> object:
        """The body as JSON of any shape. Raises `Unreadable`."""
        try:
            return cast("object", json.loads(self.body))
        except (ValueError, RecursionError) as error:
            raise Unreadable("no_json") from error

    def fields(self) -> dict[str, Any]:
        """The body as a JSON object. Raises `Unreadable`."""
        return object_of(self.body)

    def complaint(self) -> dict[str, Any]:
        """The same of an answer that may be anybody's page: empty when it is no JSON object."""
        try:
            return self.fields()
        except Unreadable:
            return {}


async def ask(client: Client, maker: str, call: Call, *, buys: bool, max_bytes: int = ANSWER_MAX_BYTES) -> Answer:
    """Make the call and read its answer. `buys`: whether this very call may be charged for.

    Raises what `failure_of` makes of a call that failed, and whatever `before_sending` raises.
    """
    try:
        async with client.call(call) as exchange:
            return Answer(exchange.status, exchange.headers, await exchange.body(max_bytes))
    except NetError as error:
        raise failure_of(maker, error, buys=buys) from error


async def ask_within(client: Client, maker: str, call: Call, within_s: float = CHECK_WITHIN_S) -> tuple[Answer, float]:
    """A free question that has to be answered within seconds, and how many it took. Raises `Unavailable`, which says in what it failed."""
    began = time.monotonic()
    patience = Patience(connect_s=within_s, first_byte_s=within_s, silence_s=within_s, total_s=within_s)
    try:
        answer = await ask(client, maker, replace(call, patience=patience), buys=False)
    except Unavailable as error:
        seconds = time.monotonic() - began
        if seconds >= within_s:
            raise Unavailable(f"{maker} did not answer within {seconds:.0f} seconds.", code="provider_slow", **error.fields) from error
        raise
    return answer, time.monotonic() - began


def failure_of(maker: str, error: NetError, *, buys: bool) -> ProviderError:
    """What it means for the job and the person that a call failed."""
    reason = error.fields.get("reason")
    if isinstance(error, NotSent):
        return Unavailable(f"{maker} could not be reached.", code="provider_unreachable", reason=reason)
    if not buys:
        return Unavailable(f"{maker} was reached and broke off.", code="provider_broke_off", reason=reason)
    if isinstance(error, AnswerUnfit):
        return unusable(maker, str(reason))
    sentence = f"{maker} broke off: it may have drawn and charged for this picture."
    return Unanswered(sentence, code="provider_broke_off", reason=reason)


def unusable(maker: str, reason: str) -> Spent:
    """What was paid for came, and is no picture."""
    sentence = f"{maker} answered with something that is no picture. It is not asked again by itself."
    return Spent(sentence, code="provider_answer_unusable", reason=reason)


def something_else(maker: str, error: Unreadable, *, buys: bool) -> Unanswered | Unavailable:
    """An answer that cannot be read: to a question that buys a picture nobody knows what became of it, a free one may be asked again."""
    if buys:
        sentence = f"{maker} answered with something else: it may have drawn and charged for this picture."
        return Unanswered(sentence, code="provider_answer_unusable", reason=str(error))
    return Unavailable(f"{maker} answered with something else.", code="provider_answer_unusable", reason=str(error))


def object_of(text: bytes) -> dict[str, Any]:
    """A JSON object. Raises `Unreadable`."""
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable("no_json") from error
    if not isinstance(value, dict):
        raise Unreadable("no_object")
    return cast("dict[str, Any]", value)


async def complaint_in(exchange: Exchange) -> Answer:
    """What came instead of a picture. That its body breaks off does not matter: the status has been said."""
    try:
        body = await exchange.body(ERROR_MAX_BYTES)
    except NetError:
        body = b""
    return Answer(exchange.status, exchange.headers, body)


def within(value: object, *names: str | int) -> Any:
    """What lies under these names and numbers, one inside the other; None as soon as one of them is missing."""
    for name in names:
        if isinstance(name, str) and isinstance(value, dict):
            value = cast("dict[str, Any]", value).get(name)
        elif isinstance(name, int) and isinstance(value, list) and len(cast("list[Any]", value)) > name:
            value = cast("list[Any]", value)[name]
        else:
            return None
    return value


def picture_of(text: object) -> bytes:
    """A picture written in base64. Raises `Unreadable`."""
    if not isinstance(text, str):
        raise Unreadable("no_picture")
    if len(text) > PICTURE_MAX_BYTES:
        raise Unreadable("picture_too_large")
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Unreadable("base64") from error


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """The pause that was asked for, at most an hour; None when none was. A date is read against the answer's own date, not our clock."""
    for name, per_second in (("retry-after-ms", 1000), ("retry-after", 1)):
        try:
            seconds = float(headers.get(name, "")) / per_second
        except ValueError:
            continue
        if math.isfinite(seconds):
            return min(max(seconds, 0.0), RETRY_AFTER_MAX_S)
    try:
        pause = parsedate_to_datetime(headers["retry-after"]) - parsedate_to_datetime(headers["date"])
    except (KeyError, ValueError, TypeError):
        return None
    return min(max(pause.total_seconds(), 0.0), RETRY_AFTER_MAX_S)


def word(value: object) -> str:
    """Lower-case words of a protocol pass; anything else could be somebody's text, and is not logged."""
    return value if isinstance(value, str) and _WORD.fullmatch(value) else ""
