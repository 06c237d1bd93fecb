"""`make bench`: measure everything, print the table, write build/bench.json, fail when a bound breaks."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from tests.benchmarks import first_picture, memory, sockets
from tests.benchmarks.figures import Figure, report

RESULT = Path(__file__).resolve().parents[2] / "build" / "bench.json"


async def _measure_all() -> list[Figure]:
    figures: list[Figure] = []
    for subject in (first_picture, memory, sockets):
        with tempfile.TemporaryDirectory(prefix="ps-bench-") as folder:
            figures += await subject.measure(Path(folder))
    return figures


if __name__ == "__main__":
    sys.exit(report(asyncio.run(_measure_all()), RESULT))
