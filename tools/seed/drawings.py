"""The drawings of the world: made in children of the studio, and kept, so that a second world costs no time."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pixelstudio.imaging.children import TASK_PREFIXES, ChildPool

if TYPE_CHECKING:
    from collections.abc import Iterator

SIDE: Final = 640
"""The longer side, in pixels."""
PREFIXES: Final = (*TASK_PREFIXES, f"{__package__}.")
"""The packages whose tasks those children run."""
_CODE: Final = Path(__file__).resolve().parents[2] / "pixelstudio" / "providers" / "sketch"
_TASK: Final = f"{__name__}:drawing"


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is to be drawn."""

    look: str
    prompt: str
    seed: int
    width: int
    height: int


def workshop(size: int) -> ChildPool:
    """Children that draw the world and take it in. As in the studio taking in goes before drawing, and our own work before both."""
    return ChildPool(size, prefixes=PREFIXES)


async def drawn(children: ChildPool, wanted: Drawing, kept: Path) -> bytes:
    """A PNG. What `kept` holds is not drawn again, unless the looks have changed since."""
    path = kept / f"{_digest(wanted)}.png"
    if path.exists():
        return await asyncio.to_thread(path.read_bytes)
    step = await children.call(_TASK, asdict(wanted))
    await asyncio.to_thread(_keep, path, step.blobs[0])
    return step.blobs[0]


def drawing(arguments: dict[str, Any], _blobs: list[bytes]) -> Iterator[tuple[dict[str, Any], list[bytes]]]:
    """The child's side. One step: the picture as a PNG."""
    from PIL import Image

    from pixelstudio.providers.sketch.drawing import picture

    wanted, out = Drawing(**arguments), io.BytesIO()
    pixels = picture(wanted.look, wanted.prompt, wanted.seed, wanted.width, wanted.height)
    Image.fromarray(pixels).save(out, "PNG", compress_level=1)
    yield {}, [out.getvalue()]


def _keep(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(data)
    unfinished.replace(path)


def _digest(wanted: Drawing) -> str:
    return hashlib.sha256(json.dumps([_digest_of_code(), asdict(wanted)]).encode()).hexdigest()


@cache
def _digest_of_code() -> str:
    sources = b"".join(path.read_bytes() for path in sorted(_CODE.rglob("*.py")))
    return hashlib.sha256(sources).hexdigest()
