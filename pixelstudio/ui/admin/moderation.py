"""Moderation on /admin: what is reported, who appeals, each with its decision, and the words nobody may write."""

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
    """The reports, the appeals, and the blocked words."""
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
        rx.cond(
            queue.appeals.length() > 0,
            rx.el.section(
                rx.el.h2("Appeals"),
                rx.el.ul(rx.foreach(queue.appeals, _appeal), class_name="reports"),
                aria_label="Appeals",
                class_name="stack",
            ),
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
            rx.cond(
                report.what == "A picture",
                rx.fragment(
                    rx.el.option("Mark as sensitive", value="sensitive"),
                    rx.el.option("Mark as mature", value="mature"),
                ),
            ),
            name="decision",
            aria_label="Decision",
            class_name="select",
        ),
        button("Decide", type="submit"),
        on_submit=ModerationState.decide,
        class_name="say",
    )


def _appeal(appeal: Any) -> rx.Component:
    return rx.el.li(
        rx.cond(
            appeal.image_id != "",
            link(rx.el.img(src=f"/media/{appeal.image_id}/256", alt=""), href=f"/image/{appeal.image_id}", aria_label="Open the picture"),
            rx.el.span(),
        ),
        rx.el.div(
            rx.el.p(rx.el.b(appeal.what, rx.cond(appeal.person.name != "", f" by {appeal.person.name}", "")), class_name="who"),
            rx.el.p(appeal.quoted, class_name="muted said-words"),
            rx.el.p(rx.el.b("Because: "), appeal.because),
            rx.el.p(rx.el.b("They say: "), "“", appeal.appeal, "”"),
            rx.el.p("Appealed ", local_time(appeal.at, "ago", appeal.at_words), class_name="muted small"),
            rx.el.form(
                rx.el.input(type="hidden", name="ruling_id", value=appeal.id),
                rx.el.input(
                    name="because", aria_label="Why", placeholder="Why: they read this", class_name="input", max_length=limits.REASON_MAX
                ),
                rx.el.select(
                    rx.el.option("Turn down", value="upheld"),
                    rx.el.option("Grant", value="granted"),
                    name="outcome",
                    aria_label="Decision",
                    class_name="select",
                ),
                button("Decide", type="submit"),
                on_submit=ModerationState.decide_appeal,
                class_name="say",
            ),
            class_name="stack tight",
        ),
        key=appeal.id,
    )


def _word(word: Any) -> rx.Component:
    return filter_chip(word, f"Unblock {word}", on_click=ModerationState.unblock(word))
