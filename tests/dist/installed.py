"""A server that runs from an installed wheel, started by its command in a folder that is no checkout, with an empty home."""

from __future__ import annotations

import contextlib
import http.client
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.serving import Served, free_port
from tools.environment import environment_for_uv


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


def installed_in(place: Path, wheel: Path) -> Path:
    """An environment at `place` that was empty before the wheel and what its own metadata asks for went in."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True, timeout=60)
    uv = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--only-binary", ":all:", "--python", str(place / "bin" / "python")]
    subprocess.run([*uv, str(wheel)], check=True, env=environment_for_uv(), timeout=300)
    return place


def lend_compiled(place: Path) -> None:
    """Give the environment at `place` what Python has compiled of the same files here: to compile it anew takes four seconds of a core.

    Python itself takes nothing of it that does not belong to a file of this size and this moment.
    """
    ours, theirs = Path(sysconfig.get_path("purelib")), next(place.glob("lib/python*/site-packages"))
    for folder in ours.rglob("__pycache__"):
        there = theirs / folder.parent.relative_to(ours)
        if there.is_dir():
            shutil.copytree(folder, there / folder.name, dirs_exist_ok=True)


def bare_work_s(installed: Path) -> float:
    """Seconds of a core for a Python there that loads what the server stands on, and does nothing with it."""
    loads = "import reflex.app, sqlalchemy.ext.asyncio, sqlmodel, fastapi, uvicorn, httpx, PIL.Image, numpy"
    code = f"{loads}; import time; print(time.process_time())"
    done = subprocess.run([installed / "bin" / "python", "-c", code], capture_output=True, text=True, check=True, timeout=60)
    return float(done.stdout.splitlines()[-1])
