"""What the tests of migrations share: a database of each kind with nothing in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, text

from pixelstudio.db.engine import async_url

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with nothing in it, dropped afterwards."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'new.db'}"
        return
    server: str = request.getfixturevalue("postgres_server")
    admin = create_engine(async_url(server), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("CREATE DATABASE migrating"))
    yield server.replace("/postgres?", "/migrating?")
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE migrating WITH (FORCE)"))
    admin.dispose()
