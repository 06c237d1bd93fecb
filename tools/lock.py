"""Compiles requirements/*.in into hashed locks for every platform, asking PyPI alone, whatever this machine is configured to ask."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements"
# Each is compiled within the versions of those before it: one environment can hold what runs, builds and tests, and every extra.
LOCKS = {
    "installer": (),
    "run": (),
    "dist": ("--constraint", "run.txt"),
    "test": ("--constraint", "run.txt", "--constraint", "dist.txt"),
    "local": ("--constraint", "run.txt"),
    "c2pa": ("--constraint", "run.txt"),
    "conformance": (),
    "bench": (),
}
HEADER = "# Compiled by `make lock` from {name}.in: every version exact, every file by its hash, for every platform.\n"


def main(*wishes: str) -> None:
    """Write the locks; `--upgrade` lets versions move, otherwise what is locked stays."""
    for name, constraints in LOCKS.items():
        _compile(name, [*constraints, *wishes])


def _compile(name: str, arguments: list[str]) -> None:
    command = [sys.executable, "-m", "uv", "--no-config", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"]
    command += ["--generate-hashes", "--no-emit-index-url", "--no-emit-find-links", "--no-annotate", "--no-header"]
    command += ["--default-index", "https://pypi.org/simple", *arguments, f"{name}.in", "--output-file", f"{name}.txt"]
    unconfigured = {key: value for key, value in os.environ.items() if not key.startswith(("PIP_", "UV_"))}
    subprocess.run(command, cwd=REQUIREMENTS, env=unconfigured, check=True)
    lock = REQUIREMENTS / f"{name}.txt"
    lock.write_text(HEADER.format(name=name) + lock.read_text())
    sys.stdout.write(f"requirements/{name}.txt\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
