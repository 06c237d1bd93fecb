"""Replicate's predictions, read as text that anybody may have written; and what a refusal or an end means.

Source: replicate 1.0.7 (prediction.py, client.py, webhook.py) and replicate.com/docs (predictions: lifecycle, data retention). The texts of
its errors quote prompts, so none of them is handed on or logged.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from pixelstudio.providers.answers import RETRY_AFTER_MAX_S, Unreadable, word
from pixelstudio.providers.errors import ProviderError, Spent, Stopped, Throttled
from pixelstudio.providers.parcels import gone
from pixelstudio.providers.refusals import NOT_AGAIN, moderated, refusal_by_status
from pixelstudio.providers.replicate.catalogue import MAKER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pixelstudio.providers.answers import Answer
    from pixelstudio.providers.contract import Standing

_STANDINGS: Final[dict[str, Standing]] = {
    "starting": "waiting",
    "processing": "drawing",
    "succeeded": "done",
    "failed": "done",
    "canceled": "cancelled",
    "aborted": "cancelled",  # its deadline passed before it began: not charged, and the SDK of 1.0.7 would wait for it for ever
}
ENDED: Final = frozenset({"succeeded", "failed", "canceled", "aborted"})
# A safety check has no code of its own: it fails the prediction, and only the text tells (replicate.com/docs, and what its models say).
_UNSAFE: Final = re.compile(r"nsfw|sensitive|safety|content polic|moderat|flagged", re.IGNORECASE)
_PAUSE: Final = re.compile(r"resets in ~?(\d{1,4})s")


@dataclass(frozen=True, slots=True)
class Prediction:
    """One drawing as Replicate tells of it. What stands in `output` counts only once it `succeeded`: while it is `processing` a part of
    it may be there already.
    """

    id: str
    status: str
    addresses: tuple[str, ...]
    is_unsafe: bool
    is_gone: bool

    @property
    def standing(self) -> Standing:
        """Where it stands in the words of our contract. One that failed is done: its end is told by `failure`."""
        return _STANDINGS[self.status]

    def failure(self) -> ProviderError | None:
        """What its end means when there is no picture to fetch."""
        if self.status == "succeeded":
            return gone(MAKER) if self.is_gone else None
        if self.status == "failed" and self.is_unsafe:
            return moderated(MAKER, held_back=True)
        if self.status == "failed":
            return Spent(f"The model failed at {MAKER}. {NOT_AGAIN}", code="provider_failed")
        return Stopped(standing=self.status)


def prediction_of(fields: Mapping[str, Any]) -> Prediction:
    """Read a prediction. Raises `Unreadable`."""
    name, status, output = fields.get("id"), fields.get("status"), fields.get("output")
    if not isinstance(name, str) or not 0 < len(name) <= 200:
        raise Unreadable("no_id")
    if status not in _STANDINGS:
        raise Unreadable("no_status")
    listed = cast("list[object]", output) if isinstance(output, list) else [output]
    addresses = tuple(entry for entry in listed if isinstance(entry, str))
    is_gone = fields.get("data_removed") is True and not addresses
    return Prediction(name, status, addresses, bool(_UNSAFE.search(str(fields.get("error") or ""))), is_gone)


def refusal_of(answer: Answer, *, buys: bool) -> ProviderError:
    """The failure that an answer other than a prediction means. `buys`: whether the question may have begun one."""
    complaint = answer.complaint()
    facts: dict[str, Any] = {"provider_code": word(complaint.get("title")), "request": answer.headers.get("x-request-id", "")[:80]}
    if answer.status in {400, 422} and _UNSAFE.search(str(complaint.get("detail") or "")):
        return moderated(MAKER, status=answer.status, **facts)
    refusal = refusal_by_status(MAKER, answer.status, answer.headers, is_told=bool(complaint) or not buys, **facts)
    if isinstance(refusal, Throttled) and refusal.retry_after_s is None:
        refusal.retry_after_s = _pause_s(complaint)
    return refusal


def _pause_s(complaint: Mapping[str, Any]) -> float | None:
    """The pause of the field, or of the sentence: it has been seen in both."""
    told, found = complaint.get("retry_after"), _PAUSE.search(str(complaint.get("detail") or ""))
    if isinstance(told, int | float):
        return min(max(float(told), 0.0), RETRY_AFTER_MAX_S)
    return float(found[1]) if found else None
