"""Opening a studio: whatever had been opened is closed again, however opening ends."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pixelstudio.bootstrap.opening import open_studio
from pixelstudio.core.keyring import Keyring
from pixelstudio.core.settings import load_settings
from tests.connections import close_kept_connections


def connections() -> list[str]:
    """Every socket and database file this process holds open, but for idle lines that go on to the next test."""
    close_kept_connections()
    held = [os.path.realpath(descriptor) for descriptor in Path("/proc/self/fd").iterdir()]
    return sorted(name for name in held if "socket:" in name or name.endswith((".db", ".db-wal", ".db-shm")))


async def test_whatever_had_been_opened_is_closed_when_opening_fails_half_way(database_url, tmp_path, stand_in):
    settings = load_settings(database_url=database_url, data_dir=tmp_path, a1111_base_url=f"{stand_in.base}/a1111")
    (tmp_path / "installed").write_text("where the folder should be in which it is written down what a server has")
    before = connections()

    with pytest.raises(FileExistsError):
        async with open_studio(settings, keys=Keyring.new()):
            pytest.fail("It cannot be opened.")

    assert connections() == before


async def test_whatever_was_opened_is_closed_at_the_end(database_url, tmp_path):
    settings = load_settings(database_url=database_url, data_dir=tmp_path)
    before = connections()

    async with open_studio(settings, keys=Keyring.new()) as studio:
        async with studio.db.transaction():
            pass
        assert connections() != before

    assert connections() == before
