"""One child seen from its parent: start it, talk to it without blocking the loop, kill it, see how much memory it holds.

The channel is a socket pair driven with `loop.sock_*`: bytes land in the buffer they stay in, no stream layer in between. The
process is a plain Popen, because its end shows as the end of the channel and needs no watcher on any loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pixelstudio
from pixelstudio.imaging import frames

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from pixelstudio.imaging.confinement import Limits

_PACKAGE_ROOT: Final = str(Path(pixelstudio.__file__).resolve().parent.parent)
_MEGABYTE: Final = 1024 * 1024
_SOCKET_BUFFER_BYTES: Final = _MEGABYTE
_REAP_S: Final = 5.0

# What an interpreter runs: our package comes last on its path, so that one of its own finds its own packages before those beside ours.
_PROGRAM: Final = "import sys; sys.path.append(sys.argv[1]); from pixelstudio.imaging.child import main; main(sys.argv[2])"
# Nothing of the server's environment: it may hold secrets. One thread per numeric library: two cores, several children. And glibc keeps
# what the planes of a picture took: given back, it is cleared page by page for the next one, an eighth of the time a drawing takes.
_ENVIRONMENT: Final = {
    "PYTHONNOUSERSITE": "1",
    "LANG": "C.UTF-8",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OPENCV_LOG_LEVEL": "OFF",
    "MALLOC_TRIM_THRESHOLD_": str(64 * _MEGABYTE),
    "MALLOC_MMAP_THRESHOLD_": str(32 * _MEGABYTE),
}


class Child:
    """A running child process with its channel; made by `start`, usable after `wait_ready`."""

    def __init__(self, process: subprocess.Popen[bytes], channel: socket.socket) -> None:
        self._process = process
        self._channel = channel
        self.pid = process.pid
        self._is_talking = False
        self._is_killed = False
        self.tasks = 0
        self.rss_mb_when_ready = 0.0

    @classmethod
    def start(cls, limits: Limits, preload: Sequence[str], prefixes: Sequence[str], python: str = sys.executable) -> Child:
        """Fork and exec one child (about 2 ms on the loop); it warms up on its own time. Raises OSError when the system refuses.

        `python` is the interpreter: 3.11 or newer, with whatever the tasks import besides the standard library.
        """
        ours, theirs = socket.socketpair()
        argument = {
            "parent_pid": os.getpid(),
            "memory_mb": limits.memory_mb,
            "cpu_s": limits.cpu_s,
            "niceness": limits.niceness,
            "preload": list(preload),
            "prefixes": list(prefixes),
        }
        command = [python, "-P", "-c", _PROGRAM, _PACKAGE_ROOT, json.dumps(argument)]
        with theirs:
            try:
                process = subprocess.Popen(  # noqa: S603  an interpreter of the maintainer's, and our own module
                    command, stdin=theirs.fileno(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=_ENVIRONMENT, cwd="/"
                )
            except OSError:
                ours.close()
                raise
        ours.setblocking(False)  # noqa: FBT003  the flag is the whole of this standard call
        for option in (socket.SO_SNDBUF, socket.SO_RCVBUF):
            ours.setsockopt(socket.SOL_SOCKET, option, _SOCKET_BUFFER_BYTES)
        return cls(process, ours)

    async def wait_ready(self) -> None:
        """Return once the child has done its imports; raises FrameBroken when it ended instead."""
        frame = await self.receive()
        if frame.kind != "ready":
            raise frames.FrameBroken(f"child began with {frame.kind[:20]!r}")
        self.rss_mb_when_ready = self.rss_mb()

    async def send(self, frame: frames.Frame) -> None:
        """Write one frame; raises OSError when the child is gone."""
        loop = asyncio.get_running_loop()
        with self._talking() as channel:
            await loop.sock_sendall(channel, frames.head_of(frame))
            for blob in frame.blobs:
                await loop.sock_sendall(channel, blob)

    async def receive(self) -> frames.Frame:
        """Read one frame within the caps of `frames`; raises FrameBroken when the child is gone or does not keep to the agreement."""
        with self._talking() as channel:
            prefix = await _receive_exactly(channel, frames.PREFIX.size)
            head = frames.parse_head(await _receive_exactly(channel, frames.header_length(prefix)))
            return frames.Frame(head.kind, head.facts, tuple([await _receive_exactly(channel, size) for size in head.sizes]))

    @contextlib.contextmanager
    def _talking(self) -> Generator[socket.socket]:
        """Mark the channel as watched by the loop: a killer then leaves closing it to us, or the loop would never wake us."""
        self._is_talking = True
        try:
            yield self._channel
        finally:
            self._is_talking = False
            if self._is_killed:
                self._channel.close()

    def kill(self) -> None:
        """End the child at once, whatever it does; whoever waits for it is woken. Safe to repeat."""
        self._is_killed = True
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        if not self._is_talking:
            self._channel.close()

    async def reap(self) -> int | None:
        """Wait until the system has buried the child; its exit status, negative for a signal, or None when it takes too long."""

        def wait() -> int | None:
            try:
                return self._process.wait(_REAP_S)
            except subprocess.TimeoutExpired:
                return None

        return await asyncio.to_thread(wait)

    def ended_by(self) -> int | None:
        """The exit status if the child has ended by itself, else None."""
        return self._process.poll()

    def rss_mb(self) -> float:
        """Resident memory, read by the parent itself; 0 where there is no /proc."""
        try:
            pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        except (OSError, IndexError, ValueError):
            return 0.0
        return pages * os.sysconf("SC_PAGE_SIZE") / 1024 / 1024


async def _receive_exactly(channel: socket.socket, size: int) -> bytes:
    loop = asyncio.get_running_loop()
    buffer = bytearray(size)
    view, filled = memoryview(buffer), 0
    while filled < size:
        count = await loop.sock_recv_into(channel, view[filled:])
        if count == 0:
            raise frames.FrameBroken("the child closed its channel")
        filled += count
    return bytes(buffer)


def name_of_signal(status: int | None) -> str:
    """`SIGXCPU` for -24; the number as text for anything else."""
    try:
        return signal.Signals(-(status or 0)).name
    except ValueError:
        return str(status)


def json_fact(facts: frames.Facts, key: str, limit: int) -> str:
    """A text out of facts that may have been written by anybody, cut to `limit` characters."""
    value: Any = facts.get(key)
    return value[:limit] if isinstance(value, str) else ""
