"""`make bench`: measure everything, or the parts that are named; print the table, write build/bench.json, fail when a bound breaks."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pixelstudio.core.log import set_up_logging
from tests.benchmarks import adapters, bodies, first_picture, first_visit, hanging, ingest, large, memory, scrolling, sockets, steps, wheel
from tests.benchmarks.figures import Figure, report
from tests.benchmarks.queue import contest, depth, files, rest, starts

if TYPE_CHECKING:
    from collections.abc import Sequence

RESULT = Path(__file__).resolve().parents[2] / "build" / "bench.json"


class Subject(Protocol):
    """A module that measures something, with a folder of its own to do it in."""

    async def measure(self, folder: Path, /) -> list[Figure]:
        """Its figures."""
        ...


PARTS: dict[str, tuple[Subject, ...]] = {
    "picture": (first_picture,),
    "memory": (memory,),
    "wheel": (wheel,),
    "sockets": (sockets,),
    "visit": (first_visit,),
    "hanging": (hanging,),
    "scrolling": (scrolling,),
    "steps": (steps,),
    "ingest": (ingest,),
    "room": (first_visit, hanging, scrolling, steps, ingest),
    "providers": (adapters, bodies),
    "gallery": (large,),
    "contest": (contest,),
    "starts": (starts,),
    "depth": (depth,),
    "files": (files,),
    "rest": (rest,),
    "queue": (contest, starts, depth, files, rest),
}


def subjects_of(names: Sequence[str]) -> list[Subject]:
    """What the named parts measure, each once; everything when none is named. Raises ValueError for a part that is none."""
    if unknown := set(names) - set(PARTS):
        raise ValueError(f"{', '.join(sorted(unknown))}: no such part. There are {', '.join(PARTS)}.")
    return list(dict.fromkeys(subject for name in names or PARTS for subject in PARTS[name]))


async def _measure_all(subjects: Sequence[Subject]) -> list[Figure]:
    figures: list[Figure] = []
    for subject in subjects:
        with tempfile.TemporaryDirectory(prefix="ps-bench-") as folder:
            figures += await subject.measure(Path(folder))
    return figures


def main(names: Sequence[str]) -> int:
    """Measure; the exit status."""
    try:
        subjects = subjects_of(names)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    set_up_logging("error")
    return report(asyncio.run(_measure_all(subjects)), RESULT)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
