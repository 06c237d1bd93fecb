"""The tally: what this process has counted since it was last written down. Words and numbers, nothing of anybody's."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Tally:
    """One for a process. Counting costs an addition; writing down is somebody else's work."""

    _counts: Counter[str] = field(default_factory=Counter[str])

    def add(self, what: str, count: int = 1) -> None:
        """Count something."""
        self._counts[what] += count

    def take(self) -> dict[str, int]:
        """All that was counted, which is forgotten here."""
        taken, self._counts = dict(self._counts), Counter()
        return taken

    def give_back(self, counts: dict[str, int]) -> None:
        """What could not be written down counts on."""
        self._counts.update(counts)
