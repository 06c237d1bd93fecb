"""The drawings of the world: made in as many processes as there are cores, and kept, so that a second world costs no time."""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

SIDE: Final = 640
"""The longer side, in pixels."""
_CODE: Final = Path(__file__).resolve().parents[2] / "pixelstudio" / "providers" / "sketch"


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is to be drawn."""

    look: str
    prompt: str
    seed: int
    width: int
    height: int


def draw_all(drawings: Sequence[Drawing], kept: Path) -> Iterator[bytes]:
    """PNGs in the order asked for. What `kept` holds is not drawn again, unless the looks have changed since."""
    kept.mkdir(parents=True, exist_ok=True)
    code = _digest_of_code()
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        yield from pool.map(_drawn, drawings, [kept / f"{_digest(drawing, code)}.png" for drawing in drawings], chunksize=4)


def _drawn(drawing: Drawing, path: Path) -> bytes:
    if path.exists():
        return path.read_bytes()
    import cv2
    from PIL import Image

    from pixelstudio.providers.sketch.drawing import picture

    cv2.setNumThreads(1)
    out = io.BytesIO()
    pixels = picture(drawing.look, drawing.prompt, drawing.seed, drawing.width, drawing.height)
    Image.fromarray(pixels).save(out, "PNG", compress_level=1)
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(out.getvalue())
    unfinished.replace(path)
    return out.getvalue()


def _digest(drawing: Drawing, code: str) -> str:
    return hashlib.sha256(json.dumps([code, asdict(drawing)]).encode()).hexdigest()


def _digest_of_code() -> str:
    sources = b"".join(path.read_bytes() for path in sorted(_CODE.rglob("*.py")))
    return hashlib.sha256(sources).hexdigest()
