"""The state of /arena: what is compared, what it costs, and how it stands; live."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import reflex as rx
from typing_extensions import TypedDict

from pixelstudio.core.errors import Invalid, NotFound
from pixelstudio.core.events import Event
from pixelstudio.core.limits import ARENA_MODELS_MAX, ARENA_MODELS_MIN, PROMPT_MAX
from pixelstudio.features.generation import comparisons
from pixelstudio.features.generation.comparisons import Axis, AxisKind, Plan
from pixelstudio.features.generation.requests import GenerationRequest
from pixelstudio.features.generation.standing import set_of
from pixelstudio.features.images.curation import set_favourite
from pixelstudio.ui import formats
from pixelstudio.ui.arena.views import Option, RoundCard, WinsLine, options, round_card, vote_words, wins_line
from pixelstudio.ui.create.composer import size_of
from pixelstudio.ui.live import Live
from pixelstudio.ui.notices import NoticeView
from pixelstudio.ui.session import guarded

if TYPE_CHECKING:
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.studio import Studio

KINDS: Final[tuple[tuple[AxisKind, str], ...]] = (
    ("model", "Model"),
    ("style", "Style"),
    ("seed", "Seed"),
    ("size", "Size"),
    ("words", "Words"),
)
_FIRST_MODELS: Final = 3
NONE: Final = "none"


class GridFields(TypedDict, total=False):
    """The form of /arena as the browser sends it; `mode` is known already."""

    mode: str
    prompt: str
    seed: str
    size: str
    model: str
    across: str
    across_values: str
    down: str
    down_values: str


class ArenaState(Live, rx.State):
    """What a person compares; the record of it is the database."""

    models: list[Option] = []  # noqa: RUF012  # Reflex copies defaults per state
    sizes: list[Option] = []  # noqa: RUF012  # as above
    chosen: list[str] = []  # noqa: RUF012  # as above
    mode: str = "models"
    prompt: str = ""
    price: str = ""
    """What a press of the button costs; "" while that cannot be said."""
    hint: str = ""
    """Why it cannot be said."""
    rounds: list[RoundCard] = []  # noqa: RUF012  # as above
    voted: str = ""
    """The comparison that was voted on last: it tells how that went."""
    wins: list[WinsLine] = []  # noqa: RUF012  # as above
    is_loaded: bool = False

    _form: GridFields = {}  # noqa: RUF012  # as above
    _total: int | None = None

    @guarded("member")
    async def begin(self, studio: Studio, _actor: Actor) -> Any:
        """Set the page up: models, sizes, and the prompt the address brings."""
        self.models = options(comparisons.choices(studio, "model"))
        self.sizes = options(comparisons.choices(studio, "size"))
        known = {model.value for model in self.models}
        self.chosen = [one for one in self.chosen if one in known] or [model.value for model in self.models[:_FIRST_MODELS]]
        self.prompt = self.router.url.query_parameters.get("prompt", "")[:PROMPT_MAX]
        self._form = {**self._form, "prompt": self.prompt, "size": self.sizes[0].value}
        self._reckon(studio)

    @guarded("member", mode=str)
    async def choose_mode(self, studio: Studio, _actor: Actor, *, mode: str) -> Any:
        """Models side by side, or a grid."""
        self.mode = mode if mode in {"models", "grid"} else "models"
        self._reckon(studio)

    @guarded("member", model=str)
    async def toggle_model(self, studio: Studio, _actor: Actor, *, model: str) -> Any:
        """One model more, or one less."""
        wanted = studio.providers.model(model).id
        kept = [one for one in self.chosen if one != wanted]
        if len(kept) == len(self.chosen) and len(kept) < ARENA_MODELS_MAX:
            kept.append(wanted)
        self.chosen = kept
        self._reckon(studio)

    @guarded("member", form=GridFields)
    async def reckon(self, studio: Studio, _actor: Actor, *, form: GridFields) -> Any:
        """Say what the form would cost as it stands."""
        self._form = form
        self._reckon(studio)

    @guarded("member", form=GridFields)
    async def compare(self, studio: Studio, actor: Actor, *, form: GridFields) -> Any:
        """Ask for all of it, at the price that was shown."""
        shown, self._form = self._total, form
        plan = self._plan(studio)
        total = comparisons.price_of(studio, plan)
        async with studio.db.transaction() as tx:
            await comparisons.begin(tx, studio, plan, total if shown is None else shown, by=actor)
        self.notice = None
        await self._snapshot(studio, actor)

    @guarded("member", comparison_id=str, place=int)
    async def vote(self, studio: Studio, actor: Actor, *, comparison_id: str, place: int) -> Any:
        """This one is best: it is counted for its model, and kept among the favourites."""
        async with studio.db.transaction() as tx:
            chosen = await comparisons.vote(tx, comparison_id, place, by=actor)
            view = await set_of(tx, studio, actor, chosen)
            pictures = [slot.image.id for slot in view.slots if slot.image is not None]
            if pictures:
                await set_favourite(tx, pictures, favourite=True, by=actor)
        await self._snapshot(studio, actor)
        self.voted = comparison_id
        said = next((vote_words(card) for card in self.rounds if card.id == comparison_id), "")
        self.notice = NoticeView("note", said or "Your vote counts.")

    def _plan(self, studio: Studio) -> Plan:
        form = self._form
        size = size_of(form.get("size", ""))
        if size is None:
            raise Invalid("Choose a size.", code="size_missing", field="size")
        model = form.get("model", "") or (self.chosen[0] if self.chosen else "")
        request = GenerationRequest(form.get("prompt", ""), model, *size, seed=_seed(form.get("seed", "")))
        if self.mode == "models":
            return comparisons.arena(studio, request, self.chosen)
        across, down = _axis(form.get("across", "seed"), form.get("across_values", "")), form.get("down", NONE)
        return comparisons.grid(studio, request, across, None if down == NONE else _axis(down, form.get("down_values", "")))

    def _reckon(self, studio: Studio) -> None:
        """The price of what stands in the form, or why there is none yet."""
        self._total, self.price = None, ""
        if not self._form.get("prompt", "").strip():
            self.hint = "Type a prompt first."
            return
        if self.mode == "models" and len(self.chosen) < ARENA_MODELS_MIN:
            self.hint = f"Choose {ARENA_MODELS_MIN} to {ARENA_MODELS_MAX} models."
            return
        found = comparisons.appraised(studio, lambda: self._plan(studio))
        self._total, self.hint = found.total, found.missing
        self.price = "" if found.total is None else formats.facts(formats.pictures(found.pictures), formats.price(found.total))

    async def _snapshot(self, studio: Studio, actor: Actor | None) -> None:
        if actor is None:
            return
        titles = studio.providers.titles()
        async with studio.db.reader() as reader:
            views = await comparisons.comparisons_of(reader, studio, actor)
            wins = await comparisons.wins_of(reader, actor)
        cards = [round_card(view, wins) for view in views]
        if cards != self.rounds:
            self.rounds = cards
        self.wins = [wins_line(one, titles) for one in wins]
        self.is_loaded = True

    async def _apply(self, studio: Studio, actor: Actor, events: Sequence[Event]) -> None:
        del events  # the newest few comparisons are read anew: they are few, and every cell moves
        await self._snapshot(studio, actor)


def _axis(kind: str, values: str) -> Axis:
    known: AxisKind | None = next((one for one in comparisons.AXIS_KINDS if one == kind), None)
    if known is None:
        raise NotFound
    return Axis(known, tuple(values.split(",")))


def _seed(text: str) -> int | None:
    words = text.strip()
    if not words:
        return None
    if not (words.isascii() and words.isdecimal()) or len(words) > 10:
        raise Invalid("A seed is a whole number. Leave it empty for any.", code="seed_invalid", field="seed")
    return int(words)
