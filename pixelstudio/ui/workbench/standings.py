"""How things stand, on the components page: status, notes, empty and full walls, a picture from the line to the wall."""

from __future__ import annotations

import reflex as rx

from pixelstudio.ui.art import CORAL_DUNES, MINT_MOON
from pixelstudio.ui.components.button import button, link_button
from pixelstudio.ui.components.elements import css
from pixelstudio.ui.components.notice import empty, failed, full, loading, note, skeleton_rows, status
from pixelstudio.ui.components.picture import figure
from pixelstudio.ui.notices import OUR_FAULT
from pixelstudio.ui.workbench.parts import example, row


def words(mode: str) -> rx.Component:
    """Status and notes."""
    return example(
        mode,
        "Words",
        "An icon and a word, never colour alone.",
        row(
            status("good", "Done"),
            status("info", "Scheduled"),
            status("warn", "Low contrast"),
            status("bad", "Refused"),
            status("muted", "Waiting"),
        ),
        note(
            rx.el.p(rx.el.b("The provider refused this prompt."), " Nothing was charged. Change a word and try again."),
            row(button("Edit prompt", extra="sm"), button("Why", look="quiet", extra="sm")),
            kind="bad",
            name="circle-x",
        ),
        note(rx.el.p("Your pictures carry their recipe with them.")),
        note(rx.el.p("The export is ready."), kind="good", name="circle-check"),
        full(rx.el.span("The trash is emptied after 30 days."), button("Empty it now", extra="sm")),
    )


def standings(mode: str) -> rx.Component:
    """A list or page that is empty, loading or failed."""
    return example(
        mode,
        "Empty, loading, failed",
        "Each list and page has all of them.",
        rx.el.div(
            empty("No pictures yet", "Write one line and press Generate.", link_button("Create", href="/create")),
            failed("This could not be loaded", OUR_FAULT, button("Try again")),
            class_name="two",
        ),
        loading("Loading", *skeleton_rows(3)),
    )


def pictures(mode: str) -> rx.Component:
    """From the line to the wall."""
    dunes, moon = CORAL_DUNES, MINT_MOON
    return example(
        mode,
        "A picture, four states",
        "Its shape and its blur come first.",
        rx.el.div(
            figure(rx.el.img(src=dunes.src, alt=dunes.prompt, loading="lazy"), ratio=f"{dunes.ratio:.4f}", blur=dunes.blur),
            figure(
                rx.el.img(src=moon.src, alt="", loading="lazy"),
                rx.el.figcaption(rx.el.span("Drawing"), rx.el.span("12 of 28", class_name="mono"), class_name="state"),
                rx.el.progress(max="28", value="12", aria_label="Step 12 of 28"),
                ratio=f"{moon.ratio:.4f}",
                blur=moon.blur,
                class_name="pic dev",
            ),
            figure(
                rx.el.figcaption(rx.el.b("3rd in line"), rx.el.span("about 12–20 s", class_name="tiny")),
                ratio="0.8",
                blur="none",
                class_name="pic wait",
            ),
            figure(
                rx.el.figcaption(status("bad", "Refused"), rx.el.span("Nothing was charged.", class_name="tiny")),
                ratio="0.8",
                blur="none",
                class_name="pic wait",
            ),
            class_name="strip",
            custom_attrs=css(n="4"),
        ),
    )
