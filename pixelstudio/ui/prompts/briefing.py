"""`Briefing`: the few facts a prompt is made from, and the words they become at once. Shared by /prompts and by Enhance on /create."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import reflex as rx

from pixelstudio.features.prompts.briefs import Brief, category_of
from pixelstudio.features.prompts.templates import shipped, templates_of
from pixelstudio.features.prompts.writing import drafted, propose
from pixelstudio.ui.prompts.remixes import Part, parts_of
from pixelstudio.ui.session import guarded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.prompts.briefs import Optimised
    from pixelstudio.features.prompts.templates import Template
    from pixelstudio.studio import Studio

BY_TEMPLATES: Final = "templates"


@dataclass(frozen=True, slots=True)
class Choice:
    """One template to choose."""

    id: str
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class WordsView:
    """What the facts became; empty before there are any."""

    prompt: str = ""
    negative_prompt: str = ""
    facts: str = ""
    """The suggested settings, and who wrote it."""
    href: str = ""
    """Where the prompt stands in the composer."""


class Briefing(rx.State, mixin=True):
    """Mixin of a page's state. Each choice is answered at once by the templates; a language model is asked only when told to."""

    styles: list[Choice] = []  # noqa: RUF012  # Reflex copies defaults per state
    categories: list[Choice] = []  # noqa: RUF012  # as above
    angles: list[Choice] = []  # noqa: RUF012  # as above
    description: str = ""
    category: str = ""
    """"" is found from the description."""
    found_category: str = ""
    style: str = "none"
    chosen_angles: list[str] = []  # noqa: RUF012  # as above
    colour: str = ""
    context: str = ""
    words: WordsView = WordsView()
    parts: list[Part] = []  # noqa: RUF012  # as above
    negative_parts: list[Part] = []  # noqa: RUF012  # as above
    note: str = ""
    has_writer: bool = False

    _before: str = ""
    """The text the words are compared with; "" when there is none."""
    _negative_before: str = ""

    @guarded("member", words=str)
    async def describe(self, studio: Studio, _actor: Actor, *, words: str) -> Any:
        """What the thing is."""
        self.description = words
        await self._draft(studio)

    @guarded("member", category=str)
    async def choose_category(self, studio: Studio, _actor: Actor, *, category: str) -> Any:
        """What sort of thing it is; empty for none in particular."""
        self.category = shipped().entry("category", category).id if category else ""
        await self._draft(studio)

    @guarded("member", style=str)
    async def choose_style(self, studio: Studio, _actor: Actor, *, style: str) -> Any:
        """How it is photographed."""
        self.style = shipped().entry("style", style).id
        await self._draft(studio)

    @guarded("member", angle=str)
    async def toggle_angle(self, studio: Studio, _actor: Actor, *, angle: str) -> Any:
        """From where: one more, or one less."""
        shipped().entry("angle", angle)
        taken = [one for one in self.chosen_angles if one != angle]
        self.chosen_angles = taken if len(taken) < len(self.chosen_angles) else [*taken, angle]
        await self._draft(studio)

    @guarded("member", colour=str)
    async def choose_colour(self, studio: Studio, _actor: Actor, *, colour: str) -> Any:
        """In which colour."""
        self.colour = colour
        await self._draft(studio)

    @guarded("member", context=str)
    async def tell_context(self, studio: Studio, _actor: Actor, *, context: str) -> Any:
        """What else there is to know."""
        self.context = context
        await self._draft(studio)

    @guarded("member")
    async def ask_writer(self, studio: Studio, actor: Actor) -> Any:
        """Have the language model write instead; the templates do when it cannot."""
        proposal = await propose(studio, self._brief(), by=actor)
        self.note = proposal.note
        self._show(proposal.words)

    def _brief(self) -> Brief:
        return Brief(self.description, self.category, self.style, tuple(self.chosen_angles), self.colour, self.context)

    async def _load_templates(self, studio: Studio) -> None:
        async with studio.db.reader() as reader:
            templates = await templates_of(reader)
        self.styles, self.categories, self.angles = (_choices(templates.of(kind)) for kind in ("style", "category", "angle"))
        self.has_writer = studio.writer is not None

    async def _draft(self, studio: Studio) -> None:
        """The words the templates make of the facts, or none while there is no description."""
        self.note = ""
        if not self.description.strip():
            self.words, self.parts, self.negative_parts, self.found_category = WordsView(), [], [], ""
            return
        async with studio.db.reader() as reader:
            words = await drafted(reader, self._brief())
        found = category_of(self.description)
        self.found_category = next((choice.title for choice in self.categories if choice.id == found), "")
        self._show(words)

    def _show(self, words: Optimised) -> None:
        writer = "" if words.written_by == BY_TEMPLATES else f" · written by {words.written_by}"
        facts = f"Suggested: guidance {words.guidance_scale:g}, {words.steps} steps{writer}"
        self.words = WordsView(words.prompt, words.negative_prompt, facts, composer_of(words.prompt, words.negative_prompt))
        self.parts = parts_of(self._before, words.prompt)
        self.negative_parts = parts_of(self._negative_before, words.negative_prompt)


def composer_of(prompt: str, without: str) -> str:
    """The address of the composer with these words in it."""
    return f"/create?prompt={quote(prompt)}" + (f"&without={quote(without)}" if without else "")


def _choices(entries: Iterable[Template]) -> list[Choice]:
    return [Choice(entry.id, entry.title, entry.words) for entry in entries]
