"""What a database is asked meanwhile, so that a test can promise how often: whatever SQLAlchemy sends, and each step of a script."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from sqlalchemy import event

from pixelstudio.db.transaction import Reader

if TYPE_CHECKING:
    from collections.abc import Generator

    from pixelstudio.db.engine import Database


@contextmanager
def statements_asked(database: Database) -> Generator[list[str]]:
    """The words of each, in their order."""
    asked: list[str] = []
    play = Reader.script

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    def noted(script: Any) -> Any:
        rows = None
        while True:
            try:
                step = script.send(rows)
            except StopIteration as end:
                return end.value
            asked.append(step[0])
            rows = yield step

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        with patch.object(Reader, "script", lambda reader, script: play(reader, noted(script))):
            yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)
