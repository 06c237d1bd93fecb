"""The front end: built by Reflex when what it is made of has changed, otherwise left alone.

The stamp is a hash of everything that ends up in the pages. It lies inside the build, so that removing one removes the other.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from pixelstudio.core.errors import Unavailable

ROOT = Path(__file__).resolve().parents[2]
# A wheel carries what Reflex has built; nothing is built then, and nothing written there.
_CARRIED = ROOT / "pixelstudio" / "web"
IS_INSTALLED = _CARRIED.is_dir()
WEB = _CARRIED if IS_INSTALLED else ROOT / ".web"
PAGES = WEB / "build" / "client"
LOG = ROOT / "build" / "front-end.log"
_STAMP = PAGES.parent / "stamp"
_BUILD_TIMEOUT_S = 600
# What the pages are made of. Besides the pages themselves: the bounds that forms quote and the models they offer.
_INGREDIENTS = (
    "pixelstudio/pixelstudio.py",
    "pixelstudio/bootstrap/app.py",
    "pixelstudio/ui",
    "pixelstudio/core/limits.py",
    "pixelstudio/providers",
    "assets",
    "rxconfig.py",
    "reflex.lock",
    ".npmrc",
)
_NOT_INGREDIENTS = {"__pycache__", "external"}


class BuildFailed(Unavailable):
    """Reflex or npm gave up; the log says why."""

    default_code = "front_end_build_failed"


def ensure_front_end() -> Path:
    """Return the folder of built pages, building them first when the code has moved on. Safe to call from several processes.

    Raises BuildFailed with the last lines of the build's own output; a broken build leaves no stamp and is tried again.
    """
    if not IS_INSTALLED:
        with front_end_in_hand():
            pass
    return PAGES


@contextmanager
def front_end_in_hand() -> Generator[Path]:
    """The built pages of a checkout, as by `ensure_front_end`; nobody else builds while the block runs."""
    with _one_at_a_time():
        if front_end_standing() != "built":
            _build()
            # What Reflex itself wrote (assets/external, a renewed lock) counts from here on.
            _STAMP.write_text(ingredients_fingerprint(ROOT))
        yield PAGES


def front_end_standing() -> Literal["built", "stale", "missing"]:
    """Whether there are pages, and of this code; builds nothing."""
    if not (PAGES / "index.html").is_file():
        return "missing"
    if IS_INSTALLED:
        return "built"
    is_current = _STAMP.is_file() and _STAMP.read_text() == ingredients_fingerprint(ROOT)
    return "built" if is_current else "stale"


def ingredients_fingerprint(root: Path) -> str:
    """Hash of the names and bytes the pages are made of, and of the Reflex that makes them."""
    digest = hashlib.sha256(version("reflex").encode())
    for path in sorted(_ingredient_files(root)):
        digest.update(str(path.relative_to(root)).encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _ingredient_files(root: Path) -> Iterator[Path]:
    for ingredient in _INGREDIENTS:
        start = root / ingredient
        if start.is_file():
            yield start
        else:
            yield from (path for path in start.rglob("*") if path.is_file() and _NOT_INGREDIENTS.isdisjoint(path.parts))


def _build() -> None:
    _say("Building the pages; the first time takes about half a minute")
    started = time.monotonic()
    _STAMP.unlink(missing_ok=True)
    # A process of its own: the compiler holds 200 MB that the server should not.
    command = [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"]
    with LOG.open("wb") as log, _lock_kept_tidy():
        finished = subprocess.run(  # noqa: S603 - our own interpreter, a fixed command
            command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, timeout=_BUILD_TIMEOUT_S, check=False
        )
    if finished.returncode or not (PAGES / "index.html").is_file():
        last_lines = "\n".join(LOG.read_text(errors="replace").splitlines()[-30:])
        raise BuildFailed(f"{last_lines}\nThe pages could not be built. The whole output is in {LOG}.")
    _say(f"Pages built in {time.monotonic() - started:.0f} s")


@contextmanager
def _lock_kept_tidy() -> Generator[None]:
    """Reflex writes the same package.json with its keys in another order each time; a checkout should not look changed for it."""
    before = {path: path.read_bytes() for path in (ROOT / "reflex.lock").glob("*.json")}
    yield
    for path, content in before.items():
        if path.exists() and path.read_bytes() != content and json.loads(path.read_bytes()) == json.loads(content):
            path.write_bytes(content)


@contextmanager
def _one_at_a_time() -> Generator[None]:
    LOG.parent.mkdir(exist_ok=True)
    with (LOG.parent / "front-end.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    try:
        ensure_front_end()
    except BuildFailed as failure:
        sys.exit(failure.sentence)
