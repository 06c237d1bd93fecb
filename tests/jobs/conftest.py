"""A real database of each kind on the machine's own clock: leases are lived through here, not imagined."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pixelstudio.core.clock import SystemClock
from pixelstudio.db.engine import Database

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from pixelstudio.core.events import Bus


@pytest.fixture
async def db(database_url: str, bus: Bus) -> AsyncIterator[Database]:
    """An open, empty database on the machine's clock."""
    opened = await Database.open(database_url, SystemClock(), bus)
    yield opened
    await opened.close()
