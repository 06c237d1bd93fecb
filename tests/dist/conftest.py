"""The wheel, built once for a worker, and an environment it is installed into as anybody would."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tools.dist import build
from tools.environment import environment_for_uv

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This checkout as a wheel."""
    return build(tmp_path_factory.mktemp("wheel") / "dist")


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that was empty before the wheel and what its own metadata asks for went in."""
    place = tmp_path_factory.mktemp("installed") / "env"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True, timeout=60)
    uv = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--only-binary", ":all:", "--python", str(place / "bin" / "python")]
    subprocess.run([*uv, str(wheel)], check=True, env=environment_for_uv(), timeout=300)
    return place
