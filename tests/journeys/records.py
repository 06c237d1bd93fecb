"""What a server has written down, read past it: its database and its folder of bytes."""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, create_engine, text

from pixelstudio.db.engine import async_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.serving import Served


@dataclass(frozen=True, slots=True)
class Records:
    """Reads only; each question sees the latest commit."""

    engine: Engine
    objects: Path

    @classmethod
    @contextlib.contextmanager
    def of(cls, server: Served) -> Iterator[Records]:
        """The records of a server, running or not."""
        data = Path(server.environment["DATA_DIR"])
        url = server.environment.get("DATABASE_URL", "")
        engine = create_engine(async_url(url) if url else f"sqlite:///{data / 'pixelstudio.db'}")
        try:
            yield cls(engine, data / "objects")
        finally:
            engine.dispose()

    def ask(self, question: str, **parameters: object) -> list[Any]:
        """The rows that answer a SELECT."""
        with self.engine.connect() as connection:
            return list(connection.execute(text(question), parameters))

    def one(self, question: str, **parameters: object) -> Any:
        """The only value that answers a SELECT."""
        return self.ask(question, **parameters)[0][0]

    def count(self, table: str, handle: str, condition: str = "1 = 1") -> int:
        """How many rows of a person a table has, of those a condition holds for."""
        owner = {"image": "owner_id", "q_job": "user_id"}.get(table, "account_id")
        who = "(SELECT id FROM account WHERE handle = :handle)"
        return int(self.one(f"SELECT count(*) FROM {table} WHERE {owner} = {who} AND {condition}", handle=handle))

    def check_nothing_is_lost_or_doubled(self, pictures: int) -> None:
        """So many pictures, one a slot, every byte of them stored and right; nothing held, nothing open, no balance below zero."""
        assert self.one("SELECT count(*) FROM image") == pictures
        assert self.one("SELECT count(*) FROM (SELECT DISTINCT generation_id, slot FROM image) AS slots") == pictures
        assert self.one("SELECT count(*) FROM generation_slot WHERE outcome IS NULL OR (outcome = 'done' AND image_id IS NULL)") == 0
        assert self.one("SELECT count(*) FROM generation WHERE ended_at IS NULL") == 0
        for (digest,) in self.ask("SELECT digest FROM image UNION SELECT digest FROM rendition"):
            (stored,) = [p for p in self.objects.rglob("*") if p.is_file() and p.name in {digest, digest[4:], digest[2:]}]
            assert hashlib.sha256(stored.read_bytes()).hexdigest() == digest
        self.check_the_ledger()

    def check_the_ledger(self) -> None:
        """Every balance is the sum of its entries, nothing is held by what has ended, nothing is below zero."""
        for account, available, held in self.ask(
            "SELECT account_id, sum(available_delta), sum(held_delta) FROM credit_entry GROUP BY account_id"
        ):
            open_sets = self.ask("SELECT id FROM generation WHERE account_id = :account AND ended_at IS NULL", account=account)
            assert available >= 0
            assert held == 0 or open_sets
