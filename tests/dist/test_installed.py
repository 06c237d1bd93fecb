"""The installed wheel: no checkout, no Node, an empty home; up within three seconds, and a person gets a picture."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import os
import statistics
import subprocess
import time
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.architecture.test_locks import pins
from tests.journeys.person import Person
from tests.serving import ROOT, Served, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]

READY_S = 3.0
STARTS = 3


@dataclass
class Installed(Served):
    """A server started by its command, in a folder that is no checkout."""

    command: Path = Path()

    def is_ready(self) -> bool:
        """Asked plainly: a client that loads certificates at every question would slow down what is measured."""
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        with contextlib.closing(asked), contextlib.suppress(OSError):
            asked.request("GET", "/readyz")
            with asked.getresponse() as answer:
                return answer.status == 200
        return False

    def work_s(self) -> float:
        """Seconds of a core it has used so far, its migration included."""
        assert self.process is not None
        return sum(psutil.Process(self.process.pid).cpu_times()[:4])

    def start(self) -> None:
        """Start it and wait until it is ready; fails with its log."""
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [self.command, "serve"], cwd=self.folder / "here", env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        deadline = time.monotonic() + 60
        while not self.is_ready():
            assert self.process.poll() is None, f"the server ended:\n{self.log[-4000:]}"
            assert time.monotonic() < deadline, f"the server did not get ready:\n{self.log[-4000:]}"
            time.sleep(0.02)


@contextlib.contextmanager
def an_installed_server(installed: Path, folder: Path) -> Iterator[Installed]:
    for name in ("here", "home", "bin"):
        (folder / name).mkdir(parents=True)
    # Whoever would run what lies in the folder of the start stumbles over this.
    for trap in ("rxconfig.py", "pixelstudio.py", "alembic.py"):
        (folder / "here" / trap).write_text("raise SystemExit('this is somebody else's project')")
    port = free_port()
    environment = {"PATH": str(folder / "bin"), "HOME": str(folder / "home"), "DATA_DIR": str(folder / "data"), "PORT": str(port)}
    server = Installed(port, folder, environment, command=installed / "bin" / "pixelstudio")
    server.start()
    try:
        yield server
    finally:
        server.stop()


def the_doctor(server: Installed) -> subprocess.CompletedProcess[str]:
    here = server.folder / "here"
    command = [server.command, "doctor"]
    return subprocess.run(command, cwd=here, env=server.environment, capture_output=True, text=True, check=False, timeout=60)


def files(folder: Path) -> dict[str, float]:
    return {
        str(path.relative_to(folder)): path.stat().st_mtime
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def packages(place: Path) -> dict[str, str]:
    found: list[Distribution] = list(distributions(path=[str(next(place.glob("lib/python*/site-packages")))]))
    return {distribution.metadata["Name"].lower().replace("_", "-"): distribution.version for distribution in found}


def test_what_its_metadata_asks_for_is_what_was_locked(installed):
    locked = pins((ROOT / "requirements" / "run.txt").read_text())
    there = packages(installed)

    assert {name: version for name, version in there.items() if locked.get(name) != version}.keys() == {"pixelstudio"}
    assert not any("nodejs" in name for name in there)
    assert not any((installed / "bin" / name).exists() for name in ("node", "npm", "npx"))


def test_it_is_ready_within_three_seconds_and_writes_nowhere_but_in_its_data_folder(installed, tmp_path, record_property):
    with an_installed_server(installed, tmp_path / "first"):
        before = files(installed)  # and every file it reads is warm now
    took: list[float] = []
    for attempt in range(STARTS):
        started = time.monotonic()
        with an_installed_server(installed, tmp_path / str(attempt)) as server:
            is_crowded = os.getloadavg()[0] > (os.cpu_count() or 1)
            # Where others keep the cores busy, what counts is the work: alone, the clock would show no more than that.
            took.append(server.work_s() if is_crowded else time.monotonic() - started)
            assert list((server.folder / "home").iterdir()) == []
            assert sorted(path.name for path in (server.folder / "here").iterdir()) == ["alembic.py", "pixelstudio.py", "rxconfig.py"]
    record_property("ready_s", took)

    assert statistics.median(took) <= READY_S, took
    assert files(installed) == before


async def test_a_person_gets_a_picture_from_it(browser, installed, tmp_path):
    with an_installed_server(installed, tmp_path) as server:
        person = await Person.sits_down(browser, server.url)
        await person.joins("ines")
        await person.asks_for("a red lighthouse at dusk", images=1)
        await person.sees_pictures(1)
        assert person.complaints == []

        doctor = await asyncio.to_thread(the_doctor, server)
        assert doctor.returncode == 0, doctor.stdout
        assert "The pages are built and came with the wheel." in doctor.stdout
        assert "entries add up" in doctor.stdout


def test_its_command_says_what_it_can_do(installed, tmp_path):
    environment = {**os.environ, "DATA_DIR": str(tmp_path)}
    helped = subprocess.run(
        [installed / "bin" / "pixelstudio", "--help"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )

    assert all(command in helped.stdout for command in ("serve", "worker", "migrate", "claim", "doctor"))
