"""What a studio held at a moment: whoever wants another like it is given a copy, in a fraction of the time that its making took."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from sqlalchemy import text

from pixelstudio.db.columns import metadata
from pixelstudio.storage.memory import MemoryStorage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pixelstudio.studio import Studio


@dataclass(frozen=True)
class Copy:
    """Every row, and every object of the storage."""

    rows: sqlite3.Connection | str
    """The whole database, kept in memory; of one on Postgres what writes its rows, so that they go there in one question."""
    objects: Mapping[str, bytes]

    @classmethod
    async def of(cls, studio: Studio) -> Self:
        """All that is there now."""
        rows = _database_of(studio) if studio.db.dialect == "sqlite" else await _script_of(studio)
        return cls(rows, dict(_objects_of(studio)))

    async def give(self, studio: Studio) -> None:
        """Write it all into an empty studio on the same kind of database."""
        if isinstance(self.rows, sqlite3.Connection):
            with closing(sqlite3.connect(_file_of(studio))) as file:
                self.rows.backup(file)
        else:
            async with studio.db.engine.begin() as connection:
                await connection.exec_driver_sql(self.rows, execution_options={"no_parameters": True})  # a per cent sign is one
        _objects_of(studio).update(self.objects)


def _file_of(studio: Studio) -> str:
    return str(studio.db.engine.url.database)


def _database_of(studio: Studio) -> sqlite3.Connection:
    kept = sqlite3.connect(":memory:", check_same_thread=False)
    with closing(sqlite3.connect(_file_of(studio))) as file:
        file.backup(kept)
    return kept


async def _script_of(studio: Studio) -> str:
    steps: list[str] = []
    async with studio.db.engine.connect() as connection:
        for table in metadata.sorted_tables:
            told = (await connection.execute(text(f'SELECT CAST(json_agg(row) AS text) FROM "{table.name}" AS row'))).scalar_one()
            if told is None:
                continue
            assert "$rows$" not in told
            steps.append(f'INSERT INTO "{table.name}" SELECT * FROM json_populate_recordset(NULL::"{table.name}", $rows${told}$rows$)')
            if (counted := table.autoincrement_column) is not None:
                last = f"setval(pg_get_serial_sequence('\"{table.name}\"', '{counted.name}'), max(\"{counted.name}\"))"
                steps.append(f'SELECT {last} FROM "{table.name}"')
    return ";".join(steps)


def _objects_of(studio: Studio) -> dict[str, bytes]:
    assert isinstance(studio.storage, MemoryStorage)
    return studio.storage._objects
