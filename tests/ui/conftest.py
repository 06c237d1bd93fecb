"""What the pages' tests share: a studio the handlers get."""

from __future__ import annotations

import pytest

from pixelstudio.ui import session
from tests.factories import a_studio


@pytest.fixture
def open_studio(database, clock, children):
    """A studio on this test's database, installed for the handlers."""
    studio = a_studio(database, clock, children)
    session.install(studio)
    yield studio
    session.uninstall()
