"""What the API's tests share: a studio on the test's database, and a server on that studio."""

from __future__ import annotations

import pytest

from tests.api.serving import served
from tests.factories import a_studio


@pytest.fixture
def studio(database, clock, children):
    """A studio that draws sketches into memory."""
    return a_studio(database, clock, children)


@pytest.fixture
async def address(studio):
    """The address of a server that runs on `studio`."""
    async with served(studio) as where:
        yield where
