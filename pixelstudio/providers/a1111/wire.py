"""The web UI's own protocol (`--api`): the request's fields, and answers read as text that anybody may have written.

Source: modules/api/api.py and modules/api/models.py of AUTOMATIC1111/stable-diffusion-webui 1.10, which Forge and SD.Next kept.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, cast

from pixelstudio.providers.answers import Unreadable, picture_of, within
from pixelstudio.providers.contract import Progress
from pixelstudio.providers.self_hosted import GUIDANCE, STEPS

if TYPE_CHECKING:
    from pixelstudio.providers.contract import DrawRequest


def route_of(request: DrawRequest) -> str:
    """Where this request goes: from words alone, or from a picture."""
    return "/sdapi/v1/txt2img" if request.reference is None else "/sdapi/v1/img2img"


def body_of(checkpoint: str, request: DrawRequest) -> dict[str, Any]:
    """The JSON of one call. The checkpoint is set for this call; it stays loaded, because loading takes longer than drawing."""
    body: dict[str, Any] = {
        "prompt": request.prompt,
        "negative_prompt": request.negative_prompt,
        "width": request.width,
        "height": request.height,
        "seed": request.seed,
        "steps": request.steps or int(STEPS.usual),
        "cfg_scale": GUIDANCE.usual if request.guidance is None else request.guidance,
        "batch_size": request.count,
        "n_iter": 1,
        "send_images": True,
        "save_images": False,
        "override_settings": {"sd_model_checkpoint": checkpoint},
        "override_settings_restore_afterwards": False,
    }
    if request.reference is not None:
        body |= {"init_images": [_text(request.reference)], "denoising_strength": request.strength, "resize_mode": 1}
    if request.mask is not None:
        body |= {"mask": _text(request.mask), "inpainting_fill": 1, "inpaint_full_res": False, "mask_blur": 4}
    return body


def read_pictures(answer: dict[str, Any]) -> list[bytes]:
    """The pictures of an answer. Raises `Unreadable`."""
    pictures = answer.get("images")
    if not isinstance(pictures, list):
        raise Unreadable("no_images")
    return [picture_of(text) for text in cast("list[object]", pictures)]


def read_progress(answer: dict[str, Any], steps_max: int) -> Progress | None:
    """How far it is; None while nothing is being drawn, or where it says nothing of use. It speaks of whatever is drawn just now."""
    step, steps = within(answer, "state", "sampling_step"), within(answer, "state", "sampling_steps")
    if type(step) is not int or type(steps) is not int or not 1 <= step <= steps <= steps_max:
        return None
    try:
        return Progress(step, steps, picture_of(answer.get("current_image")))
    except Unreadable:
        return Progress(step, steps)


def read_checkpoints(answer: object) -> list[str]:
    """The titles of what is installed. Raises `Unreadable`."""
    if not isinstance(answer, list):
        raise Unreadable("no_list")
    titles = (within(entry, "title") for entry in cast("list[object]", answer))
    return [title for title in titles if isinstance(title, str) and title]


def _text(picture: bytes) -> str:
    return base64.b64encode(picture).decode()
