"""What OpenAI answers instead of a picture, as one of our kinds of failure with a sentence for the person.

Its own messages are never handed on or logged: they quote prompts and half-hidden keys. Source of statuses and codes: the openai
3.52.0 SDK and what its API answered to it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from pixelstudio.providers.answers import retry_after_s, word
from pixelstudio.providers.errors import Misconfigured, OutOfMoney, ProviderError, Refused, Throttled, Unanswered, Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    facts: dict[str, Any] = {"status": status, "provider_code": complaint.code or complaint.kind, "param": complaint.param}
    if status == 402 or {complaint.code, complaint.kind} & _NO_MONEY:
        sentence = f"This studio has no money left at {maker}, and whoever runs it has been told. Choose another model."
        return OutOfMoney(sentence, **facts)
    if complaint.code in _POLICY:
        return _moderated(maker, complaint, facts)
    match status:
        case 429:
            return Throttled(f"{maker} is very busy at the moment.", retry_after_s=retry_after_s(headers), **facts)
        case 401 | 403 | 404 | 405 | 407:
            return _misconfigured(maker, status, facts)
        case 408 | 409:
            return Unavailable(f"{maker} could not take the request at the moment.", **facts)
        case _ if 400 <= status < 500:
            return _unaccepted(maker, complaint, facts)
        case _ if status >= 500:
            return _broken(maker, status, headers, complaint, facts)
        case _:  # a redirect, or a success that is none: the address is somebody else's
            return Misconfigured(f"The address set for {maker} does not speak its protocol. Choose another model.", **facts)


def told_refusal_of(maker: str, complaint: Complaint) -> ProviderError:
    """The same for an error told in an event stream, which has no status of its own."""
    if complaint.code == "rate_limit_exceeded":
        return refusal_of(maker, 429, {}, complaint)
    is_ours = complaint.kind in {"invalid_request_error", "image_generation_user_error"}
    return refusal_of(maker, 400 if is_ours else 500, {}, complaint)


def _moderated(maker: str, complaint: Complaint, facts: dict[str, Any]) -> Refused:
    what = "held back what it had drawn" if complaint.stage == "output" else "refused this prompt"
    sentence = f"{maker}'s safety check {what}. Change the words and try again."
    return Refused(sentence, code="prompt_refused", stage=complaint.stage, **facts)


def _misconfigured(maker: str, status: int, facts: dict[str, Any]) -> Misconfigured:
    what = {
        401: f"{maker} does not accept this studio's key",
        403: f"{maker} does not let this studio use the model",
        404: f"{maker} does not know this model any more",
    }.get(status, f"{maker} could not be asked")
    return Misconfigured(f"{what}; whoever runs the studio has to mend that. Choose another model.", **facts)


def _broken(maker: str, status: int, headers: Mapping[str, str], complaint: Complaint, facts: dict[str, Any]) -> ProviderError:
    """A fault the provider itself reports was not charged. A gateway's page says nothing: behind it the picture may still be drawn."""
    if complaint == Complaint() and status != 503:
        sentence = f"{maker} was cut off: it may have drawn and charged for this picture."
        return Unanswered(sentence, code="provider_gateway", **facts)
    sentence = f"{maker} had a fault of its own."
    pause_s = retry_after_s(headers)
    return Unavailable(sentence, **facts) if pause_s is None else Throttled(sentence, retry_after_s=pause_s, **facts)


def _unaccepted(maker: str, complaint: Complaint, facts: dict[str, Any]) -> Refused:
    about = f" ({complaint.param})" if complaint.param else ""
    sentence = f"{maker} did not accept this request{about}. Change the settings or choose another model."
    return Refused(sentence, code="request_not_accepted", **facts)
