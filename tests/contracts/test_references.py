"""A picture to go by, steps, guidance and how far to leave it: what each provider is sent, in its own words."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from pixelstudio.core.errors import Invalid
from pixelstudio.providers.contract import DrawRequest
from tests.contracts.providers import BY_NAME, wanted_at
from tests.standin.pictures import drawn

REFERENCE = drawn("a quay", 320, 240, 1.0, "webp")


def _mask() -> bytes:
    out = io.BytesIO()
    Image.new("L", (320, 240), 255).save(out, "PNG")
    return out.getvalue()


async def _asked(entry, stand_in, **changes) -> list[dict]:
    """Draw by the reference with the first model that takes one; what the provider was sent."""
    async with entry.opened(wanted_at(stand_in)) as provider:
        model = next(model for model in provider.models if model.supports_reference)
        width, height, _ = model.sizes[0]
        request = DrawRequest(model.id, "a quay in fog", "", 7, width, height, reference=REFERENCE)
        assert len(await provider.fetch(await provider.submit(replace(request, **changes)))) == 1
    return stand_in.requests()


async def test_openai_is_sent_a_form_with_one_image(stand_in):
    (request,) = await _asked(BY_NAME["openai"], stand_in)

    assert request["path"] == "/v1/images/edits"
    assert ["image", len(REFERENCE)] in request["parts"]
    assert {"model", "prompt", "size", "n"} <= {name for name, _ in request["parts"]}


async def test_openai_is_sent_the_mask_beside_the_picture(stand_in):
    out = io.BytesIO()
    Image.new("RGBA", (320, 240), (0, 0, 0, 0)).save(out, "PNG")

    (request,) = await _asked(BY_NAME["openai"], stand_in, mask=out.getvalue())

    assert request["path"] == "/v1/images/edits"
    assert ["mask", len(out.getvalue())] in request["parts"]


async def test_stability_is_sent_the_picture_and_its_strength_and_no_seed_of_nought(stand_in):
    (request,) = await _asked(BY_NAME["stability"], stand_in, strength=0.3)

    assert ["image", len(REFERENCE)] in request["parts"]
    assert "strength" in {name for name, _ in request["parts"]}


async def test_a_web_ui_is_sent_picture_mask_steps_and_guidance(stand_in):
    asked = await _asked(BY_NAME["a1111"], stand_in, steps=12, guidance=3.5, strength=0.25, mask=_mask())

    (request,) = [request for request in asked if request["path"].endswith("img2img")]
    assert (request["json"]["steps"], request["json"]["cfg_scale"], request["json"]["denoising_strength"]) == (12, 3.5, 0.25)
    assert request["json"]["init_images"]
    assert request["json"]["mask"]


async def test_comfyui_lays_down_both_pictures_and_begins_from_them(stand_in):
    asked = await _asked(BY_NAME["comfyui"], stand_in, steps=12, strength=0.25, mask=_mask())

    graph = next(request["json"]["prompt"] for request in asked if request["path"].endswith("/prompt"))
    assert (graph["sampler"]["inputs"]["denoise"], graph["sampler"]["inputs"]["steps"]) == (0.25, 12)
    assert graph["masked"]["class_type"] == "SetLatentNoiseMask"
    assert len([request for request in asked if request["path"].endswith("/upload/image")]) == 2


async def test_the_horde_is_sent_the_picture_in_the_request(stand_in):
    asked = await _asked(BY_NAME["horde"], stand_in, strength=0.25)

    request = next(request["json"] for request in asked if request["path"].endswith("/generate/async"))
    assert (request["source_processing"], request["params"]["denoising_strength"]) == ("img2img", 0.25)


@pytest.mark.parametrize("name", ["sketch", "huggingface", "stability"])
async def test_what_a_model_cannot_do_with_a_picture_is_refused_with_its_reason(name, stand_in):
    changes: dict[str, Any] = {"mask": _mask()} if name == "stability" else {}

    async with BY_NAME[name].opened(wanted_at(stand_in)) as provider:
        model = provider.models[0]
        width, height, _ = model.sizes[0]
        with pytest.raises(Invalid) as refusal:
            await provider.submit(DrawRequest(model.id, "a quay", "", 7, width, height, reference=REFERENCE, **changes))

    assert refusal.value.field == ("mask" if name == "stability" else "reference")
    assert refusal.value.sentence.endswith(".")
