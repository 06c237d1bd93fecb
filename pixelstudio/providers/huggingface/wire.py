"""How each inference provider is asked through Hugging Face's router, and how it answers.

Source: huggingface_hub 2.4.0 (inference/_providers/hf_inference.py, together.py, nscale.py), run against the stand-in by
tests/conformance.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from pixelstudio.providers.answers import Unreadable, picture_of, within
from pixelstudio.providers.errors import Misconfigured
from pixelstudio.providers.huggingface.catalogue import MAKER
from pixelstudio.providers.refusals import refusal_by_status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pixelstudio.providers.answers import Answer
    from pixelstudio.providers.contract import DrawRequest
    from pixelstudio.providers.errors import ProviderError
    from pixelstudio.providers.huggingface.catalogue import Offer

IS_LIVE: Final = "live"


def mapping_path(offer: Offer) -> str:
    """Where the hub says under which name each provider has a model."""
    return f"/api/models/{offer.repository}?expand[]=inferenceProviderMapping"


def read_mapping(answer: dict[str, Any], offer: Offer) -> str:
    """The name its provider has for the model. Raises `Misconfigured` when it does not draw it at present, `Unreadable`."""
    mapping = answer.get("inferenceProviderMapping")
    if isinstance(mapping, list):  # newer answers are lists of entries that name their provider
        entries = cast("list[object]", mapping)
        found = next((entry for entry in entries if within(entry, "provider") == offer.drawer), None)
    elif isinstance(mapping, dict):
        found = within(cast("object", mapping), offer.drawer)
    else:
        raise Unreadable("no_mapping")
    name = within(found, "providerId")
    if not isinstance(name, str) or within(found, "status") != IS_LIVE or within(found, "task") != "text-to-image":
        sentence = f"{offer.drawer} does not draw {offer.title} at present. Choose another model."
        raise Misconfigured(sentence, code="model_not_mapped", repository=offer.repository)
    return name


def route_of(offer: Offer) -> str:
    """Where a picture is asked for."""
    if offer.drawer == "hf-inference":
        return f"/hf-inference/models/{offer.repository}"
    return f"/{offer.drawer}/v1/images/generations"


def body_of(offer: Offer, name: str, request: DrawRequest) -> dict[str, Any]:
    """The JSON of one picture, in the words of the provider that draws it."""
    match offer.drawer:
        case "hf-inference":
            parameters: dict[str, object] = {"width": request.width, "height": request.height, "seed": request.seed}
            chosen = {
                "negative_prompt": request.negative_prompt or None,
                "num_inference_steps": request.steps,
                "guidance_scale": request.guidance,
            }
            return {"inputs": request.prompt, "parameters": parameters | _given(chosen)}
        case "together":
            body: dict[str, object] = {"prompt": request.prompt, "model": name, "response_format": "base64", "seed": request.seed}
            return (
                body | {"width": request.width, "height": request.height} | _given({"steps": request.steps, "guidance": request.guidance})
            )
        case "nscale":
            size = f"{request.width}x{request.height}"
            return {"prompt": request.prompt, "model": name, "response_format": "b64_json", "size": size}


def read_pictures(offer: Offer, answer: Answer) -> list[bytes]:
    """The pictures of an answer: its bytes, or base64 in JSON. Raises `Unreadable`."""
    if offer.drawer == "hf-inference":
        if not answer.headers.get("content-type", "").startswith("image/"):
            raise Unreadable("no_picture")
        return [answer.body]
    entries = answer.fields().get("data")
    if not isinstance(entries, list):
        raise Unreadable("no_data")
    return [picture_of(within(entry, "b64_json")) for entry in cast("list[object]", entries)]


def refusal_of(answer: Answer) -> ProviderError:
    """The failure that an error answer means. The texts differ from provider to provider, so only the status is read."""
    return refusal_by_status(MAKER, answer.status, answer.headers, is_told="error" in answer.complaint())


def _given(values: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if value is not None}
