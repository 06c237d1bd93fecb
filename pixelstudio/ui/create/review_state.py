"""`Review`: a finished set looked through picture by picture: keep, favourite, or throw away, and each of it taken back."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Literal

import reflex as rx

from pixelstudio.features.generation.standing import set_of
from pixelstudio.features.generation.styles import parted
from pixelstudio.features.images import curation
from pixelstudio.ui import formats
from pixelstudio.ui.create.views import TITLE_MAX
from pixelstudio.ui.pictures import PictureView, picture_view
from pixelstudio.ui.session import Notices, guarded

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Transaction
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.studio import Studio

Verdict = Literal["keep", "favourite", "bin"]


class Review(Notices, rx.State):
    """Which pictures, how many are judged, and how; the verdicts themselves are rows already."""

    pictures: list[PictureView] = []  # noqa: RUF012  # Reflex copies defaults per state
    title: str = ""
    place: int = 0

    _verdicts: list[tuple[Verdict, bool]] = []  # noqa: RUF012  # as above
    """Each with whether it changed anything."""

    @rx.var
    def progress(self) -> str:
        """Which picture it is, of how many."""
        return f"{min(self.place + 1, len(self.pictures))} of {len(self.pictures)}" if self.pictures else ""

    @rx.var
    def is_over(self) -> bool:
        """Whether every picture has been judged."""
        return bool(self.pictures) and self.place >= len(self.pictures)

    @rx.var
    def summary(self) -> str:
        """What it came to."""
        counts = Counter(verdict for verdict, _ in self._verdicts)
        words = ((counts["keep"], "kept"), (counts["favourite"], "among your favourites"), (counts["bin"], "in the trash"))
        return ", ".join(f"{formats.pictures(count)} {word}" for count, word in words if count)

    @guarded("member", generation_id=str)
    async def begin(self, studio: Studio, actor: Actor, *, generation_id: str) -> Any:
        """Lay the pictures of an own set on the table."""
        async with studio.db.reader() as reader:
            view = await set_of(reader, studio, actor, generation_id)
        self.pictures = [picture_view(slot.image) for slot in view.slots if slot.image]
        self.title = formats.clipped(parted(view.prompt)[0], TITLE_MAX)
        self.place, self._verdicts, self.notice = 0, [], None

    @guarded("member", verdict=Verdict)
    async def judge(self, studio: Studio, actor: Actor, *, verdict: Verdict) -> Any:
        """Say what becomes of the picture that is shown, and go on to the next one."""
        if self.place >= len(self.pictures):
            return
        async with studio.db.transaction() as tx:
            changed = await _carry_out(tx, self.pictures[self.place].id, verdict, by=actor)
        self._verdicts = [*self._verdicts, (verdict, changed)]
        self.place += 1
        self.notice = None

    @guarded("member")
    async def undo(self, studio: Studio, actor: Actor) -> Any:
        """Take the last verdict back, and show its picture again."""
        if not self._verdicts:
            return
        verdict, changed = self._verdicts[-1]
        if changed:
            async with studio.db.transaction() as tx:
                await _take_back(tx, self.pictures[self.place - 1].id, verdict, by=actor)
        self._verdicts = self._verdicts[:-1]
        self.place -= 1
        self.notice = None


async def _carry_out(tx: Transaction, image_id: str, verdict: Verdict, *, by: Actor) -> bool:
    """Do what was said; whether it changed anything: what was so before must not be taken back later."""
    match verdict:
        case "favourite":
            return bool((await curation.set_favourite(tx, image_id, favourite=True, by=by)).image_ids)
        case "bin":
            return bool((await curation.throw_away(tx, image_id, by=by)).image_ids)
        case "keep":
            return False


async def _take_back(tx: Transaction, image_id: str, verdict: Verdict, *, by: Actor) -> None:
    match verdict:
        case "favourite":
            await curation.set_favourite(tx, image_id, favourite=False, by=by)
        case "bin":
            await curation.restore(tx, image_id, by=by)
        case "keep":
            pass
