"""A world with an owner and strangers, behind a server and behind the pages' handlers."""

from __future__ import annotations

import pytest

from pixelstudio.ui import session
from tests.api.pages import SHELLS
from tests.api.serving import served
from tests.factories import a_studio
from tests.visibility.cast import a_world


@pytest.fixture
async def world(database, clock, children):
    """Everybody, and everything of the owner's; the handlers get the same studio."""
    studio = a_studio(database, clock, children)
    session.install(studio)
    yield await a_world(studio, clock)
    session.uninstall()


@pytest.fixture
async def address(world):
    """Where the server of this world is."""
    async with served(world.studio, SHELLS) as where:
        yield where
