"""Ratings: for whom a picture is, as its maker or a maintainer says; and how far somebody wants to go when they come across pictures."""

from __future__ import annotations

from typing import Final, Literal, TypeGuard, get_args

Rating = Literal["general", "sensitive", "mature"]
RATINGS: Final[tuple[Rating, ...]] = get_args(Rating)
"""From what is for everybody to what is for few."""
GENERAL: Final[Rating] = "general"
"""What a stranger comes across, and everybody who has not said otherwise."""


def is_rating(text: str) -> TypeGuard[Rating]:
    """Whether it is one of them."""
    return text in RATINGS


def up_to(rating: Rating) -> tuple[Rating, ...]:
    """It, and all before it."""
    return RATINGS[: RATINGS.index(rating) + 1]
