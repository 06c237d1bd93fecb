"""`Shelf`: one's own presets, and one's own prompts, each in a dialog of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import reflex as rx
from typing_extensions import TypedDict

from pixelstudio.features.generation.prompts import prompts_of
from pixelstudio.features.presets import presets
from pixelstudio.features.presets.presets import PresetView
from pixelstudio.ui import formats
from pixelstudio.ui.create.composer import ComposerForm, recipe_of_preset, settings_of_form
from pixelstudio.ui.create.create_state import CreateState
from pixelstudio.ui.notices import NoticeView
from pixelstudio.ui.session import Notices, guarded

if TYPE_CHECKING:
    from datetime import datetime

    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.generation.prompts import PromptView
    from pixelstudio.studio import Studio

FACT_MAX = 90


@dataclass(frozen=True, slots=True)
class PresetLine:
    """One preset: its name, and what it sets."""

    id: str
    name: str
    facts: str


@dataclass(frozen=True, slots=True)
class PromptLine:
    """One prompt of one's own; taking it up again means the last set it was asked for."""

    generation_id: str
    prompt: str
    facts: str


class Renaming(TypedDict):
    """The form of one preset's name."""

    preset_id: str
    name: str


class Shelf(Notices, rx.State):
    """Loaded when a dialog is opened. What went wrong is said inside it, for it covers the page."""

    presets: list[PresetLine] = []  # noqa: RUF012  # Reflex copies defaults per state
    prompts: list[PromptLine] = []  # noqa: RUF012  # as above
    is_loaded: bool = False

    _deleted: PresetView | None = None

    @guarded("member")
    async def open_presets(self, studio: Studio, actor: Actor) -> Any:
        """List the presets."""
        self.notice = None
        await self._list(studio, actor)

    @guarded("member", words=str)
    async def find_prompts(self, studio: Studio, actor: Actor, *, words: str = "") -> Any:
        """List the prompts that hold these words."""
        async with studio.db.reader() as reader:
            found = await prompts_of(reader, actor, words)
        self.prompts = [_prompt_line(view, studio.clock.now()) for view in found]
        self.is_loaded = True

    @guarded("member", name=str, form=ComposerForm)
    async def save_preset(self, studio: Studio, actor: Actor, *, name: str, form: ComposerForm) -> Any:
        """Keep what stands in the composer under a name."""
        settings = settings_of_form(form)
        async with studio.db.transaction() as tx:
            await presets.save(tx, name, settings, by=actor)
        self.notice = None
        await self._list(studio, actor)

    @guarded("member", preset_id=str)
    async def apply_preset(self, studio: Studio, actor: Actor, *, preset_id: str) -> Any:
        """Put a preset into the composer."""
        async with studio.db.reader() as reader:
            preset = await presets.preset_of(reader, actor, preset_id)
        page = await self.get_state(CreateState)
        await page._take(studio, actor, recipe_of_preset(preset), anew=True)  # noqa: SLF001  # a public method of a state would be open to browsers

    @guarded("member", form=Renaming)
    async def rename_preset(self, studio: Studio, actor: Actor, *, form: Renaming) -> Any:
        """Give a preset another name."""
        async with studio.db.transaction() as tx:
            await presets.rename(tx, form["preset_id"], form["name"], by=actor)
        self.notice = None
        await self._list(studio, actor)

    @guarded("member", preset_id=str)
    async def delete_preset(self, studio: Studio, actor: Actor, *, preset_id: str) -> Any:
        """Forget a preset, which can be taken back."""
        async with studio.db.transaction() as tx:
            self._deleted = await presets.preset_of(tx, actor, preset_id)
            await presets.delete(tx, preset_id, by=actor)
        self.notice = NoticeView("note", f"{self._deleted.name} is deleted.", "preset_deleted", action="Undo")
        await self._list(studio, actor)

    @guarded("member")
    async def undo(self, studio: Studio, actor: Actor) -> Any:
        """Keep again what was deleted last."""
        gone, self._deleted, self.notice = self._deleted, None, None
        if gone is None:
            return
        async with studio.db.transaction() as tx:
            await presets.save(tx, gone.name, gone.settings, by=actor)
        await self._list(studio, actor)

    async def _list(self, studio: Studio, actor: Actor) -> None:
        titles = studio.providers.titles()
        async with studio.db.reader() as reader:
            self.presets = [_preset_line(view, titles) for view in await presets.presets_of(reader, actor)]
        self.is_loaded = True


def _preset_line(view: PresetView, titles: dict[str, str]) -> PresetLine:
    kept = view.settings
    words, tuning = formats.clipped(kept.prompt, FACT_MAX), kept.tuning
    facts = (
        titles.get(kept.model, kept.model),
        formats.size(kept.width, kept.height),
        formats.pictures(kept.count),
        "" if kept.seed is None else f"seed {kept.seed}",
        "" if tuning.steps is None else f"{tuning.steps} steps",
        "" if tuning.guidance is None else f"guidance {tuning.guidance:g}",
        "by a picture" if tuning.reference else "",
        f"“{words}”" if words else "",
    )
    return PresetLine(view.id, view.name, formats.facts(*filter(None, facts)))


def _prompt_line(view: PromptView, now: datetime) -> PromptLine:
    style = (view.style.title,) if view.style.words else ()
    sets = () if view.sets == 1 else (f"{view.sets} sets",)
    return PromptLine(view.generation_id, view.prompt, formats.facts(*style, *sets, formats.ago(view.used_at, now)))
