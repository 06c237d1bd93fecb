"""The state of /create: the composer's choices, and the sets with what is happening to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Final

import reflex as rx

from pixelstudio.core.errors import NotFound
from pixelstudio.core.events import Event
from pixelstudio.features.accounts.preferences import preferences_of
from pixelstudio.features.credits.ledger import balance_of
from pixelstudio.features.gallery.lineage import tuning_for
from pixelstudio.features.generation import generations
from pixelstudio.features.generation.events import (
    AskedAgain,
    GenerationEnded,
    GenerationQueued,
    PictureDrawn,
    SlotEnded,
    SlotRecalled,
    SlotUnknown,
)
from pixelstudio.features.generation.retries import retry_set
from pixelstudio.features.generation.standing import last_asked, set_of, sets_of
from pixelstudio.features.generation.variations import Kind, variations
from pixelstudio.features.generation.waits import Outlook, Wait, outlooks
from pixelstudio.features.images.events import ImageDeleted, ImageFavourited, ImageForgotten, ImageRestored, ImageVisibilityChanged
from pixelstudio.features.images.pictures import image_for, page_of
from pixelstudio.jobs.rings import JobMoved, JobProgressed
from pixelstudio.ui.create.choices import Recipe, model_choice, picture_choice
from pixelstudio.ui.create.composer import (
    WISHES,
    ComposerForm,
    FileRecipe,
    asked,
    keeps_seed,
    recipe_of_address,
    recipe_of_file,
    recipe_of_form,
    recipe_of_image,
    recipe_of_preferences,
    recipe_of_request,
    recipe_of_set,
)
from pixelstudio.ui.create.composing import Composing
from pixelstudio.ui.create.curating import Curating
from pixelstudio.ui.create.remixing_state import Remixing
from pixelstudio.ui.create.steps import Steps
from pixelstudio.ui.create.views import SetCard, favourites, set_card, variation_words, waits_of, watched
from pixelstudio.ui.gallery.shelves import Shelves
from pixelstudio.ui.live import KEEP_ALIVE_S, Live
from pixelstudio.ui.notices import NoticeView
from pixelstudio.ui.session import guarded
from pixelstudio.ui.visitor import Visitor

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Reader
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.generation.views import SetView
    from pixelstudio.studio import Studio

SETS_SHOWN: Final = 12
REFERENCES_SHOWN: Final = 24
PLACES_AGAIN_AFTER_S: Final = 1.0
"""Places in line change by what others do, of which this page hears nothing: while something waits, it looks this often."""
SAME_AGAIN: Final = "The seed is kept, and the same words and settings draw the same picture. Open the lock beside Seed for another one."
_OF_ONE_SET: Final = (GenerationQueued, PictureDrawn, SlotEnded, SlotRecalled, SlotUnknown, GenerationEnded)
_COME_AND_GO: Final = (ImageDeleted, ImageForgotten, ImageRestored)


class CreateState(Composing, Curating, Live, Shelves, rx.State):
    """What is under way and what was asked lately; the record of both is the database."""

    current: list[SetCard] = []  # noqa: RUF012  # Reflex copies defaults per state
    """Sets that move, and those that ended since something was asked for last."""
    lately: list[SetCard] = []  # noqa: RUF012  # as above
    """Other sets that ended since the page was opened: apart, so that a change sends only what moves."""
    earlier: list[SetCard] = []  # noqa: RUF012  # as above
    """Sets that had ended before."""
    favourites: dict[str, bool] = {}  # noqa: RUF012  # as above
    """Which of the pictures are; apart, so that a heart does not send their sets again."""
    is_loaded: bool = False

    _looks_again: ClassVar[bool] = True
    _looked_at: datetime | None = None
    _outlooks: dict[str, Outlook] = {}  # noqa: RUF012  # as above
    """How fast the lanes are in which something waits: asked once, until a set has ended."""
    _wish: tuple[str, ...] = ()
    """What the address asked the composer for when the page was opened last."""
    _varied: tuple[str, ...] = ()
    """The sets that the notice about variations is about."""

    def _look_again_after_s(self) -> float:
        return PLACES_AGAIN_AFTER_S if any(_waits(card) for card in self.current) else KEEP_ALIVE_S

    @rx.var
    def is_empty(self) -> bool:
        """Whether nothing was ever asked for."""
        return not self.current and not self.lately and not self.earlier

    @rx.var
    def is_under_way(self) -> bool:
        """Whether something of one's own is drawn or waits: what is asked for now comes behind it."""
        return any(card.is_open for card in self.current)

    def _is_calm(self) -> bool:
        return not self.is_under_way

    @guarded("member")
    async def begin(self, studio: Studio, actor: Actor) -> Any:
        """Set the composer up: the models, and the recipe the address asks for."""
        self._me = actor.id
        self.models = [model_choice(model) for model in studio.providers.models()]
        self.has_ai = studio.providers.has_ai
        query = self.router.url.query_parameters
        async with studio.db.reader() as reader:
            wanted = None if await self._is_opened_anew(query) else await recipe_of_address(reader, studio, query, actor)
            preferred = recipe_of_preferences(await preferences_of(reader, actor.id), await last_asked(reader, actor), self.models)
            self.references = [picture_choice(image) for image in (await page_of(reader, actor, limit=REFERENCES_SHOWN)).items]
        await self._take(studio, actor, wanted or (self.recipe if self.recipe != Recipe() else preferred))

    async def _is_opened_anew(self, query: Mapping[str, str]) -> bool:
        """Whether one never left the page, which the ways to a picture over it and back open anew: what stands in the composer stays there."""
        visitor = await self.get_state(Visitor)
        before, self._wish = self._wish, tuple(query.get(name, "") for name in WISHES)
        never_left = visitor._came_from == visitor._is_at  # noqa: SLF001  # a public var would be sent to browsers
        return never_left and self._wish == before and self.recipe != Recipe()

    @guarded("member", form=ComposerForm)
    async def generate(self, studio: Studio, actor: Actor, *, form: ComposerForm) -> Any:
        """Ask for a set: it is on the page before its first picture is begun."""
        is_shown = form.get("shown", self.chosen.id) == self.chosen.id
        form = self._caught_up(form)
        request = asked(form)
        shown = self._price_agreed(form, request.count)
        expected = self._outlook if is_shown and request.model == self.chosen.id else None
        async with studio.db.transaction() as tx:
            view = await generations.submit(tx, studio, request, by=actor, quote_shown=shown, wait_shown=expected)
        self.seed = str(view.seed) if keeps_seed(form) and self.chosen.takes_seed else ""
        before, self.recipe = self.recipe, recipe_of_form(form, self.recipe.key, self.seed)
        self.notice = None
        await self._begun(studio, actor, [view])
        remixing = await self.get_state(Remixing)
        await remixing._look(studio, actor, {**form, "seed": self.seed})  # noqa: SLF001  # as above
        if self.seed and self.recipe == before and not remixing.repeat.says:  # what has a price said so beside it, before the press
            self.notice = NoticeView("note", SAME_AGAIN, "same_again")

    @guarded("member", image_id=str, kind=Kind)
    async def vary(self, studio: Studio, actor: Actor, *, image_id: str, kind: Kind) -> Any:
        """Ask for variations of an own picture; what costs something is put into the composer first, where the price is read."""
        async with studio.db.reader() as reader:
            image = await image_for(reader, actor, image_id)
            tuning = await tuning_for(reader, actor, image)
        if not image.is_mine:
            raise NotFound
        requests = variations(image, tuning, kind, studio.providers)
        if any(studio.providers.model(request.model).price_credits for request in requests):
            await self._take(studio, actor, recipe_of_request(requests[0]), anew=True)
            self.notice = NoticeView(
                "note", "The variation is in the box below. Look at its price, then press Generate.", "variation_ready"
            )
            return
        async with studio.db.transaction() as tx:
            views = [await generations.submit(tx, studio, request, by=actor, quote_shown=0) for request in requests]
        self.notice = NoticeView("note", variation_words(kind, requests, studio.providers.titles()), "varied")
        self._varied = tuple(view.id for view in views)
        await self._begun(studio, actor, views)

    @guarded("member", generation_id=str)
    async def cancel(self, studio: Studio, actor: Actor, *, generation_id: str) -> Any:
        """Call off what has not begun of a set, and stop what has."""
        async with studio.db.transaction() as tx:
            await generations.cancel(tx, studio, generation_id, by=actor)
        await self._refresh(studio, actor, generation_id)

    @guarded("member", generation_id=str)
    async def draw_missing(self, studio: Studio, actor: Actor, *, generation_id: str) -> Any:
        """Ask again for what a set did not bring, for the price that is shown. A second press finds nothing to do."""
        card = self._card(generation_id)
        if card and not card.missing:
            return
        if card is None:  # the first press may have taken it down
            async with studio.db.reader() as reader:
                if (await set_of(reader, studio, actor, generation_id)).shortfall.is_elsewhere:
                    return
        shown = card.missing_credits if card else None
        async with studio.db.transaction() as tx:
            view = await retry_set(tx, studio, generation_id, by=actor, quote_shown=shown)
        self.notice = None
        await self._begun(studio, actor, [view])
        if card:
            await self._refresh(studio, actor, generation_id)

    @guarded("member", generation_id=str)
    async def reuse(self, studio: Studio, actor: Actor, *, generation_id: str) -> Any:
        """Put the recipe of a set back into the composer."""
        async with studio.db.reader() as reader:
            view = await set_of(reader, studio, actor, generation_id)
        await self._take(studio, actor, recipe_of_set(view), anew=True)

    @guarded("member", image_id=str)
    async def reuse_picture(self, studio: Studio, actor: Actor, *, image_id: str) -> Any:
        """Put the recipe of a picture, its seed too, into the composer."""
        async with studio.db.reader() as reader:
            recipe = await recipe_of_image(reader, await image_for(reader, actor, image_id))
        await self._take(studio, actor, recipe, anew=True)

    @guarded("member", said=FileRecipe)
    async def reuse_file(self, studio: Studio, actor: Actor, *, said: FileRecipe) -> Any:
        """Put the recipe of a dropped file into the composer."""
        await self._take(studio, actor, recipe_of_file(said), anew=True)
        if said["model"] != self.chosen.id:
            sentence = f"The model of this recipe is not offered here. {self.chosen.title} is chosen instead."
            self.notice = NoticeView("error", sentence, "model_gone")

    async def _snapshot(self, studio: Studio, actor: Actor | None) -> None:
        if actor is None:
            return
        async with studio.db.reader() as reader:
            views = await sets_of(reader, studio, actor, limit=SETS_SHOWN)
            waits = [await self._waits(reader, studio, view) for view in views]
        now = studio.clock.now()
        cards = [set_card(view, now, of_view) for view, of_view in zip(views, waits, strict=True)]
        self.current = [card for card in cards if card.is_open]
        self.lately = []
        self.earlier = [card for card in cards if not card.is_open]
        self.favourites = favourites(views)
        self.is_loaded = True
        self._drop_what_came()
        steps = await self.get_state(Steps)
        steps._load(views)  # noqa: SLF001  # a public method of a state would be open to browsers

    async def _apply(self, studio: Studio, actor: Actor, events: Sequence[Event]) -> None:
        if any(isinstance(event, _COME_AND_GO) for event in events):
            await self._snapshot(studio, actor)
            return
        for event in events:
            if isinstance(event, ImageFavourited):
                others = {image_id: True for image_id in self.favourites if image_id != event.image_id}
                self.favourites = {**others, event.image_id: True} if event.is_favourite else others
        moved = await self._moved(studio, events)
        if self._is_time_to_look(studio):
            moved |= {card.id: None for card in self.current if _waits(card)}
        for generation_id in moved:
            await self._refresh(studio, actor, generation_id)
        if any(isinstance(event, GenerationEnded) for event in events):
            self._drop_what_came()
            self._outlooks = {}
            await self._count_credits(studio, actor)
            await self._expect(studio)

    def _drop_what_came(self) -> None:
        """Say no more that variations are being drawn, once they hang there."""
        is_drawn = not any(card.is_open and card.id in self._varied for card in self.current)
        if self.notice is not None and self.notice.code == "varied" and is_drawn:
            self.notice = None

    async def _moved(self, studio: Studio, events: Sequence[Event]) -> dict[str, None]:
        """The sets to be shown anew; steps of drawings are shown at once."""
        steps = await self.get_state(Steps)
        moved = {event.generation_id: None for event in events if isinstance(event, _OF_ONE_SET)}
        moved |= {event.batch_id: None for event in events if isinstance(event, JobMoved) and event.batch_id}
        moved |= {e.generation_id: None for e in events if isinstance(e, AskedAgain) and self._card(e.generation_id)}
        shown = {event.image_id for event in events if isinstance(event, ImageVisibilityChanged)}
        moved |= {card.id: None for card in self._cards() if any(slot.image in shown for slot in card.slots)}
        for event in events:
            if not isinstance(event, JobProgressed) or not event.batch_id or event.batch_id in moved:
                continue
            if not steps._advance(studio, event):  # noqa: SLF001  # as above
                moved[event.batch_id] = None
        return moved

    def _is_time_to_look(self, studio: Studio) -> bool:
        """Whether places in line may have changed since they were shown."""
        now = studio.clock.now()
        if self._looked_at is not None and now - self._looked_at < timedelta(seconds=PLACES_AGAIN_AFTER_S):
            return False
        self._looked_at = now
        return True

    async def _begun(self, studio: Studio, actor: Actor, views: Sequence[SetView]) -> None:
        """Put new sets first; what had ended goes down."""
        if ended := [card for card in self.current if not card.is_open]:
            self.lately = [*ended, *self.lately][:SETS_SHOWN]
            self.current = [card for card in self.current if card.is_open]
        for view in reversed(views):
            await self._show(studio, view)
        if any(view.price_credits for view in views):
            await self._count_credits(studio, actor)
        if self.models:
            await self._expect(studio)

    async def _refresh(self, studio: Studio, actor: Actor, generation_id: str) -> None:
        """Show one set as it stands now."""
        async with studio.db.reader() as reader:
            view = await set_of(reader, studio, actor, generation_id)
            steps = await self.get_state(Steps)
            await steps._follow(reader, actor, view)  # noqa: SLF001  # as above
            waits = await self._waits(reader, studio, view)
        await self._show(studio, view, waits)

    async def _waits(self, reader: Reader, studio: Studio, view: SetView) -> dict[int, Wait]:
        """How long what waits of a set will take; asks nothing when nothing waits."""
        model = next((model for model in studio.providers.models() if model.id == view.model), None)
        if model is None or not any(slot.position for slot in view.slots):
            return {}
        self._outlooks = {**self._outlooks, **await outlooks(reader, [model], self._outlooks)}
        return waits_of(view, model, self._outlooks[model.lane])

    async def _show(self, studio: Studio, view: SetView, waits: Mapping[int, Wait] | None = None) -> None:
        """Put a set where it belongs: what is new or moves comes first, and what another set has taken the place of is gone.

        What has not changed is not assigned: it would be sent again.
        """
        if view.shortfall.is_elsewhere:
            self._take_down(view.id, "current", "lately", "earlier")
            return
        shown = self._card(view.id)
        card = set_card(view, studio.clock.now(), waits, keeps_room=shown is not None and not shown.is_bare)
        before = next((other for other in self.current if other.id == card.id), None)
        if before is not None:
            if (card := watched(card, before)) != before:
                self.current = _replaced(self.current, card)
        elif card.is_open or not self._settle_below(card):
            self.current = [card, *self.current]
            self._take_down(card.id, "lately", "earlier")
        if not self.is_loaded:
            self.is_loaded = True

    def _take_down(self, generation_id: str, *names: str) -> None:
        for name in names:
            cards: list[SetCard] = getattr(self, name)
            if any(card.id == generation_id for card in cards):
                setattr(self, name, [card for card in cards if card.id != generation_id])

    def _card(self, generation_id: str) -> SetCard | None:
        """A set as the page shows it; None when it does not."""
        return next((card for card in self._cards() if card.id == generation_id), None)

    def _cards(self) -> tuple[SetCard, ...]:
        return (*self.current, *self.lately, *self.earlier)

    def _settle_below(self, card: SetCard) -> bool:
        """Show an ended set where it went down already, for news of it may come late; whether it had."""
        for name in ("lately", "earlier"):
            cards: list[SetCard] = getattr(self, name)
            before = next((other for other in cards if other.id == card.id), None)
            if before is not None:
                if (shown := watched(card, before)) != before:
                    setattr(self, name, _replaced(cards, shown))
                return True
        return False

    async def _count_credits(self, studio: Studio, actor: Actor) -> None:
        async with studio.db.reader() as reader:
            balance = await balance_of(reader, actor.id)
        visitor = await self.get_state(Visitor)
        if visitor.credits != balance.available:
            visitor.credits = balance.available


def _waits(card: SetCard) -> bool:
    return any(slot.state == "waiting" for slot in card.slots)


def _replaced(cards: Sequence[SetCard], card: SetCard) -> list[SetCard]:
    return [card if other.id == card.id else other for other in cards]
