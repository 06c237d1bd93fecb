"""Packages of npm that only tests and benchmarks use: each in a folder of its own, by a committed lock."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def installed(name: str) -> Path:
    """The folder with what `tools/<name>` locks, installed first when it is missing or the lock has changed. Safe to call from several processes."""
    recipe, folder = ROOT / "tools" / name, ROOT / "build" / name
    stamp = folder / "stamp"
    folder.parent.mkdir(exist_ok=True)
    with (folder.parent / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = hashlib.sha256((recipe / "package-lock.json").read_bytes()).hexdigest()
        if not stamp.is_file() or stamp.read_text() != wanted:
            _install(recipe, folder)
            stamp.write_text(wanted)
    return folder


def _install(recipe: Path, folder: Path) -> None:
    sys.stderr.write(f"Installing {recipe.name}, which only tests and benchmarks use\n")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(recipe / name, folder / name)
    programs = Path(sys.executable).parent  # npm comes with this environment
    environment = {**os.environ, "PATH": os.pathsep.join([str(programs), os.environ.get("PATH", os.defpath)])}
    command = [str(programs / "npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, check=True)
