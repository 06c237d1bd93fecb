"""`Steps`: how far each drawing is, apart from everything else on the page, because it changes ten times a second."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import reflex as rx

from pixelstudio.core.ids import JobId
from pixelstudio.features.generation.generations import job_of_slot
from pixelstudio.ui.create.views import Step, haze, slot_key, step_of

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Reader
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.generation.views import SetView
    from pixelstudio.jobs.rings import JobProgressed
    from pixelstudio.studio import Studio


class Steps(rx.State):
    """Only slots that are being drawn have an entry, so that one step sends a few hundred bytes."""

    now: dict[str, Step] = {}  # noqa: RUF012  # Reflex copies defaults per state

    _slots: dict[int, list[int]] = {}  # noqa: RUF012  # as above
    """The slots a job draws, for jobs of drawings on this page."""

    def _load(self, views: Sequence[SetView]) -> None:
        """How far everything is in a snapshot."""
        self._slots = {}
        self.now = {key: step for view in views for key, step in _steps_of(view).items()}

    async def _follow(self, reader: Reader, actor: Actor, view: SetView) -> None:
        """Take over one set as it stands, and learn which jobs draw it."""
        drawing = [slot.slot for slot in view.slots if slot.state == "drawing"]
        for slot in drawing:
            job = await job_of_slot(reader, actor, view.id, slot)
            self._slots[job] = sorted({*self._slots.get(job, []), slot})
        others = {key: step for key, step in self.now.items() if not key.startswith(view.id)}
        now = {**others, **_steps_of(view)}
        if now != self.now:
            self.now = now

    def _advance(self, studio: Studio, event: JobProgressed) -> bool:
        """Show a job's latest step. False when the page does not know yet what this job draws."""
        progress = studio.progress.get(JobId(event.job_id))
        slots = self._slots.get(event.job_id)
        if not slots or not event.batch_id or progress is None:
            return progress is None
        for slot in slots:
            url = f"/media/live/{event.batch_id}/{slot}?n={progress.number}" if progress.preview else ""
            self.now[slot_key(event.batch_id, slot)] = Step(progress.step, progress.steps, url, haze(progress.step, progress.steps))
        return True


def _steps_of(view: SetView) -> dict[str, Step]:
    return {slot_key(view.id, slot.slot): step_of(slot) for slot in view.slots if slot.state == "drawing" and slot.steps}
