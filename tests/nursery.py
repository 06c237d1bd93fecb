"""Processes that are there at once: forked from one that has imported everything servers and workers run on.

A server takes two seconds of a core for its imports, a worker one. A test whose subject is how a program starts uses its command; all
others begin where the imports end. What is forked is a process like any other: with an environment and streams of its own, killed and
frozen by signals, its status known when it has ended.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from multiprocessing.process import BaseProcess

ROOT = Path(__file__).resolve().parents[1]
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.grown"])


class Forked:
    """A process of the nursery, with the face of a `Popen`."""

    def __init__(self, process: BaseProcess) -> None:
        self._process = process
        assert process.pid is not None
        self.pid = process.pid

    def poll(self) -> int | None:
        """How it ended, negative for a signal; None while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended; returns how."""
        self._process.join(timeout)
        if (status := self.poll()) is None:
            raise subprocess.TimeoutExpired(self._process.name, timeout or 0.0)
        return status

    def send_signal(self, number: signal.Signals) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)


def forked(
    program: Callable[..., Any], *arguments: object, environment: Mapping[str, str], log: Path, errors: Path | None = None
) -> Forked:
    """Run `program` in a process of its own, which writes at the end of `log`, its errors too unless they have a file; what it returns is its status."""
    process = PROCESSES.Process(target=_live, args=(program, arguments, dict(environment), log, errors or log), daemon=True)
    process.start()
    return Forked(process)


def ended(
    program: Callable[..., Any], *arguments: object, environment: Mapping[str, str], within_s: float = 60.0
) -> subprocess.CompletedProcess[str]:
    """Run `program` to its end: how it ended and what it said, as `subprocess.run` tells it."""
    with TemporaryDirectory(prefix="ps-ended-") as folder:
        said, errors = Path(folder, "said"), Path(folder, "errors")
        process = forked(program, *arguments, environment=environment, log=said, errors=errors)
        try:
            status = process.wait(within_s)
        finally:
            process.kill()
        return subprocess.CompletedProcess([program.__name__, *map(str, arguments)], status, said.read_text(), errors.read_text())


def _live(program: Callable[..., Any], arguments: tuple[object, ...], environment: Mapping[str, str], log: Path, errors: Path) -> None:
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(environment)
    for stream, opened in ((0, os.open(os.devnull, os.O_RDONLY)), (1, _at_the_end_of(log)), (2, _at_the_end_of(errors))):
        os.dup2(opened, stream)
    sys.exit(program(*arguments))


def _at_the_end_of(log: Path) -> int:
    return os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
