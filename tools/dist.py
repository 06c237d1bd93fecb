"""Builds the wheel: the pages by Reflex, the package by Hatchling, from locked parts alone; the same checkout gives the same bytes.

Beside it lies requirements.txt: what the wheel needs, with hashes, for whoever installs it without trusting an index.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from pixelstudio.cli.build import ROOT, WEB, BuildFailed, front_end_in_hand
from tools.wheel import WEB as PACKED
from tools.wheel import served_lock

DIST = ROOT / "dist"
# What a server reads: the pages, and what Reflex noted about them when it built them.
_SERVED = ("build/client", "backend")
# 1 January 2026: every file in the wheel is dated so, whenever it is built.
_EPOCH = "1767225600"


def build(folder: Path) -> Path:
    """Leave in `folder` nothing but one wheel and its requirements; returns the wheel."""
    shutil.rmtree(folder, ignore_errors=True)
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    with front_end_in_hand():
        shutil.rmtree(PACKED, ignore_errors=True)
        for part in _SERVED:
            shutil.copytree(WEB / part, PACKED / part)
        packed = subprocess.run(
            command, cwd=ROOT, env={"SOURCE_DATE_EPOCH": _EPOCH, **os.environ}, capture_output=True, text=True, check=False
        )
    if packed.returncode:
        sys.exit(packed.stdout + packed.stderr)
    (folder / "requirements.txt").write_text(served_lock((ROOT / "requirements" / "run.txt").read_text()))
    return next(folder.glob("*.whl"))


if __name__ == "__main__":
    try:
        print(build(DIST).relative_to(ROOT))
    except BuildFailed as failure:
        sys.exit(failure.sentence)
