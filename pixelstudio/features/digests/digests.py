"""Digests: chosen, taken when they are due, and sent; one a period, however many workers there are.

A digest is taken in a commit that moves it on, and sent after it. What certainly did not leave is given back for an hour later; what may have
left is not sent again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal, cast

from sqlalchemy import delete, select
from sqlmodel import col

from pixelstudio.core.errors import Conflict, Invalid
from pixelstudio.core.log import get_logger
from pixelstudio.features.accounts.profile import profile_of
from pixelstudio.features.accounts.sessions import members_by_id
from pixelstudio.features.digests.letter import digest_letter
from pixelstudio.features.digests.tables import DigestRow
from pixelstudio.features.digests.tokens import account_of
from pixelstudio.features.gallery.posts import titles_of
from pixelstudio.features.notifications.inbox import inbox_of
from pixelstudio.gateways.mail.contract import MailNotSent, MailUncertain

if TYPE_CHECKING:
    from pixelstudio.core.ids import UserId
    from pixelstudio.core.keyring import Keyring
    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.gateways.mail.contract import Letter
    from pixelstudio.studio import Studio

Every = Literal["", "daily", "weekly"]
PERIODS: Final = {"daily": timedelta(days=1), "weekly": timedelta(days=7)}
SEND_EVERY_S: Final = 300.0
AT_ONCE: Final = 20
LINES_MAX: Final = 20
AGAIN: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Taken:
    """A digest that was moved on and has to be sent; `was` is where it stood before."""

    account_id: str
    was: datetime
    now: datetime
    letter: Letter | None


async def choose_digest(tx: Transaction, every: str, *, by: Actor, has_mail: bool) -> None:
    """Be sent a digest from now on: daily, weekly, or with "" none. Safe to repeat. Raises `Invalid`, and `Conflict` without a mail server."""
    if every not in {"", *PERIODS}:
        raise Invalid("A digest comes daily, weekly or not at all.", code="digest_invalid", field="every")
    if every and not has_mail:
        raise Conflict("This studio sends no mail.", code="no_mail")
    if not every:
        await forget_digest(tx, by.id)
        return
    await tx.serialise(f"digest:{by.id}")
    row = await tx.get(DigestRow, by.id, for_update=True)
    if row is None:
        row = DigestRow(account_id=by.id, every=every, due_at=tx.now + PERIODS[every], told_until=tx.now)
    elif row.every != every:
        row.every, row.due_at = every, tx.now + PERIODS[every]
    tx.add(row)
    await tx.flush()


async def digest_of(reader: Reader, by: Actor) -> Every:
    """How often the actor is sent one."""
    row = await reader.get(DigestRow, by.id)
    return cast("Every", row.every) if row else ""


async def forget_digest(tx: Transaction, account_id: UserId) -> None:
    """Send somebody no more. Safe to repeat."""
    await tx.exec(delete(DigestRow).where(col(DigestRow.account_id) == account_id))


async def unsubscribe(tx: Transaction, keys: Keyring, token: str) -> None:
    """End the letters this token is about. Safe to repeat. Raises `NotFound` for what is none of ours."""
    await forget_digest(tx, account_of(keys, token))


async def send_digests(studio: Studio) -> int:
    """Upkeep: send what is due; returns how many letters left. Safe for several processes at once, and to repeat."""
    if studio.mailer is None:
        return 0
    sent = 0
    while taken := await _take(studio):
        for one in taken:
            sent += await _sent(studio, one)
    return sent


async def _take(studio: Studio) -> list[_Taken]:
    async with studio.db.transaction() as tx:
        due = select(DigestRow).where(col(DigestRow.due_at) <= tx.now).order_by(col(DigestRow.due_at)).limit(AT_ONCE)
        rows = list((await tx.exec(due.with_for_update(skip_locked=True))).scalars())
        members = await members_by_id(tx, {row.account_id for row in rows})
        taken: list[_Taken] = []
        for row in rows:
            member, was = members.get(row.account_id), row.told_until
            row.due_at, row.told_until = tx.now + PERIODS[row.every], tx.now
            tx.add(row)
            taken.append(_Taken(row.account_id, was, tx.now, await _letter(tx, studio, member, was) if member else None))
        return taken


async def _letter(reader: Reader, studio: Studio, member: Actor, since: datetime) -> Letter | None:
    """What came since and is not read; None when there is nothing."""
    page = await inbox_of(reader, member, limit=LINES_MAX)
    lines = [line for line in page.items if line.is_unread and line.created_at > since]
    if not lines:
        return None
    titles = await titles_of(reader, member, [line.image_id for line in lines if line.image_id])
    profile = await profile_of(reader, member)
    return digest_letter(studio, member, profile.email, lines, titles, has_more=len(lines) == LINES_MAX and bool(page.next_cursor))


async def _sent(studio: Studio, taken: _Taken) -> int:
    if taken.letter is None or studio.mailer is None:
        return 0
    try:
        await studio.mailer.send(taken.letter)
    except MailNotSent as error:
        await _give_back(studio, taken)
        get_logger().warning("digest.not_sent", account_id=taken.account_id, code=error.code, answer=error.fields.get("answer", ""))
        return 0
    except MailUncertain as error:
        get_logger().warning("digest.uncertain", account_id=taken.account_id, code=error.code)
        return 0
    get_logger().info("digest.sent", account_id=taken.account_id)
    return 1


async def _give_back(studio: Studio, taken: _Taken) -> None:
    """Nothing left: it is due again in an hour, unless somebody chose otherwise meanwhile."""
    async with studio.db.transaction() as tx:
        row = await tx.get(DigestRow, taken.account_id, for_update=True)
        if row is not None and row.told_until == taken.now:
            row.due_at, row.told_until = taken.now + AGAIN, taken.was
            tx.add(row)
