"""`make chaos`: run a campaign and say what was struck and what came of it; exit status 1 with the story of the first broken rule."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import secrets
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pixelstudio.core.log import set_up_logging
from pixelstudio.db.migrate import migrate
from tests.chaos.campaign import Plan, a_campaign, summary
from tests.chaos.verdict import broken
from tests.faults.postgres import a_postgres
from tests.templates import migrated_sqlite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.chaos.verdict import Evidence
    from tests.faults.postgres import Postgres


@contextlib.contextmanager
def a_database(kind: str, folder: Path) -> Iterator[tuple[str, Postgres | None]]:
    """A migrated, empty one of its own, and the handle by which a Postgres is crashed."""
    if kind == "sqlite":
        file = folder / "pixelstudio.db"
        file.write_bytes(migrated_sqlite())
        yield f"sqlite:///{file}", None
        return
    with a_postgres(folder / "pg") as postgres:
        asyncio.run(migrate(postgres.url))
        yield postgres.url, postgres


@dataclass(frozen=True)
class Told:
    """What a campaign came to. `story` is that of the first broken rule."""

    evidence: Evidence
    summary: str
    story: str | None


def judged(plan: Plan, kind: str, folder: Path) -> Told:
    """Run one campaign on a database of its own in `folder`, whose path must be short."""
    folder.mkdir(parents=True, exist_ok=True)
    with a_database(kind, folder) as (url, postgres):
        return asyncio.run(_judged(plan, url, folder, postgres))


async def _judged(plan: Plan, url: str, folder: Path, postgres: Postgres | None) -> Told:
    async with a_campaign(plan, url, folder, postgres) as under_way:
        evidence = await under_way.run()
    return Told(evidence, summary(under_way, evidence), broken(evidence))


def main() -> int:
    """Read the command line, run, tell."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument(
        "--seed", type=int, default=secrets.randbelow(1_000_000), help="of all dice; what the machine does in between is its own"
    )
    parser.add_argument("--jobs", type=int, default=300, help="how many pictures are asked for")
    parser.add_argument("--seconds", type=float, default=15.0, help="how long it storms at least")
    parser.add_argument("--risk", type=float, default=Plan.risk, help="the share of attempts that are struck at one of their waits")
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--without-mark", action="store_true", help="take the sent mark out: this must end in a double charge")
    wish = parser.parse_args()
    set_up_logging("error")
    plan = Plan(wish.seed, wish.jobs, wish.seconds, risk=wish.risk, with_mark=not wish.without_mark)
    print(f"seed {plan.seed}", flush=True)
    for kind in ("sqlite", "postgresql") if wish.database == "both" else (wish.database,):
        with tempfile.TemporaryDirectory(prefix="ps-chaos-") as folder:
            told = judged(plan, kind, Path(folder))
            print(f"{kind}: {told.summary}", flush=True)
            if told.story:
                print(f"{told.story}\nseed {plan.seed}, {kind}", file=sys.stderr)
                return 1
    print("every rule holds")
    return 0


if __name__ == "__main__":
    sys.exit(main())
