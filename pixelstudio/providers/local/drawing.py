"""What the child runs: look at a folder, and draw with the model in it, from plain arguments to a file. Needs the standard library alone.

The model stays loaded until the child ends. Drawing keeps a thread busy, so that each step is told as it is taken.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from pixelstudio.imaging.png import written
from pixelstudio.providers.local.folder import Engine, Unusable, model_in
from pixelstudio.providers.local.picture import Pixels, Wish

if TYPE_CHECKING:
    from pixelstudio.providers.local.folder import Found
    from pixelstudio.providers.local.picture import Pipeline

_Word: TypeAlias = "tuple[int, int] | Pixels | BaseException"
PACKAGES: Final[dict[Engine, tuple[str, str]]] = {
    "openvino": ("openvino_genai", "openvino-genai"),
    "diffusers": ("diffusers", "diffusers"),
}
"""What each engine imports, and what it is called where it is installed from."""


@dataclass(slots=True)
class _Loaded:
    """The one model of this child."""

    folder: Path | None = None
    pipeline: Pipeline | None = None


_loaded: Final = _Loaded()


def look(arguments: dict[str, Any], _blobs: list[bytes]) -> Iterator[tuple[dict[str, Any], list[bytes]]]:
    """Yields which model the folder holds and which version of what draws with it is installed; loads neither. Raises `Unusable`."""
    found = model_in(Path(arguments["folder"]))
    _ensure_installed(found.engine)
    package = PACKAGES[found.engine][1]
    try:
        version = importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:  # on the path without having been installed
        version = ""
    yield {"pipeline": found.pipeline, "package": package, "version": version}, []


def draw(arguments: dict[str, Any], _blobs: list[bytes]) -> Iterator[tuple[dict[str, Any], list[bytes]]]:
    """Yields `{"step", "steps"}` for each step, and at last `{"final": True}` with the PNG. Raises `Unusable`, and Invalid for what the
    model itself holds back.
    """
    pipeline, wish = _pipeline(Path(arguments["folder"])), Wish(**arguments["wish"])
    told: queue.SimpleQueue[_Word] = queue.SimpleQueue()
    threading.Thread(target=_work, args=(pipeline, wish, told), daemon=True).start()
    while isinstance(step := told.get(), tuple):
        yield {"step": step[0], "steps": step[1]}, []
    if isinstance(step, BaseException):
        raise step
    yield {"final": True}, [written(step.width, step.height, step.rgb)]


def _work(pipeline: Pipeline, wish: Wish, told: queue.SimpleQueue[_Word]) -> None:
    try:
        told.put(pipeline.picture(wish, lambda step, steps: told.put((min(step, steps), steps))))
    except BaseException as error:
        told.put(error)
        raise


def _pipeline(folder: Path) -> Pipeline:
    if _loaded.folder != folder or _loaded.pipeline is None:
        found = model_in(folder)
        _ensure_installed(found.engine)
        _loaded.folder, _loaded.pipeline = folder, _load(folder, found)
    return _loaded.pipeline


def _load(folder: Path, found: Found) -> Pipeline:
    try:
        if found.engine == "openvino":
            from pixelstudio.providers.local.with_openvino import OpenVINOPipeline

            return OpenVINOPipeline(folder)
        from pixelstudio.providers.local.with_diffusers import DiffusersPipeline

        return DiffusersPipeline(folder)
    except (ImportError, OSError, RuntimeError, ValueError) as error:
        raise Unusable(
            "The model of this folder could not be loaded.", code="local_model_broken", reason=f"{type(error).__name__}: {error}"
        ) from error


def _ensure_installed(engine: Engine) -> None:
    module, package = PACKAGES[engine]
    if importlib.util.find_spec(module) is None:
        raise Unusable(f"What draws with this model, {package}, is not installed.", code="local_package_missing", package=package)
