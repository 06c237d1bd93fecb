"""`bits_apart`: in how many of 64 bits two numbers differ, counted by the database on both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import BigInteger, Integer, cast
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.sql.compiler import SQLCompiler

_NAME: Final = "bits_apart"
_MASK: Final = (1 << 64) - 1


class bits_apart(FunctionElement[int]):  # noqa: N801  # called like the function it is
    """A column and a number, both signed, 64 bits each."""

    inherit_cache = True
    type = Integer()
    name = _NAME

    def __init__(self, one: Any, other: Any) -> None:
        super().__init__(one, cast(other, BigInteger))


@compiles(bits_apart, "sqlite")
def _on_sqlite(element: bits_apart, compiler: SQLCompiler, **options: Any) -> str:
    return f"{_NAME}({compiler.process(element.clauses, **options)})"


@compiles(bits_apart, "postgresql")
def _on_postgres(element: bits_apart, compiler: SQLCompiler, **options: Any) -> str:
    one, other = (compiler.process(part, **options) for part in element.clauses)
    return f"bit_count(({one} # {other})::bit(64))"


def teach(connection: DBAPIConnection) -> None:
    """Give a new connection to SQLite the function; it runs in the connection's own thread."""
    teacher: Any = connection
    teacher.create_function(_NAME, 2, _counted, deterministic=True)


def _counted(one: int | None, other: int) -> int | None:
    return None if one is None else ((one ^ other) & _MASK).bit_count()
