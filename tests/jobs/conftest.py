"""A real database of each kind on the machine's own clock: leases are lived through here, not imagined."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pixelstudio.core.clock import SystemClock
from pixelstudio.core.log import set_up_logging
from pixelstudio.db.engine import Database
from tests.connections import engine_at

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from pixelstudio.core.events import Bus


@pytest.fixture(autouse=True)
def plain_logs() -> None:
    """As in production: one line an event. The library's own default draws tracebacks for a second, and leases run out meanwhile."""
    set_up_logging("error")


@pytest.fixture
async def db(database_url: str, bus: Bus) -> AsyncIterator[Database]:
    """An open, empty database on the machine's clock."""
    opened = Database(engine_at(database_url), database_url, SystemClock(), bus)
    yield opened
    await opened.close()
