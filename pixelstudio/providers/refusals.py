"""What an error answer means where protocols agree: the status, as one of our kinds of failure with a sentence for the person.

The provider's own words are never handed on or logged: they quote prompts and half-hidden keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pixelstudio.providers.answers import retry_after_s
from pixelstudio.providers.errors import Misconfigured, OutOfMoney, ProviderError, Refused, Throttled, Unanswered, Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

NOT_AGAIN: Final = "It is not asked again by itself."


def refusal_by_status(
    maker: str, status: int, headers: Mapping[str, str], *, is_told: bool, about: str = "", **facts: Any
) -> ProviderError:
    """The failure that `status` means. `maker` names the provider to the person, `about` the setting it did not like, if it said so.

    `is_told`: whether the body spoke the provider's protocol. A gateway's page does not: behind it the picture may still be drawn.
    """
    facts["status"] = status
    match status:
        case 402:
            return out_of_money(maker, **facts)
        case 429:
            return Throttled(f"{maker} is very busy at the moment.", retry_after_s=retry_after_s(headers), **facts)
        case 401 | 403 | 404 | 405 | 407:
            return _misconfigured(maker, status, facts)
        case 408 | 409:
            return Unavailable(f"{maker} could not take the request at the moment.", **facts)
        case _ if 400 <= status < 500:
            named = f" ({about})" if about else ""
            sentence = f"{maker} did not accept this request{named}. Change the settings or choose another model."
            return Refused(sentence, code="request_not_accepted", **facts)
        case _ if status >= 500:
            return _broken(maker, status, headers, facts, is_told=is_told)
        case _:  # a redirect, or a success that is none: the address is somebody else's
            return Misconfigured(f"The address set for {maker} does not speak its protocol. Choose another model.", **facts)


def out_of_money(maker: str, **facts: Any) -> OutOfMoney:
    """The studio's balance there is used up."""
    sentence = f"This studio has no money left at {maker}, and whoever runs it has been told. Choose another model."
    return OutOfMoney(sentence, **facts)


def moderated(maker: str, *, held_back: bool = False, **facts: Any) -> Refused:
    """Its safety check said no, to the prompt or to what it had drawn."""
    what = "held back what it had drawn" if held_back else "refused this prompt"
    return Refused(f"{maker}'s safety check {what}. Change the words and try again.", code="prompt_refused", **facts)


def _misconfigured(maker: str, status: int, facts: dict[str, Any]) -> Misconfigured:
    what = {
        401: f"{maker} does not accept this studio's key",
        403: f"{maker} does not let this studio use the model",
        404: f"{maker} does not know this model any more",
    }.get(status, f"{maker} could not be asked")
    return Misconfigured(f"{what}; whoever runs the studio has to mend that. Choose another model.", **facts)


def _broken(maker: str, status: int, headers: Mapping[str, str], facts: dict[str, Any], *, is_told: bool) -> ProviderError:
    """A fault the provider itself reports was not charged."""
    if not is_told and status != 503:
        sentence = f"{maker} was cut off: it may have drawn and charged for this picture."
        return Unanswered(sentence, code="provider_gateway", **facts)
    sentence = f"{maker} had a fault of its own."
    pause_s = retry_after_s(headers)
    return Unavailable(sentence, **facts) if pause_s is None else Throttled(sentence, retry_after_s=pause_s, **facts)
