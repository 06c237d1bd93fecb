"""Proofs: what guests of a proofing link think of each picture. Somebody without an account, under the name they type.

A guest is told their own words alone; whoever made the collection is told everybody's. The same name by the same link is the same guest:
the link is the secret, the name only tells those apart who share it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import select
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.core.errors import Conflict, Invalid, NotFound
from pixelstudio.core.ids import is_id, new_id
from pixelstudio.core.text import clean_line, within, words_of
from pixelstudio.features.accounts.throttle import admit_act
from pixelstudio.features.gallery.events import ProofGiven
from pixelstudio.features.gallery.links import ensure_shared, opened_by
from pixelstudio.features.gallery.tables import CollectionRow, ProofRow
from pixelstudio.features.gallery.views import ProofView
from pixelstudio.features.notifications.inbox import Told, tell
from pixelstudio.features.wording.blocked import refuse_blocked

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.gallery.links import Opened
    from pixelstudio.features.gallery.views import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What a guest thinks of one picture, as sent: all of it, each time."""

    is_loved: bool = False
    verdict: str = ""
    words: str = ""


async def give(tx: Transaction, secret: str, image_id: str, guest: str, opinion: Opinion) -> ProofView:
    """Keep what a guest of this link thinks of a picture it shows, in place of what they thought before. Safe to repeat.

    Nobody acts but the secret. Raises `NotFound` as `links.opened_by`, also for a link that only shows; `Invalid` naming the field,
    `Conflict` and `TooMany`.
    """
    opened = await opened_by(tx, secret)
    if not opened.link.is_proofing:
        raise NotFound
    await ensure_shared(tx, opened, image_id)
    name, words = await _checked(tx, guest, opinion)
    await admit_act(tx, "proof", opened.link.id, limits.PROOFS_PER_MINUTE, 60)
    row = await _row(tx, opened, image_id, name)
    row.guest, row.is_loved, row.verdict, row.words, row.changed_at = name, opinion.is_loved, opinion.verdict, words, tx.now
    tx.add(row)
    await tx.flush()
    owner_id = opened.collection.account_id
    await tx.publish(ProofGiven(collection_id=opened.collection.id, owner_id=owner_id, image_id=image_id))
    about = f"{opened.collection.id}.{row.guest_key[:30]}.{tx.now:%Y%m%d}"
    await tell(tx, Told(account_id=owner_id, kind="proof", about_id=about, words=f"{name}: {opened.collection.title}"))
    return _view(row)


async def proofs_by(reader: Reader, secret: str, guest: str) -> list[ProofView]:
    """What this guest of a link has said so far; one query beside the look at the link."""
    opened = await opened_by(reader, secret)
    mine = (col(ProofRow.link_id) == opened.link.id, col(ProofRow.guest_key) == _key(clean_line(guest)))
    return [_view(row) for row in (await reader.exec(select(ProofRow).where(*mine))).scalars()]


async def proofs_in(reader: Reader, by: Actor, collection_id: str) -> list[ProofView]:
    """Everything guests have said in an own collection, the latest first; nothing in anybody else's. One query."""
    if not is_id(collection_id):
        return []
    mine = (col(CollectionRow.id) == collection_id, col(CollectionRow.account_id) == by.id)
    joined = select(ProofRow).join(CollectionRow, col(CollectionRow.id) == col(ProofRow.collection_id)).where(*mine)
    latest = joined.order_by(col(ProofRow.changed_at).desc(), col(ProofRow.id)).limit(limits.COUNTED_MAX)
    return [_view(row) for row in (await reader.exec(latest)).scalars()]


async def proofs_after(reader: Reader, by: Actor, last: str) -> list[dict[str, object]]:
    """A page of what guests have said in all own collections, in the order of ids after `last`, for an export. One query."""
    columns: Any = (ProofRow, CollectionRow)
    joined: Any = select(*columns).join(CollectionRow, col(CollectionRow.id) == col(ProofRow.collection_id))
    mine = joined.where(col(CollectionRow.account_id) == by.id, col(ProofRow.id) > last)
    rows = (await reader.exec(mine.order_by(col(ProofRow.id)).limit(limits.PAGE_SIZE_MAX))).all()
    return [{"id": row.ProofRow.id, "collection": row.CollectionRow.title, **asdict(_view(row.ProofRow))} for row in rows]


async def _checked(reader: Reader, guest: str, opinion: Opinion) -> tuple[str, str]:
    name, words = clean_line(guest), clean_line(opinion.words)
    if not name or len(name) > limits.PROOF_NAME_MAX or not _key(name):
        raise Invalid(f"Say who you are, in at most {limits.PROOF_NAME_MAX} characters.", code="proof_name_invalid", field="guest")
    within(words, limits.PROOF_WORDS_MAX, "A comment here has", code="proof_words_too_long", field="words")
    if opinion.verdict not in {"", "approved", "changes"}:
        raise Invalid("Approve the picture, or ask for changes.", code="verdict_invalid", field="verdict")
    await refuse_blocked(reader, name, "guest")
    await refuse_blocked(reader, words, "words")
    return name, words


async def _row(tx: Transaction, opened: Opened, image_id: str, name: str) -> ProofRow:
    key = _key(name)
    mine = (col(ProofRow.link_id) == opened.link.id, col(ProofRow.guest_key) == key)
    found: Any = (await tx.exec(select(ProofRow).where(*mine, col(ProofRow.image_id) == image_id))).scalar_one_or_none()
    if found is not None:
        return found
    names = select(col(ProofRow.guest_key)).where(col(ProofRow.link_id) == opened.link.id).distinct().limit(limits.PROOF_NAMES_MAX + 1)
    known = set((await tx.exec(names)).scalars())
    if key not in known and len(known) >= limits.PROOF_NAMES_MAX:
        raise Conflict("So many people have spoken by this link that nobody else can.", code="too_many_guests", field="guest")
    return ProofRow(
        id=new_id(),
        collection_id=opened.collection.id,
        link_id=opened.link.id,
        image_id=image_id,
        guest="",
        guest_key=key,
        changed_at=tx.now,
    )


def _key(name: str) -> str:
    return "-".join(words_of(name))[: limits.PROOF_NAME_MAX * 2]


def _view(row: ProofRow) -> ProofView:
    return ProofView(row.image_id, row.guest, row.is_loved, cast("Verdict", row.verdict), row.words, row.changed_at)
