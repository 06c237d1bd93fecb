"""Comparisons: one prompt on a few models side by side (the arena), or on a grid of two parameters; asked for together, and voted on.

Each cell is a set of one picture like any other: it waits, is paid for, called off and found in the library as usual.
"""

from __future__ import annotations

import secrets
from collections import Counter
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from sqlalchemy import select
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.core.errors import Conflict, Invalid, NotFound
from pixelstudio.core.ids import GenerationId, new_id
from pixelstudio.core.text import clean_line
from pixelstudio.features.accounts.ownership import own_row
from pixelstudio.features.generation.generations import quote, submit
from pixelstudio.features.generation.standing import set_of
from pixelstudio.features.generation.styles import NONE, STYLES, style_of
from pixelstudio.features.generation.tables import ComparedSetRow, ComparisonRow, GenerationRow
from pixelstudio.providers.errors import Misconfigured

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.generation.requests import GenerationRequest
    from pixelstudio.features.generation.views import SetView
    from pixelstudio.studio import Studio

AxisKind = Literal["model", "style", "seed", "size", "words"]
AXIS_KINDS: Final[tuple[AxisKind, ...]] = get_args(AxisKind)
SHOWN: Final = 6


@dataclass(frozen=True, slots=True)
class Axis:
    """What varies along one side of a grid: ids of models or styles, seeds, sizes as `1024x1024`; or words, of which the first stands in
    the prompt and gives way to each.
    """

    kind: AxisKind
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be asked for, row by row, and how the sides are named."""

    prompt: str
    requests: tuple[GenerationRequest, ...]
    columns: tuple[str, ...]
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Appraisal:
    """The price of a draft and how many pictures it is; None, and what is missing, while it cannot be said."""

    total: int | None
    pictures: int
    missing: str = ""


@dataclass(frozen=True, slots=True)
class ComparisonView:
    """A comparison as its owner sees it. A cell is None when its pictures were deleted since."""

    id: str
    prompt: str
    columns: tuple[str, ...]
    rows: tuple[str, ...]
    cells: tuple[SetView | None, ...]
    winner: GenerationId | None


@dataclass(frozen=True, slots=True)
class Wins:
    """How a model did in the votes of one person."""

    model: str
    won: int
    of: int


def arena(studio: Studio, request: GenerationRequest, models: Sequence[str]) -> Plan:
    """One prompt and seed on two to four models. Raises `Invalid`."""
    chosen = tuple(dict.fromkeys(models))
    if not limits.ARENA_MODELS_MIN <= len(chosen) <= limits.ARENA_MODELS_MAX:
        sentence = f"Choose {limits.ARENA_MODELS_MIN} to {limits.ARENA_MODELS_MAX} models to compare."
        raise Invalid(sentence, code="models_count", field="model")
    return grid(studio, request, Axis("model", chosen), None)


def grid(studio: Studio, request: GenerationRequest, across: Axis, down: Axis | None) -> Plan:
    """Every value of one side with every value of the other, all with the same seed but where the seed varies. Raises `Invalid`."""
    columns, rows = _values(across), _values(down) if down else ("",)
    if down is not None and down.kind == across.kind:
        raise Invalid("Let the two sides vary different things.", code="axes_same", field="down")
    if len(columns) * len(rows) > limits.GRID_CELLS_MAX:
        sentence = f"A grid has at most {limits.GRID_CELLS_MAX} pictures; this one has {len(columns) * len(rows)}."
        raise Invalid(sentence, code="grid_too_large", field="across")
    seed = secrets.randbelow(limits.SEED_MAX + 1) if request.seed is None else request.seed
    one = replace(request, count=1, seed=seed)
    cells = tuple(
        _seedless(studio, _varied(_varied(one, across, column), down, row) if down else _varied(one, across, column))
        for row, column in product(rows, columns)
    )
    return Plan(
        prompt=clean_line(request.prompt)[: limits.PROMPT_MAX],
        requests=cells,
        columns=tuple(_label(studio, across, value) for value in columns),
        rows=tuple(_label(studio, down, value) for value in rows) if down else ("",),
    )


def price_of(studio: Studio, plan: Plan) -> int:
    """What all of it costs, in credits, when every picture comes. Raises `Invalid` for a cell that cannot be drawn."""
    return sum(quote(studio, request).total for request in plan.requests)


def appraised(studio: Studio, draft: Callable[[], Plan]) -> Appraisal:
    """What a draft would cost as it stands, for a form that is being filled in: what is missing is said there, and is no error yet."""
    try:
        plan = draft()
        return Appraisal(price_of(studio, plan), len(plan.requests))
    except (Invalid, Misconfigured) as refusal:
        return Appraisal(None, 0, refusal.sentence)


async def begin(tx: Transaction, studio: Studio, plan: Plan, quote_shown: int, *, by: Actor) -> str:
    """Ask for all of it in one commit, or for nothing; returns the comparison's id. Raises as `submit`, and `Conflict` for another price."""
    total = price_of(studio, plan)
    if quote_shown != total:
        raise Conflict(f"The price has changed to {total} credits. Look at it and press again.", code="price_changed", field="across")
    row = ComparisonRow(
        id=new_id(), account_id=by.id, prompt=plan.prompt, columns=list(plan.columns), rows=list(plan.rows), winner=None, created_at=tx.now
    )
    tx.add(row)
    await tx.flush()
    for place, request in enumerate(plan.requests):
        view = await submit(tx, studio, request, by)
        tx.add(ComparedSetRow(generation_id=view.id, comparison_id=row.id, place=place))
    await tx.flush()
    return row.id


async def vote(tx: Transaction, comparison_id: str, place: int, *, by: Actor) -> GenerationId:
    """Say which cell is best, counted row by row from 0; returns its set. A later vote takes the place of an earlier one.

    Raises `NotFound`. Safe to repeat.
    """
    row = await own_row(tx, ComparisonRow, comparison_id, by=by)
    chosen = next((compared.generation_id for compared in await _compared(tx, [row.id]) if compared.place == place), None)
    if chosen is None:
        raise NotFound
    row.winner = chosen
    tx.add(row)
    return GenerationId(chosen)


async def comparisons_of(reader: Reader, studio: Studio, by: Actor, limit: int = SHOWN) -> list[ComparisonView]:
    """The actor's own comparisons, the newest first."""
    statement = select(ComparisonRow).where(col(ComparisonRow.account_id) == by.id)
    newest_first = (col(ComparisonRow.created_at).desc(), col(ComparisonRow.id).desc())
    rows: list[ComparisonRow] = list((await reader.exec(statement.order_by(*newest_first).limit(limit))).scalars())
    compared = await _compared(reader, [row.id for row in rows])
    return [await _view(reader, studio, by, row, [one for one in compared if one.comparison_id == row.id]) for row in rows]


async def wins_of(reader: Reader, by: Actor) -> list[Wins]:
    """How the models did in the actor's votes, the most often best first."""
    is_best = col(ComparisonRow.winner) == col(ComparedSetRow.generation_id)
    voted = (
        select(col(ComparisonRow.id), col(GenerationRow.model), is_best)
        .join(ComparedSetRow, col(ComparisonRow.id) == col(ComparedSetRow.comparison_id))
        .join(GenerationRow, col(GenerationRow.id) == col(ComparedSetRow.generation_id))
        .where(col(ComparisonRow.account_id) == by.id, col(ComparisonRow.winner).is_not(None))
    )
    rows: list[tuple[Any, ...]] = [tuple(row) for row in await reader.exec(voted)]
    won, took_part, rounds = Counter[str](), Counter[str](), dict[str, set[str]]()
    for comparison_id, model, has_won in rows:
        rounds.setdefault(comparison_id, set()).add(model)
        won[model] += bool(has_won)
    for models in rounds.values():
        if len(models) > 1:  # a grid of one model says nothing of models
            took_part.update(models)
    return sorted((Wins(model, won[model], of) for model, of in took_part.items()), key=lambda wins: (-wins.won, wins.of, wins.model))


async def _compared(reader: Reader, comparison_ids: Sequence[str]) -> list[ComparedSetRow]:
    statement = select(ComparedSetRow).where(col(ComparedSetRow.comparison_id).in_(comparison_ids))
    return list((await reader.exec(statement.order_by(col(ComparedSetRow.place)))).scalars())


async def _view(reader: Reader, studio: Studio, by: Actor, row: ComparisonRow, compared: Sequence[ComparedSetRow]) -> ComparisonView:
    by_place = {one.place: one.generation_id for one in compared}
    cells = [
        await set_of(reader, studio, by, by_place[place]) if place in by_place else None
        for place in range(len(row.columns) * len(row.rows))
    ]
    winner = GenerationId(row.winner) if row.winner else None
    return ComparisonView(row.id, row.prompt, tuple(row.columns), tuple(row.rows), tuple(cells), winner)


def _values(axis: Axis) -> tuple[str, ...]:
    cleaned = [clean_line(value) for value in axis.values]
    values = tuple(dict.fromkeys(value for value in cleaned if value))
    if not values:
        raise Invalid("Say what this side varies: values separated by commas.", code="axis_empty", field="across")
    return values


def _varied(request: GenerationRequest, axis: Axis, value: str) -> GenerationRequest:
    match axis.kind:
        case "model":
            return replace(request, model=value)
        case "style":
            return replace(request, style="" if value == "none" else value)
        case "seed":
            return replace(request, seed=_whole(value, "seed"))
        case "size":
            width, _, height = value.lower().replace("×", "x").partition("x")
            return replace(request, width=_whole(width, "size"), height=_whole(height or width, "size"))
        case "words":
            first = clean_line(axis.values[0])
            if first not in request.prompt:
                raise Invalid(f"The prompt does not say “{first[:60]}”: the first of the words must stand in it.", code="words_not_found")
            return replace(request, prompt=request.prompt.replace(first, value))


def _seedless(studio: Studio, request: GenerationRequest) -> GenerationRequest:
    """A model that takes no seed is asked without one: side by side with others, that is no mistake of who compares."""
    return request if studio.providers.model(request.model).supports_seed else replace(request, seed=None)


def _whole(text: str, field: str) -> int:
    words = text.strip()
    if not (words.isascii() and words.isdecimal()) or len(words) > 10:
        raise Invalid(f"“{words[:20]}” is no {field}. Type whole numbers.", code=f"{field}_invalid", field=field)
    return int(words)


def _label(studio: Studio, axis: Axis, value: str) -> str:
    match axis.kind:
        case "model":
            return studio.providers.model(value).title
        case "style":
            return style_of("" if value == "none" else value).title
        case "seed":
            return f"seed {value}"
        case "size":
            return value.lower().replace("x", " × ")
        case "words":
            return value


def choices(studio: Studio, kind: AxisKind) -> list[tuple[str, str]]:
    """What there is to choose for a side that varies models, styles or sizes, each with its words; nothing where numbers or words are typed."""
    match kind:
        case "model":
            return [(model.id, model.title) for model in studio.providers.models()]
        case "style":
            return [("none", NONE.title), *((style.id, style.title) for style in STYLES)]
        case "size":
            sizes = dict.fromkeys((size.width, size.height, size.label) for model in studio.providers.models() for size in model.sizes)
            square_first = sorted(sizes, key=lambda size: size[0] != size[1])
            return [(f"{width}x{height}", f"{label}, {width} × {height}") for width, height, label in square_first]
        case "seed" | "words":
            return []
