"""The state of /queue: one's own jobs, where they stand, and how they ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final

import reflex as rx

from pixelstudio.core.events import Event
from pixelstudio.core.ids import JobId
from pixelstudio.core.limits import PAGE_SIZE_MAX
from pixelstudio.features.credits.ledger import balance_of
from pixelstudio.features.generation.clearances import Clearance, clear_ended, clear_job, take_back
from pixelstudio.features.generation.events import AskedAgain, GenerationEnded, PictureDrawn, SlotEnded
from pixelstudio.features.generation.own_jobs import (
    EndedBefore,
    OwnJob,
    cancel_job,
    cancel_waiting,
    ended_jobs,
    ended_jobs_of_sets,
    open_jobs,
    pause_job,
    pause_waiting,
    put_first,
    resume_job,
    resume_paused,
)
from pixelstudio.features.generation.retries import retry, retry_set
from pixelstudio.features.generation.waits import Outlook, outlooks
from pixelstudio.features.images.events import ImageDeleted
from pixelstudio.jobs.rings import JobProgressed
from pixelstudio.ui import formats
from pixelstudio.ui.live import KEEP_ALIVE_S, Live
from pixelstudio.ui.notices import NoticeView
from pixelstudio.ui.queue.views import EndedRow, JobRow, Place, Step, ended_row, job_row, key_of, place_of, step_of, summary
from pixelstudio.ui.session import guarded
from pixelstudio.ui.visitor import Visitor

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Reader
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.providers.contract import ImageModel
    from pixelstudio.studio import Studio

PAGE: Final = 30
MORE: Final = 60
RECENT_MAX: Final = 30
"""More than these become the first page: what is in one list is sent again with every job that joins it."""
LONG: Final = 100
"""A line so long is looked at half as often: a look costs by its length, and who is far back sees little change."""
LOOK_AGAIN_S: Final = 2.0
"""A line moves because of others too, of whom nobody tells this page: while something waits, it looks."""


class QueueState(Live, rx.State):
    """What is under way and what ended. Rows, places and steps are apart, so that a move sends places and a step sends a step."""

    rows: list[JobRow] = []  # noqa: RUF012  # Reflex copies defaults per state
    places: dict[str, Place] = {}  # noqa: RUF012  # as above
    steps: dict[str, Step] = {}  # noqa: RUF012  # as above
    summary: str = ""
    waiting: int = 0
    paused: int = 0
    hidden: int = 0
    """Jobs under way that are not shown until asked for: a line of five hundred is no page."""
    kept: dict[str, EndedRow] = {}  # noqa: RUF012  # as above
    """How those of `rows` ended that did since the page was opened: each keeps its place, so that nothing moves under a hand."""
    recent: list[EndedRow] = []  # noqa: RUF012  # as above
    """What else ended since then: apart from the pages, which are long."""
    pages: list[list[EndedRow]] = []  # noqa: RUF012  # as above
    has_more: bool = False
    is_loaded: bool = False

    _before: EndedBefore | None = None
    _keys: dict[int, str] = {}  # noqa: RUF012  # as above
    _outlooks: dict[str, Outlook] = {}  # noqa: RUF012  # as above
    _shown: int = PAGE
    _cleared: Clearance | None = None
    _looks_again: ClassVar[bool] = True

    @rx.var
    def is_empty(self) -> bool:
        """Whether there is no job at all."""
        return not self.rows and not self.recent and not any(self.pages)

    @rx.var
    def has_several_ended(self) -> bool:
        """Whether more than one job that ended is on the list."""
        return len(self._ended_rows()) > 1

    @guarded("member", generation_id=str, slot=int)
    async def cancel(self, studio: Studio, actor: Actor, *, generation_id: str, slot: int) -> Any:
        """Call one job off, or stop it."""
        async with studio.db.transaction() as tx:
            await cancel_job(tx, studio, generation_id, slot, by=actor)
        await self._refresh(studio, actor, {generation_id})
        await self._count_credits(studio, actor)

    @guarded("member")
    async def cancel_all(self, studio: Studio, actor: Actor) -> Any:
        """Call off everything that has not begun."""
        called_off = 0
        while some := await self._cancel_some(studio, actor):
            called_off += some
        words = "1 waiting job was cancelled." if called_off == 1 else f"{called_off} waiting jobs were cancelled."
        self.notice = NoticeView("note", f"{words} Nothing was charged." if called_off else "Nothing was waiting any more.")
        await self._snapshot(studio, actor)
        await self._count_credits(studio, actor)

    @guarded("member", generation_id=str, slot=int)
    async def pause(self, studio: Studio, actor: Actor, *, generation_id: str, slot: int) -> Any:
        """Put one job aside."""
        async with studio.db.transaction() as tx:
            await pause_job(tx, generation_id, slot, by=actor)
        await self._refresh(studio, actor, set())

    @guarded("member", generation_id=str, slot=int)
    async def resume(self, studio: Studio, actor: Actor, *, generation_id: str, slot: int) -> Any:
        """Put it back into the line."""
        async with studio.db.transaction() as tx:
            await resume_job(tx, generation_id, slot, by=actor)
        await self._refresh(studio, actor, set())

    @guarded("member", generation_id=str, slot=int)
    async def put_first(self, studio: Studio, actor: Actor, *, generation_id: str, slot: int) -> Any:
        """Let one job go before all others of one's own."""
        async with studio.db.transaction() as tx:
            await put_first(tx, generation_id, slot, by=actor)
        await self._refresh(studio, actor, set())

    @guarded("member")
    async def pause_all(self, studio: Studio, actor: Actor) -> Any:
        """Put everything aside that waits."""
        async with studio.db.transaction() as tx:
            await pause_waiting(tx, by=actor)
        await self._refresh(studio, actor, set())

    @guarded("member")
    async def resume_all(self, studio: Studio, actor: Actor) -> Any:
        """Put everything back into the line."""
        async with studio.db.transaction() as tx:
            await resume_paused(tx, by=actor)
        await self._refresh(studio, actor, set())

    @guarded("member", generation_id=str, slot=int)
    async def retry(self, studio: Studio, actor: Actor, *, generation_id: str, slot: int) -> Any:
        """Ask again for what failed, for the price that is shown. A second press finds nothing to do."""
        row = next((row for row in self._ended_rows() if (row.generation_id, row.slot) == (generation_id, slot)), None)
        if row and not row.retry_price:
            return
        async with studio.db.transaction() as tx:
            await retry(tx, studio, generation_id, slot, by=actor, quote_shown=row.retry_credits if row else None)
        await self._asked_again(studio, actor, generation_id)

    @guarded("member", generation_id=str)
    async def retry_set(self, studio: Studio, actor: Actor, *, generation_id: str) -> Any:
        """Ask again for everything a set misses, for the price that is shown. A second press finds nothing to do."""
        rows = [row for row in self._ended_rows() if row.generation_id == generation_id]
        row = next((row for row in rows if row.set_retry), None)
        if rows and not row:
            return
        async with studio.db.transaction() as tx:
            await retry_set(tx, studio, generation_id, by=actor, quote_shown=row.set_credits if row else None)
        await self._asked_again(studio, actor, generation_id)

    @guarded("member", generation_id=str, slot=int)
    async def remove(self, studio: Studio, actor: Actor, *, generation_id: str, slot: int) -> Any:
        """Take one job that ended off the list."""
        async with studio.db.transaction() as tx:
            self._cleared = await clear_job(tx, generation_id, slot, by=actor)
            beside = [ended_row(job) for job in await ended_jobs_of_sets(tx, studio, actor, {generation_id})]
        gone = next((row for row in self._ended_rows() if (row.generation_id, row.slot) == (generation_id, slot)), None)
        self.rows = [row for row in self.rows if not gone or row.key != gone.key]
        self.kept = {key: row for key, row in self.kept.items() if row != gone}
        self.recent = [row for row in self.recent if row != gone]
        self.pages = [[row for row in page if row != gone] for page in self.pages]
        seen = {row.key for row in self._ended_rows()}
        self._put_away([row for row in beside if row.key in seen])
        if not seen and self.has_more:
            await self._snapshot(studio, actor)
        subject = formats.called(gone.title) if gone else "The job"
        self.notice = NoticeView("note", f"{subject} is off this list.", action="Undo")

    @guarded("member")
    async def clear_ended(self, studio: Studio, actor: Actor) -> Any:
        """Take everything that has ended off the list."""
        at, of_sets, has_more = studio.clock.now(), set[str](), True
        while has_more:
            async with studio.db.transaction() as tx:
                step = await clear_ended(tx, at, by=actor)
            of_sets, has_more = of_sets | {*step.of_sets}, step.has_more
        self._cleared = Clearance(at, tuple(of_sets))
        await self._snapshot(studio, actor)
        self.notice = NoticeView("note", "What has ended is off this list. Pictures are in the library.", action="Undo")

    @guarded("member")
    async def undo(self, studio: Studio, actor: Actor) -> Any:
        """Put what was taken off the list last back on it."""
        cleared, self._cleared = self._cleared, None
        while cleared is not None:
            async with studio.db.transaction() as tx:
                cleared = cleared if await take_back(tx, cleared, by=actor) else None
        await self._snapshot(studio, actor)
        self.notice = NoticeView("note", "Back on this list.")

    @guarded("member")
    async def load_more(self, studio: Studio, actor: Actor) -> Any:
        """The next page of what ended."""
        if self.has_more:
            seen = {row.key for row in self._ended_rows()}
            self.pages.append([row for row in await self._page(studio, actor, self._before, PAGE) if row.key not in seen])

    @guarded("member")
    async def show_more(self, studio: Studio, actor: Actor) -> Any:
        """More of a long line."""
        self._shown += MORE
        await self._refresh(studio, actor, set())

    async def _snapshot(self, studio: Studio, actor: Actor | None) -> None:
        if actor is None:
            return
        seen = len(self._ended_rows())
        self._outlooks = {}
        self.rows, self.kept = [], {}
        self.recent, self.pages = [], [await self._page(studio, actor, None, min(max(PAGE, seen), PAGE_SIZE_MAX))]
        await self._refresh(studio, actor, set())
        self.is_loaded = True

    async def _apply(self, studio: Studio, actor: Actor, events: Sequence[Event]) -> None:
        if any(isinstance(event, ImageDeleted) for event in events) or len(self.recent) + len(self.kept) > RECENT_MAX:
            await self._snapshot(studio, actor)
            return
        steps = [event for event in events if isinstance(event, JobProgressed)]
        known = [self._advance(studio, event) for event in steps]
        if len(steps) == len(events) and events and all(known):
            return
        ended = {event.generation_id for event in events if isinstance(event, PictureDrawn | SlotEnded)}
        again = {event.generation_id for event in events if isinstance(event, AskedAgain)}
        await self._refresh(studio, actor, ended | (again & {row.generation_id for row in self._ended_rows()}))
        if any(isinstance(event, GenerationEnded) for event in events):
            self._outlooks = {}
            await self._count_credits(studio, actor)

    async def _asked_again(self, studio: Studio, actor: Actor, generation_id: str) -> None:
        self.notice = None
        await self._refresh(studio, actor, {generation_id})
        await self._count_credits(studio, actor)

    def _look_again_after_s(self) -> float:
        return LOOK_AGAIN_S * (1 + self.waiting / LONG) if self.waiting else KEEP_ALIVE_S

    async def _refresh(self, studio: Studio, actor: Actor, ended: set[str]) -> None:
        """Show the line as it is now, and jobs of the sets in `ended` among what ended. What has not changed is not sent again."""
        async with studio.db.reader() as reader:
            jobs = await open_jobs(reader, studio, actor)
            await self._look_out(reader, studio, jobs)
            # a look may come before the word of what ended
            known = {*self.kept, *map(key_of, jobs)}
            left = {row.generation_id for row in self.rows if row.key not in known} | ended
            over = [ended_row(job) for job in await ended_jobs_of_sets(reader, studio, actor, left)] if left else []
        shown = jobs[: self._shown]
        self._keys = {job.job_id: key_of(job) for job in shown}
        self._line_up([job_row(job) for job in shown], {row.key: row for row in over})
        self._set("places", {key_of(job): self._place(studio, job) for job in shown})
        self._set("steps", {key_of(job): step_of(job) for job in shown if job.state == "drawing" and job.steps})
        self._set("summary", summary(jobs))
        self._set("waiting", sum(job.state in {"waiting", "retrying"} for job in jobs))
        self._set("paused", sum(job.state == "paused" for job in jobs))
        self._set("hidden", len(jobs) - len(shown))
        self._put_away(over)

    def _line_up(self, shown: Sequence[JobRow], ended: Mapping[str, EndedRow]) -> None:
        """Show what is in line, and what ended there where it stood."""
        rows = [*shown]
        kept = {row.key: self.kept.get(row.key) or ended[row.key] for row in self.rows if row.key in self.kept or row.key in ended}
        for at, row in enumerate(self.rows):
            if row.key in kept:
                rows.insert(at, row)
        self._set("rows", rows)
        self._set("kept", kept)

    async def _look_out(self, reader: Reader, studio: Studio, jobs: Sequence[OwnJob]) -> None:
        """How the lanes stand in which something waits. How fast they are is asked once, until the page is loaded again or a set has ended."""
        models = [model for job in jobs if job.state == "waiting" and (model := _model(studio, job.model))]
        self._outlooks = {**self._outlooks, **await outlooks(reader, models, self._outlooks)}

    def _place(self, studio: Studio, job: OwnJob) -> Place:
        model = _model(studio, job.model)
        if model is None or job.position is None:
            return place_of(job)
        wait = self._outlooks[model.lane].wait_at(model, job.width, job.height, job.position)
        return place_of(job, wait)

    def _set(self, name: str, value: object) -> None:
        if getattr(self, name) != value:
            setattr(self, name, value)

    def _put_away(self, rows: Sequence[EndedRow]) -> None:
        """Rows of ended jobs in their place, or on top when they are new."""
        known = {row.key: row for row in self._ended_rows()}
        changed = {row.key: row for row in rows if row.key in known and known[row.key] != row}
        new = [row for row in rows if row.key not in known]
        if changed.keys() & self.kept.keys():
            self.kept = {key: changed.get(key, row) for key, row in self.kept.items()}
        if new or any(row.key in changed for row in self.recent):
            self.recent = _by_set([*new, *(changed.get(row.key, row) for row in self.recent)])
        for place, page in enumerate(self.pages):
            if any(row.key in changed for row in page):
                self.pages[place] = [changed.get(row.key, row) for row in page]

    def _ended_rows(self) -> list[EndedRow]:
        return [*self.kept.values(), *self.recent, *(row for page in self.pages for row in page)]

    def _advance(self, studio: Studio, event: JobProgressed) -> bool:
        """Show a job's latest step. False when it stands nowhere on the page yet."""
        key, progress = self._keys.get(event.job_id), studio.progress.get(JobId(event.job_id))
        if key is None or progress is None:
            return key is None and self.hidden > 0
        preview = f"/media/live/{key.replace(':', '/')}?n={progress.number}" if progress.preview else ""
        self.steps[key] = Step(progress.step, progress.steps, preview)
        return self.places[key].state == "drawing"

    async def _page(self, studio: Studio, actor: Actor, before: EndedBefore | None, limit: int) -> list[EndedRow]:
        async with studio.db.reader() as reader:
            jobs, self._before = await ended_jobs(reader, studio, actor, before=before, limit=limit)
        self.has_more = self._before is not None
        return [ended_row(job) for job in jobs]

    async def _cancel_some(self, studio: Studio, actor: Actor) -> int:
        async with studio.db.transaction() as tx:
            return await cancel_waiting(tx, studio, by=actor)

    async def _count_credits(self, studio: Studio, actor: Actor) -> None:
        async with studio.db.reader() as reader:
            balance = await balance_of(reader, actor.id)
        visitor = await self.get_state(Visitor)
        if visitor.credits != balance.available:
            visitor.credits = balance.available


def _by_set(rows: Sequence[EndedRow]) -> list[EndedRow]:
    """The same rows, those of a set together and in its order: sets that are drawn side by side end row by row."""
    places = {generation_id: place for place, generation_id in enumerate(dict.fromkeys(row.generation_id for row in rows))}
    return sorted(rows, key=lambda row: (places[row.generation_id], -row.slot))


def _model(studio: Studio, model_id: str) -> ImageModel | None:
    return next((model for model in studio.providers.models() if model.id == model_id), None)
