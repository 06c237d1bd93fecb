"""What /create shows somebody who has not seen much yet: sentences to begin with, and what draws here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import reflex as rx

from pixelstudio.ui.create.create_state import CreateState
from pixelstudio.ui.visitor import Visitor


@dataclass(frozen=True, slots=True)
class Idea:
    """A sentence to begin with, and the look that suits it."""

    words: str
    look: str


IDEAS: Final = (
    Idea("Cut-paper dunes at dusk, a pale sun over coral ridges", "sketch-paper"),
    Idea("A single flower folded from red paper, seen from above", "sketch-bloom"),
    Idea("Ocean waves at night under a mint moon", "sketch-horizon"),
)
SKETCHED: Final = (
    "Models such as Cut paper are sketches, not\u00a0AI: they catch the mood and colours of your words rather than every thing you name."
)
AI: Final = "AI models are here too, and draw what you name: choose one under Model."
NO_AI: Final = "Whoever runs this studio can add AI models that draw what you name."
ADD_AI: Final = "No AI model is set up here yet. Set a provider's key, such as OPENAI_API_KEY, and restart the studio."
"""For whoever looks after the installation."""


def nothing_yet() -> rx.Component:
    """The first visit: what may come of a sentence, and three to begin with."""
    return rx.el.div(
        rx.el.h2("An empty wall"),
        rx.el.p("Write one sentence below, or begin with one of these."),
        _starters(),
        _sketched(),
        class_name="empty first",
    )


def what_next() -> rx.Component:
    """The same below the first pictures, where their maker may wonder about them."""
    return rx.el.div(
        rx.el.h2("What to try next"),
        _sketched(),
        _starters(),
        class_name="empty few",
    )


def _sketched() -> rx.Component:
    """What draws here, and what does not. The place of the last sentence is kept until it is known which one is true: the lines above stay."""
    models: Any = CreateState.models
    return rx.el.p(
        SKETCHED,
        rx.el.span(
            rx.cond(CreateState.has_ai, AI, rx.cond(Visitor.is_maintainer, ADD_AI, NO_AI)),
            custom_attrs={"style": rx.Var.create({"visibility": rx.cond(models.length() > 0, "visible", "hidden")})},
        ),
        class_name="small sketched",
    )


def _starters() -> rx.Component:
    return rx.el.div(*map(_idea, IDEAS), class_name="starters")


def _idea(idea: Idea) -> rx.Component:
    """A sentence that fills the composer, beside what its look draws."""
    return rx.el.button(
        # Fetched behind what the page is drawn by: only who is new sees them.
        rx.el.img(
            src=f"/art/looks/{idea.look}.webp",
            alt="",
            decoding="async",
            custom_attrs={"width": "112", "height": "84", "fetchPriority": "low"},
        ),
        rx.el.span(idea.words),
        type="button",
        class_name="starter",
        custom_attrs={"data-fill": idea.words, "data-look": idea.look},
    )
