"""The Horde's protocol: the request's fields, and answers read as text that anybody may have written.

Source: AI-Horde of 2026-08-06 (horde/apis/models/stable_v2.py and horde/exceptions.py) and horde_sdk 0.18.0.
"""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Any, Final, cast

from pixelstudio.providers.answers import Unreadable, picture_of, within
from pixelstudio.providers.horde.catalogue import MAKER
from pixelstudio.providers.refusals import moderated, out_of_money, refusal_by_status

if TYPE_CHECKING:
    from pixelstudio.providers.answers import Answer
    from pixelstudio.providers.contract import DrawRequest, Standing
    from pixelstudio.providers.errors import ProviderError
    from pixelstudio.providers.horde.catalogue import Offer

_RC: Final = re.compile(r"[A-Za-z]{1,60}")
_POLICY: Final = frozenset({"CorruptPrompt", "NsfwPrompt"})
_NO_KUDOS: Final = frozenset({"KudosUpfront"})


def body_of(offer: Offer, request: DrawRequest) -> dict[str, Any]:
    """The JSON of one request. The picture is asked for in the answer itself, not under an address somewhere else."""
    prompt = f"{request.prompt} ### {request.negative_prompt}" if request.negative_prompt else request.prompt
    params: dict[str, object] = {
        "width": request.width,
        "height": request.height,
        "seed": str(request.seed),
        "n": request.count,
        "steps": request.steps or int(offer.steps.usual),
        "cfg_scale": offer.guidance.usual if request.guidance is None else request.guidance,
        "sampler_name": "k_euler",
        "karras": True,
    }
    body: dict[str, Any] = {"prompt": prompt, "models": [offer.model], "nsfw": False, "censor_nsfw": True, "r2": False}
    if request.reference is not None:
        params["denoising_strength"] = request.strength
        body |= {"source_image": base64.b64encode(request.reference).decode(), "source_processing": "img2img"}
    return body | {"params": params}


def read_id(answer: dict[str, Any]) -> str:
    """The name of a request that was taken. Raises `Unreadable`."""
    name = answer.get("id")
    if not isinstance(name, str) or not is_name(name):
        raise Unreadable("no_id")
    return name


def is_name(text: str) -> bool:
    """Whether this can be a name the Horde gives: it stands in an address."""
    return re.fullmatch(r"[0-9a-fA-F-]{32,40}", text) is not None


def standing_of(answer: dict[str, Any]) -> Standing:
    """Where a request stands. What has failed counts as done: fetching it says so."""
    if answer.get("done") is True or answer.get("faulted") is True:
        return "done"
    processing = answer.get("processing")
    return "drawing" if type(processing) is int and processing > 0 else "waiting"


def has_failed(answer: dict[str, Any]) -> bool:
    """Whether nothing more will come of it."""
    return answer.get("faulted") is True


def read_pictures(answer: dict[str, Any]) -> list[bytes]:
    """The pictures that came. Raises `Unreadable`, and what refuses when a worker held one back."""
    generations = answer.get("generations")
    if not isinstance(generations, list):
        raise Unreadable("no_generations")
    entries = cast("list[object]", generations)
    if any(within(entry, "censored") is True for entry in entries):
        raise moderated(MAKER, held_back=True)
    return [picture_of(within(entry, "img")) for entry in entries]


def read_models(answer: object) -> set[str]:
    """The models somebody draws with at the moment. Raises `Unreadable`."""
    if not isinstance(answer, list):
        raise Unreadable("no_list")
    named = (within(entry, "name") for entry in cast("list[object]", answer))
    return {name for name in named if isinstance(name, str)}


def refusal_of(answer: Answer) -> ProviderError:
    """The failure that an error answer means; `rc` says it in one word."""
    rc = answer.complaint().get("rc")
    code = rc if isinstance(rc, str) and _RC.fullmatch(rc) else ""
    if code in _POLICY:
        return moderated(MAKER, status=answer.status, provider_code=code)
    if code in _NO_KUDOS:
        return out_of_money(MAKER, status=answer.status, provider_code=code)
    return refusal_by_status(MAKER, answer.status, answer.headers, is_told=bool(answer.complaint()), provider_code=code)
