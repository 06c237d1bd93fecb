"""The section of /settings about what one comes across: pictures of which rating, and people who are muted or blocked."""

from __future__ import annotations

from typing import Any, Final

import reflex as rx

from pixelstudio.ui.components.button import button, link
from pixelstudio.ui.components.choice import Segment, segments
from pixelstudio.ui.people import avatar
from pixelstudio.ui.settings.parts import section
from pixelstudio.ui.settings.people_state import HiddenPeople, HiddenPerson

_RATINGS: Final = (Segment("general", "General"), Segment("sensitive", "Sensitive too"), Segment("mature", "All"))


def seen() -> rx.Component:
    """How far one goes, and everybody who is muted or blocked, each with the way back."""
    shown: Any = HiddenPeople.people
    return section(
        "seen",
        "What you see",
        "Of somebody you mute you see nothing, and they never learn of it. Somebody you block sees nothing of you either.",
        rx.el.fieldset(
            rx.el.legend("Pictures you come across"),
            segments("Pictures you come across", "sees", _RATINGS, HiddenPeople.sees, on_change=HiddenPeople.go_up_to),
            rx.el.span("Marked by whoever made them, or by a maintainer. Your own always show.", class_name="hint small muted"),
            class_name="field",
        ),
        rx.el.h3("Muted and blocked"),
        rx.cond(
            shown.length() > 0,
            rx.el.ul(rx.foreach(shown, _person), class_name="devices"),
            rx.el.p("Nobody. On the page of a person, More has Mute and Block.", class_name="small muted"),
        ),
    )


def _person(line: rx.Var[HiddenPerson]) -> rx.Component:
    one: Any = line
    turned: Any = ~one.is_hidden
    is_muted: Any = one.how == "muted"
    word = rx.cond(is_muted, rx.cond(one.is_hidden, "Unmute", "Mute again"), rx.cond(one.is_hidden, "Unblock", "Block again"))
    said = rx.cond(one.is_hidden, rx.cond(is_muted, "Muted", "Blocked"), rx.cond(is_muted, "No longer muted", "No longer blocked"))
    return rx.el.li(
        avatar(one.person),
        rx.el.div(
            link(rx.el.b(one.person.name), href=f"/u/{one.person.handle}"),
            rx.el.span("@", one.person.handle, ", ", said, class_name="facts"),
            class_name="label",
        ),
        rx.cond(
            is_muted,
            button(word, extra="sm", aria_label=f"{word} {one.person.name}", on_click=HiddenPeople.mute(one.person.handle, turned)),
            button(word, extra="sm", aria_label=f"{word} {one.person.name}", on_click=HiddenPeople.block(one.person.handle, turned)),
        ),
        key=f"{one.how}{one.person.id}",
    )
