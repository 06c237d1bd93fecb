"""One picture as it is wished for and as it was drawn: what the engines are given and what they give, whichever they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

Told: TypeAlias = Callable[[int, int], None]
"""Is told the step that was taken, from 1, and how many there are."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One picture. None leaves the guidance to the model."""

    prompt: str
    negative_prompt: str
    seed: int
    width: int
    height: int
    steps: int
    guidance: float | None


@dataclass(frozen=True, slots=True)
class Pixels:
    """A picture as it was drawn: RGB, 8 bits each, row by row."""

    width: int
    height: int
    rgb: bytes


class Pipeline(Protocol):
    """A loaded model."""

    def picture(self, wish: Wish, told: Told) -> Pixels:
        """Draw one picture, telling each step."""
        ...
