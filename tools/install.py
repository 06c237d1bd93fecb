"""Installs the wheel of dist/ where a server runs from: an environment with what serving needs, by hash, and nothing else.

No pip stays in it, no checkout and no Node is needed afterwards.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tools.dist import DIST


def install(place: Path) -> None:
    """Make the environment `place`, or bring it up to the wheel in dist/."""
    wheels = list(DIST.glob("*.whl"))
    if len(wheels) != 1:
        sys.exit("There is no wheel in dist/ yet: make dist")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True)
    python = str(place / "bin" / "python")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python, "install", "--quiet", "--only-binary", ":all:"]
    # The lock names everything there is to install, see tools/environment.py.
    subprocess.run([*pip, "--no-deps", "--require-hashes", "--requirement", str(DIST / "requirements.txt")], check=True)
    subprocess.run([*pip, "--no-deps", "--force-reinstall", str(wheels[0])], check=True)
    print(f"{place / 'bin' / 'pixelstudio'} serve")


if __name__ == "__main__":
    install(Path(sys.argv[1]).absolute())
