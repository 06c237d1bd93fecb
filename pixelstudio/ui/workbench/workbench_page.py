"""/components: every component in every state, by day and by night side by side; for maintainers."""

from __future__ import annotations

import reflex as rx

from pixelstudio.ui.components.notice import notice
from pixelstudio.ui.missing import missing_page
from pixelstudio.ui.shell import studio_page
from pixelstudio.ui.workbench.controls import buttons, choices, fields, floating
from pixelstudio.ui.workbench.grounds import icons, light, type_scale
from pixelstudio.ui.workbench.standings import pictures, standings, words
from pixelstudio.ui.workbench.workbench_state import WorkbenchState


def workbench_page() -> rx.Component:
    """The page; for whoever may not see it the same as at an address that leads nowhere."""
    return rx.cond(
        WorkbenchState.is_open, studio_page(_bench(), notice(WorkbenchState, on_act=WorkbenchState.take_back), state=None), missing_page()
    )


def _bench() -> rx.Component:
    return rx.fragment(
        rx.el.header(
            rx.el.h1("Components"), rx.el.p("Each in every state it has, by day and by night.", class_name="muted"), class_name="pagehead"
        ),
        rx.el.div(_side("light", "By day"), _side("dark", "By night"), class_name="bench"),
    )


def _side(mode: str, title: str) -> rx.Component:
    parts = (light, type_scale, buttons, fields, choices, floating, words, standings, pictures, icons)
    return rx.el.section(rx.el.h2(title), *(part(mode) for part in parts), class_name=f"bench-side {mode}", aria_label=title)
