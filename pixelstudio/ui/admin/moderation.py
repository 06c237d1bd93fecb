"""Moderation on /admin: what is reported, each with its decision, and the words nobody may write."""

from __future__ import annotations

from typing import Any

import reflex as rx

from pixelstudio.core import limits
from pixelstudio.ui.admin.moderation_state import ModerationState
from pixelstudio.ui.components.button import button, link
from pixelstudio.ui.components.choice import filter_chip
from pixelstudio.ui.components.icon import icon
from pixelstudio.ui.components.moment import local_time


def moderation() -> rx.Component:
    """The queue of reports, and the blocked words."""
    queue: Any = ModerationState.queue
    return rx.fragment(
        rx.el.section(
            rx.el.h2("Reports"),
            rx.cond(
                queue.reports.length() > 0,
                rx.el.ul(rx.foreach(queue.reports, _report), class_name="reports"),
                rx.el.p(
                    rx.el.span(icon("circle-check", small=True), class_name="is-good row"), "Nothing is reported.", class_name="all-well"
                ),
            ),
            aria_label="Reports",
            class_name="stack",
        ),
        rx.el.section(
            rx.el.h2("Blocked words"),
            rx.el.p("Nobody can write them in a title, a description, a tag or a comment; whole words only.", class_name="muted"),
            rx.el.form(
                rx.el.input(name="word", aria_label="Word", class_name="input", max_length=limits.BLOCKED_WORD_MAX, required=True),
                button("Block", type="submit"),
                on_submit=ModerationState.block,
                key=queue.words.length(),
                class_name="say",
            ),
            rx.el.div(rx.foreach(queue.words, _word), class_name="chips"),
            aria_label="Blocked words",
            class_name="stack",
        ),
    )


def _report(report: Any) -> rx.Component:
    return rx.el.li(
        link(rx.el.img(src=f"/media/{report.image_id}/256", alt=""), href=f"/image/{report.image_id}", aria_label="Open the picture"),
        rx.el.div(
            rx.el.p(
                rx.el.b(report.what, rx.cond(report.author.name != "", f" by {report.author.name}", "")),
                ": ",
                report.reason,
                class_name="who",
            ),
            rx.el.p(report.quoted, class_name="muted said-words"),
            rx.cond(report.words != "", rx.el.p("“", report.words, "”")),
            rx.el.p(
                "Reported ",
                rx.cond(report.reporter.name != "", f"by {report.reporter.name} ", ""),
                local_time(report.at, "ago", report.at_words),
                class_name="muted small",
            ),
            _decision(report),
            class_name="stack tight",
        ),
        key=report.id,
    )


def _decision(report: Any) -> rx.Component:
    return rx.el.form(
        rx.el.input(type="hidden", name="report_id", value=report.id),
        rx.el.input(
            name="because", aria_label="Why", placeholder="Why: its author reads this", class_name="input", max_length=limits.REASON_MAX
        ),
        rx.el.select(
            rx.el.option("Remove", value="removed"),
            rx.el.option("Keep", value="kept"),
            name="decision",
            aria_label="Decision",
            class_name="select",
        ),
        button("Decide", type="submit"),
        on_submit=ModerationState.decide,
        class_name="say",
    )


def _word(word: Any) -> rx.Component:
    return filter_chip(word, f"Unblock {word}", on_click=ModerationState.unblock(word))
