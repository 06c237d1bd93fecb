"""A browser, and servers on a database of their own."""

from __future__ import annotations

import contextlib
import secrets
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import async_playwright
from sqlalchemy import create_engine, text

from pixelstudio.db.engine import async_url
from tests.journeys.records import Records
from tests.serving import a_server
from tools.chromium import LAUNCH_ARGUMENTS, chromium

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from playwright.async_api import Browser

    from tests.serving import Served


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A Chromium for this test."""
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=str(chromium()), args=list(LAUNCH_ARGUMENTS))
        yield launched
        await launched.close()


@pytest.fixture
def studio_url_of(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[object]:
    """Makes the settings of a server on a fresh database of either kind: `studio_url_of("postgresql")`."""
    with contextlib.ExitStack() as stack:

        def settings(kind: str) -> dict[str, str]:
            if kind == "sqlite":
                return {}
            return {"DATABASE_URL": stack.enter_context(_fresh_postgres(request.getfixturevalue("postgres_server")))}

        yield settings


@contextlib.contextmanager
def _fresh_postgres(server: str) -> Iterator[str]:
    name = f"journey_{secrets.token_hex(4)}"
    admin = create_engine(async_url(server), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield server.replace("/postgres?", f"/{name}?")
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A server on SQLite."""
    with a_server(tmp_path) as server:
        yield server


@pytest.fixture
def records(served: Served) -> Iterator[Records]:
    """What `served` has written down."""
    with Records.of(served) as opened:
        yield opened
