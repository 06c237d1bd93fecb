"""The section of /settings about what a maintainer decided about one's own pictures and words."""

from __future__ import annotations

from typing import Any

import reflex as rx

from pixelstudio.core import limits
from pixelstudio.ui.components.button import button, link
from pixelstudio.ui.settings.decisions_state import DecisionCard, DecisionsState
from pixelstudio.ui.settings.parts import section


def decisions() -> rx.Component:
    """Each decision with its reason, and one appeal."""
    shown: Any = DecisionsState.decisions
    return section(
        "decisions",
        "Decisions",
        f"What a maintainer decided about something you showed or wrote, and why. What is taken out counts as a strike for "
        f"{limits.STRIKE_DAYS} days. You can appeal each decision once.",
        rx.el.p(DecisionsState.standing, role="status"),
        rx.cond(shown.length() > 0, rx.el.ol(rx.foreach(shown, _decision), class_name="decisions")),
    )


def _decision(card: rx.Var[DecisionCard]) -> rx.Component:
    one: Any = card
    return rx.el.li(
        rx.cond(
            one.image_id != "",
            link(rx.el.img(src=f"/media/{one.image_id}/256", alt=""), href=f"/image/{one.image_id}", aria_label="Open the picture"),
        ),
        rx.el.div(
            rx.el.p(rx.el.b(one.what), " ", rx.el.span(one.when, class_name="small muted")),
            rx.el.p(one.quoted, class_name="small muted said-words"),
            rx.el.p("“", one.because, "”"),
            rx.cond(one.appeal != "", rx.el.p(rx.el.b("Your appeal: "), one.appeal, class_name="small")),
            rx.cond(one.outcome != "", rx.el.p(one.outcome, " ", one.outcome_because)),
            rx.cond(one.may_appeal, _appeal(one)),
            class_name="stack tight",
        ),
        key=one.id,
    )


def _appeal(one: Any) -> rx.Component:
    return rx.el.details(
        rx.el.summary("Appeal", class_name="btn sm"),
        rx.el.form(
            rx.el.input(type="hidden", name="ruling_id", value=one.id),
            rx.el.textarea(
                name="appeal",
                aria_label="Your appeal",
                placeholder="Why you see it differently",
                max_length=limits.REASON_MAX,
                required=True,
                rows=3,
                class_name="input",
            ),
            rx.el.div(button("Send the appeal", look="main-act", type="submit"), class_name="row"),
            on_submit=DecisionsState.appeal,
            class_name="stack tight",
            aria_label="Appeal",
        ),
    )
