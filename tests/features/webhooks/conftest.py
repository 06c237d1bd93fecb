"""Whoever looks after the installation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pixelstudio.features.accounts.claiming import claim, issue_claim_token
from tests.factories import a_user


@pytest.fixture
async def keeper(database):
    """A maintainer."""
    account = await a_user(database, "keeper")
    async with database.transaction() as tx:
        await claim(tx, await issue_claim_token(tx) or "", by=account)
    return replace(account, is_maintainer=True)
