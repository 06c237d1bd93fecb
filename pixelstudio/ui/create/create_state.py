"""The state of /create: the composer's choices, and the sets with what is happening to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import reflex as rx

from pixelstudio.core.events import Event
from pixelstudio.features.credits.ledger import balance_of
from pixelstudio.features.generation import generations
from pixelstudio.features.generation.events import GenerationEnded, GenerationQueued, PictureDrawn, SlotEnded, SlotUnknown
from pixelstudio.features.generation.standing import set_of, sets_of
from pixelstudio.features.images.events import ImageDeleted
from pixelstudio.jobs.rings import JobMoved, JobProgressed
from pixelstudio.ui import formats
from pixelstudio.ui.create.composer import ComposerForm, asked, recipe_of_address, recipe_of_form, recipe_of_set
from pixelstudio.ui.create.steps import Steps
from pixelstudio.ui.create.views import ModelChoice, Recipe, SetCard, model_choice, set_card, without
from pixelstudio.ui.live import Live
from pixelstudio.ui.session import guarded
from pixelstudio.ui.visitor import Visitor

if TYPE_CHECKING:
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.generation.views import SetView
    from pixelstudio.studio import Studio

SETS_SHOWN: Final = 12
_OF_ONE_SET: Final = (GenerationQueued, PictureDrawn, SlotEnded, SlotUnknown, GenerationEnded)


class CreateState(Live, rx.State):
    """What is under way and what was asked lately; the record of both is the database."""

    models: list[ModelChoice] = []  # noqa: RUF012  # Reflex copies defaults per state
    chosen: ModelChoice = ModelChoice()
    recipe: Recipe = Recipe()
    settings_key: str = ""
    """Changes when the settings must be drawn anew: the browser holds what is chosen in them."""
    price: str = ""
    current: list[SetCard] = []  # noqa: RUF012  # as above
    """Sets that move, and those that ended since the page was opened."""
    earlier: list[SetCard] = []  # noqa: RUF012  # as above
    """Sets that had ended before: apart, so that a change sends only what moves."""
    is_loaded: bool = False

    _count: int = 4

    @rx.var
    def is_empty(self) -> bool:
        """Whether nothing was ever asked for."""
        return not self.current and not self.earlier

    @guarded("member")
    async def begin(self, studio: Studio, actor: Actor) -> Any:
        """Set the composer up: the models, and the recipe the address asks for."""
        self.models = [model_choice(model) for model in studio.providers.models()]
        async with studio.db.reader() as reader:
            wanted = await recipe_of_address(reader, self.router.url.query_parameters, actor)
        self._take(wanted or self.recipe)

    @guarded("member", form=ComposerForm)
    async def generate(self, studio: Studio, actor: Actor, *, form: ComposerForm) -> Any:
        """Ask for a set: it is on the page before its first picture is begun."""
        request = asked(form)
        shown = self.chosen.price_credits * request.count if request.model == self.chosen.id else None
        async with studio.db.transaction() as tx:
            view = await generations.submit(tx, studio, request, by=actor, quote_shown=shown)
        self.notice = None
        self.recipe = recipe_of_form(form, self.recipe.key)
        self.earlier = [*(card for card in self.current if not card.is_open), *self.earlier][:SETS_SHOWN]
        self.current = [card for card in self.current if card.is_open]
        await self._show(studio, view)
        if view.price_credits:
            await self._count_credits(studio, actor)

    @guarded("member", generation_id=str)
    async def cancel(self, studio: Studio, actor: Actor, *, generation_id: str) -> Any:
        """Call off what has not begun of a set, and stop what has."""
        async with studio.db.transaction() as tx:
            await generations.cancel(tx, studio, generation_id, by=actor)
        await self._refresh(studio, actor, generation_id)

    @guarded("member", generation_id=str)
    async def reuse(self, studio: Studio, actor: Actor, *, generation_id: str) -> Any:
        """Put the recipe of a set back into the composer."""
        if not self.models:  # whoever calls this need not have opened the page
            self.models = [model_choice(model) for model in studio.providers.models()]
        async with studio.db.reader() as reader:
            self._take(recipe_of_set(await set_of(reader, studio, actor, generation_id)))

    @guarded("member", model=str)
    async def choose_model(self, _studio: Studio, _actor: Actor, *, model: str) -> Any:
        """Another model: its sizes, its limits, its price."""
        self.chosen = next((choice for choice in self.models if choice.id == model), self.chosen)
        self._price()

    @guarded("member", count=float | None)
    async def choose_count(self, _studio: Studio, _actor: Actor, *, count: float | None) -> Any:
        """Another number of pictures, or a field that is being typed into."""
        self._count = max(1, min(int(count or 1), self.chosen.max_images))
        self._price()

    async def _snapshot(self, studio: Studio, actor: Actor | None) -> None:
        if actor is None:
            return
        async with studio.db.reader() as reader:
            views = await sets_of(reader, studio, actor, limit=SETS_SHOWN)
        now = studio.clock.now()
        cards = [set_card(view, now) for view in views]
        self.current = [card for card in cards if card.is_open]
        self.earlier = [card for card in cards if not card.is_open]
        self.is_loaded = True
        steps = await self.get_state(Steps)
        steps._load(views)  # noqa: SLF001  # a public method of a state would be open to browsers

    async def _apply(self, studio: Studio, actor: Actor, events: Sequence[Event]) -> None:
        if any(isinstance(event, ImageDeleted) for event in events):
            await self._snapshot(studio, actor)
            return
        steps = await self.get_state(Steps)
        moved = {event.generation_id: None for event in events if isinstance(event, _OF_ONE_SET)}
        moved |= {event.batch_id: None for event in events if isinstance(event, JobMoved) and event.batch_id}
        for event in events:
            if not isinstance(event, JobProgressed) or not event.batch_id or event.batch_id in moved:
                continue
            if not steps._advance(studio, event):  # noqa: SLF001  # as above
                moved[event.batch_id] = None
        for generation_id in moved:
            await self._refresh(studio, actor, generation_id)
        if any(isinstance(event, GenerationEnded) for event in events):
            await self._count_credits(studio, actor)

    async def _refresh(self, studio: Studio, actor: Actor, generation_id: str) -> None:
        """Show one set as it stands now."""
        async with studio.db.reader() as reader:
            view = await set_of(reader, studio, actor, generation_id)
            steps = await self.get_state(Steps)
            await steps._follow(reader, actor, view)  # noqa: SLF001  # as above
        await self._show(studio, view)

    async def _show(self, studio: Studio, view: SetView) -> None:
        """Put a set where it belongs: what is new or moves comes first. What has not changed is not sent again."""
        card = set_card(view, studio.clock.now())
        places = [place for place, other in enumerate(self.current) if other.id == card.id]
        if not places:
            self.current = [card, *self.current]
            self.earlier = [other for other in self.earlier if other.id != card.id]
        elif self.current[places[0]] != card:
            self.current = [card if other.id == card.id else other for other in self.current]
        self.is_loaded = True

    def _forget(self, image_id: str) -> None:
        """Take a picture off the page."""
        self.current, self.earlier = without(self.current, image_id), without(self.earlier, image_id)

    async def _count_credits(self, studio: Studio, actor: Actor) -> None:
        async with studio.db.reader() as reader:
            balance = await balance_of(reader, actor.id)
        visitor = await self.get_state(Visitor)
        if visitor.credits != balance.available:
            visitor.credits = balance.available

    def _take(self, recipe: Recipe) -> None:
        """Make the composer show a recipe. A model that is gone gives way to the first one."""
        chosen = next((choice for choice in self.models if choice.id == recipe.model), self.models[0])
        self.chosen, self.recipe = chosen, recipe
        self.settings_key = f"{recipe.key}/{chosen.id}"
        self._count = int(recipe.images) if recipe.images.isdecimal() else 1
        self._price()

    def _price(self) -> None:
        self.price = formats.price(self.chosen.price_credits * self._count)
