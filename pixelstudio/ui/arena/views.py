"""What /arena shows of a comparison and of its cells."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pixelstudio.ui import formats
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
    won: str = ""
    """How that model did in all votes; "" where no models were compared."""


@dataclass(frozen=True, slots=True)
class WinsLine:
    """How one model did."""

    title: str
    words: str
    percent: int


def round_card(view: ComparisonView, wins: Sequence[Wins]) -> RoundCard:
    """A comparison for its page; where models were compared, with how often the one voted best is."""
    cells = [_cell(view, place, cell) for place, cell in enumerate(view.cells)]
    best = next((cell.label for cell in cells if cell.is_best), "")
    is_open = any(cell is not None and not cell.is_ended for cell in view.cells)
    said = f"Best: {best}" if best else ""
    return RoundCard(view.id, view.prompt, list(view.columns), view.rows != ("",), cells, is_open, said, _won(view, wins))


def wins_line(wins: Wins, titles: dict[str, str]) -> WinsLine:
    """A model's wins in words."""
    return WinsLine(titles.get(wins.model, wins.model), _votes(wins), round(100 * wins.won / wins.of) if wins.of else 0)


def vote_words(card: RoundCard) -> str:
    """What a vote has brought, for whoever has just given it."""
    return f"Your vote counts{f': this model has {card.won}' if card.won else ''}. The picture is among your favourites."


def _won(view: ComparisonView, wins: Sequence[Wins]) -> str:
    """How the model voted best here did in all votes; "" in a grid of one model, which says nothing of models."""
    models = {cell.id: cell.model for cell in view.cells if cell is not None}
    won = next((one for one in wins if view.winner and one.model == models.get(view.winner)), None)
    return _votes(won) if won and len(set(models.values())) > 1 else ""


def _votes(wins: Wins) -> str:
    return f"{wins.won} of {formats.counted(wins.of, 'vote')}"


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
