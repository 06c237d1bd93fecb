"""The wheel, built once for a worker, and an environment it is installed into as anybody would."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.dist.installed import installed_in, lend_compiled
from tools.dist import build

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This checkout as a wheel."""
    return build(tmp_path_factory.mktemp("wheel") / "dist")


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that was empty before the wheel and what its own metadata asks for went in."""
    place = installed_in(tmp_path_factory.mktemp("installed") / "env", wheel)
    lend_compiled(place)
    return place
