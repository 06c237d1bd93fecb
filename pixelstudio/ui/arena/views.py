"""What /arena shows of a comparison and of its cells."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pixelstudio.ui.pictures import PictureView, picture_view

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pixelstudio.features.generation.comparisons import ComparisonView, Wins
    from pixelstudio.features.generation.views import SetView


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class CellCard:
    """One cell: its picture, or how far it is."""

    place: int = 0
    label: str = ""
    ratio: str = "1"
    words: str = ""
    """How it stands; "" when the picture says it."""
    preview: str = ""
    progress: int = 0
    """In percent."""
    picture: PictureView | None = None
    is_best: bool = False
    may_be_voted: bool = False


@dataclass(frozen=True, slots=True)
class RoundCard:
    """One comparison."""

    id: str
    prompt: str
    columns: list[str]
    is_grid: bool
    cells: list[CellCard] = field(default_factory=list)
    is_open: bool = False
    said: str = ""
    """Who was voted best; "" before."""


@dataclass(frozen=True, slots=True)
class WinsLine:
    """How one model did."""

    title: str
    words: str
    percent: int


def round_card(view: ComparisonView) -> RoundCard:
    """A comparison for its page."""
    cells = [_cell(view, place, cell) for place, cell in enumerate(view.cells)]
    best = next((cell.label for cell in cells if cell.is_best), "")
    is_open = any(cell is not None and not cell.is_ended for cell in view.cells)
    return RoundCard(view.id, view.prompt, list(view.columns), view.rows != ("",), cells, is_open, f"Best: {best}" if best else "")


def wins_line(wins: Wins, titles: dict[str, str]) -> WinsLine:
    """A model's wins in words."""
    return WinsLine(
        titles.get(wins.model, wins.model), f"best in {wins.won} of {wins.of}", round(100 * wins.won / wins.of) if wins.of else 0
    )


def _cell(view: ComparisonView, place: int, cell: SetView | None) -> CellCard:
    column, row = view.columns[place % len(view.columns)], view.rows[place // len(view.columns)]
    label = f"{column} · {row}" if row else column
    slot = cell.slots[0] if cell is not None and cell.slots else None
    if cell is None or slot is None:
        return CellCard(place=place, label=label, words="This picture was deleted.")
    return CellCard(
        place=place,
        label=label,
        ratio=f"{cell.width / cell.height:.4f}",
        words=slot.sentence,
        preview=slot.preview_url,
        progress=round(100 * slot.step / slot.steps) if slot.steps else 0,
        picture=picture_view(slot.image) if slot.image else None,
        is_best=view.winner == cell.id,
        may_be_voted=slot.image is not None,
    )


def options(pairs: Sequence[tuple[str, str]]) -> list[Option]:
    """Pairs of value and words as options."""
    return [Option(value, words) for value, words in pairs]
