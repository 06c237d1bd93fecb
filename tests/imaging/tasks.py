"""Tasks that misbehave in every way a child can; the pool under test is told to allow the prefix `tests.`."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pixelstudio.core.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Iterator

Step = tuple[dict[str, Any], list[bytes]]


class Unwanted(Invalid):
    """An error of ours, to see that it travels."""

    default_code = "unwanted"


def echo(arguments: dict[str, Any], blobs: list[bytes]) -> Iterator[Step]:
    """Give back what came."""
    yield arguments, blobs


def about(arguments: dict[str, Any], blobs: list[bytes]) -> Iterator[Step]:
    """Say who and how confined this child is."""
    import resource
    import socket

    yield (
        {
            "pid": os.getpid(),
            "environment": dict(os.environ),
            "nice": os.nice(0),
            "session": os.getsid(0),
            "session_nice": autogroup.read_text().split()[-1] if (autogroup := Path("/proc/self/autogroup")).exists() else None,
            "core": resource.getrlimit(resource.RLIMIT_CORE),
            "files": resource.getrlimit(resource.RLIMIT_NOFILE),
            "file_size": resource.getrlimit(resource.RLIMIT_FSIZE),
            "interfaces": [name for _, name in socket.if_nameindex()],
            "modules": sorted({name.partition(".")[0] for name in sys.modules}),
        },
        [],
    )


def planes(arguments: dict[str, Any], blobs: list[bytes]) -> Iterator[Step]:
    """Fill eight planes as large as those of a picture with a side of 1024, let them go, and say how many pages the kernel gave for it."""
    import resource

    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    filled = [bytearray(b"\1") * (1024 * 1024 * 4) for _ in range(8)]
    del filled
    yield {"pages": resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before}, []


def count(arguments: dict[str, Any], blobs: list[bytes]) -> Iterator[Step]:
    """Count with a pause before each number, and a picture-sized blob on each."""
    for number in range(int(arguments["to"])):
        time.sleep(float(arguments.get("pause_s", 0)))
        yield {"number": number, "pid": os.getpid()}, [bytes(int(arguments.get("bytes", 0)))]


def freeze(arguments: dict[str, Any], blobs: list[bytes]) -> Iterator[Step]:
    """Say one thing and hang for ever."""
    yield {"pid": os.getpid()}, []
    time.sleep(3600)


def burn(arguments: dict[str, Any], blobs: list[bytes]) -> Iterator[Step]:
    """Use the processor without end."""
    while True:
        pass
    yield {}, []


def swallow(arguments: dict[str, Any], blobs: list[bytes]) -> Iterator[Step]:
    """Ask for more memory than there is."""
    yield {"got": len(bytearray(int(arguments["bytes"])))}, []


def die(arguments: dict[str, Any], blobs: list[bytes]) -> Iterator[Step]:
    """Die like a decoder that runs over its buffer."""
    os.abort()
    yield {}, []


def refuse(arguments: dict[str, Any], blobs: list[bytes]) -> Iterator[Step]:
    """Refuse in our own words."""
    raise Unwanted("Not this one.", field="picture")
    yield {}, []


def stumble(arguments: dict[str, Any], blobs: list[bytes]) -> Iterator[Step]:
    """Fail in a way nobody foresaw."""
    yield {}, [bytes(1 // int(arguments["zero"]))]


def lie_about_size(arguments: dict[str, Any], blobs: list[bytes]) -> Iterator[Step]:
    """Announce a terabyte, past the framing code, as hostile code would."""
    import json
    import socket
    import struct

    header = json.dumps({"kind": "step", "facts": {}, "sizes": [2**40]}).encode()
    descriptor = next(fd for fd in range(3, 64) if _is_socket(fd))
    socket.socket(fileno=os.dup(descriptor)).sendall(struct.pack(">I", len(header)) + header)
    time.sleep(3600)
    yield {}, []


def _is_socket(descriptor: int) -> bool:
    import stat

    try:
        return stat.S_ISSOCK(os.fstat(descriptor).st_mode)
    except OSError:
        return False
