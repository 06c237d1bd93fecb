"""The templates: styles, categories, angles and wildcards as they ship, and what a maintainer has changed of them.

The shipped ones are a file beside this module. A change is a row that stands before the file's entry, so that every process of an
installation reads the same, and taking it back brings the shipped words again.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from sqlalchemy import select

from pixelstudio.core import limits
from pixelstudio.core.errors import Invalid, NotAllowed, NotFound
from pixelstudio.core.text import clean_line, within
from pixelstudio.features.logbook.entries import note
from pixelstudio.features.prompts.tables import PromptTemplateRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor

TemplateKind = Literal["style", "category", "angle"]
KINDS: Final[tuple[TemplateKind, ...]] = get_args(TemplateKind)
_FILE: Final = Path(__file__).with_name("templates.toml")


@dataclass(frozen=True, slots=True)
class Template:
    """One entry: what it adds to a prompt, what it wants left out, and what it suggests; None suggests nothing."""

    kind: TemplateKind
    id: str
    title: str
    words: str
    negative: str = ""
    guidance_scale: float | None = None
    steps: int | None = None
    is_changed: bool = False
    """Whether the maintainer's words stand here instead of the shipped ones."""


@dataclass(frozen=True, slots=True)
class Templates:
    """All of them, in their order, and what is the same in every prompt."""

    base: str
    quality: str
    negative: str
    guidance_scale: float
    steps: int
    entries: tuple[Template, ...]
    wildcards: Mapping[str, tuple[str, ...]]

    def of(self, kind: TemplateKind) -> tuple[Template, ...]:
        """The entries of one kind."""
        return tuple(entry for entry in self.entries if entry.kind == kind)

    def entry(self, kind: TemplateKind, template_id: str) -> Template:
        """One entry. Raises `Invalid` with the ids there are."""
        found = next((entry for entry in self.of(kind) if entry.id == template_id), None)
        if found is None:
            known = ", ".join(entry.id for entry in self.of(kind))
            raise Invalid(f"There is no such {kind}. Choose one of: {known}.", code=f"{kind}_unknown", field=kind)
        return found


@dataclass(frozen=True, slots=True)
class TemplateForm:
    """What a maintainer writes into an entry."""

    words: str
    negative: str = ""
    guidance_scale: float | None = None
    steps: int | None = None


@cache
def shipped() -> Templates:
    """The templates as they come with the studio."""
    told = tomllib.loads(_FILE.read_text("utf-8"))
    entries = tuple(_entry(kind, entry) for kind in KINDS for entry in told[kind])
    wildcards = {entry["id"]: tuple(entry["words"]) for entry in told["wildcard"]}
    return Templates(told["base"], told["quality"], told["negative"], told["guidance_scale"], told["steps"], entries, wildcards)


async def templates_of(reader: Reader) -> Templates:
    """The templates as this installation has them."""
    rows = {(row.kind, row.id): row for row in (await reader.exec(select(PromptTemplateRow))).scalars()}
    whole = shipped()
    return replace(whole, entries=tuple(_as_changed(entry, rows.get((entry.kind, entry.id))) for entry in whole.entries))


async def change_template(tx: Transaction, kind: str, template_id: str, form: TemplateForm, *, by: Actor) -> Template:
    """Put the maintainer's words in the place of the shipped ones. Raises `NotAllowed`, `NotFound`, `Invalid`. Safe to repeat."""
    entry = _changeable(kind, template_id, by)
    clean = _checked(form)
    await tx.serialise("templates")
    known = await tx.get(PromptTemplateRow, (kind, template_id), for_update=True)
    row = known or PromptTemplateRow(kind=kind, id=template_id, changed_at=tx.now)
    row.words, row.negative, row.guidance_scale, row.steps = clean.words, clean.negative, clean.guidance_scale, clean.steps
    row.changed_at = tx.now
    tx.add(row)
    await tx.flush()
    await note(tx, "template.changed", f"{kind}: {template_id}", by=by)
    return _as_changed(entry, row)


async def restore_template(tx: Transaction, kind: str, template_id: str, *, by: Actor) -> Template:
    """Bring the shipped words back. Raises `NotAllowed` and `NotFound`. Safe to repeat."""
    entry = _changeable(kind, template_id, by)
    row = await tx.get(PromptTemplateRow, (kind, template_id), for_update=True)
    if row is not None:
        await tx.delete(row)
        await note(tx, "template.restored", f"{kind}: {template_id}", by=by)
    return entry


def _changeable(kind: str, template_id: str, by: Actor) -> Template:
    if not by.is_maintainer:
        raise NotAllowed("Only the maintainer of this installation can change its templates.")
    found = next((entry for entry in shipped().entries if (entry.kind, entry.id) == (kind, template_id)), None)
    if found is None:
        raise NotFound("There is no such template.")
    return found


def _checked(form: TemplateForm) -> TemplateForm:
    words, negative = clean_line(form.words), clean_line(form.negative)
    for field, text in (("words", words), ("negative", negative)):
        within(text, limits.TEMPLATE_WORDS_MAX, "A template has", code="template_too_long", field=field)
    if form.guidance_scale is not None and not limits.GUIDANCE_MIN <= form.guidance_scale <= limits.GUIDANCE_MAX:
        sentence = f"Guidance is a number from {limits.GUIDANCE_MIN:g} to {limits.GUIDANCE_MAX:g}."
        raise Invalid(sentence, code="guidance_invalid", field="guidance_scale")
    if form.steps is not None and not limits.STEPS_MIN <= form.steps <= limits.STEPS_MAX:
        raise Invalid(f"Steps are a whole number from {limits.STEPS_MIN} to {limits.STEPS_MAX}.", code="steps_invalid", field="steps")
    return replace(form, words=words, negative=negative)


def _entry(kind: TemplateKind, told: Mapping[str, Any]) -> Template:
    return Template(kind, told["id"], told["title"], told["words"], told.get("negative", ""), told.get("guidance_scale"), told.get("steps"))


def _as_changed(entry: Template, row: PromptTemplateRow | None) -> Template:
    if row is None:
        return entry
    return replace(entry, words=row.words, negative=row.negative, guidance_scale=row.guidance_scale, steps=row.steps, is_changed=True)


def joined(parts: Iterable[str]) -> str:
    """Parts of a prompt in one line, each of its phrases once, however often it was said."""
    seen: dict[str, str] = {}
    for phrase in (phrase.strip() for part in parts for phrase in part.split(",")):
        if phrase:
            seen.setdefault(phrase.casefold(), phrase)
    return ", ".join(seen.values())
