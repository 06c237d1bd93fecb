"""The environment of the official SDKs, build/conformance: made once, made anew when its lock changes, never mixed with our own."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from tools.environment import ROOT, environment_for_uv

LOCK = ROOT / "requirements" / "conformance.txt"
HOME = ROOT / "build" / "conformance"


def python() -> Path:
    """The interpreter that has the SDKs, installing them first when needed. Several processes may ask at once."""
    HOME.parent.mkdir(exist_ok=True)
    with (HOME.parent / "conformance.lock").open("w") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        digest, stamp = hashlib.sha256(LOCK.read_bytes()).hexdigest(), HOME / "installed"
        if not (stamp.exists() and stamp.read_text() == digest):
            _make()
            stamp.write_text(digest)
    return HOME / "bin" / "python"


def _make() -> None:
    shutil.rmtree(HOME, ignore_errors=True)
    venv.create(HOME, with_pip=False)
    wanted = ["--only-binary", ":all:", "--require-hashes", "-r", str(LOCK)]
    installers = (
        [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", str(HOME / "bin" / "python"), *wanted],
        [sys.executable, "-m", "pip", "--python", str(HOME / "bin" / "python"), "install", "--quiet", *wanted],
    )
    for command in installers:
        if subprocess.run(command, cwd=ROOT, env=environment_for_uv(), stdin=subprocess.DEVNULL, check=False).returncode == 0:
            return
    shutil.rmtree(HOME, ignore_errors=True)
    raise RuntimeError("The official SDKs could not be installed. Is PyPI reachable from here?")


if __name__ == "__main__":
    sys.stdout.write(f"{python()}\n")
