"""The state of the landing: what a stranger tried, drawn before their eyes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import reflex as rx
from typing_extensions import TypedDict

from pixelstudio.core.events import Event
from pixelstudio.core.ids import JobId
from pixelstudio.core.limits import GUEST_PICTURES
from pixelstudio.features.accounts.preferences import preferences_of
from pixelstudio.features.accounts.visits import is_visit_due, visit
from pixelstudio.features.generation import generations
from pixelstudio.features.generation.standing import sets_of
from pixelstudio.features.generation.trial import first_try, models_to_try, pictures_left, remember_model
from pixelstudio.jobs.rings import JobProgressed
from pixelstudio.ui.landing.views import Choice, Try, choice_of, left_words, stepped, try_of
from pixelstudio.ui.live import Live
from pixelstudio.ui.session import guarded

if TYPE_CHECKING:
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.studio import Studio


class TryForm(TypedDict, total=False):
    """The landing's composer as the browser sends it."""

    prompt: str
    model: str


class LandingState(Live, rx.State):
    """A guest's pictures, newest first; for a stranger there are none."""

    _members_only: ClassVar[bool] = False

    is_loaded: bool = False
    is_guest: bool = False
    looks: list[Choice] = []  # noqa: RUF012  # Reflex copies defaults per state
    has_ai: bool = False
    """Whether this installation offers members more than sketches."""
    chosen: str = ""
    """The look of the last try; "" when the sentence chose it."""
    tries: list[Try] = []  # noqa: RUF012  # as above
    sentence: str = ""
    """That of the last try, whole: it stands in the composer to be changed a little."""
    left: int = GUEST_PICTURES

    @rx.var
    def left_words(self) -> str:
        """How many pictures may still be tried."""
        return left_words(self.left)

    @guarded("guest", form=TryForm)
    async def draw(self, studio: Studio, actor: Actor, *, form: TryForm) -> Any:
        """Draw another sentence; the first one was a plain post, which made the guest."""
        wish = first_try(studio.providers, form.get("prompt", ""), form.get("model", ""))
        async with studio.db.transaction() as tx:
            await generations.submit(tx, studio, wish, by=actor)
            await remember_model(tx, studio.providers, form.get("model", ""), by=actor)
        self.notice = None
        await self._snapshot(studio, actor)

    async def _snapshot(self, studio: Studio, actor: Actor | None) -> None:
        self.looks = [choice_of(model) for model in models_to_try(studio.providers)]
        self.has_ai = studio.providers.has_ai
        self.is_guest = actor is not None and actor.is_guest
        if actor is None or not actor.is_guest:
            self.is_loaded = True
            return
        async with studio.db.reader() as reader:
            is_due = await is_visit_due(reader, actor)
            views = await sets_of(reader, studio, actor, limit=GUEST_PICTURES)
            self.left = await pictures_left(reader, actor.id)
            self.chosen = (await preferences_of(reader, actor.id)).model
        if is_due:
            async with studio.db.transaction() as tx:
                await visit(tx, actor)
        self.tries = [try_of(view) for view in views if view.slots]
        self.sentence = views[0].prompt if views else ""
        self.is_loaded = True

    async def _apply(self, studio: Studio, actor: Actor, events: Sequence[Event]) -> None:
        """Steps are taken from memory; anything else happened is asked of the database."""
        if any(not isinstance(event, JobProgressed) for event in events):
            await self._snapshot(studio, actor)
            return
        latest = {event.batch_id: studio.progress.get(JobId(event.job_id)) for event in events if isinstance(event, JobProgressed)}
        self.tries = [stepped(shown, progress) if (progress := latest.get(shown.id)) else shown for shown in self.tries]
