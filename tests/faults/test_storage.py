"""The disk is full or may not be written: nothing half written, nothing charged, a sentence, and it goes on by itself when there is room."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from pixelstudio.core.errors import Unavailable
from pixelstudio.features.credits.ledger import Balance
from pixelstudio.features.generation import jobs
from pixelstudio.storage.local import LocalStorage
from tests.faults.house import eventually, files_in, seen
from tests.paying import CREDITS, FULL, PRICE, a_paid_studio, asked, balance, ended, time_passing, working
from tests.serving import a_client, a_server, register

if TYPE_CHECKING:
    from pathlib import Path

NO_ROOM = "There is no room left to store pictures. Whoever runs this studio has to make some; then try again. Nothing was charged."
UNUSABLE = (
    "Pictures cannot be stored or read at the moment. Whoever runs this studio has to look at the picture folder. Nothing was charged."
)


class Noticed(LocalStorage):
    """A folder that counts how often it had to refuse."""

    refusals = 0

    async def put(self, data: bytes) -> str:
        try:
            return await super().put(data)
        except Unavailable:
            self.refusals += 1
            raise


@pytest.fixture
async def stored(database, clock, children, stand_in, disk):
    """A paid studio that stores its pictures on `disk`."""
    storage = Noticed(disk.folder / "objects")
    async with a_paid_studio(database, clock, children, stand_in, storage=storage) as studio:
        yield studio


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(jobs, "STORE_AGAIN_AFTER_S", (0.05, 0.1))


async def test_a_paid_picture_waits_for_room_and_is_stored_then(stored, ines, clock, stand_in, disk):
    """Without the waiting in `RenderJob._put` the picture is given up at the first refusal, and the studio has paid for nothing."""
    disk.fill()
    view = await asked(stored, ines)

    async def refused() -> bool:
        return stored.storage.refusals > 0

    async with asyncio.timeout(30), time_passing(clock), working(stored):
        await eventually(refused)
        disk.make_room()

        async def is_ended() -> bool:
            return (await seen(stored, ines, view)).is_ended

        await eventually(is_ended)

    assert (await seen(stored, ines, view)).slots[0].state == "done"
    assert await balance(stored, ines) == Balance(CREDITS - PRICE, 0)
    assert len(stand_in.requests()) == 1


async def test_a_disk_that_stays_full_ends_in_words_and_leaves_no_scrap(stored, ines, clock, stand_in, disk, impatient):
    """Without `_losses_told` the person reads that nobody knows whether the provider drew; without the unlink in `_write` scraps stay."""
    disk.fill()

    view = await ended(stored, ines, clock)

    assert view.slots[0].sentence == NO_ROOM
    assert await balance(stored, ines) == FULL
    assert len(stand_in.requests()) == 1
    assert files_in(disk.folder) == {"filler"}
    disk.make_room()
    assert (await ended(stored, ines, clock)).slots[0].state == "done"


async def test_a_disk_that_may_not_be_written_ends_in_words(stored, ines, clock, stand_in, disk, impatient):
    disk.turn("ro")

    view = await ended(stored, ines, clock)

    assert view.slots[0].sentence == UNUSABLE
    assert await balance(stored, ines) == FULL
    disk.turn("rw")
    assert (await ended(stored, ines, clock)).slots[0].state == "done"


@pytest.mark.slow
def test_a_server_whose_whole_disk_is_full_says_so_and_goes_on_when_there_is_room(tmp_path: Path, disk) -> None:
    """Without `outages_told` the answer is a 500 about something of ours that broke."""
    with a_server(tmp_path, DATA_DIR=str(disk.folder / "data")) as server:
        with a_client(server) as client:
            register(client, "ines")
            disk.fill()

            refused = client.post(
                "/auth/register", data={"email": "noor@example.org", "handle": "noor", "password": "correct horse battery"}
            )

            assert refused.status_code == 503
            assert "disk" in refused.json()["sentence"] or "data folder" in refused.json()["sentence"]
            assert client.get("/healthz").status_code == 200
            assert client.get("/library", headers={"Accept": "text/html"}).status_code == 200
            disk.make_room()
        with a_client(server) as client:
            register(client, "noor")
        assert "Traceback" not in server.log
