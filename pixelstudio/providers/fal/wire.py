"""fal's queue, read as text that anybody may have written; and what a refusal or an end means.

Source: fal-client 1.0.3 (client.py) and fal.ai/docs (model APIs: errors, queue, webhooks). Errors come in two families: a list under
`detail` from the model, a text with an `error_type` from the queue. Both quote what was sent, so neither is handed on or logged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from pixelstudio.providers.answers import Unreadable, unusable, word
from pixelstudio.providers.errors import ProviderError, Spent
from pixelstudio.providers.fal.catalogue import MAKER
from pixelstudio.providers.refusals import NOT_AGAIN, moderated, out_of_money, refusal_by_status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pixelstudio.providers.answers import Answer
    from pixelstudio.providers.contract import Standing

_STANDINGS: Final[dict[str, Standing]] = {"IN_QUEUE": "waiting", "IN_PROGRESS": "drawing", "COMPLETED": "done"}
_ID_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class Result:
    """What a model answered: where its pictures are, and whether its safety check blackened one of them."""

    addresses: tuple[str, ...]
    is_unsafe: bool


def request_id_of(fields: Mapping[str, Any]) -> str:
    """The queue's name for what was put in. Raises `Unreadable`."""
    name = fields.get("request_id")
    if not isinstance(name, str) or not 0 < len(name) <= _ID_MAX:
        raise Unreadable("no_id")
    return name


def standing_of(fields: Mapping[str, Any]) -> Standing:
    """Where it stands. What was called off is completed too, with an error that says so. Raises `Unreadable`."""
    standing = _STANDINGS.get(str(fields.get("status")))
    if standing is None:
        raise Unreadable("no_status")
    return "cancelled" if standing == "done" and "cancel" in str(fields.get("error_type")).lower() else standing


def result_of(fields: Mapping[str, Any]) -> Result:
    """The pictures of a model's answer. Raises `Unreadable`."""
    pictures, concepts = fields.get("images"), fields.get("has_nsfw_concepts")
    if not isinstance(pictures, list):
        raise Unreadable("no_images")
    entries = [cast("dict[str, object]", entry).get("url") for entry in cast("list[object]", pictures) if isinstance(entry, dict)]
    is_unsafe = isinstance(concepts, list) and any(entry is True for entry in cast("list[object]", concepts))
    return Result(tuple(url for url in entries if isinstance(url, str)), is_unsafe)


def priced_in(fields: Mapping[str, Any]) -> set[str]:
    """The models of a price list."""
    prices = fields.get("prices")
    entries = cast("list[object]", prices) if isinstance(prices, list) else []
    named = (cast("dict[str, object]", entry).get("endpoint_id") for entry in entries if isinstance(entry, dict))
    return {name for name in named if isinstance(name, str)}


def refusal_of(answer: Answer, *, buys: bool, is_result: bool = False) -> ProviderError:
    """The failure that an answer other than the one hoped for means. `is_result`: it is the drawing's own end, not the queue's answer."""
    complaint = answer.complaint()
    kinds = _kinds(answer, complaint)
    facts: dict[str, Any] = {"provider_code": next(iter(kinds), ""), "request": answer.headers.get("x-fal-request-id", "")[:80]}
    if "content_policy_violation" in kinds:
        return moderated(MAKER, status=answer.status, **facts)
    if answer.status == 403 and _speaks_of_money(complaint):
        return out_of_money(MAKER, status=answer.status, **facts)
    if is_result and complaint and answer.status >= 500:  # the queue has tried again by itself, up to ten times
        return Spent(f"The model failed at {MAKER}. {NOT_AGAIN}", code="provider_failed", status=answer.status, **facts)
    return refusal_by_status(MAKER, answer.status, answer.headers, is_told=bool(complaint) or not buys, **facts)


def failure_of_result(result: Result, wanted: int) -> ProviderError | None:
    """Why a model's answer brings no picture to show, if so."""
    if result.is_unsafe:  # it answers with black pictures, as if all were well
        return moderated(MAKER, held_back=True)
    return unusable(MAKER, "too_few_pictures") if len(result.addresses) < wanted else None


def _kinds(answer: Answer, complaint: Mapping[str, Any]) -> list[str]:
    detail = complaint.get("detail")
    entries = cast("list[object]", detail) if isinstance(detail, list) else []
    types: list[object] = [cast("dict[str, object]", entry).get("type") for entry in entries if isinstance(entry, dict)]
    types += [complaint.get("error_type"), answer.headers.get("x-fal-error-type")]
    return [kind for kind in map(word, types) if kind]


def _speaks_of_money(complaint: Mapping[str, Any]) -> bool:
    said = str(complaint.get("detail") or "").lower()
    return "balance" in said or "locked" in said
