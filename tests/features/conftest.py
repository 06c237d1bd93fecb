"""What the slices' tests share: a studio on the test's database."""

from __future__ import annotations

import pytest

from tests.factories import a_studio
from tests.gateways.mailbox import a_mailbox


@pytest.fixture
def studio(database, clock, children):
    """A studio that draws sketches into memory."""
    return a_studio(database, clock, children)


@pytest.fixture
async def box():
    """A mail server that keeps what it is given."""
    async with a_mailbox() as box:
        yield box


@pytest.fixture
async def mailing(studio, box):
    """The studio with that mail server."""
    return box.given_to(studio)
