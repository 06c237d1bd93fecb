"""The parts of /settings that its sections share: the head with its way to each, a section, a field with its fault, an initial."""

from __future__ import annotations

from typing import Any, Final

import reflex as rx

from pixelstudio.ui.components.field import labelled
from pixelstudio.ui.components.icon import icon
from pixelstudio.ui.failures import SETTINGS_FAILURES
from pixelstudio.ui.settings.settings_state import SettingsState

PLACES: Final = (
    ("profile", "Profile"),
    ("composer", "Create"),
    ("light", "Light"),
    ("credits", "Credits"),
    ("seen", "What you see"),
    ("decisions", "Decisions"),
    ("devices", "Devices"),
    ("keys", "API keys"),
    ("password", "Password"),
    ("data", "Your data"),
    ("delete", "Delete account"),
)


def head() -> rx.Component:
    """What this is, and the way to each section."""
    return rx.el.header(
        rx.el.h1("Settings"),
        rx.el.nav(
            *(rx.el.a(word, href=f"#{name}", class_name="chip") for name, word in PLACES),
            class_name="chips scroll-x",
            aria_label="Settings",
        ),
        class_name="settings-head",
    )


def section(name: str, title: str, words: Any, *content: Any) -> rx.Component:
    """One section: what it is about on one side, what is done about it on the other."""
    return rx.el.section(
        rx.el.div(rx.el.h2(title, id=f"{name}-title"), rx.el.p(words, class_name="small muted"), class_name="stack tight about"),
        rx.el.div(*content, class_name="stack doing"),
        id=name,
        class_name="setting",
        aria_labelledby=f"{name}-title",
        custom_attrs={"tabIndex": -1},
    )


def fault_of(name: str) -> Any:
    """What is wrong with a field, or ""."""
    return rx.cond(SettingsState.fault_field == name, SettingsState.fault_sentence, "")


def text_field(label: str, name: str, hint: Any = "", **props: Any) -> rx.Component:
    """A text field whose fault the state tells."""
    return labelled(label, name, hint, rx.el.input(name=name, id=name, class_name="input", **_about(name, props)), fault_of(name))


def text_area(label: str, name: str, hint: Any = "", **props: Any) -> rx.Component:
    """Several lines whose fault the state tells."""
    return labelled(label, name, hint, rx.el.textarea(name=name, id=name, class_name="input", **_about(name, props)), fault_of(name))


def choice(label: str, name: str, *options: Any, hint: Any = "", **props: Any) -> rx.Component:
    """One of a list, whose fault the state tells."""
    return labelled(
        label, name, hint, rx.el.select(*options, name=name, id=name, class_name="select", **_about(name, props)), fault_of(name)
    )


def avatar(*, is_large: bool = False) -> rx.Component:
    """The picture beside one's name, or the initial."""
    profile: Any = SettingsState.profile
    return rx.el.span(
        rx.cond(profile.avatar, rx.el.img(src=profile.avatar, alt="Your picture"), profile.initial),
        class_name="avatar large" if is_large else "avatar",
    )


def returned() -> rx.Component:
    """Every reason for which a plain post may come back here; forms.js and the fragment of the address show the right one."""
    return rx.el.div(
        *(
            rx.el.div(icon("circle-x"), rx.el.div(rx.el.p(sentence)), id=f"error-{code}", class_name="note bad returned", role="alert")
            for code, sentence in SETTINGS_FAILURES.items()
        ),
        class_name="returns",
    )


def _about(name: str, props: dict[str, Any]) -> dict[str, Any]:
    told = {"aria-describedby": f"{name}-fault {name}-hint", **props.get("custom_attrs", {})}
    return {**props, "aria_invalid": rx.cond(SettingsState.fault_field == name, "true", "false"), "custom_attrs": told}
