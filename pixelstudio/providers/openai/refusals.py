"""What OpenAI answers instead of a picture, as one of our kinds of failure with a sentence for the person.

Its own messages are never handed on or logged: they quote prompts and half-hidden keys. Source of statuses and codes: the openai
3.52.0 SDK and what its API answered to it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from pixelstudio.providers.answers import word
from pixelstudio.providers.refusals import moderated, out_of_money, refusal_by_status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pixelstudio.providers.errors import ProviderError

_NO_MONEY: Final = frozenset({"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"})
_POLICY: Final = frozenset({"moderation_blocked", "content_policy_violation", "content_filter"})


@dataclass(frozen=True, slots=True)
class Complaint:
    """An error body, reduced to words that are safe to log."""

    code: str = ""
    kind: str = ""
    param: str = ""
    stage: str = ""


def complaint_of(body: bytes | Mapping[str, Any]) -> Complaint:
    """Read an error body of any kind; what is no error of this protocol gives an empty one."""
    try:
        answer: object = json.loads(body) if isinstance(body, bytes) else body
    except (ValueError, RecursionError):
        return Complaint()
    error = cast("Mapping[str, object]", answer).get("error") if isinstance(answer, dict) else None
    if not isinstance(error, dict):
        return Complaint()
    fields = cast("dict[str, object]", error)
    details = fields.get("moderation_details")
    stage = cast("dict[str, object]", details).get("moderation_stage") if isinstance(details, dict) else None
    return Complaint(word(fields.get("code")), word(fields.get("type")), word(fields.get("param")), word(stage))


def refusal_of(maker: str, status: int, headers: Mapping[str, str], complaint: Complaint) -> ProviderError:
    """The failure that an error answer means. `maker` names the provider to the person."""
    facts: dict[str, Any] = {"provider_code": complaint.code or complaint.kind, "param": complaint.param}
    if {complaint.code, complaint.kind} & _NO_MONEY:
        return out_of_money(maker, status=status, **facts)
    if complaint.code in _POLICY:
        return moderated(maker, held_back=complaint.stage == "output", status=status, stage=complaint.stage, **facts)
    is_told = complaint != Complaint()
    return refusal_by_status(maker, status, headers, is_told=is_told, about=complaint.param, **facts)


def told_refusal_of(maker: str, complaint: Complaint) -> ProviderError:
    """The same for an error told in an event stream, which has no status of its own."""
    if complaint.code == "rate_limit_exceeded":
        return refusal_of(maker, 429, {}, complaint)
    is_ours = complaint.kind in {"invalid_request_error", "image_generation_user_error"}
    return refusal_of(maker, 400 if is_ours else 500, {}, complaint)
