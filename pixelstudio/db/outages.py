"""`outages_told`: what goes wrong with the database itself, not with what it was asked, as an error of ours with a sentence."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING, Final

import psycopg
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from pixelstudio.core.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Generator

_SENTENCES: Final = {
    "database_away": "The studio's database does not answer at the moment. It comes back by itself: try again in a minute.",
    "database_busy": "The studio's database is busy with something else. Try again in a moment.",
    "database_full": "There is no room left on the studio's disk. Whoever runs this studio has to make some; then try again.",
    "database_unwritable": "The studio's database cannot be written at the moment. Whoever runs this studio has to look at its data folder.",
}
_SQLITE: Final = {
    sqlite3.SQLITE_BUSY: "database_busy",
    sqlite3.SQLITE_LOCKED: "database_busy",
    sqlite3.SQLITE_FULL: "database_full",
    sqlite3.SQLITE_READONLY: "database_unwritable",
    sqlite3.SQLITE_PERM: "database_unwritable",
    sqlite3.SQLITE_CANTOPEN: "database_unwritable",
    sqlite3.SQLITE_IOERR: "database_unwritable",
}
_POSTGRES: Final = {"40001": "database_busy", "40P01": "database_busy", "55P03": "database_busy", "53100": "database_full"}


class DatabaseAway(Unavailable):
    """The database did not do it, whatever was asked: gone, busy, full or read-only. Asking again later is right."""

    default_code = "database_away"


@contextlib.contextmanager
def outages_told() -> Generator[None]:
    """Raise `DatabaseAway` for an outage inside the block; a refused statement (a constraint, a mistake of ours) passes as it is."""
    try:
        yield
    except (DBAPIError, NoConnectionFree, sqlite3.OperationalError, psycopg.Error) as error:
        code = _code_of(error)
        if code is None:
            raise
        raise DatabaseAway(_SENTENCES[code], code=code, error=type(getattr(error, "orig", error)).__name__) from error


def _code_of(error: Exception) -> str | None:
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.OperationalError):
        return _SQLITE.get(getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF)  # the rest says which file, not what
    if isinstance(error, OperationalError | InterfaceError | psycopg.OperationalError | psycopg.InterfaceError):
        return _POSTGRES.get(getattr(cause, "sqlstate", None) or "", "database_away")
    is_cut_off = isinstance(error, NoConnectionFree) or (isinstance(error, DBAPIError) and error.connection_invalidated)
    return "database_away" if is_cut_off else None
