"""The database is away, restarted or held by somebody else: a sentence at most, nothing lost, and everything goes on by itself."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from pixelstudio.cli.main import main
from tests.faults.house import eventually
from tests.faults.postgres import a_postgres
from tests.journeys.person import Person
from tests.journeys.records import Records
from tests.nursery import ROOT, ended
from tests.serving import a_client, a_server, free_port, register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.async_api import Browser

pytestmark = pytest.mark.slow
AWAY = "The studio's database does not answer at the moment. It comes back by itself: try again in a minute."
BUSY = "The studio's database is busy with something else. Try again in a moment."
NOBODY = "postgresql://ines:a-secret-word@127.0.0.1:{port}/studio"


@contextlib.contextmanager
def locked(file: Path, seconds: float) -> Iterator[None]:
    """Another process holds the file for so long, or to the end of the block."""
    command = [sys.executable, "-m", "tests.faults.locker", str(file), str(seconds)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        yield
        other.kill()


def test_a_held_sqlite_file_is_waited_for_and_then_told(tmp_path: Path) -> None:
    """Without `timeout` in `make_engine` the first already fails; without `outages_told` the second is a 500 that blames us."""
    form = {"email": "noor@example.org", "handle": "noor", "password": "correct horse battery"}
    with a_server(tmp_path) as server, a_client(server) as client:
        file = Path(server.environment["DATA_DIR"]) / "pixelstudio.db"
        began = time.monotonic()
        with locked(file, 3.0):
            register(client, "ines")
            assert time.monotonic() - began > 2

        with locked(file, 20.0):
            refused = client.post("/auth/register", data=form)
            assert (refused.status_code, refused.json()["sentence"]) == (503, BUSY)
            assert int(refused.headers["retry-after"]) > 0
            assert client.get("/readyz").status_code == 200
            assert client.get("/library").status_code == 200

        assert client.post("/auth/register", data=form).status_code == 200
        assert "Traceback" not in server.log


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_a_postgres_that_is_not_there_stops_the_start_with_a_sentence(tmp_path: Path, command: str) -> None:
    environment = {**os.environ, "DATABASE_URL": NOBODY.format(port=free_port()), "DATA_DIR": str(tmp_path), "PORT": str(free_port())}

    refused = ended(main, [command], environment=environment)

    assert refused.returncode == 1
    assert "The database does not answer. Is it running, and is DATABASE_URL right?" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert "a-secret-word" not in refused.stderr + refused.stdout


async def test_a_postgres_that_crashes_and_comes_back_costs_a_notice_and_nothing_else(
    browser: Browser, scratch: Path, tmp_path: Path
) -> None:
    """Without the `except` in `OutboxRelay.run` the server ends with the database; with `raise` in `_goes_on` the page stays deaf."""
    with a_postgres(scratch / "crash") as postgres, a_server(tmp_path, DATABASE_URL=postgres.url, LEASE_S="4") as server:
        ines = await Person.sits_down(browser, server.url)
        await ines.joins("ines")
        await ines.asks_for("Waves at night under a mint moon", images=2)
        await expect(ines.slots("drawing").first).to_be_visible()

        await asyncio.to_thread(postgres.crash)
        await ines.page.get_by_role("button", name="Generate").click()
        await expect(ines.page.get_by_role("status", name="Notice")).to_contain_text(AWAY, timeout=15_000)
        with a_client(server) as client:
            assert client.get("/healthz").status_code == 200

            async def is_not_ready() -> bool:  # what was last found serves everybody for two seconds
                return client.get("/readyz").status_code == 503

            await eventually(is_not_ready, 10)
        await asyncio.to_thread(postgres.start)

        await ines.sees_pictures(2)
        await ines.chooses_small()
        await ines.page.get_by_role("button", name="Generate").click()
        await ines.sees_pictures(4)
        await expect(ines.page.get_by_text(re.compile("does not answer"))).to_have_count(0)
        with Records.of(server) as records:

            async def all_ended() -> bool:
                return records.one("SELECT count(*) FROM q_job WHERE state NOT IN (5, 6, 7)") == 0

            await eventually(all_ended)
            records.check_nothing_is_lost_or_doubled(pictures=4)
        assert "handler.failed" not in server.log
        assert server.process is not None
        assert server.process.poll() is None
