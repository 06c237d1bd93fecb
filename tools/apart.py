"""Environments apart from our own, build/<name>: made once, made anew when requirements/<name>.txt changes, never mixed with ours.

`conformance` holds the official SDKs, which bring another HTTP library; `bench` the queues of others that ours is measured against; `c2pa`
is an extra, which an installation without it must not miss.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import sys
import venv
from typing import TYPE_CHECKING, Literal

from tools.environment import REQUIREMENTS, ROOT, environment_for_uv

if TYPE_CHECKING:
    from pathlib import Path

BUILD = ROOT / "build"


def python(name: Literal["conformance", "bench", "c2pa"]) -> Path:
    """The interpreter of this environment, installing it first when needed. Several processes may ask at once."""
    BUILD.mkdir(exist_ok=True)
    home, lock = BUILD / name, REQUIREMENTS / f"{name}.txt"
    with (BUILD / f"{name}.lock").open("w") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        digest, stamp = hashlib.sha256(lock.read_bytes()).hexdigest(), home / "installed"
        if not (stamp.exists() and stamp.read_text() == digest):
            _make(home, lock)
            stamp.write_text(digest)
    return home / "bin" / "python"


def _make(home: Path, lock: Path) -> None:
    shutil.rmtree(home, ignore_errors=True)
    venv.create(home, with_pip=False)
    wanted = ["--no-deps", "--only-binary", ":all:", "--require-hashes", "-r", str(lock)]
    installers = (
        [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", str(home / "bin" / "python"), *wanted],
        [sys.executable, "-m", "pip", "--python", str(home / "bin" / "python"), "install", "--quiet", *wanted],
    )
    for command in installers:
        if subprocess.run(command, cwd=ROOT, env=environment_for_uv(), stdin=subprocess.DEVNULL, check=False).returncode == 0:
            return
    shutil.rmtree(home, ignore_errors=True)
    raise RuntimeError(f"What {lock.name} names could not be installed. Is PyPI reachable from here?")


if __name__ == "__main__":
    sys.stdout.write(f"{python(sys.argv[1])}\n")  # pyright: ignore[reportArgumentType]  # one of them, or there is no such file
