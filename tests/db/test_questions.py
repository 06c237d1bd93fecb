"""Questions: told values and never words, read as the session reads, and asked of what a transaction has added too."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Float, LargeBinary, cast, literal_column, select
from sqlmodel import col

from pixelstudio.core.ids import new_id
from pixelstudio.db.questions import Question, among, told
from pixelstudio.features.accounts.tables import AccountRow, MuteRow
from pixelstudio.features.gallery.tables import CreatorRow
from tests.factories import a_user
from tests.statements import statements_asked

if TYPE_CHECKING:
    from pixelstudio.core.clock import FrozenClock
    from pixelstudio.db.engine import Database

HANDLES = Question(select(col(AccountRow.handle)).where(among(col(AccountRow.handle), "handles")).order_by(col(AccountRow.handle)))


async def test_what_a_question_reads_is_what_the_session_reads(database: Database) -> None:
    await a_user(database)
    kept = (AccountRow.id, AccountRow.handle, AccountRow.is_guest, AccountRow.created_at, AccountRow.closed_at)
    half, look = cast(0.5, Float).label("half"), literal_column("NULL", LargeBinary).label("look")
    statement = select(*map(col, kept), half, look)

    async with database.reader() as reader:
        (asked,) = await reader.ask(Question(statement))
        read = (await reader.exec(statement)).one()

    assert asked == tuple(read)
    assert list(map(type, asked)) == list(map(type, read))
    assert asked._fields == read._fields
    assert isinstance(asked.created_at, datetime)
    assert asked.created_at.tzinfo is UTC


async def test_a_moment_is_told_as_the_session_tells_it(database: Database, clock: FrozenClock) -> None:
    await a_user(database, "ines")
    clock.advance(60)
    await a_user(database, "omar")
    later = Question(select(col(AccountRow.handle)).where(col(AccountRow.created_at) > told("since")))

    async with database.reader() as reader:
        assert [row.handle for row in await reader.ask(later, since=clock.now() - timedelta(seconds=30))] == ["omar"]
        assert await reader.ask(later, since=clock.now()) == []


@pytest.mark.parametrize(
    "handles", [[], ["ines"], ["omar", "ines", "ines"], ['ines","omar', "ines'", "{ines}", "\\", '"', "ines) OR (1=1", "NULL", ":handle"]]
)
async def test_whatever_is_told_is_a_value(database: Database, handles: list[str]) -> None:
    for handle in ("ines", "mika", "omar"):
        await a_user(database, handle)

    async with database.reader() as reader:
        found = [row.handle for row in await reader.ask(HANDLES, handles=handles)]

    assert found == sorted({"ines", "omar"} & set(handles))


async def test_however_many_are_told_the_words_stay_the_same(database: Database) -> None:
    people = [await a_user(database, handle) for handle in ("ines", "mika", "omar")]
    async with database.transaction() as tx:
        for followers, person in enumerate(people):
            tx.add(CreatorRow(account_id=person.id, followers=followers))
    followed = Question(select(col(CreatorRow.followers)).where(among(col(CreatorRow.followers), "numbers")))

    async with database.reader() as reader:
        with statements_asked(database) as words:
            found = [{row.followers for row in await reader.ask(followed, numbers=some)} for some in ([0, 1, 2, 3], [2], [])]

    assert found == [{0, 1, 2}, {2}, set()]
    assert len({word for word in words if "creator" in word}) == 1


async def test_a_question_in_a_transaction_sees_what_was_added(database: Database, clock: FrozenClock) -> None:
    ines, omar = await a_user(database, "ines"), await a_user(database, "omar")
    muted = Question(select(col(MuteRow.muted_id)).where(col(MuteRow.account_id) == told("viewer")))

    async with database.transaction() as tx:
        tx.add(MuteRow(account_id=ines.id, muted_id=omar.id, created_at=clock.now()))
        assert [row.muted_id for row in await tx.ask(muted, viewer=ines.id)] == [omar.id]
        assert await tx.ask(muted, viewer=new_id()) == []
