"""What a child may not do: the limits the operating system keeps for us, laid on before foreign bytes arrive.

Source of the numbers: a profile measured against the hostile corpus of tests/imaging, made tighter where nothing needs the room.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

NICENESS: Final = 10
OPEN_FILES_MAX: Final = 64
_PR_SET_PDEATHSIG: Final = 1
_PR_SET_NO_NEW_PRIVS: Final = 38
_CLONE_NEWUSER: Final = 0x10000000
_CLONE_NEWNET: Final = 0x40000000
_AUTOGROUP: Final = Path("/proc/self/autogroup")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one child gets: address space, and processor seconds per task."""

    memory_mb: int
    cpu_s: int
    niceness: int = NICENESS


def die_with(parent_pid: int) -> None:
    """See that the kernel kills us when the parent ends, however it ends. Elsewhere than on Linux the closed channel does it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in the terminal is for the server, which ends us in its own order
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if os.getppid() != parent_pid:  # it ended before the line above
        os._exit(0)


def give_way(niceness: int) -> bool:
    """Let whatever else runs on this machine go first; False when it has to be said again, because somebody just did.

    A kernel with autogroups shares the processor out between sessions and heeds niceness within one only, so ours would count against
    nothing but our own server: we leave its session for one that is as nice as we are.
    Source: sched(7), "The autogroup feature".
    """
    os.nice(niceness - os.nice(0))
    if sys.platform == "linux":
        if os.getsid(0) != os.getpid():
            os.setsid()
        try:
            _AUTOGROUP.write_text(str(niceness))
        except BlockingIOError:  # once in a tenth of a second on the whole machine, for whoever is not root
            return False
        except OSError:
            pass  # a kernel without them
    return True


def leave_the_network() -> None:
    """Move into a network of our own with nothing in it, where the system allows it; single-threaded callers only."""
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWNET) != 0:
        libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def confine(limits: Limits) -> None:
    """Lay on everything that holds for the whole life of the child. After the imports: they may still write byte code."""
    memory = limits.memory_mb * 1024 * 1024
    with contextlib.suppress(ValueError, OSError):  # macOS knows the name and refuses the value
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # a child answers over its channel and writes no file
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES_MAX, OPEN_FILES_MAX))


def allow_cpu(seconds: int) -> None:
    """Give the task that starts now `seconds` of processor time; beyond it the kernel sends SIGXCPU, which ends the child.

    The limit counts from the birth of a process, and a child lives for many tasks: so the soft limit moves on with each task. It is
    kept by the kernel, thus also inside a decoder that never comes back to Python, and threads count. The parent's wall clock stands
    behind it for a child that would lift its own limit.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + seconds + 1, hard))
