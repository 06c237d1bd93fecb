"""What the slices' tests share: one child pool for a worker, and a studio on the test's database."""

from __future__ import annotations

import pytest

from pixelstudio.imaging.children import ChildPool
from tests.api.serving import served
from tests.factories import a_studio


@pytest.fixture
async def children():
    """A pool that starts a child only when a test really draws."""
    pool = ChildPool(size=2)
    yield pool
    await pool.close()


@pytest.fixture
def studio(database, clock, children):
    """A studio that draws sketches into memory."""
    return a_studio(database, clock, children)


@pytest.fixture
async def address(studio):
    """The address of a server that runs on `studio`."""
    async with served(studio) as where:
        yield where
