"""Appeals: another look at what was decided, by whoever looks after the installation. One that is granted brings back what there was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixelstudio.core.ratings import GENERAL, is_rating
from pixelstudio.features.conduct.rulings import settle
from pixelstudio.features.gallery.comments import bring_back
from pixelstudio.features.gallery.removal import put_back
from pixelstudio.features.images.ratings import rate
from pixelstudio.features.logbook.entries import note
from pixelstudio.features.moderation.reports import checked_reason, refuse_others
from pixelstudio.features.notifications.inbox import Told, tell

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Transaction
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.conduct.rulings import RulingView


async def decide_appeal(tx: Transaction, ruling_id: str, because: str, *, is_granted: bool, by: Actor) -> None:
    """Grant an appeal, or turn it down with a reason; whoever appealed is told. For the maintainer alone.

    Raises `NotAllowed`, `Invalid` when it is turned down without a reason, `NotFound`, and `Conflict` when it is decided already.
    """
    refuse_others(by)
    reason = checked_reason(because, is_needed=not is_granted)
    ruling = await settle(tx, ruling_id, reason, is_granted=is_granted)
    if is_granted:
        await _bring_back(tx, ruling)
    said = f"Granted. {reason}".strip() if is_granted else reason
    await tell(tx, Told(account_id=ruling.account_id, kind="appeal", image_id=ruling.image_id or None, about_id=ruling.id, words=said))
    await note(tx, "appeal.granted" if is_granted else "appeal.upheld", ruling.quoted, reason, by=by)


async def _bring_back(tx: Transaction, ruling: RulingView) -> None:
    if not ruling.image_id or not ruling.before:
        return
    if ruling.decision != "removed":
        await rate(tx, ruling.image_id, ruling.before if is_rating(ruling.before) else GENERAL, at_least=GENERAL)
    elif ruling.comment_id:
        await bring_back(tx, ruling.comment_id, ruling.quoted, ruling.account_id)
    else:
        await put_back(tx, ruling.image_id, ruling.before)
