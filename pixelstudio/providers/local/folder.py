"""A folder that a maintainer names: which model it holds and what draws with it, or why it cannot be used. Only names and JSON are read.

Weights are taken as OpenVINO's own files or as .safetensors. Pickled ones (.bin and .ckpt of diffusers) may run whatever their maker
liked while they are loaded, so they are not.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, cast

from pixelstudio.core.errors import Invalid
from pixelstudio.providers.local.catalogue import FAMILIES

if TYPE_CHECKING:
    from pathlib import Path

Engine: TypeAlias = Literal["openvino", "diffusers"]

_INDEX: Final = "model_index.json"
_INDEX_MAX_BYTES: Final = 256 * 1024
_DRAWERS: Final = ("unet", "transformer")
_PARTS: Final[dict[Engine, tuple[str, ...]]] = {"openvino": ("text_encoder", "vae_decoder"), "diffusers": ("text_encoder", "vae")}


class Unusable(Invalid):
    """The model of this folder cannot draw; the code says why, and nothing but the maintainer mends it."""

    default_code = "local_model_unusable"


@dataclass(frozen=True, slots=True)
class Found:
    """A model that is all there: the pipeline it is made for, and what draws with it."""

    pipeline: str
    engine: Engine


def model_in(folder: Path) -> Found:
    """What the folder holds. Raises `Unusable`."""
    if not folder.is_dir():
        raise Unusable("The folder of this model is not there.", code="local_model_missing")
    pipeline = _pipeline_of(folder / _INDEX)
    drawer = next((name for name in _DRAWERS if (folder / name).is_dir()), _DRAWERS[0])
    if (folder / drawer / "openvino_model.xml").is_file():
        return Found(pipeline, _whole(folder, drawer, "openvino"))
    return Found(pipeline, _whole(folder, drawer, "diffusers"))


def _pipeline_of(index: Path) -> str:
    try:
        with index.open("rb") as file:
            told: object = json.loads(file.read(_INDEX_MAX_BYTES))
    except (OSError, ValueError, RecursionError) as error:
        raise Unusable("The folder named for this model holds none: it has no model_index.json.", code="local_model_not_one") from error
    named = cast("dict[str, Any]", told).get("_class_name") if isinstance(told, dict) else None
    pipeline = str(named).removeprefix("OV")  # OpenVINO's own exporter writes its class, which says the same with OV before it
    if pipeline not in FAMILIES:
        raise Unusable("The model in this folder is of a kind that this studio cannot ask to draw.", code="local_model_unknown_kind")
    return pipeline


def _whole(folder: Path, drawer: str, engine: Engine) -> Engine:
    """The engine, when every part has its weights."""
    for part in (drawer, *_PARTS[engine]):
        if not _has_weights(folder / part, engine):
            raise _without_weights(folder / part)
    return engine


def _has_weights(part: Path, engine: Engine) -> bool:
    if engine == "openvino":
        return all((part / f"openvino_model.{ending}").is_file() for ending in ("xml", "bin"))
    return any(part.glob("*.safetensors"))


def _without_weights(part: Path) -> Unusable:
    if any(path for ending in ("*.bin", "*.ckpt", "*.pt") for path in part.glob(ending) if not path.name.startswith("openvino")):
        sentence = "The weights of this model are pickled, which may run anything while they are loaded: it needs .safetensors."
        return Unusable(sentence, code="local_model_pickled", part=part.name)
    return Unusable(f"This model has no weights in {part.name}.", code="local_model_without_weights", part=part.name)
