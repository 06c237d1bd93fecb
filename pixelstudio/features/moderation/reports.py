"""Reports: a picture or a comment is reported with a reason, waits in the queue, and is decided with a reason its author reads.

One decision answers every open report of the same thing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal

from sqlalchemy import func, select, update
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.core.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany
from pixelstudio.core.ids import is_id, new_id
from pixelstudio.core.log import get_logger
from pixelstudio.core.text import clean_text, clip, within
from pixelstudio.features.accounts.people import people_by_id
from pixelstudio.features.conduct.rulings import Ruling, rule
from pixelstudio.features.gallery.comments import comment_for, remove
from pixelstudio.features.gallery.removal import remove_post
from pixelstudio.features.images.pictures import image_for, owner_of
from pixelstudio.features.images.ratings import rate
from pixelstudio.features.logbook.entries import note
from pixelstudio.features.moderation.events import ReportChanged
from pixelstudio.features.moderation.tables import ReportRow
from pixelstudio.features.notifications.inbox import Told, tell

if TYPE_CHECKING:
    from datetime import datetime

    from pixelstudio.core.ids import UserId
    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.accounts.views import PersonView
    from pixelstudio.features.conduct.rulings import Ruled
    from pixelstudio.features.logbook.entries import Act
    from pixelstudio.features.notifications.inbox import Kind

Decision = Literal["kept", "removed", "sensitive", "mature"]
REASONS: Final[dict[str, str]] = {
    "spam": "Spam or a swindle",
    "hurtful": "Hurts or threatens somebody",
    "sexual": "Sexual",
    "violent": "Violent",
    "stolen": "Somebody else's work",
    "other": "Something else",
}
_ACTS: Final[dict[Decision, Act]] = {
    "kept": "report.kept",
    "removed": "report.removed",
    "sensitive": "report.sensitive",
    "mature": "report.mature",
}
_TOLD: Final[dict[Ruled, Kind]] = {"removed": "decision", "sensitive": "rated", "mature": "rated"}
QUEUE_MAX: Final = 100
"""As many are shown at once, the longest waiting first."""


@dataclass(frozen=True, slots=True)
class ReportView:
    """One open report, for the maintainer."""

    id: str
    image_id: str
    comment_id: str
    author: PersonView | None
    reporter: PersonView | None
    reason: str
    words: str
    quoted: str
    created_at: datetime


async def report(tx: Transaction, image_id: str, reason: str, words: str, *, by: Actor, comment_id: str = "") -> None:
    """Report a picture one may see, or a comment under it. Twice counts once while the first waits.

    Raises `Invalid`, `NotFound`, `Conflict` for one's own, and `TooMany`.
    """
    if reason not in REASONS:
        raise Invalid("Choose what is wrong with it.", code="reason_invalid", field="reason")
    added = within(clean_text(words), limits.REASON_MAX, "A report has", code="reason_too_long", field="words")
    image = await image_for(tx, by, image_id)
    author_id, quoted = str(await owner_of(tx, by, image_id)), image.prompt
    if comment_id:
        under, author_id, quoted = await comment_for(tx, by, comment_id)
        if under != image_id:
            raise NotFound
    if author_id == by.id:
        raise Conflict("This is your own: you can delete it yourself.", code="report_own")
    if await _is_reported(tx, image_id, comment_id, by):
        return
    await _refuse_haste(tx, by)
    row = ReportRow(
        id=new_id(),
        reporter_id=by.id,
        image_id=image_id,
        comment_id=comment_id or None,
        author_id=author_id or None,
        reason=reason,
        words=added,
        quoted=clip(quoted, limits.REASON_MAX),
        created_at=tx.now,
    )
    tx.add(row)
    await tx.publish(ReportChanged(report_id=row.id))


async def decide(tx: Transaction, report_id: str, decision: Decision, because: str, *, by: Actor) -> None:
    """Keep what was reported, mark it, or take it out of everybody's sight; its author reads why, and may appeal. For the maintainer alone.

    Raises `NotAllowed`, `NotFound`, `Invalid` when something is done without a reason, and `Conflict` when it is decided already.
    """
    refuse_others(by)
    reason = checked_reason(because, is_needed=decision != "kept")
    row = await tx.get(ReportRow, report_id, for_update=True) if is_id(report_id) else None
    if row is None:
        raise NotFound
    if row.decision:
        raise Conflict("This is decided already.", code="report_decided")
    if row.comment_id and decision in {"sensitive", "mature"}:
        raise Invalid("Only a picture is marked. Keep the comment, or remove it.", code="rating_of_comment", field="decision")
    if decision != "kept":
        await _act(tx, row, decision, reason)
    same = (col(ReportRow.image_id) == row.image_id, col(ReportRow.comment_id) == row.comment_id, col(ReportRow.decision) == "")
    for open_one in (await tx.exec(select(ReportRow).where(*same).order_by(col(ReportRow.id)))).scalars().all():
        open_one.decision, open_one.decided_because, open_one.decided_at = decision, reason, tx.now
        tx.add(open_one)
        await tx.publish(ReportChanged(report_id=open_one.id))
    await note(tx, _ACTS[decision], row.quoted, reason, by=by)
    get_logger().info("report.decided", report_id=row.id, decision=decision, by=by.id)


async def open_reports(reader: Reader, *, by: Actor) -> list[ReportView]:
    """What waits to be decided, the longest waiting first. For the maintainer alone. Two queries."""
    refuse_others(by)
    waiting = select(ReportRow).where(col(ReportRow.decision) == "").order_by(col(ReportRow.created_at), col(ReportRow.id))
    rows = list((await reader.exec(waiting.limit(QUEUE_MAX))).scalars())
    people = await people_by_id(reader, {i for row in rows for i in (row.author_id, row.reporter_id) if i})
    return [
        ReportView(
            row.id,
            row.image_id,
            row.comment_id or "",
            people.get(row.author_id or ""),
            people.get(row.reporter_id or ""),
            REASONS.get(row.reason) or row.reason,
            row.words,
            row.quoted,
            row.created_at,
        )
        for row in rows
    ]


async def forget_names(tx: Transaction, account_id: UserId) -> None:
    """An account leaves: what it reported and what was reported of it stays, without its name. Safe to repeat."""
    await tx.exec(update(ReportRow).where(col(ReportRow.reporter_id) == account_id).values(reporter_id=None))
    await tx.exec(update(ReportRow).where(col(ReportRow.author_id) == account_id).values(author_id=None))


async def _is_reported(reader: Reader, image_id: str, comment_id: str, by: Actor) -> bool:
    about = col(ReportRow.comment_id) == comment_id if comment_id else col(ReportRow.comment_id).is_(None)
    mine = (col(ReportRow.reporter_id) == by.id, col(ReportRow.image_id) == image_id, about, col(ReportRow.decision) == "")
    return (await reader.exec(select(col(ReportRow.id)).where(*mine).limit(1))).first() is not None


async def _refuse_haste(reader: Reader, by: Actor) -> None:
    lately = (col(ReportRow.reporter_id) == by.id, col(ReportRow.created_at) > reader.now - timedelta(days=1))
    if (await reader.exec(select(func.count()).select_from(ReportRow).where(*lately))).scalar_one() >= limits.REPORTS_PER_DAY:
        raise TooMany("You have reported a lot today. Come back tomorrow.", retry_after_s=86_400, code="reports_too_many")


async def _act(tx: Transaction, row: ReportRow, decision: Ruled, reason: str) -> None:
    """Do it, write it down, and tell the author, who may have left."""
    quoted, before = row.quoted, ""
    if decision != "removed":
        before = await rate(tx, row.image_id, decision, at_least=decision)
    elif row.comment_id:
        words = await remove(tx, row.comment_id)
        quoted, before = words or quoted, "public" if words else ""
    else:
        before = await remove_post(tx, row.image_id)
    if row.author_id is None:
        return
    ruling = Ruling(
        account_id=row.author_id,
        image_id=row.image_id,
        comment_id=row.comment_id or "",
        decision=decision,
        because=reason,
        quoted=quoted,
        before=before,
    )
    ruling_id = await rule(tx, ruling)
    await tell(tx, Told(account_id=row.author_id, kind=_TOLD[decision], image_id=row.image_id, about_id=ruling_id, words=reason))


def checked_reason(text: str, *, is_needed: bool) -> str:
    """A reason as it is kept. Raises `Invalid`."""
    reason = clean_text(text)
    if is_needed and not reason:
        raise Invalid("Say why: the person who made it reads this.", code="reason_missing", field="because")
    return within(reason, limits.REASON_MAX, "A reason has", code="reason_too_long", field="because")


def refuse_others(by: Actor) -> None:
    """Raise `NotAllowed` for everybody but a maintainer."""
    if not by.is_maintainer:
        raise NotAllowed("Only the maintainer of this installation can do that.")
