"""The profile: the name, the handle and the few lines a person shows of themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.core.errors import NotSignedIn
from pixelstudio.core.text import clean_line, clean_text, within
from pixelstudio.features.accounts.errors import HandleRests, HandleTaken
from pixelstudio.features.accounts.events import PersonChanged
from pixelstudio.features.accounts.registration import checked_handle, refuse_taken_handle
from pixelstudio.features.accounts.tables import AccountRow, AvatarRow, FormerHandleRow
from pixelstudio.features.accounts.views import ProfileView

if TYPE_CHECKING:
    from datetime import datetime

    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor

HANDLE_REST = timedelta(days=limits.HANDLE_REST_DAYS)


@dataclass(frozen=True, slots=True)
class ProfileForm:
    """What a person wrote about themselves."""

    display_name: str
    handle: str
    bio: str


async def profile_of(reader: Reader, by: Actor) -> ProfileView:
    """The actor's own profile."""
    row = await _own(reader, by)
    avatar = select(col(AvatarRow.id)).where(col(AvatarRow.account_id) == by.id)
    avatar_id = (await reader.exec(avatar)).scalar_one_or_none() or ""
    rests_until = _rests_until(row, reader.now)
    return ProfileView(row.email, row.handle, row.display_name, row.bio, avatar_id, rests_until, row.created_at)


async def change_profile(tx: Transaction, form: ProfileForm, *, by: Actor) -> None:
    """Take over the form, all of it or nothing. Raises `Invalid`, `HandleTaken` or `HandleRests`, each naming its field.

    A handle changes once in `HANDLE_REST_DAYS`, and the old one stays its owner's for as long.
    """
    row = await _own(tx, by)
    before = (row.display_name, row.bio, row.handle)
    name = clean_line(form.display_name)
    row.display_name = within(name, limits.DISPLAY_NAME_MAX, "A name has", code="display_name_too_long", field="display_name")
    row.bio = within(clean_text(form.bio), limits.BIO_MAX, "These lines have", code="bio_too_long", field="bio")
    handle = checked_handle(form.handle) if form.handle.strip().lower() != row.handle else row.handle
    if handle != row.handle:
        await _rename(tx, row, handle, by)
    tx.add(row)
    try:
        await tx.flush()
    except IntegrityError as error:
        raise HandleTaken from error
    if before != (row.display_name, row.bio, row.handle):
        await tx.publish(PersonChanged(account_id=by.id))


async def forget_free_handles(tx: Transaction) -> None:
    """Upkeep: handles given up long ago are anybody's."""
    await tx.exec(delete(FormerHandleRow).where(col(FormerHandleRow.free_at) <= tx.now))


async def _rename(tx: Transaction, row: AccountRow, handle: str, by: Actor) -> None:
    rests_until = _rests_until(row, tx.now)
    if rests_until is not None:
        raise HandleRests(-((tx.now - rests_until) // timedelta(days=1)))
    await refuse_taken_handle(tx, handle, by=by.id)
    await tx.exec(delete(FormerHandleRow).where(col(FormerHandleRow.handle).in_([handle, row.handle])))
    tx.add(FormerHandleRow(handle=row.handle, account_id=by.id, free_at=tx.now + HANDLE_REST))
    row.handle, row.handle_changed_at = handle, tx.now


async def _own(reader: Reader, by: Actor) -> AccountRow:
    row = await reader.get(AccountRow, by.id)
    if row is None or row.is_guest or row.closed_at is not None:
        raise NotSignedIn
    return row


def _rests_until(row: AccountRow, now: datetime) -> datetime | None:
    until = row.handle_changed_at + HANDLE_REST if row.handle_changed_at else None
    return until if until and until > now else None
