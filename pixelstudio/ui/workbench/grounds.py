"""The grounds of the components page: tones, type, icons."""

from __future__ import annotations

from typing import Final, get_args

import reflex as rx

from pixelstudio.ui.components.elements import css
from pixelstudio.ui.components.icon import IconName, icon
from pixelstudio.ui.workbench.parts import example

TONES: Final = ("bg", "surface", "raised", "hover", "line", "edge", "muted", "text", "accent", "on-accent", "good", "warn", "bad", "info")
SIZES: Final = (
    ("48", "Hang the picture"),
    ("34", "On the wall this week"),
    ("26", "Page title"),
    ("20", "Section title"),
    ("16", "Prompt, phone body"),
    ("14", "Body on a desk, buttons, rows"),
    ("13", "Labels, chips, status"),
    ("12", "Captions and facts"),
)


def light(mode: str) -> rx.Component:
    """Every tone."""
    tones = (
        rx.el.li(rx.el.i(custom_attrs=css(tone=f"var(--{tone})")), rx.el.span(tone, class_name="mono tiny"), class_name="tone")
        for tone in TONES
    )
    return example(mode, "Walls and light", "Separate by space, then tone, then line.", rx.el.ul(*tones, class_name="tones"))


def type_scale(mode: str) -> rx.Component:
    """Every size."""
    lines = (
        rx.el.li(
            rx.el.span(size, class_name="mono tiny muted"),
            rx.el.span(words, custom_attrs=css(size=f"var(--t{size})")),
            class_name="type-line",
        )
        for size, words in SIZES
    )
    mono = rx.el.p("seed 4417, 1024 × 1280, 14:02:31", class_name="mono")
    return example(mode, "Type", "Instrument Sans, and a mono for facts.", rx.el.ul(*lines), mono)


def icons(mode: str) -> rx.Component:
    """Every icon by its name."""
    names: tuple[IconName, ...] = get_args(IconName)
    shown = (rx.el.li(icon(name), rx.el.span(name, class_name="tiny muted clip"), class_name="icon-tile") for name in names)
    return example(mode, "Icons", "Lucide, always with a word or a name.", rx.el.ul(*shown, class_name="icon-tiles"))
