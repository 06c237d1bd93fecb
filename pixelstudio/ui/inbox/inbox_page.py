"""/inbox: what happened that one may want to know, and what one wants to be told of."""

from __future__ import annotations

from typing import Any, Final

import reflex as rx

from pixelstudio.ui.components.button import button, link, link_button
from pixelstudio.ui.components.choice import Segment, segments, toggle
from pixelstudio.ui.components.dialog import opens, sheet
from pixelstudio.ui.components.elements import pager
from pixelstudio.ui.components.icon import icon
from pixelstudio.ui.components.moment import local_time
from pixelstudio.ui.components.notice import empty, loading, skeleton_rows
from pixelstudio.ui.inbox.inbox_state import InboxState
from pixelstudio.ui.people import avatar
from pixelstudio.ui.shell import studio_page

CHOICES: Final = "told-of"
_DIGESTS: Final = (Segment("never", "Never"), Segment("daily", "Daily"), Segment("weekly", "Weekly"))


def inbox_page() -> rx.Component:
    """The page."""
    lines: Any = InboxState.lines
    has_more: Any = InboxState.has_more
    return studio_page(
        rx.el.header(
            rx.el.h1("Inbox"),
            rx.el.div(
                rx.cond(
                    lines.length() > 0,
                    button(icon("check-check"), "Mark all read", look="quiet", on_click=InboxState.read_everything),
                ),
                button(icon("settings-2"), "Settings", look="quiet", custom_attrs=opens(CHOICES)),
                class_name="row push",
            ),
            class_name="pagehead",
        ),
        rx.cond(
            InboxState.is_loaded,
            rx.cond(
                lines.length() > 0,
                rx.el.ol(rx.foreach(lines, _line), class_name="inbox", aria_label="Notifications"),
                empty(
                    "Nothing yet",
                    "Likes, comments, mentions and new followers are told here.",
                    link_button("Explore", href="/explore"),
                    name="inbox",
                ),
            ),
            loading("Loading your inbox", *skeleton_rows(5)),
        ),
        pager(has_more, InboxState.load_more, lines.length()),
        sheet(CHOICES, "Tell me of", rx.el.div(rx.foreach(InboxState.choices, _choice), class_name="stack tight"), _digest()),
        state=InboxState,
        here="/inbox",
    )


def _digest() -> rx.Component:
    """Whether what came is sent by mail too; said only where the studio sends any."""
    return rx.cond(
        InboxState.has_mail,
        rx.el.fieldset(
            rx.el.legend("By mail"),
            segments(
                "By mail",
                "digest",
                _DIGESTS,
                rx.cond(InboxState.digest == "", "never", InboxState.digest),
                on_change=InboxState.send_digest,
            ),
            rx.el.span("What you have not read, in one letter. Each has a link that ends them.", class_name="hint small muted"),
            class_name="field",
        ),
    )


def _line(line: Any) -> rx.Component:
    return rx.el.li(
        rx.cond(
            line.person.handle != "", avatar(line.person, "avatar lg"), rx.el.span(icon("info"), class_name="avatar lg", aria_hidden=True)
        ),
        rx.el.div(
            rx.el.p(
                rx.cond(line.person.handle != "", rx.el.b(line.person.name, " ")),
                line.said,
                rx.cond(line.title != "", rx.fragment(" ", rx.el.i(line.title))),
            ),
            rx.cond(line.words != "", rx.el.p(line.words, class_name="muted quoted-words")),
            rx.el.p(local_time(line.at, "ago", line.at_words), class_name="muted small"),
            class_name="stack",
        ),
        rx.cond(
            line.image_id != "",
            rx.el.img(src=f"/media/{line.image_id}/256", alt="", loading="lazy", decoding="async"),
        ),
        link(
            href=line.href,
            aria_label=f"{line.person.name} {line.said} {line.title}",
            class_name="over-all",
            custom_attrs={"data-walks": ""},
        ),
        rx.cond(line.is_unread, rx.el.span(rx.el.span("New", class_name="sr"), class_name="new")),
        key=line.id,
        class_name=rx.cond(line.is_unread, "unread", ""),
    )


def _choice(choice: Any) -> rx.Component:
    return toggle(choice.words, key=choice.kind, checked=choice.is_wanted, on_change=lambda wanted: InboxState.want(choice.kind, wanted))
