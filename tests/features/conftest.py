"""What the slices' tests share: a studio on the test's database."""

from __future__ import annotations

import pytest

from tests.factories import a_studio


@pytest.fixture
def studio(database, clock, children):
    """A studio that draws sketches into memory."""
    return a_studio(database, clock, children)
