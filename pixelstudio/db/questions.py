"""Questions: selects that are asked over and over. Each is put into words once for each database; from then on it is only told values.

Most of what a short select costs is building it, finding out that it is one that was seen before, and making an object of each row. A
question does none of it again: it is asked below SQLAlchemy's session, as scripts are, and its rows are named tuples.
"""

from __future__ import annotations

import json
import re
from collections import namedtuple
from typing import TYPE_CHECKING, Any, ClassVar, Final

from sqlalchemy import Boolean, Integer, Text, bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Dialect, SelectBase
    from sqlalchemy.sql.compiler import SQLCompiler
    from sqlalchemy.types import TypeEngine

    from pixelstudio.db.script import Rows, Script

_DIALECTS: Final[Mapping[str, Dialect]] = {
    "sqlite": sqlite.dialect(paramstyle="named"),
    "postgresql": postgresql.dialect(paramstyle="named"),
}
_NAMED: Final = re.compile(r"(?<!:):([a-z_][a-z0-9_]*)")

_DOUBLE: Final = 701
"""What Postgres calls a column that is told as a float; no other kind of column asks what it is called."""


class Question:
    """A select. What differs from one time to the next has a name in it (`told`, `among`); how many rows it may have does not: Postgres makes
    one plan for all times, and must know then.
    """

    def __init__(self, statement: SelectBase) -> None:
        self._statement = statement
        self._wordings: dict[str, _Wording] = {}

    def asked(self, dialect: str, values: Mapping[str, Any]) -> Script[list[Any]]:
        """A script that asks it once: its rows, by the names of its columns. Values it has no place for are passed over."""
        wording = self._wordings.get(dialect)
        if wording is None:
            wording = self._wordings[dialect] = _Wording(self._statement, _DIALECTS[dialect])
        return wording.understood((yield wording.sql, wording.told(values)))


def told(name: str, kind: TypeEngine[Any] | None = None) -> Any:
    """A value that is told each time; its type follows from what it stands beside."""
    return bindparam(name, None, type_=kind)


def array_of(values: Iterable[Any]) -> str:
    """Values as Postgres writes an array of texts or of numbers."""
    quoted = (str(one).replace("\\", r"\\").replace('"', r"\"") for one in values)
    return "{" + ",".join(f'"{one}"' for one in quoted) + "}"


class among(FunctionElement[bool]):  # noqa: N801  # called like the function it is
    """Whether a column is one of the values told under a name: the same words however many there are."""

    inherit_cache = True
    type = Boolean()
    name = "among"

    def __init__(self, column: Any, name: str) -> None:
        super().__init__(column, bindparam(name, None, type_=_Many()))
        self.is_number = isinstance(column.type, Integer)

    def self_group(self, against: Any = None) -> Any:
        """As it stands: SQLite takes `... = 1`, which other booleans become there, for nothing an index would help with."""
        del against
        return self


@compiles(among, "sqlite")
def _on_sqlite(element: among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608  # words of the compiler, which has put names in the place of values


@compiles(among, "postgresql")
def _on_postgres(element: among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} = ANY(CAST({values} AS {'bigint' if element.is_number else 'text'}[]))"


class _Many(TypeDecorator[Any]):
    """Values as one text: of JSON on SQLite, as Postgres writes an array there."""

    impl = Text
    cache_ok: ClassVar[bool] = True  # pyright: ignore[reportIncompatibleVariableOverride]  # the base declares bool | None

    def process_bind_param(self, value: Iterable[Any] | None, dialect: Dialect) -> str:
        return json.dumps(list(value or ())) if dialect.name == "sqlite" else array_of(value or ())


class _Wording:
    """A question in the words of one database."""

    def __init__(self, statement: SelectBase, dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
        named = {bind.key: bind.type.dialect_impl(dialect) for bind in compiled.binds.values() if not bind.unique}
        always = {name: value for name, value in compiled.params.items() if name not in named}
        self.sql = _NAMED.sub(lambda found: _written(always[found[1]]) if found[1] in always else found[0], str(compiled))
        self._tellers = [(name, kind.bind_processor(dialect)) for name, kind in named.items()]
        columns = statement.selected_columns
        readers = [column.type.dialect_impl(dialect).result_processor(dialect, _DOUBLE) for column in columns]
        self._readers = [(at, reader) for at, reader in enumerate(readers) if reader is not None]
        self._row: Any = namedtuple("Row", columns.keys())  # noqa: PYI024  # pyright: ignore[reportUntypedNamedTuple]  # its names are known only here

    def told(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {name: teller(values[name]) if teller else values[name] for name, teller in self._tellers}

    def understood(self, rows: Rows) -> list[Any]:
        return [self._row._make(self._read(row) if self._readers else row) for row in rows]

    def _read(self, row: Sequence[Any]) -> list[Any]:
        values = list(row)
        for at, reader in self._readers:
            values[at] = reader(values[at])
        return values


def _written(value: bool | float | str) -> str:
    """What never differs stands in the words themselves, so that a plan takes it into account."""
    return str(value) if isinstance(value, int | float) else "'" + value.replace("'", "''") + "'"
