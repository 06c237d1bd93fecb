"""The relay: facts of other processes, read from the outbox, put on this process's bus in commit order."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from pixelstudio.core.events import rebuild
from pixelstudio.core.log import get_logger
from pixelstudio.db.outages import DatabaseAway
from pixelstudio.db.outbox import OUTBOX_CHANNEL

if TYPE_CHECKING:
    from pixelstudio.db.engine import Database

LOOK_S = 5.0
HORIZON_RETRY_S = 0.02
OUTAGE_S = 1.0
BATCH = 500

# Ordered by (xid, id) and cut at the horizon, the list has no gaps: a smaller id may commit after a larger one, a smaller xid may not.
_POSTGRES = """SELECT xid, id, name, fields, origin, xid >= pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS unsettled
FROM outbox WHERE (xid, id) > (:xid, :id) ORDER BY xid, id LIMIT :batch"""
_SQLITE = "SELECT xid, id, name, fields, origin, 0 FROM outbox WHERE id > :id AND :xid >= 0 ORDER BY id LIMIT :batch"
_END = "SELECT COALESCE(max(xid), 0), COALESCE(max(id), 0) FROM outbox"


class OutboxRelay:
    """Puts other processes' facts on the bus from now on. What was before is in everybody's snapshot."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._cursor: tuple[int, int] = (0, 0)
        self._rung = asyncio.Event()
        database.doorbell.on(OUTBOX_CHANNEL, lambda _: self._rung.set())

    async def run(self) -> None:
        """Relay until cancelled. `Database.doorbell.listen` must run beside it. Outages are waited for: the cursor stays where it was."""
        async with self._database.reader() as reader:
            end: Any = (await reader.exec(text(_END))).one()
        self._cursor = (end[0], end[1])
        while True:
            self._rung.clear()
            try:
                more = await self.relay_once()
            except DatabaseAway as error:
                get_logger().warning("relay.waits", code=error.code)
                await asyncio.sleep(OUTAGE_S)
                continue
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(HORIZON_RETRY_S if more else LOOK_S):
                    await self._rung.wait()

    async def relay_once(self) -> bool:
        """Publish what is settled; whether there is more to come soon."""
        statement = _POSTGRES if self._database.dialect == "postgresql" else _SQLITE
        async with self._database.reader() as reader:
            rows: list[Any] = list(
                (await reader.exec(text(statement), {"xid": self._cursor[0], "id": self._cursor[1], "batch": BATCH})).all()
            )
        for xid, row_id, name, fields, origin, unsettled in rows:
            if unsettled:
                return True
            self._cursor = (xid, row_id)
            if origin != self._database.origin:
                event = rebuild(name, json.loads(fields) if isinstance(fields, str) else fields)
                if event is not None:
                    self._database.bus.publish(event)
        return len(rows) == BATCH
