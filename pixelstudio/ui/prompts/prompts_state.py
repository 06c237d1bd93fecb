"""The state of /prompts: words made from facts, one's own saved prompts and what one has asked for, and the templates for who keeps them."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, nan
from typing import TYPE_CHECKING, Any

import reflex as rx
from typing_extensions import TypedDict

from pixelstudio.core.errors import Invalid
from pixelstudio.features.generation.prompts import prompts_of
from pixelstudio.features.prompts import saved
from pixelstudio.features.prompts.saved import PromptForm
from pixelstudio.features.prompts.templates import TemplateForm, change_template, restore_template, templates_of
from pixelstudio.ui import formats
from pixelstudio.ui.notices import NoticeView
from pixelstudio.ui.prompts.briefing import Briefing, composer_of
from pixelstudio.ui.session import Notices, guarded

if TYPE_CHECKING:
    from datetime import datetime

    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.generation.prompts import PromptView
    from pixelstudio.features.prompts.saved import SavedPrompt
    from pixelstudio.features.prompts.templates import Template
    from pixelstudio.studio import Studio


@dataclass(frozen=True, slots=True)
class SavedLine:
    """One saved prompt."""

    id: str
    prompt: str
    negative_prompt: str
    tags: list[str]
    tags_typed: str
    facts: str
    href: str
    """Where it stands in the composer."""


@dataclass(frozen=True, slots=True)
class UsedLine:
    """One prompt that was asked for."""

    generation_id: str
    prompt: str
    facts: str
    href: str


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """One template as its keeper sees it."""

    kind: str
    id: str
    title: str
    words: str
    negative: str
    guidance: str
    steps: str
    is_changed: bool
    key: str


class SavingFields(TypedDict, total=False):
    """The form of a saved prompt; `prompt_id` is empty for a new one."""

    prompt_id: str
    prompt: str
    negative_prompt: str
    tags: str


class TemplateFields(TypedDict, total=False):
    """The form of a template."""

    kind: str
    template_id: str
    words: str
    negative: str
    guidance: str
    steps: str


class PromptsState(Briefing, Notices, rx.State):
    """Loaded when the page is opened; nothing here moves by itself."""

    saved: list[SavedLine] = []  # noqa: RUF012  # Reflex copies defaults per state
    used: list[UsedLine] = []  # noqa: RUF012  # as above
    tags: list[str] = []  # noqa: RUF012  # as above
    tag: str = ""
    templates: list[TemplateLine] = []  # noqa: RUF012  # as above
    """For the maintainer alone."""
    is_loaded: bool = False

    _words: str = ""

    @guarded("member")
    async def begin(self, studio: Studio, actor: Actor) -> Any:
        """Load the page."""
        self.tag, self._words = "", ""
        await self._load_templates(studio)
        await self._list(studio, actor)
        await self._list_templates(studio, actor)
        self.is_loaded = True

    @guarded("member", words=str)
    async def find(self, studio: Studio, actor: Actor, *, words: str = "") -> Any:
        """Show what holds these words."""
        self._words = words
        await self._list(studio, actor)

    @guarded("member", tag=str)
    async def choose_tag(self, studio: Studio, actor: Actor, *, tag: str) -> Any:
        """Show what carries this tag; the same tag again shows all."""
        self.tag = "" if tag == self.tag else tag
        await self._list(studio, actor)

    @guarded("member")
    async def keep_words(self, studio: Studio, actor: Actor) -> Any:
        """Save the words that the facts became."""
        form = PromptForm(self.words.prompt, self.words.negative_prompt, self.style if self.style != "none" else "")
        async with studio.db.transaction() as tx:
            await saved.save(tx, form, by=actor)
        await self._list(studio, actor)
        self.notice = NoticeView("note", "The prompt is saved.")

    @guarded("member", form=SavingFields)
    async def save(self, studio: Studio, actor: Actor, *, form: SavingFields) -> Any:
        """Save a prompt that was typed, or what was changed of one."""
        typed = PromptForm(form.get("prompt", ""), form.get("negative_prompt", ""), form.get("tags", ""))
        prompt_id = form.get("prompt_id", "")
        async with studio.db.transaction() as tx:
            await (saved.change(tx, prompt_id, typed, by=actor) if prompt_id else saved.save(tx, typed, by=actor))
        await self._list(studio, actor)
        self.notice = NoticeView("note", "The prompt is saved.")

    @guarded("member", prompt_id=str)
    async def fork(self, studio: Studio, actor: Actor, *, prompt_id: str) -> Any:
        """Begin another one with the same words."""
        async with studio.db.transaction() as tx:
            await saved.fork(tx, prompt_id, by=actor)
        await self._list(studio, actor)
        self.notice = NoticeView("note", "A copy stands first in the list. Change it as you like.")

    @guarded("member", prompt_id=str)
    async def delete(self, studio: Studio, actor: Actor, *, prompt_id: str) -> Any:
        """Forget one."""
        async with studio.db.transaction() as tx:
            await saved.delete(tx, prompt_id, by=actor)
        await self._list(studio, actor)
        self.notice = NoticeView("note", "The prompt is deleted.")

    @guarded("maintainer", form=TemplateFields)
    async def change_template(self, studio: Studio, actor: Actor, *, form: TemplateFields) -> Any:
        """Put other words in the place of the shipped ones."""
        written = TemplateForm(
            form.get("words", ""),
            form.get("negative", ""),
            _number(form.get("guidance", ""), "guidance_scale"),
            _steps(form.get("steps", "")),
        )
        async with studio.db.transaction() as tx:
            entry = await change_template(tx, form.get("kind", ""), form.get("template_id", ""), written, by=actor)
        await self._templates_changed(studio, actor)
        self.notice = NoticeView("note", f"{entry.title} has new words, for everybody.")

    @guarded("maintainer", kind=str, template=str)
    async def restore_template(self, studio: Studio, actor: Actor, *, kind: str, template: str) -> Any:
        """Bring the shipped words back."""
        async with studio.db.transaction() as tx:
            entry = await restore_template(tx, kind, template, by=actor)
        await self._templates_changed(studio, actor)
        self.notice = NoticeView("note", f"{entry.title} has its first words again.")

    async def _templates_changed(self, studio: Studio, actor: Actor) -> None:
        await self._load_templates(studio)
        await self._list_templates(studio, actor)
        await self._draft(studio)

    async def _list(self, studio: Studio, actor: Actor) -> None:
        now = studio.clock.now()
        async with studio.db.reader() as reader:
            self.tags = await saved.tags_of(reader, actor)
            if self.tag not in self.tags:
                self.tag = ""
            kept = await saved.saved_prompts_of(reader, actor, self._words, self.tag)
            used = await prompts_of(reader, actor, self._words)
        self.saved = [_saved_line(view, now) for view in kept]
        self.used = [_used_line(view, now) for view in used]

    async def _list_templates(self, studio: Studio, actor: Actor) -> None:
        if not actor.is_maintainer:
            self.templates = []
            return
        async with studio.db.reader() as reader:
            self.templates = [_template_line(entry) for entry in (await templates_of(reader)).entries]


def _saved_line(view: SavedPrompt, now: datetime) -> SavedLine:
    copy = ("a copy",) if view.forked_from else ()
    facts = formats.facts(*copy, formats.ago(view.changed_at, now))
    return SavedLine(
        view.id,
        view.prompt,
        view.negative_prompt,
        list(view.tags),
        ", ".join(view.tags),
        facts,
        composer_of(view.prompt, view.negative_prompt),
    )


def _used_line(view: PromptView, now: datetime) -> UsedLine:
    sets = () if view.sets == 1 else (f"{view.sets} sets",)
    facts = formats.facts(*sets, formats.ago(view.used_at, now))
    return UsedLine(view.generation_id, view.prompt, facts, f"/create?set={view.generation_id}")


def _template_line(entry: Template) -> TemplateLine:
    guidance = "" if entry.guidance_scale is None else f"{entry.guidance_scale:g}"
    steps = "" if entry.steps is None else str(entry.steps)
    key = f"{entry.kind}-{entry.id}-{entry.words}-{entry.negative}-{guidance}-{steps}"
    return TemplateLine(entry.kind, entry.id, entry.title, entry.words, entry.negative, guidance, steps, entry.is_changed, key)


def _number(text: str, field: str) -> float | None:
    words = text.strip().replace(",", ".")
    if not words:
        return None
    try:
        number = float(words)
    except ValueError:
        number = nan
    if not isfinite(number):  # Python reads "nan" and "inf" as numbers, nobody else does
        raise Invalid("Type a number, or leave it empty.", code="number_invalid", field=field)
    return number


def _steps(text: str) -> int | None:
    number = _number(text, "steps")
    if number is None:
        return None
    if number != int(number):
        raise Invalid("Steps are a whole number.", code="steps_invalid", field="steps")
    return int(number)
