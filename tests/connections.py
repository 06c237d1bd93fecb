"""Engines that serve all tests, and connections to this worker's Postgres that go from one to the next, as in a studio from request to request.

Opening one takes Postgres six milliseconds of a core until it has read its catalogues, and most tests open four.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Self

import psycopg
from psycopg.adapt import AdaptersMap
from psycopg.pq import ExecStatus, PipelineStatus, TransactionStatus

from pixelstudio.db.engine import make_engine
from pixelstudio.db.wires import is_cut

if TYPE_CHECKING:
    from psycopg.pq.abc import PGconn
    from sqlalchemy.ext.asyncio import AsyncEngine

_OURS: Final = frozenset({"autocommit", "context", "prepare_threshold"})
"""Terms that the server is not told of."""
_AS_NEW: Final = b"DISCARD ALL"
_kept: defaultdict[tuple[object, ...], list[PGconn]] = defaultdict(list)
"""Idle ones, by what they were opened with."""
_KEPT_MAX: Final = 20
"""Of each kind, as many as an engine opens: Postgres has room for a hundred."""
_shared: set[tuple[str, str]] = set()
"""Servers, each with the database that all tests share; one made for a test alone is let go of, so that it may be copied and dropped."""


class KeptConnection(psycopg.AsyncConnection[Any]):
    """psycopg's own. Closed while idle it leaves its line to the next that is opened alike; closed within a transaction it hangs up."""

    _opened_with: tuple[object, ...] = ()
    _is_left = False

    @classmethod
    async def connect(cls, conninfo: str = "", **terms: Any) -> Self:
        """One that was left, as good as new, or a new one."""
        asked_for = {name: terms.pop(name) for name in _OURS & terms.keys()}
        opened_with = (conninfo, *sorted(terms.items()))
        while _kept[opened_with]:
            line = cls(_kept[opened_with].pop())
            if is_cut(line):
                line.pgconn.finish()
                continue
            break
        else:
            line = await super().connect(conninfo, **terms)
        line._opened_with = opened_with
        line.prepare_threshold = asked_for.get("prepare_threshold", line.prepare_threshold)
        if context := asked_for.get("context"):
            line._adapters = AdaptersMap(context.adapters)
        line._autocommit = asked_for.get("autocommit", False)  # as psycopg does: whoever is called off meanwhile would leave it open
        return line

    @property
    def closed(self) -> bool:
        return self._is_left or super().closed

    async def close(self) -> None:
        if not self.closed and self._may_be_left():
            self._is_left = True
            _kept[self._opened_with].append(self.pgconn)
        elif not self._is_left:
            await super().close()

    def _may_be_left(self) -> bool:
        if (self.pgconn.host.decode(), self.pgconn.db.decode()) not in _shared:
            return False
        if self.pgconn.transaction_status != TransactionStatus.IDLE or len(_kept[self._opened_with]) == _KEPT_MAX:
            return False
        if self.pgconn.pipeline_status != PipelineStatus.OFF:
            self.pgconn.exit_pipeline_mode()
        return self.pgconn.exec_(_AS_NEW).status == ExecStatus.COMMAND_OK


@cache
def engine_at(url: str) -> AsyncEngine:
    """One for each address: the statements it has put into words serve all tests, which takes a third off most of them."""
    return make_engine(url)


def keep_connections_to(host: str, database: str) -> None:
    """From now on, in this process."""
    _shared.add((host, database))
    psycopg.AsyncConnection = KeptConnection  # what opens one looks it up there: engines, wires


def close_kept_connections() -> None:
    """Hang up on all lines that nobody uses."""
    for lines in _kept.values():
        while lines:
            lines.pop().finish()
