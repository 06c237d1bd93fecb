"""Taking a picture in, beside `sharp`: everything we do with one against its three WebP versions alone."""

from __future__ import annotations

import asyncio
import io
import statistics
import sys
import time
from asyncio.subprocess import PIPE
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from pixelstudio.imaging.children import ChildPool
from pixelstudio.imaging.confinement import NICENESS
from pixelstudio.imaging.ingest import ingest
from pixelstudio.imaging.recipe import Recipe
from pixelstudio.providers.sketch.drawing import picture
from tests.benchmarks.figures import Figure, median_of
from tools.npm import installed

if TYPE_CHECKING:
    from asyncio.subprocess import Process

ROUNDS = 81  # some ten seconds: in fewer, a host that has other guests decides
SIDE = 1024
LOOK, PROMPT, SEED = "sketch-paper", "Cut-paper dunes at dusk", 89
PROGRAM = Path(__file__).with_name("sharp.mjs")


async def measure(folder: Path) -> list[Figure]:
    """Decoding, three WebP versions, placeholder, digests and recipe, by way of a confined child; in turn with sharp.

    Told are the medians of both, and of the ratio within each turn.
    """
    path = folder / "picture.png"
    path.write_bytes(_a_png())
    children = ChildPool(1)
    # Our children give way to whoever serves; on a machine that others use too, sharp does the same.
    command = ("nice", f"-n{NICENESS}", str(Path(sys.executable).parent / "node"), str(PROGRAM))
    sharp = await asyncio.create_subprocess_exec(*command, cwd=installed("sharp"), stdin=PIPE, stdout=PIPE)
    assert sharp.stdin is not None
    try:
        rounds = [(await _ours(children, path.read_bytes()), await _theirs(sharp, path)) for _ in range(ROUNDS + 2)]
    finally:
        await children.close()
        sharp.stdin.close()  # it ends with its last line
        await sharp.wait()
    ours, theirs = zip(*rounds[2:], strict=True)  # the first two warm both
    ratio = statistics.median(mine / other for mine, other in zip(ours, theirs, strict=True))
    return [
        median_of("ingest of a 1024 px PNG, everything", ours, "ms"),
        median_of("sharp, three WebP of it alone, effort 2", theirs, "ms"),
        Figure("ingest, of what sharp takes", round(ratio, 3), "x", 0.95),
    ]


def _a_png() -> bytes:
    out = io.BytesIO()
    Image.fromarray(picture(LOOK, PROMPT, SEED, SIDE, SIDE)).save(out, "PNG", compress_level=3)
    return out.getvalue()


async def _ours(children: ChildPool, data: bytes) -> float:
    recipe = Recipe(PROMPT, "", LOOK, "sketch", SEED, SIDE, SIDE, datetime.now(UTC))
    begun = time.perf_counter()
    await ingest(children, data, recipe)
    return 1_000 * (time.perf_counter() - begun)


async def _theirs(sharp: Process, path: Path) -> float:
    assert sharp.stdin is not None
    assert sharp.stdout is not None
    sharp.stdin.write(f"{path}\n".encode())
    return float(await sharp.stdout.readline())
