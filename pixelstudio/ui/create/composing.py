"""`Composing`: what is chosen in the composer, and what it would cost and take. The half of the page's state that a person fills in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import reflex as rx

from pixelstudio.features.generation.waits import Outlook, outlook
from pixelstudio.features.images.pictures import images_by_id
from pixelstudio.jobs.traffic import Traffic
from pixelstudio.ui import formats
from pixelstudio.ui.create.choices import ModelChoice, PictureChoice, Recipe, model_choice, picture_choice, with_size
from pixelstudio.ui.create.composer import ComposerForm, form_of, size_of
from pixelstudio.ui.create.remixing_state import Remixing
from pixelstudio.ui.notices import NoticeView
from pixelstudio.ui.session import Notices, guarded

if TYPE_CHECKING:
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.providers.contract import ImageModel
    from pixelstudio.studio import Studio

REFERENCE_GONE: Final = "The picture this went by is gone. Choose another one, or go on without."


class Composing(Notices, rx.State, mixin=True):
    """Mixin of the page's state. The fields themselves are the browser's; here is what they begin with and what depends on them."""

    models: list[ModelChoice] = []  # noqa: RUF012  # Reflex copies defaults per state
    has_ai: bool = False
    """Whether more than sketches is among them."""
    chosen: ModelChoice = ModelChoice()
    recipe: Recipe = Recipe()
    settings_key: str = ""
    """Changes when the settings must be drawn anew: the browser holds what is chosen in them."""
    size: str = ""
    seed: str = ""
    """The seed that is kept; empty for a new one each time."""
    amount: str = ""
    """How many pictures the price and the wait are for."""
    price: str = ""
    references: list[PictureChoice] = []  # noqa: RUF012  # as above
    """One's own newest pictures, to go by; and the one a recipe goes by."""
    wait: str = ""
    """How long a set would take now; empty when nobody can say."""
    _count: int = 4
    _taken: int = 0
    _me: str = ""
    """Whose place in line the wait is reckoned for."""
    _outlook: Outlook = Outlook({}, Traffic(""))
    _calm: dict[str, Outlook] = {}  # noqa: RUF012  # as above
    """By model, what was to be expected last while nothing of one's own was under way."""

    @guarded("member", model=str)
    async def choose_model(self, studio: Studio, _actor: Actor, *, model: str) -> Any:
        """Another model: its sizes, its limits, its price."""
        self._choose(model, self.size)
        await self._expect(studio)

    @guarded("member", size=str)
    async def choose_size(self, studio: Studio, _actor: Actor, *, size: str) -> Any:
        """Another size: what it would take."""
        self._settle_size(size)
        self._foresee(studio)

    @guarded("member", count=float | None)
    async def choose_count(self, studio: Studio, _actor: Actor, *, count: float | None) -> Any:
        """Another number of pictures, or a field that is being typed into."""
        self._count = max(1, min(int(count or 1), self.chosen.max_images))
        self._foresee(studio)

    async def _take(self, studio: Studio, by: Actor, recipe: Recipe, *, anew: bool = False) -> None:
        """Make the composer show a recipe, over what was typed when it is `anew`. A model that is gone gives way to the first one."""
        if not self.models:  # whoever calls a handler need not have opened the page
            self.models = [model_choice(model) for model in studio.providers.models()]
        if anew:
            self._taken += 1
            recipe = replace(recipe, key=f"{recipe.key}#{self._taken}")
        recipe, is_another = await self._with_reference(studio, by, recipe), recipe.key != self.recipe.key
        self.chosen = next((choice for choice in self.models if choice.id == recipe.model), self.models[0])
        self.recipe, self.seed = recipe, recipe.seed if self.chosen.takes_seed else ""
        self.settings_key = f"{recipe.key}/{self.chosen.id}"
        self._count = int(recipe.images) if recipe.images.isdecimal() else 1
        self._settle_size(recipe.size)
        if is_another:  # a page that comes back to its server still holds what was typed
            stands = form_of(replace(self.recipe, model=self.chosen.id, size=self.size, seed=self.seed))
            await (await self.get_state(Remixing))._begin(studio, by, stands)  # noqa: SLF001  # a public method of a state would be open to browsers
        await self._expect(studio)

    def _choose(self, model: str, size: str) -> None:
        if choice := self._offered(model):
            self.chosen = choice
            self._settle_size(size)

    def _offered(self, model: str) -> ModelChoice | None:
        return next((choice for choice in self.models if choice.id == model), None)

    def _caught_up(self, form: ComposerForm) -> ComposerForm:
        """The form, with the size the page shows once it shows the form's model: whoever pressed before that saw another model's sizes.

        What else that model cannot do is not left out of what was asked for: it is refused with a sentence, as always.
        """
        model = form.get("model", "")
        if form.get("shown", model) == model or not self._offered(model):
            return form
        self._choose(model, form.get("size", ""))
        return ComposerForm(**{**form, "size": self.size})

    def _price_agreed(self, form: ComposerForm, count: int) -> int | None:
        """The total the page showed at the press, None where it showed none. Who saw a higher one agrees to a lower one."""
        asked_for = self._offered(form.get("model", ""))
        seen = self._offered(form.get("shown", form.get("model", "")))
        return min(seen.price_credits, asked_for.price_credits) * count if seen and asked_for else None

    async def _with_reference(self, studio: Studio, by: Actor, recipe: Recipe) -> Recipe:
        """The recipe, with the picture it goes by among those to choose from; without it, and said so, where that is no more one's own."""
        if not recipe.reference or any(choice.id == recipe.reference for choice in self.references):
            return recipe
        async with studio.db.reader() as reader:
            found = (await images_by_id(reader, by, [recipe.reference])).get(recipe.reference)
        if found is None or not found.is_mine:
            self.notice = NoticeView("note", REFERENCE_GONE, "reference_gone")
            return replace(recipe, reference="", strength="")
        self.references = [picture_choice(found), *self.references]
        return recipe

    def _settle_size(self, size: str) -> None:
        """Keep the size where the model draws it, and take the model's first one where not."""
        choice = with_size(self.chosen, size)
        self.chosen = choice
        self.size = size if any(one.value == size for one in choice.sizes) else choice.sizes[0].value

    def _is_calm(self) -> bool:
        """Whether nothing of one's own is under way."""
        return True

    async def _expect(self, studio: Studio) -> None:
        """What is to be expected of the model's lane now. What was said before stands until it is wrong: each set moves it a little."""
        model = studio.providers.model(self.chosen.id)
        async with studio.db.reader() as reader:
            self._outlook = await outlook(reader, model, self._me)
        if self._is_calm():
            before = self._calm.get(model.id)
            if before and self._still_holds(model, before):
                self._outlook = before
            self._calm = {**self._calm, model.id: self._outlook}
        self._foresee(studio)

    def _still_holds(self, model: ImageModel, before: Outlook) -> bool:
        """Whether what was expected before and what is now have something in common, for what is chosen."""
        size = size_of(self.size)
        if not size or not before.paces.keys() >= self._outlook.paces.keys():
            return False
        was, now = (one.wait(model, *size, self._count) for one in (before, self._outlook))
        return bool(was and now and was.low_s <= now.high_s and now.low_s <= was.high_s)

    def _foresee(self, studio: Studio) -> None:
        """The price and the wait of what is chosen."""
        self.amount = formats.pictures(self._count)
        self.price = formats.price(self.chosen.price_credits * self._count)
        model, size = studio.providers.model(self.chosen.id), size_of(self.size)
        wait = self._outlook.wait(model, *size, self._count) if size else None
        self.wait = formats.lasting(wait.low_s, wait.high_s) if wait else ""
