"""A studio that pays, somebody with credits, and disks that fill up."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.factories import a_user
from tests.paying import a_paid_studio

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
async def paid(database, clock, children, stand_in):
    """A studio whose only provider is the stand-in, which sends small pictures: the queue and the books are looked at."""
    stand_in.always(picture="small", partial_picture="small")
    async with a_paid_studio(database, clock, children, stand_in) as studio:
        yield studio


@pytest.fixture
async def ines(database):
    """Somebody with 25 credits."""
    return await a_user(database, credits=20)


@dataclass(frozen=True)
class Disk:
    """A disk of its own, of eight megabytes."""

    folder: Path

    @property
    def _filler(self) -> Path:
        return self.folder / "filler"

    def fill(self) -> None:
        """Leave no room at all."""
        with self._filler.open("ab", buffering=0) as filler:
            try:
                while True:
                    filler.write(bytes(64 * 1024))
            except OSError:
                return

    def make_room(self) -> None:
        """Take away what filled it."""
        self._filler.unlink(missing_ok=True)

    def turn(self, mode: str) -> None:
        """`ro` or `rw`."""
        subprocess.run(["mount", "-o", f"remount,{mode}", self.folder], check=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """A real one, so that the system itself refuses; only root may mount it."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=8m", "none", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("no disk can be mounted here")
    yield Disk(folder)
    subprocess.run(["umount", "--lazy", str(folder)], check=True)
