"""`Enhancing`: the prompt in the composer made into one that draws well, shown as a change before it is taken."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import reflex as rx

from pixelstudio.ui.create.composer import ComposerForm, recipe_of_form
from pixelstudio.ui.create.create_state import CreateState
from pixelstudio.ui.prompts.briefing import Briefing, WordsView
from pixelstudio.ui.session import Notices, guarded

if TYPE_CHECKING:
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.studio import Studio


class Enhancing(Briefing, Notices, rx.State):
    """Begins with what stands in the composer, and puts the new words there when they are taken."""

    takes_negative: bool = False

    _form: ComposerForm = {}  # noqa: RUF012  # Reflex copies defaults per state

    @guarded("member", form=ComposerForm)
    async def begin_enhancing(self, studio: Studio, _actor: Actor, *, form: ComposerForm) -> Any:
        """Take what stands in the composer and show what the templates make of it."""
        self.notice, self._form = None, form
        self._before, self._negative_before = form.get("prompt", ""), form.get("negative_prompt", "")
        self.description, self.words = self._before, WordsView()
        page = await self.get_state(CreateState)
        self.takes_negative = page.chosen.takes_negative
        await self._load_templates(studio)
        await self._draft(studio)

    @guarded("member")
    async def take_words(self, studio: Studio, actor: Actor) -> Any:
        """Put the new words into the composer; everything else in it stays."""
        if not self.words.prompt:
            return
        page = await self.get_state(CreateState)
        recipe = recipe_of_form(self._form, page.recipe.key, self._form.get("seed", ""))
        style = "" if self.style != "none" else recipe.style  # one look at a time: the words of a photograph bring their own
        taken = replace(recipe, prompt=self.words.prompt, style=style)
        if self.takes_negative:
            taken = replace(taken, negative_prompt=self.words.negative_prompt)
        await page._take(studio, actor, taken, anew=True)  # noqa: SLF001  # a public method of a state would be open to browsers
