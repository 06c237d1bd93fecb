"""What a studio held at a moment: whoever wants another like it is given a copy, in a quarter of the time that its making took."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import insert, select, text

from pixelstudio.db.columns import metadata
from pixelstudio.storage.memory import MemoryStorage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pixelstudio.studio import Studio


@dataclass(frozen=True)
class Copy:
    """Every row, and every object of the storage."""

    rows: Mapping[str, Sequence[Mapping[str, Any]]]
    objects: Mapping[str, bytes]

    @classmethod
    async def of(cls, studio: Studio) -> Self:
        """All that is there now."""
        async with studio.db.engine.connect() as connection:
            rows = {
                table.name: [dict(row) for row in (await connection.execute(select(table))).mappings()] for table in metadata.sorted_tables
            }
        return cls(rows, dict(_objects_of(studio)))

    async def give(self, studio: Studio) -> None:
        """Write it all into an empty studio on the same kind of database."""
        async with studio.db.engine.begin() as connection:
            for table in metadata.sorted_tables:
                if rows := self.rows[table.name]:
                    await connection.execute(insert(table), rows)
                    if studio.db.dialect == "postgresql" and (counted := table.autoincrement_column) is not None:
                        last = f"setval(pg_get_serial_sequence('\"{table.name}\"', '{counted.name}'), max(\"{counted.name}\"))"
                        await connection.execute(text(f'SELECT {last} FROM "{table.name}"'))
        _objects_of(studio).update(self.objects)


def _objects_of(studio: Studio) -> dict[str, bytes]:
    assert isinstance(studio.storage, MemoryStorage)
    return studio.storage._objects
