"""What is recorded: the database, the queue and the ledger in it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from pixelstudio.cli.checkup.finding import Finding, look, ok, wrong
from pixelstudio.core.clock import SystemClock
from pixelstudio.core.errors import PixelStudioError
from pixelstudio.core.events import Bus
from pixelstudio.db.engine import Database, async_url
from pixelstudio.db.revision import head_revision, revision_of
from pixelstudio.features.accounts.claiming import has_maintainer
from pixelstudio.features.credits.audit import audit
from pixelstudio.features.generation.forecasts import HitRate, hit_rates
from pixelstudio.features.operations.alerts import JUDGED_ENOUGH, KEPT_LEAST
from pixelstudio.jobs.lanes import LaneStanding, standing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pixelstudio.core.settings import Settings
    from pixelstudio.db.transaction import Reader

POSTGRES_MINIMUM: Final = 13
WAITED_LONG_S: Final = 60.0
_CHECK_WITHIN_S: Final = 60.0
_MIGRATE: Final = "python -m pixelstudio migrate (serve does it by itself)"


async def record_findings(settings: Settings) -> list[Finding]:
    """Open the database as a server would and look; what does not exist yet is not made."""
    if _is_unborn(settings):
        return [look("database", "There is no database yet.", "`serve` makes it at its first start")]
    try:
        async with asyncio.timeout(_CHECK_WITHIN_S):
            db = await Database.open(settings.effective_database_url, SystemClock(), Bus())
            try:
                return await _findings(db)
            finally:
                await db.close()
    except (PixelStudioError, SQLAlchemyError, OSError, TimeoutError):
        # The driver's own words may hold the password.
        return [wrong("database", "The database does not answer.", "start it, and see that DATABASE_URL names it and who may use it")]


def _is_unborn(settings: Settings) -> bool:
    address = async_url(settings.effective_database_url)
    return address.get_backend_name() == "sqlite" and not Path(address.database or "").is_file()


async def _findings(db: Database) -> list[Finding]:
    async with db.reader() as reader:
        found = [*(await (_sqlite if db.dialect == "sqlite" else _postgres)(reader))]
    async with db.reader() as reader:
        schema = _schema(await revision_of(reader))
    if schema.verdict == "wrong":
        return [*found, schema]
    async with db.reader() as reader:
        queue = _queue(await standing(reader))
        return [*found, schema, await _maintainer(reader), *queue, *_forecasts(await hit_rates(reader)), await _ledger(reader)]


async def _sqlite(reader: Reader) -> list[Finding]:
    async def pragma(name: str) -> object:
        return (await reader.exec(text(f"PRAGMA {name}"))).scalar()

    journal, synchronous, check = await pragma("journal_mode"), await pragma("synchronous"), await pragma("quick_check(1)")
    where = "move DATA_DIR to a disk of this machine: network folders cannot do it"
    return [
        ok("database", "SQLite answers.") if journal == "wal" else wrong("database", f"SQLite's journal is {journal}, not WAL.", where),
        ok("database", "Every commit is forced to the disk.")
        if synchronous == 2
        else wrong("database", "Commits are not forced to the disk.", "start the studio with its own settings for SQLite"),
        ok("database", "The file is sound (quick_check).")
        if check == "ok"
        else wrong(
            "database", "The file is damaged (quick_check).", "stop the studio and bring back the last backup, docs/how-to/deploy.md"
        ),
    ]


async def _postgres(reader: Reader) -> list[Finding]:
    version = int(str((await reader.exec(text("SHOW server_version_num"))).scalar())) // 10_000
    if version < POSTGRES_MINIMUM:
        said = f"PostgreSQL {version} is too old: {POSTGRES_MINIMUM} or newer is needed."
        return [wrong("database", said, f"upgrade it to {POSTGRES_MINIMUM} or newer")]
    return [ok("database", f"PostgreSQL {version} answers.")]


def _schema(revision: str | None) -> Finding:
    head = head_revision()
    if revision == head:
        return ok("schema", f"At revision {head}, that of this release.")
    if revision is None:
        return wrong("schema", "The database is empty.", _MIGRATE)
    if revision > head:
        return wrong("schema", f"At revision {revision}, of a newer release than this one ({head}).", "install the newer release again")
    return wrong("schema", f"At revision {revision}; this release wants {head}.", _MIGRATE)


async def _maintainer(reader: Reader) -> Finding:
    if await has_maintainer(reader):
        return ok("claim", "Somebody looks after this installation.")
    return look("claim", "Nobody looks after this installation yet.", "open the link that `python -m pixelstudio claim` prints")


def _queue(lanes: list[LaneStanding]) -> list[Finding]:
    if not lanes:
        return [look("queue", "No worker has ever run here.", "start the studio: `serve`, or a `worker` beside it")]
    return [_lane(lane) for lane in lanes]


def _lane(lane: LaneStanding) -> Finding:
    said = f"{lane.id}: {lane.ready} waiting, {lane.later} later, {lane.running} of {lane.max_inflight} running"
    if lane.ready:
        said += f", the first has waited {lane.oldest_ready_s:.0f} s"
    if lane.silent:
        return wrong("queue", f"{said}; {lane.silent} whose worker is silent.", "start a worker: it takes them up again")
    if lane.ready and lane.oldest_ready_s > WAITED_LONG_S and lane.running < lane.max_inflight:
        return wrong("queue", f"{said}, though there is room.", "see that `serve` or a `worker` is running")
    if lane.unknown:
        mend = "`python -m pixelstudio settle` lists them; compare with the provider's own list, or let them be given back after a day"
        return look("queue", f"{said}; {lane.unknown} of which nobody can say whether the provider drew them.", mend)
    return ok("queue", f"{said}.")


def _forecasts(rates: Mapping[str, HitRate]) -> list[Finding]:
    return [_forecast(rate) for _, rate in sorted(rates.items())]


def _forecast(rate: HitRate) -> Finding:
    said = f"{rate.lane}: of {rate.judged} waits that were shown, {rate.sooner} came sooner, {rate.within} in time, {rate.later} later."
    if rate.judged >= JUDGED_ENOUGH and rate.kept < KEPT_LEAST:
        return look("forecasts", said, "something has become slower within the last days: see the lanes above and /admin")
    return ok("forecasts", said)


async def _ledger(reader: Reader) -> Finding:
    books = await audit(reader)
    if books.faults:
        said = "; ".join(f"{count} {fault}" for fault, count in books.faults.items())
        return wrong("ledger", f"The books do not add up: {said}.", "keep a copy of the database and report it")
    return ok("ledger", f"{books.summed}: {books.available} credits free, {books.held} held.")
