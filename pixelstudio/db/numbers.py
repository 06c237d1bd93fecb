"""Ids taken ahead: a row is named before it is written, so nobody waits for the answer to its INSERT, and it travels with the commit.

On Postgres a process takes some numbers more than it needs, and gives those out for a second: as far as ids of two processes tell who came
first, they are wrong by no more. SQLite has one writer, who knows the last one given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pixelstudio.core.clock import Clock
    from pixelstudio.db.script import Script

AHEAD: Final = 64
KEPT_S: Final = 1.0
_TAKE: Final = {
    "postgresql": "SELECT nextval(CAST(:table || '_id_seq' AS regclass)) FROM generate_series(1,CAST(:count AS int))",
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<:count)"
    " SELECT i+COALESCE((SELECT seq FROM sqlite_sequence WHERE name=:table),0) FROM n",
}


class Numbers:
    """What one process has taken and not given out."""

    def __init__(self, clock: Clock, dialect: str) -> None:
        self._clock = clock
        self._dialect = dialect
        self._kept: dict[str, list[int]] = {}
        self._taken_at: dict[str, float] = {}

    def at_hand(self, table: str, count: int) -> list[int] | None:
        """So many, ascending; None when they have to be asked for."""
        kept = self._kept.get(table, [])
        if len(kept) < count or self._clock.monotonic() - self._taken_at[table] > KEPT_S:
            return None
        self._kept[table] = kept[count:]
        return kept[:count]

    def asked(self, table: str, count: int) -> Script[list[int]]:
        """So many, ascending and above all that anybody was given; some more are at hand then."""
        more = AHEAD if self._dialect == "postgresql" else 0
        rows = yield _TAKE[self._dialect], {"table": table, "count": count + more}
        numbers = [row[0] for row in rows]
        if more:
            self._kept[table], self._taken_at[table] = numbers[count:], self._clock.monotonic()
        return numbers[:count]
