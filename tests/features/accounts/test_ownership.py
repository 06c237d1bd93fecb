"""One's own rows: found by their id, and nobody else's are."""

from __future__ import annotations

import pytest

from pixelstudio.core.errors import NotFound
from pixelstudio.core.ids import new_id
from pixelstudio.features.accounts import api_keys
from pixelstudio.features.accounts.ownership import own_row
from pixelstudio.features.accounts.tables import ApiKeyRow
from tests.factories import a_user


@pytest.mark.parametrize("for_update", [False, True])
async def test_somebody_elses_is_as_missing_as_what_never_was(database, for_update):
    ines, bob = await a_user(database), await a_user(database, "bob")
    async with database.transaction() as tx:
        key = await api_keys.make_key(tx, "Laptop", by=ines)

    async with database.transaction() as tx:
        assert (await own_row(tx, ApiKeyRow, key.view.id, by=ines, for_update=for_update)).name == "Laptop"
        for row_id, by in ((key.view.id, bob), (new_id(), ines), ("no id", ines)):
            with pytest.raises(NotFound):
                await own_row(tx, ApiKeyRow, row_id, by=by, for_update=for_update)
