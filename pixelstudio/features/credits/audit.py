"""The audit: proves the whole ledger's sums and pairs. Reads every entry once; for a person who asks, not for a request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from sqlalchemy import text

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Reader

_TOTALS: Final = "SELECT count(*), coalesce(sum(available_delta), 0), coalesce(sum(held_delta), 0) FROM credit_entry"
_FAULTS: Final = {
    "entries whose two amounts do not fit their kind": """
        SELECT count(*) FROM credit_entry WHERE NOT (
            (kind = 'grant' AND available_delta > 0 AND held_delta = 0)
            OR (kind = 'hold' AND held_delta > 0 AND available_delta = -held_delta)
            OR (kind = 'capture' AND held_delta < 0 AND available_delta = 0)
            OR (kind = 'release' AND held_delta < 0 AND available_delta = -held_delta))""",
    "accounts below zero": """
        SELECT count(*) FROM (
            SELECT account_id FROM credit_entry GROUP BY account_id HAVING sum(available_delta) < 0 OR sum(held_delta) < 0) AS below""",
    "settlements without the hold they settle": """
        SELECT count(*) FROM credit_entry s
        LEFT JOIN credit_entry h ON h.key = 'hold:' || substr(s.key, 8) AND h.kind = 'hold' AND h.account_id = s.account_id
        WHERE s.kind IN ('capture', 'release') AND (h.id IS NULL OR h.held_delta <> -s.held_delta)""",
    "holds left open by work that has ended": """
        SELECT count(*) FROM credit_entry h
        LEFT JOIN credit_entry s ON s.key = 'settle:' || substr(h.key, 6)
        LEFT JOIN generation g ON g.id = h.generation_id
        WHERE h.kind = 'hold' AND s.id IS NULL AND h.generation_id IS NOT NULL AND (g.id IS NULL OR g.ended_at IS NOT NULL)""",
}


@dataclass(frozen=True, slots=True)
class Audit:
    """What the books say: totals over all accounts, and how often each thing that must not be was found."""

    entries: int
    available: int
    held: int
    faults: dict[str, int]

    @property
    def summed(self) -> str:
        """How many entries there are, as the beginning of a sentence about books that are right."""
        return "1 entry adds up" if self.entries == 1 else f"{self.entries:,} entries add up"


async def audit(reader: Reader) -> Audit:
    """Add everything up. No faults means: every credit was granted, held, spent or given back exactly once."""
    entries, available, held = cast("tuple[int, int, int]", (await reader.exec(text(_TOTALS))).one())
    counted = {fault: int((await reader.exec(text(sql))).scalar_one()) for fault, sql in _FAULTS.items()}
    return Audit(int(entries), int(available), int(held), {fault: count for fault, count in counted.items() if count})
