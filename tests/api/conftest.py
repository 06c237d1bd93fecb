"""What the API's tests share: a studio on the test's database, a server on that studio, and a member before it."""

from __future__ import annotations

import pytest

from tests.api.serving import a_browser, served
from tests.factories import a_cookie, a_studio, a_user


@pytest.fixture
def studio(database, clock, children):
    """A studio that draws sketches into memory."""
    return a_studio(database, clock, children)


@pytest.fixture
async def address(studio):
    """The address of a server that runs on `studio`."""
    async with served(studio) as where:
        yield where


@pytest.fixture
async def ines(studio):
    """A member of `studio`."""
    return await a_user(studio.db)


@pytest.fixture
async def member(studio, address, ines):
    """Her browser, signed in."""
    async with a_browser(address, await a_cookie(studio.db, ines.id)) as browser:
        yield browser
