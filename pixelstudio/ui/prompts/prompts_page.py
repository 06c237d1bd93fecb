"""/prompts: words from a few facts, prompts worth keeping, and the templates behind them."""

from __future__ import annotations

import reflex as rx

from pixelstudio.ui.components.notice import loading, skeleton_rows
from pixelstudio.ui.prompts.parts import keeping, kept, writing
from pixelstudio.ui.prompts.prompts_state import PromptsState
from pixelstudio.ui.shell import studio_page


def prompts_page() -> rx.Component:
    """The page."""
    return studio_page(
        rx.el.header(rx.el.h1("Prompts"), class_name="page-head"),
        rx.cond(
            PromptsState.is_loaded,
            rx.el.div(writing(), kept(), keeping(), class_name="prompts-body"),
            loading("Loading your prompts", *skeleton_rows(5)),
        ),
        state=PromptsState,
        here="/prompts",
        class_name="prompts-page",
    )
