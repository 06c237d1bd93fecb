"""Presets: keep the composer's settings under a name, list one's own, rename, delete."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isfinite
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.core.errors import Conflict, Invalid
from pixelstudio.core.ids import is_id, new_id
from pixelstudio.core.text import clean_line, clean_text, within
from pixelstudio.features.accounts.ownership import own_row
from pixelstudio.features.generation.views import Tuning
from pixelstudio.features.presets.tables import PresetRow

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor


@dataclass(frozen=True, slots=True)
class Settings:
    """What a preset keeps, which is all the composer has: texts as typed, `seed` None for a new one each time."""

    prompt: str
    negative_prompt: str
    model: str
    style: str
    width: int
    height: int
    count: int
    seed: int | None = None
    tuning: Tuning = field(default_factory=Tuning)


@dataclass(frozen=True, slots=True)
class PresetView:
    """A preset as its owner sees it."""

    id: str
    name: str
    settings: Settings


async def save(tx: Transaction, name: str, settings: Settings, *, by: Actor) -> PresetView:
    """Keep settings under a name. Raises `Invalid`, and `Conflict` when the name is taken or there is no room for more."""
    clean = _name(name)
    _refuse_impossible(settings)
    await _refuse_taken(tx, clean, by)
    if await _how_many(tx, by) >= limits.PRESETS_PER_PERSON:
        sentence = f"You have {limits.PRESETS_PER_PERSON} presets. Delete one to make room."
        raise Conflict(sentence, code="too_many_presets", field="name")
    row = PresetRow(
        id=new_id(),
        account_id=by.id,
        name=clean,
        prompt=clean_text(settings.prompt),
        negative_prompt=clean_text(settings.negative_prompt),
        model=settings.model,
        style=settings.style,
        width=settings.width,
        height=settings.height,
        count=settings.count,
        seed=settings.seed,
        steps=settings.tuning.steps,
        guidance=settings.tuning.guidance,
        reference_id=settings.tuning.reference,
        strength=settings.tuning.strength,
        created_at=tx.now,
    )
    tx.add(row)
    await tx.flush()
    return _view(row)


async def rename(tx: Transaction, preset_id: str, name: str, *, by: Actor) -> PresetView:
    """Give an own preset another name. Raises as `save`, and `NotFound`. Safe to repeat."""
    clean, row = _name(name), await own_row(tx, PresetRow, preset_id, by=by)
    if row.name != clean:
        await _refuse_taken(tx, clean, by)
        row.name = clean
        tx.add(row)
    return _view(row)


async def delete(tx: Transaction, preset_id: str, *, by: Actor) -> None:
    """Forget an own preset. Raises `NotFound`."""
    await tx.delete(await own_row(tx, PresetRow, preset_id, by=by))


async def preset_of(reader: Reader, by: Actor, preset_id: str) -> PresetView:
    """One own preset. Raises `NotFound` for a missing one and for somebody else's."""
    return _view(await own_row(reader, PresetRow, preset_id, by=by))


async def presets_of(reader: Reader, by: Actor) -> list[PresetView]:
    """The actor's own presets by name."""
    rows = await reader.exec(select(PresetRow).where(col(PresetRow.account_id) == by.id))
    return sorted((_view(row) for row in rows.scalars()), key=lambda view: view.name.casefold())


async def _how_many(reader: Reader, by: Actor) -> int:
    statement = select(func.count()).select_from(PresetRow).where(col(PresetRow.account_id) == by.id)
    count: int = (await reader.exec(statement)).scalar_one()
    return count


async def _refuse_taken(tx: Transaction, name: str, by: Actor) -> None:
    await tx.serialise(f"presets:{by.id}")
    same = select(col(PresetRow.id)).where(col(PresetRow.account_id) == by.id, col(PresetRow.name) == name)
    if (await tx.exec(same)).first() is not None:
        raise Conflict("You have a preset of this name. Choose another name.", code="preset_name_taken", field="name")


def _name(text: str) -> str:
    name = clean_line(text)
    if not name:
        raise Invalid("Give the preset a name.", code="preset_name_missing", field="name")
    return within(name, limits.PRESET_NAME_MAX, "A preset's name has", code="preset_name_too_long", field="name")


def _refuse_impossible(settings: Settings) -> None:
    """A preset may be kept that no model draws any more, but not one that does not fit its row or that nobody can mean."""
    texts = ((settings.prompt, limits.PROMPT_MAX), (settings.negative_prompt, limits.NEGATIVE_PROMPT_MAX))
    is_short = all(len(clean_text(text)) <= most for text, most in texts) and len(settings.model) <= 80 and len(settings.style) <= 40
    is_sized = all(limits.SIDE_MIN <= side <= limits.SIDE_MAX for side in (settings.width, settings.height))
    is_counted = limits.IMAGES_MIN <= settings.count <= limits.IMAGES_MAX
    is_seeded = settings.seed is None or 0 <= settings.seed <= limits.SEED_MAX
    if not (is_short and is_sized and is_counted and is_seeded and _is_tuned(settings.tuning)):
        raise Invalid("These settings cannot be kept. Look at the numbers once more.", code="preset_invalid")


def _is_tuned(tuning: Tuning) -> bool:
    """Whether somebody can mean these numbers; what a model takes of them is looked at when it is asked for."""
    in_range = (
        (tuning.steps, limits.STEPS_MIN, limits.STEPS_MAX),
        (tuning.guidance, 0, limits.GUIDANCE_MAX),
        (tuning.strength, 0, 1),
    )
    are_numbers = all(value is None or (isfinite(value) and least <= value <= most) for value, least, most in in_range)
    return are_numbers and (not tuning.reference or is_id(tuning.reference))


def _view(row: PresetRow) -> PresetView:
    tuning = Tuning(row.steps, row.guidance, row.reference_id, row.strength)
    settings = Settings(row.prompt, row.negative_prompt, row.model, row.style, row.width, row.height, row.count, row.seed, tuning)
    return PresetView(row.id, row.name, settings)
