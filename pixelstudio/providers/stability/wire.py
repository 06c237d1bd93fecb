"""Stability's protocol: the form of a request, and what an answer that is no picture says.

Source: a reading of the live specification of 2026-07-25 and one live call, recorded by a third party; what could not be checked is read
tolerantly: whatever is not marked a success is none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pixelstudio.net.client import Part
from pixelstudio.providers.answers import Unreadable, within, word
from pixelstudio.providers.refusals import moderated, refusal_by_status
from pixelstudio.providers.stability.catalogue import MAKER, RATIOS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pixelstudio.providers.answers import Answer
    from pixelstudio.providers.contract import DrawRequest
    from pixelstudio.providers.errors import ProviderError
    from pixelstudio.providers.stability.catalogue import Offer

SEEDS: Final = 4_294_967_294
"""Seeds go from 1 to this: 0 means any there."""


def form_of(offer: Offer, request: DrawRequest) -> tuple[Part, ...]:
    """The fields of one picture."""
    fields: dict[str, object] = {"prompt": request.prompt, "output_format": "png", "seed": request.seed % SEEDS + 1}
    if request.negative_prompt:
        fields["negative_prompt"] = request.negative_prompt
    if offer.model:
        fields["model"] = offer.model
        fields["mode"] = "text-to-image" if request.reference is None else "image-to-image"
    if request.guidance is not None:
        fields["cfg_scale"] = request.guidance
    if request.reference is None or not offer.model:  # a picture has its own shape, which sd3 keeps
        fields["aspect_ratio"] = _ratio_of(request)
    if request.reference is None:
        return tuple(Part.of(name, value) for name, value in fields.items())
    fields["strength"] = request.strength
    picture = Part("image", request.reference, "reference", "application/octet-stream")
    return (*(Part.of(name, value) for name, value in fields.items()), picture)


def ensure_drawn(headers: Mapping[str, str]) -> None:
    """Raise unless this answer says that it is the picture: a blurred one comes with 200 as well, when it was held back."""
    reason = headers.get("finish-reason", "")
    if reason == "CONTENT_FILTERED":
        raise moderated(MAKER, held_back=True, finish_reason=reason.lower())
    if reason != "SUCCESS":
        raise Unreadable("not_a_success")


def refusal_of(answer: Answer) -> ProviderError:
    """The failure that an error answer means."""
    complaint = answer.complaint()
    name = word(complaint.get("name"))
    if answer.status == 403 and name == "content_moderation":
        return moderated(MAKER, status=answer.status, provider_code=name)
    return refusal_by_status(MAKER, answer.status, answer.headers, is_told=bool(complaint), provider_code=name)


def balance_of(answer: dict[str, Any]) -> str:
    """What the account has left, in words. Raises `Unreadable`."""
    left = within(answer, "credits")
    if not isinstance(left, int | float):
        raise Unreadable("no_credits")
    return f"{left:,.1f} credits"


def _ratio_of(request: DrawRequest) -> str:
    return next(ratio for size, ratio in RATIOS.items() if size[:2] == (request.width, request.height))
