"""The graph ComfyUI executes for one request, made of nodes that every installation has: checkpoint, two texts, sampler, decoder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pixelstudio.providers.self_hosted import GUIDANCE, STEPS

if TYPE_CHECKING:
    from pixelstudio.providers.contract import DrawRequest

Graph = dict[str, dict[str, Any]]

OUTPUT: Final = "picture"
SAMPLER: Final = "sampler"


def graph_of(checkpoint: str, request: DrawRequest, *, reference: str = "", mask: str = "") -> Graph:
    """The nodes by name. `reference` and `mask` are the names under which these pictures were uploaded; "" means from words alone.

    The finished picture is a preview, so that it does not stay in the output folder of somebody's machine.
    """
    graph: Graph = {
        "checkpoint": _node("CheckpointLoaderSimple", ckpt_name=checkpoint),
        "prompt": _node("CLIPTextEncode", text=request.prompt, clip=["checkpoint", 1]),
        "negative": _node("CLIPTextEncode", text=request.negative_prompt, clip=["checkpoint", 1]),
        SAMPLER: _node(
            "KSampler",
            model=["checkpoint", 0],
            positive=["prompt", 0],
            negative=["negative", 0],
            latent_image=["latent", 0],
            seed=request.seed,
            steps=request.steps or int(STEPS.usual),
            cfg=GUIDANCE.usual if request.guidance is None else request.guidance,
            sampler_name="euler",
            scheduler="normal",
            denoise=request.strength if reference else 1.0,
        ),
        "decoded": _node("VAEDecode", samples=[SAMPLER, 0], vae=["checkpoint", 2]),
        OUTPUT: _node("PreviewImage", images=["decoded", 0]),
    }
    return graph | (_from_picture(request, reference, mask) if reference else _from_nothing(request))


def _from_nothing(request: DrawRequest) -> Graph:
    return {"latent": _node("EmptyLatentImage", width=request.width, height=request.height, batch_size=request.count)}


def _from_picture(request: DrawRequest, reference: str, mask: str) -> Graph:
    graph = {
        "reference": _node("LoadImage", image=reference),
        "fitted": _fitted(request, "reference"),
        "encoded": _node("VAEEncode", pixels=["fitted", 0], vae=["checkpoint", 2]),
        "latent": _node("RepeatLatentBatch", samples=["encoded", 0], amount=request.count),
    }
    if not mask:
        return graph
    return graph | {
        "mask": _node("LoadImage", image=mask),
        "fitted mask": _fitted(request, "mask"),
        "area": _node("ImageToMask", image=["fitted mask", 0], channel="red"),
        "masked": _node("SetLatentNoiseMask", samples=["encoded", 0], mask=["area", 0]),
        "latent": _node("RepeatLatentBatch", samples=["masked", 0], amount=request.count),
    }


def _fitted(request: DrawRequest, picture: str) -> dict[str, Any]:
    size = {"width": request.width, "height": request.height}
    return _node("ImageScale", image=[picture, 0], upscale_method="lanczos", crop="center", **size)


def _node(kind: str, **inputs: object) -> dict[str, Any]:
    return {"class_type": kind, "inputs": inputs}
