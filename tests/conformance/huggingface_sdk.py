"""Runs in build/conformance, not in our environment: huggingface_hub asks the stand-in, and tells as JSON what it understood."""
# pyright: reportMissingImports=false, reportUnknownMemberType=false

from __future__ import annotations

import json
import struct
import sys
import urllib.request

from huggingface_hub import InferenceClient
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.inference import _client as inside
from huggingface_hub.inference._providers import _common, hf_inference

SDXL, FLUX = "stabilityai/stable-diffusion-xl-base-1.0", "black-forest-labs/FLUX.1-dev"
KEY = "hf_conformance"


def main(base: str) -> None:
    """Play every scene and print one JSON object."""
    _common.constants.INFERENCE_PROXY_TEMPLATE = f"{base}/huggingface/{{provider}}"
    hf_inference.constants.INFERENCE_PROXY_TEMPLATE = f"{base}/huggingface/{{provider}}"
    inside._bytes_to_image = _size_of  # it would want Pillow, which is not here
    for provider, model in (("together", FLUX), ("nscale", SDXL)):
        told = _common.InferenceProviderMapping(provider=provider, hf_model_id=model, providerId=model, task="text-to-image", status="live")
        _common.HARDCODED_MODEL_INFERENCE_MAPPING[provider][model] = told
    told = {}
    for scene in (by_itself, by_together, by_nscale, throttled, out_of_money, wrong_key):
        ask(base, "/__clear", {})
        told[scene.__name__] = scene(base)
    print(json.dumps(told))


def ask(base: str, path: str, body: object = None):
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(base + path, data), timeout=10) as answer:
        return json.loads(answer.read())


def by_itself(base):
    picture = InferenceClient(token=KEY).text_to_image(
        "a lighthouse", model=f"{base}/huggingface/hf-inference/models/{SDXL}", width=512, height=768, num_inference_steps=9, seed=3
    )
    (request,) = ask(base, "/__requests")
    return {"size": picture, "parameters": request["json"]["parameters"]}


def by_together(base):
    picture = InferenceClient(provider="together", api_key=KEY).text_to_image("a lighthouse", model=FLUX, width=512, height=512, seed=3)
    (request,) = ask(base, "/__requests")
    return {"size": picture, "path": request["path"], "fields": sorted(request["json"])}


def by_nscale(base):
    picture = InferenceClient(provider="nscale", api_key=KEY).text_to_image("a lighthouse", model=SDXL, width=512, height=512)
    (request,) = ask(base, "/__requests")
    return {"size": picture, "path": request["path"], "fields": sorted(request["json"])}


def throttled(base):
    return _failure(base, {"fault": "throttled", "retry_after": "1"})


def out_of_money(base):
    return _failure(base, {"fault": "insufficient_quota"})


def wrong_key(base):
    return _failure(base, {"fault": "unauthorised"})


def _size_of(picture: bytes) -> list[int]:
    assert picture[:4] == b"\x89PNG"
    return list(struct.unpack_from(">II", picture, 16))


def _failure(base, step):
    ask(base, "/__script", [step])
    try:
        InferenceClient(provider="together", api_key=KEY).text_to_image("a lighthouse", model=FLUX)
    except HfHubHTTPError as error:
        return {"status": error.response.status_code}
    return {}


if __name__ == "__main__":
    main(sys.argv[1])
