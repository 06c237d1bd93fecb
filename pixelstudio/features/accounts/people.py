"""People as others see them: by id, by handle, many at once. Guests and closed accounts are nobody."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import false, select
from sqlmodel import col

from pixelstudio.core.errors import NotFound
from pixelstudio.core.ids import UserId
from pixelstudio.db.questions import Question, among
from pixelstudio.features.accounts.tables import AccountRow, AvatarRow
from pixelstudio.features.accounts.views import PersonView

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Select

    from pixelstudio.db.transaction import Reader


_HANDLE: Final = re.compile(r"[A-Za-z0-9_]{1,40}")
"""What a handle may look like; anything else is nobody's, and no database is asked for it."""


async def people_by_id(reader: Reader, ids: Iterable[str]) -> dict[str, PersonView]:
    """Those of these people who are there; one query."""
    rows = await reader.ask(_by_id(), ids=set(ids))
    return {row.id: _view(row) for row in rows if _is_here(row)}


async def people_by_handle(reader: Reader, handles: Iterable[str]) -> dict[str, PersonView]:
    """Those of these people who are there, by their handle; one query."""
    possible = {handle.lower() for handle in handles if _HANDLE.fullmatch(handle)}
    rows = await reader.ask(_by_handle(), handles=possible) if possible else []
    return {row.handle: _view(row) for row in rows if _is_here(row)}


async def people_beginning(reader: Reader, typed: str, at_most: int) -> list[str]:
    """The handles that begin so, in the order of the alphabet; one query. None when what is typed begins no handle."""
    if not _HANDLE.fullmatch(typed):
        return []
    handle: Any = col(AccountRow.handle)
    here = (handle.startswith(typed, autoescape=True), col(AccountRow.is_guest) == false(), col(AccountRow.closed_at).is_(None))
    return list((await reader.exec(select(handle).where(*here).order_by(handle).limit(at_most))).scalars())


async def person_named(reader: Reader, handle: str) -> PersonView:
    """Who has this handle. Raises `NotFound`."""
    found = await people_by_handle(reader, [handle])
    if not found:
        raise NotFound("Nobody here has this handle.", code="person_not_found")
    return found[handle.lower()]


@cache
def _by_id() -> Question:
    return Question(_people().where(among(col(AccountRow.id), "ids")))


@cache
def _by_handle() -> Question:
    return Question(_people().where(among(col(AccountRow.handle), "handles")))


def _people() -> Select[Any]:
    columns = (AccountRow.id, AccountRow.handle, AccountRow.display_name, AccountRow.bio, AccountRow.created_at)
    columns = (*columns, AccountRow.is_guest, AccountRow.closed_at)
    shown = select(*map(col, columns), col(AvatarRow.id).label("avatar_id"))
    return shown.outerjoin(AvatarRow, col(AvatarRow.account_id) == col(AccountRow.id))


def _is_here(row: Any) -> bool:
    """Asked here and not of the database, which would look through all who are no guests."""
    return not row.is_guest and row.closed_at is None


def _view(row: Any) -> PersonView:
    return PersonView(UserId(row.id), row.handle, row.display_name, row.bio, row.avatar_id or "", row.created_at)
