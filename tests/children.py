"""Children that outlive their pool, for tests whose subject they are not: they go from test to test as, in a studio, from picture to picture.

Starting one takes half a second of a core, and most of that are the imports of what draws.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pixelstudio.imaging.children import ChildPool

if TYPE_CHECKING:
    from pixelstudio.imaging.child_handle import Child
    from pixelstudio.imaging.children import _Bench
    from pixelstudio.imaging.confinement import Limits

_spare: defaultdict[tuple[Limits, tuple[str, ...], tuple[str, ...]], list[Child]] = defaultdict(list)
"""Idle children that belong to no pool now, by what they were started with."""


class SparingPool(ChildPool):
    """The product's pool. It takes a spare child where there is one, and leaves its own idle ones for the next pool when it closes."""

    async def close(self) -> None:
        for bench in (self._general, self._urgent):
            bench.alive.difference_update(bench.idle)
            self._spare_for(bench).extend(bench.idle)
            bench.idle.clear()
        await super().close()

    def drawing_pids(self) -> list[int]:
        """Who of the general seats has a task in hand."""
        return [child.pid for child in self._general.alive.difference(self._general.idle)]

    async def _start(self, bench: _Bench) -> Child:
        spare = self._spare_for(bench)
        while spare and not self._closed:
            child = spare.pop()
            bench.alive.add(child)
            if child.ended_by() is None:
                return child
            await self._end(bench, child)
        return await super()._start(bench)

    def _spare_for(self, bench: _Bench) -> list[Child]:
        return _spare[bench.limits, bench.preload, self._prefixes]


def end_spare_children() -> None:
    """Kill whoever is left."""
    for children in _spare.values():
        while children:
            child = children.pop()
            child.kill()
            child._process.wait(10)
