"""The accessibility rules that tests hold every page against: axe-core from npm by a committed lock, for tests only."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RECIPE = ROOT / "tools" / "axe"
FOLDER = ROOT / "build" / "axe"
_SCRIPT = FOLDER / "node_modules" / "axe-core" / "axe.min.js"
_STAMP = FOLDER / "stamp"


def axe() -> str:
    """The script to run in a page, installed first when it is missing or its lock has changed. Safe to call from several processes."""
    FOLDER.parent.mkdir(exist_ok=True)
    with (FOLDER.parent / "axe.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = hashlib.sha256((RECIPE / "package-lock.json").read_bytes()).hexdigest()
        if not _STAMP.is_file() or _STAMP.read_text() != wanted:
            _install()
            _STAMP.write_text(wanted)
    return _SCRIPT.read_text()


def _install() -> None:
    sys.stderr.write("Installing the accessibility rules that tests use\n")
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(RECIPE / name, FOLDER / name)
    programs = Path(sys.executable).parent  # npm comes with this environment
    environment = {**os.environ, "PATH": os.pathsep.join([str(programs), os.environ.get("PATH", os.defpath)])}
    command = [str(programs / "npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(command, cwd=FOLDER, env=environment, stdin=subprocess.DEVNULL, check=True)
