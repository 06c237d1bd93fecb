"""The virtual environment: made once, filled from the locked requirements, made anew when they change.

Run by a bare system Python, so it uses the standard library alone and stays readable to any Python 3.11.
pip installs uv, uv installs the rest: 4 seconds instead of 25. Where uv cannot (a mirror known to pip only), pip does it all.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
REQUIREMENTS = ROOT / "requirements"
# One environment for all: each file is compiled within the versions of those before it.
KINDS = {
    "run": ("run",),
    "dist": ("run", "dist"),
    "test": ("run", "dist", "test"),
    "local": ("run", "local"),
    "c2pa": ("run", "c2pa"),
    "lock": (),
}


def main(kind: str) -> None:
    """Leave an environment that satisfies the locked requirements of this kind; do nothing when it already does."""
    if not _works():
        _make()
    wanted = {name: _digest(name) for name in KINDS[kind]}
    if kind == "lock":
        _install_installer()
    elif any(_stamp(name) != digest for name, digest in wanted.items()):
        _say(f"Installing what {kind} needs into .venv")
        _install([REQUIREMENTS / f"{name}.txt" for name in KINDS[kind]])
        for name, digest in wanted.items():
            (VENV / f"installed-{name}").write_text(digest)


def _works() -> bool:
    if not PYTHON.exists():
        return False
    probe = [str(PYTHON), "-c", "import pip, sys; sys.exit(sys.version_info < (3, 11))"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


def _make() -> None:
    _say("Making a virtual environment in .venv")
    shutil.rmtree(VENV, ignore_errors=True)
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False)
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        sys.stderr.write(made.stdout + made.stderr)
        sys.exit("Python's venv module is missing or broken. On Debian and Ubuntu: apt install python3-venv. Then run this again.")


def _digest(name: str) -> str:
    return hashlib.sha256((REQUIREMENTS / f"{name}.txt").read_bytes()).hexdigest()


def _stamp(name: str) -> str:
    stamp = VENV / f"installed-{name}"
    return stamp.read_text() if stamp.exists() else ""


def _install(requirements: list[Path]) -> None:
    uv = [str(PYTHON), "-m", "uv", "pip", "install", "--quiet", "--python", str(PYTHON)]
    if _install_installer() and _run(uv, requirements, environment_for_uv()):
        return
    _say("uv could not; pip installs instead, which takes a little longer")
    if not _run(_pip(), requirements, dict(os.environ)):
        sys.exit("The requirements could not be installed; the lines above say why. Is PyPI reachable from here?")


def _install_installer() -> bool:
    return _run(_pip(), [REQUIREMENTS / "installer.txt"], dict(os.environ))


def _pip() -> list[str]:
    return [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]


def _run(installer: list[str], requirements: list[Path], environment: dict[str, str]) -> bool:
    # A lock names everything. Asked to look for more, an older pip wants the newest of a package that another asks for with an extra.
    command = [*installer, "--no-deps", "--only-binary", ":all:", "--require-hashes", *(f"--requirement={path}" for path in requirements)]
    return subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, check=False).returncode == 0


def environment_for_uv() -> dict[str, str]:
    """Hand on what pip has been told about this machine's network, and nothing from configuration files."""
    environment = {**os.environ, "UV_NO_CONFIG": "1", "UV_NO_PROGRESS": "1", "UV_SYSTEM_CERTS": "1"}
    if os.environ.get("PIP_CERT"):
        environment.setdefault("SSL_CERT_FILE", os.environ["PIP_CERT"])
    if os.environ.get("PIP_INDEX_URL"):
        environment.setdefault("UV_DEFAULT_INDEX", os.environ["PIP_INDEX_URL"])
    return environment


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in KINDS:
        sys.exit(f"usage: {sys.argv[0]} {'|'.join(KINDS)}")
    main(sys.argv[1])
