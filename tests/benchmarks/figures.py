"""A measured figure, its bound, and the report of all of them: a table on screen and build/bench.json."""

from __future__ import annotations

import json
import statistics
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Figure:
    """One number and the most it may be, or `at_least` that much; a figure without a bound is told, not judged."""

    name: str
    value: float
    unit: str
    bound: float | None = None
    at_least: bool = False

    @property
    def holds(self) -> bool:
        if self.bound is None:
            return True
        return self.value >= self.bound if self.at_least else self.value <= self.bound


def median_of(name: str, samples: Sequence[float], unit: str, bound: float | None = None, *, at_least: bool = False) -> Figure:
    """The median of at least five samples."""
    if len(samples) < 5:
        raise ValueError(f"{name}: {len(samples)} samples are too few for a median")
    return Figure(name, round(statistics.median(samples), 2), unit, bound, at_least)


def table(figures: Sequence[Figure]) -> str:
    """The figures as lines for a person."""
    width = max(len(f.name) for f in figures)
    lines = [f"{'figure':<{width}}  {'value':>10}  {'bound':>10}  unit   holds"]
    for f in figures:
        bound = "-" if f.bound is None else f"{'>=' if f.at_least else ''}{f.bound:g}"
        lines.append(f"{f.name:<{width}}  {f.value:>10g}  {bound:>10}  {f.unit:<6} {'yes' if f.holds else 'NO'}")
    return "\n".join(lines)


def report(figures: Sequence[Figure], path: Path) -> int:
    """Print the table, write the file, and answer the exit code: 1 when any bound is broken."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([{**asdict(f), "holds": f.holds} for f in figures], indent=1) + "\n")
    print(table(figures))
    broken = [f for f in figures if not f.holds]
    for f in broken:
        print(f"BROKEN: {f.name} is {f.value:g} {f.unit}, the bound is {f.bound:g}")
    return 1 if broken else 0
