"""A browser, and servers on a database of their own."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from pixelstudio.db.engine import async_url
from pixelstudio.db.migrate import migrate
from tests.journeys.records import Records
from tests.serving import a_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.serving import Served


@pytest.fixture
def studio_url_of(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[object]:
    """Makes the settings of a server on a fresh database of either kind: `studio_url_of("postgresql")`."""
    with contextlib.ExitStack() as stack:

        def settings(kind: str) -> dict[str, str]:
            if kind == "sqlite":
                return {}
            migrated = request.getfixturevalue("migrated_postgres")
            return {"DATABASE_URL": stack.enter_context(_fresh_postgres(request.getfixturevalue("postgres_server"), like=migrated))}

        yield settings


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: str) -> Iterator[str]:
    """The name of a migrated, empty database, which others are copied from: a server that migrates takes two seconds of a core for it."""
    with _fresh_postgres(postgres_server) as url, ThreadPoolExecutor(1) as beside:  # a loop may run in this thread
        beside.submit(asyncio.run, migrate(url)).result()
        yield str(make_url(url).database)


@contextlib.contextmanager
def _fresh_postgres(server: str, like: str = "template1") -> Iterator[str]:
    name = f"journey_{secrets.token_hex(4)}"
    admin = create_engine(async_url(server), isolation_level="AUTOCOMMIT", poolclass=NullPool)  # others restart that server
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {like}"))
    try:
        yield server.replace("/postgres?", f"/{name}?")
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()


@pytest.fixture(scope="session")
def open_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The one server of `house`."""
    with a_server(tmp_path_factory.mktemp("house")) as server:
        yield server


@pytest.fixture
def house(open_house: Served) -> Served:
    """A server on SQLite that all tests share who neither stop it nor count what is in it. More people register there than one address may."""
    database = Path(open_house.environment["DATA_DIR"]) / "pixelstudio.db"
    with contextlib.closing(sqlite3.connect(database, timeout=30)) as connection, connection:
        connection.execute("DELETE FROM sign_in_attempt")
    return open_house


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A server on SQLite for this test alone."""
    with a_server(tmp_path) as server:
        yield server


@pytest.fixture
def records(served: Served) -> Iterator[Records]:
    """What `served` has written down."""
    with Records.of(served) as opened:
        yield opened


@pytest.fixture
def house_records(house: Served) -> Iterator[Records]:
    """What `house` has written down, of everybody who has been there."""
    with Records.of(house) as opened:
        yield opened
