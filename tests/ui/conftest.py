"""What the pages' tests share: a studio the handlers get, and a child pool nobody starts."""

from __future__ import annotations

import pytest

from pixelstudio.imaging.children import ChildPool
from pixelstudio.ui import session
from tests.factories import a_studio


@pytest.fixture
async def children():
    """A pool that starts a child only when a test really draws."""
    pool = ChildPool(size=1)
    yield pool
    await pool.close()


@pytest.fixture
def open_studio(database, clock, children):
    """A studio on this test's database, installed for the handlers."""
    studio = a_studio(database, clock, children)
    session.install(studio)
    yield studio
    session.uninstall()
