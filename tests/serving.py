"""A real server for tests: a process of its own, on a free port, with a folder of its own."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx

from pixelstudio.cli.main import main
from pixelstudio.core.settings import Settings
from tests.leaks import remember, watched, with_canaries
from tests.nursery import ROOT, Forked, forked
from tests.templates import migrated_sqlite

START_S = 180.0  # the first start builds the pages
TRUST: Final = ssl.create_default_context()
"""For every HTTP client of a test: one that makes its own reads all certificates of the machine first, 25 ms of a core each time."""


@dataclass
class Served:
    """A running server. `kill` and `start` again to see what survives."""

    port: int
    folder: Path
    environment: dict[str, str]
    arguments: tuple[str, ...] = ()
    module: str = ""
    process: subprocess.Popen[bytes] | Forked | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        """Where it is, as a browser would type it."""
        return f"http://localhost:{self.port}"

    @property
    def log(self) -> str:
        """Everything it wrote so far, over all its starts."""
        return (self.folder / "server.log").read_text(errors="replace")

    def start(self) -> None:
        """Start it and wait until it is ready; fails with its log."""
        self.process = self._by_its_command() if self.module else self._from_the_nursery()
        deadline = time.monotonic() + START_S
        while not self.is_ready():
            assert self.process.poll() is None, f"the server ended:\n{self.log[-4000:]}"
            assert time.monotonic() < deadline, f"the server did not get ready:\n{self.log[-4000:]}"
            time.sleep(0.05)

    def _from_the_nursery(self) -> Forked:
        return forked(main, self._command, environment=self.environment, log=self.folder / "server.log")

    def _by_its_command(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", self.module, *self._command]
        with (self.folder / "server.log").open("ab") as log:
            return subprocess.Popen(command, cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    @property
    def _command(self) -> list[str]:
        return ["serve", "--port", str(self.port), *self.arguments]

    def is_ready(self) -> bool:
        """Whether it answers and its database too."""
        with contextlib.suppress(httpx.TransportError):
            return httpx.get(f"{self.url}/readyz", timeout=5, trust_env=False, verify=TRUST).status_code == 200
        return False

    def stop(self) -> int:
        """Ask it to end, and wait; returns how it ended."""
        return self._end(signal.SIGTERM)

    def kill(self) -> int:
        """End it as a power cut would."""
        return self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> int:
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(timeout=20)


def free_port() -> int:
    """A port nobody listens on just now; of those the system gives to nobody's connections by itself, so that it is free a moment later too."""
    while True:
        port = random.randrange(20_000, 32_000)
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port


@contextlib.contextmanager
def a_server(folder: Path, *arguments: str, module: str = "", **settings: str) -> Iterator[Served]:
    """A server on the data in `folder`, ended with the block. `settings` are environment variables, such as DATABASE_URL or FAILPOINT.

    It holds secrets in every setting that takes one, and its log is searched for them and for what was typed.

    On SQLite its database is migrated already; those on Postgres migrate as they start.

    It comes from the nursery, unless a `module` is named: then it is started by `python -m` that, as people start it, for what is about
    starting and about what an installed server takes. Another `module` than the product's serves it with something taken out.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ours = {name.upper() for name in Settings.model_fields}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    server = Served(
        free_port(),
        folder,
        {**kept, "DATA_DIR": str(folder / "data"), "WORKER_DRAIN_S": "2", "CHILD_PROCESSES": "1", **with_canaries(settings)},
        arguments,
        module,
    )
    database = Path(server.environment["DATA_DIR"]) / "pixelstudio.db"
    if "DATABASE_URL" not in settings and not database.exists():
        database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        database.write_bytes(migrated_sqlite())
    with watched(folder / "server.log"):
        server.start()
        try:
            yield server
        finally:
            if server.process is not None and server.process.poll() is None:
                server.stop()


@contextlib.contextmanager
def a_client(server: Served) -> Iterator[httpx.Client]:
    """A browser's plain half: cookies, and the Origin every form of ours is sent with."""
    headers = {"Origin": server.url, "Accept": "application/json"}
    with httpx.Client(base_url=server.url, headers=headers, timeout=15, trust_env=False, verify=TRUST) as client:
        yield client


def register(client: httpx.Client, handle: str) -> str:
    """Register and sign in; returns the cookie's value."""
    form = {"email": f"{handle}@example.org", "handle": handle, "password": "correct horse battery"}
    answer = client.post("/auth/register", data=form)
    assert answer.status_code == 200, answer.text
    for what in ("email", "password"):
        remember(what, form[what])
    remember("cookie", client.cookies["sid"])
    return client.cookies["sid"]
