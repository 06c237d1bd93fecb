"""The inbox: tell somebody something, list it, count what is unread, read it, and choose what to be told.

The same thing by the same person is told once: a like that is taken back and given again moves nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, cast, get_args

from sqlalchemy import and_, delete, exists, func, literal, or_, select, tuple_, update
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.core.errors import Invalid
from pixelstudio.core.ids import new_id
from pixelstudio.core.pages import Cursor, Page, decoded
from pixelstudio.core.text import clip
from pixelstudio.db.columns import UtcDateTime
from pixelstudio.features.accounts.mutes import is_heard
from pixelstudio.features.accounts.people import people_by_id
from pixelstudio.features.images.visibility import is_met_by
from pixelstudio.features.notifications.events import InboxChanged
from pixelstudio.features.notifications.tables import NotificationChoiceRow, NotificationRow

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from pixelstudio.core.ids import UserId
    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.accounts.views import PersonView

Kind = Literal["like", "comment", "answer", "mention", "follow", "invitation", "proof", "decision", "rated", "appeal", "match"]
KINDS: Final = get_args(Kind)
OPTIONAL: Final[tuple[Kind, ...]] = ("like", "comment", "answer", "mention", "follow", "invitation", "proof", "match")
"""The kinds one may do without. What was decided about one's own is always told."""
UNREAD_MAX: Final = 99
"""Counted no further."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is told to whom. `words` are a few of what was said, or the reason of a decision."""

    account_id: str
    kind: Kind
    from_id: str | None = None
    image_id: str | None = None
    about_id: str = ""
    """What it is about when that is no picture: a comment's id, or a collection's, with what else tells one such line from another after a dot."""
    words: str = ""


@dataclass(frozen=True, slots=True)
class NotificationView:
    """One line of an inbox. `person` is None when the house speaks."""

    id: str
    kind: Kind
    person: PersonView | None
    image_id: str
    words: str
    created_at: datetime
    is_unread: bool
    about_id: str = ""
    """The collection an invitation or a guest's opinion is about."""


async def tell(tx: Transaction, told: Told) -> bool:
    """Put a line into somebody's inbox: not what they did themselves, not what they do not want, and not what they were told before.

    Returns whether it did.
    """
    if told.account_id == told.from_id:
        return False
    topic = f"{told.kind}:{told.from_id or ''}:{told.about_id or told.image_id or ''}"
    known = exists().where(col(NotificationRow.account_id) == told.account_id, col(NotificationRow.topic) == topic)
    unwanted = exists().where(col(NotificationChoiceRow.account_id) == told.account_id, col(NotificationChoiceRow.kind) == told.kind)
    if (await tx.exec(select(or_(known, unwanted)))).scalar_one():
        return False
    tx.add(
        NotificationRow(
            id=new_id(),
            account_id=told.account_id,
            kind=told.kind,
            topic=topic,
            from_id=told.from_id,
            image_id=told.image_id,
            words=clip(told.words, limits.REASON_MAX),
            created_at=tx.now,
        )
    )
    await tx.publish(InboxChanged(account_id=told.account_id))
    return True


async def inbox_of(reader: Reader, by: Actor, *, before: str | None = None, limit: int = limits.PAGE_SIZE) -> Page[NotificationView]:
    """The actor's own lines, newest first; but nothing about a picture they may not see any more, and nothing by whom they have muted.

    Two queries.
    """
    size = max(1, min(limit, limits.PAGE_SIZE_MAX))
    place = tuple_(col(NotificationRow.created_at), col(NotificationRow.id))
    statement = select(NotificationRow).where(_is_told(by))
    if (after := decoded(before)) is not None:
        statement = statement.where(place < tuple_(literal(after.created_at, UtcDateTime), literal(after.id)))
    newest = (col(NotificationRow.created_at).desc(), col(NotificationRow.id).desc())
    rows: list[NotificationRow] = list((await reader.exec(statement.order_by(*newest).limit(size + 1))).scalars())
    people = await people_by_id(reader, {row.from_id for row in rows if row.from_id})
    last = rows[size - 1] if len(rows) > size else None
    return Page([_view(row, people) for row in rows[:size]], Cursor(last.created_at, last.id).encoded() if last else "")


async def unread_of(reader: Reader, by: Actor) -> int:
    """How many lines the actor has not read, `UNREAD_MAX` + 1 at most."""
    unread = select(col(NotificationRow.id)).where(_is_told(by), col(NotificationRow.read_at).is_(None)).limit(UNREAD_MAX + 1)
    return (await reader.exec(select(func.count()).select_from(unread.subquery()))).scalar_one()


async def read_all(tx: Transaction, *, by: Actor) -> None:
    """Count everything in the actor's inbox as read. Safe to repeat."""
    unread = (col(NotificationRow.account_id) == by.id, col(NotificationRow.read_at).is_(None))
    if (await tx.exec(update(NotificationRow).where(*unread).values(read_at=tx.now))).rowcount:
        await tx.publish(InboxChanged(account_id=by.id))


async def unwanted_by(reader: Reader, by: Actor) -> set[Kind]:
    """The kinds the actor does not want."""
    mine = select(col(NotificationChoiceRow.kind)).where(col(NotificationChoiceRow.account_id) == by.id)
    return {cast("Kind", kind) for kind in (await reader.exec(mine)).scalars()}


async def choose(tx: Transaction, kind: str, is_wanted: bool, *, by: Actor) -> None:
    """Be told of a kind from now on, or not. Safe to repeat. Raises `Invalid` for what is no choice."""
    if kind not in OPTIONAL:
        raise Invalid("There is no such kind of notification to choose.", code="kind_invalid", field="kind")
    await tx.serialise(f"notification-choice:{by.id}")
    mine = (col(NotificationChoiceRow.account_id) == by.id, col(NotificationChoiceRow.kind) == kind)
    await tx.exec(delete(NotificationChoiceRow).where(*mine))
    if not is_wanted:
        tx.add(NotificationChoiceRow(account_id=by.id, kind=kind))


async def forget_sender(tx: Transaction, account_id: UserId) -> None:
    """An account leaves: what it did is in nobody's inbox any more. Safe to repeat."""
    await tx.exec(delete(NotificationRow).where(col(NotificationRow.from_id) == account_id))


def _is_told(by: Actor) -> ColumnElement[bool]:
    sender = col(NotificationRow.from_id)
    by_the_house = sender.is_(None)
    is_shown = or_(col(NotificationRow.image_id).is_(None), by_the_house, is_met_by(by, col(NotificationRow.image_id)))
    return and_(col(NotificationRow.account_id) == by.id, is_shown, or_(by_the_house, is_heard(by, sender)))


def _view(row: NotificationRow, people: dict[str, PersonView]) -> NotificationView:
    person = people.get(row.from_id or "")
    about = row.topic.rpartition(":")[2].partition(".")[0] if row.kind in {"invitation", "proof"} else ""
    is_unread = row.read_at is None
    return NotificationView(row.id, cast("Kind", row.kind), person, row.image_id or "", row.words, row.created_at, is_unread, about)
