"""The sections of /settings, in their order."""

from __future__ import annotations

from typing import Any, Final

import reflex as rx

from pixelstudio.core import limits
from pixelstudio.ui.components.button import button
from pixelstudio.ui.components.choice import Segment, segments
from pixelstudio.ui.components.dialog import CLOSES, opens, question
from pixelstudio.ui.components.elements import pager, post_form
from pixelstudio.ui.components.field import field, new_password, outcome, password
from pixelstudio.ui.components.icon import icon
from pixelstudio.ui.settings.decisions_section import decisions
from pixelstudio.ui.settings.keys_section import keys
from pixelstudio.ui.settings.parts import avatar, choice, section, text_area, text_field
from pixelstudio.ui.settings.people_section import seen
from pixelstudio.ui.settings.settings_state import SettingsState
from pixelstudio.ui.shell import theme_choice

OTHERS: Final = "sign-out-others"


def profile() -> rx.Component:
    """Name, handle, lines, picture."""
    said: Any = SettingsState.profile
    return section(
        "profile",
        "Profile",
        "What others see beside what you show. Your email is never shown.",
        _picture(),
        rx.el.form(
            text_field("Name", "display_name", default_value=said.display_name, max_length=limits.DISPLAY_NAME_MAX, auto_complete="name"),
            text_field(
                "Handle",
                "handle",
                rx.cond(
                    said.handle_rests,
                    said.handle_rests,
                    f"{limits.HANDLE_MIN} to {limits.HANDLE_MAX} letters, digits or underscores. After a change it stays for "
                    f"{limits.HANDLE_REST_DAYS} days, and nobody else gets the old one meanwhile.",
                ),
                default_value=said.handle,
                read_only=said.handle_rests != "",
                auto_complete="username",
                auto_capitalize="none",
                spell_check=False,
            ),
            text_area("About you", "bio", "A few words, if you like.", default_value=said.bio, max_length=limits.BIO_MAX, rows="3"),
            rx.el.div(button("Save profile", look="main-act", type="submit"), class_name="row"),
            on_submit=SettingsState.save_profile,
            key=said.key,
            class_name="stack",
            aria_label="Profile",
        ),
        rx.el.p(said.email, " · ", said.since, class_name="small muted clip"),
    )


def _picture() -> rx.Component:
    said: Any = SettingsState.profile
    return post_form(
        avatar(is_large=True),
        rx.el.div(
            rx.el.div(
                rx.el.label(
                    icon("upload", small=True),
                    rx.cond(said.avatar, "Change picture", "Choose a picture"),
                    rx.el.input(
                        type="file",
                        name="picture",
                        accept="image/png,image/jpeg,image/webp,image/avif",
                        class_name="sr",
                        custom_attrs={"data-sends": "", "aria-describedby": "picture-fault"},
                    ),
                    class_name="btn file",
                ),
                rx.cond(said.avatar, button("Remove", look="quiet", on_click=SettingsState.take_avatar_away)),
                class_name="row wrap",
            ),
            rx.el.p("PNG, JPEG, WebP or AVIF, up to 8 MB. It is shown in a circle.", class_name="hint small muted"),
            rx.el.span(class_name="hint is-bad", id="picture-fault", role="alert", custom_attrs={"data-fault": "picture"}),
            class_name="stack tight",
        ),
        action="/api/avatar",
        method="post",
        enc_type="multipart/form-data",
        class_name="avatar-form",
        custom_attrs={"data-post": "", "data-max-bytes": str(limits.AVATAR_MAX_BYTES)},
        aria_label="Your picture",
    )


def composer() -> rx.Component:
    """What the composer begins with."""
    chosen: Any = SettingsState.defaults
    return section(
        "composer",
        "Create",
        "What it begins with when nothing else says so.",
        rx.el.form(
            choice(
                "Model",
                "model",
                rx.el.option("As you left it last", value=""),
                rx.foreach(SettingsState.models, _option),
                default_value=chosen.model,
                on_change=SettingsState.choose_model,
            ),
            choice(
                "Size",
                "size",
                rx.el.option("As the model has it", value=""),
                rx.foreach(chosen.sizes, _option),
                hint=rx.cond(chosen.model, "", "Choose a model first: each has its own sizes."),
                default_value=chosen.size,
                disabled=chosen.model == "",
                key=chosen.model,
            ),
            text_field(
                "Images",
                "images",
                type="number",
                input_mode="numeric",
                placeholder="4",
                default_value=chosen.images,
                custom_attrs={"min": "1", "max": chosen.max_images},
            ),
            rx.el.fieldset(
                rx.el.legend("New pictures are"),
                segments(
                    "New pictures are",
                    "visibility",
                    (Segment("private", "Only me", "lock"), Segment("public", "By link", "link")),
                    chosen.visibility,
                ),
                rx.el.span(
                    "Only me: nobody else sees them. By link: whoever has a picture's address. Publishing them is another step.",
                    class_name="hint small muted",
                ),
                class_name="field",
            ),
            rx.el.div(button("Save defaults", look="line", type="submit"), class_name="row"),
            on_submit=SettingsState.save_defaults,
            key=chosen.key,
            class_name="stack",
            aria_label="What Create begins with",
        ),
    )


def _option(option: Any) -> rx.Component:
    return rx.el.option(option.words, value=option.value)


def light() -> rx.Component:
    """Night, day, or as the machine has it."""
    return section("light", "Light", "The same room by night and by day. It is remembered on this device.", theme_choice())


def credits_() -> rx.Component:
    """What there is, and how it came and went."""
    lines: Any = SettingsState.lines
    has_more: Any = SettingsState.has_more
    return section(
        "credits",
        "Credits",
        f"{limits.SIGN_UP_CREDITS} to begin with, {limits.DAILY_CREDITS} more for each day you visit. Sketches are free; what an AI model costs"
        " stands beside Generate.",
        rx.el.p(SettingsState.balance, class_name="sum"),
        rx.el.table(
            rx.el.caption("Every entry, newest first", class_name="sr"),
            rx.el.thead(
                rx.el.tr(
                    *(
                        rx.el.th(word, scope="col", class_name=name)
                        for word, name in (("What", ""), ("Change", "number"), ("Left", "number"), ("Set aside", "number"))
                    )
                )
            ),
            rx.el.tbody(rx.foreach(lines, _line)),
            class_name="statement",
        ),
        pager(has_more, SettingsState.load_more, lines.length(), "Earlier entries"),
    )


def _line(line: Any) -> rx.Component:
    return rx.el.tr(
        rx.el.td(rx.el.span(line.what), rx.el.span(line.when, class_name="tiny muted")),
        rx.el.td(line.change, class_name=rx.cond(line.is_gain, "number mono is-good", "number mono")),
        rx.el.td(line.left, class_name="number mono"),
        rx.el.td(line.aside, class_name="number mono muted"),
    )


def devices() -> rx.Component:
    """Where the account is open."""
    return section(
        "devices",
        "Devices",
        "Where you are signed in. Signing a device out closes its open pages at once.",
        rx.el.ul(rx.foreach(SettingsState.devices, _device), class_name="devices"),
        rx.cond(
            SettingsState.has_others,
            rx.el.div(button("Sign out all others", look="line", custom_attrs=opens(OTHERS)), class_name="row"),
        ),
        question(
            OTHERS,
            "Sign out all other devices?",
            "Only this one stays signed in. Drawings under way go on.",
            button("Sign out all others", look="main-act", on_click=SettingsState.sign_out_others, custom_attrs=CLOSES),
            keep="Cancel",
        ),
    )


def _device(device: Any) -> rx.Component:
    return rx.el.li(
        rx.cond(device.is_in_hand, icon("smartphone"), icon("laptop")),
        rx.el.div(
            rx.el.b(device.name, rx.cond(device.is_this, rx.el.span("This device", class_name="this"))),
            rx.el.span(device.words, class_name="facts"),
            class_name="label",
        ),
        rx.cond(
            device.is_this,
            rx.fragment(),
            button("Sign out", extra="sm", aria_label=f"Sign out {device.name}", on_click=SettingsState.sign_out(device.id)),
        ),
        key=device.id,
    )


def password_() -> rx.Component:
    """The password; changing it signs every other device out."""
    return section(
        "password",
        "Password",
        "A new password signs every other device out.",
        post_form(
            # Password keepers file the new one under this name.
            rx.el.input(
                type="email",
                name="email",
                value=SettingsState.profile.email,
                auto_complete="username",
                read_only=True,
                class_name="sr",
                aria_hidden="true",
                custom_attrs={"tabIndex": -1},
            ),
            password("Password now", "current_password"),
            new_password("New password", "new_password"),
            *outcome(),
            rx.el.div(button("Change password", look="line", type="submit"), class_name="row"),
            action="/auth/password",
            method="post",
            no_validate=True,
            class_name="stack",
            custom_attrs={"data-post": "stay"},
            aria_label="Change password",
        ),
    )


def data() -> rx.Component:
    """Everything as a file."""
    return section(
        "data",
        "Your data",
        "Everything kept of you: account, credits, prompts, recipes and the pictures as they were made.",
        post_form(
            rx.el.div(button(icon("download", small=True), "Export my data", look="line", type="submit"), class_name="row"),
            rx.el.span("One zip file. With many pictures it takes a while to arrive.", class_name="hint small muted"),
            action="/api/export",
            method="post",
            class_name="stack tight",
            aria_label="Export my data",
        ),
    )


def deletion() -> rx.Component:
    """The end."""
    said: Any = SettingsState.profile
    return section(
        "delete",
        "Delete account",
        "Your pictures, prompts, profile and sign-ins go at once and cannot be brought back; the files follow within two hours. "
        "What stays is a list of credits that leads to nobody.",
        post_form(
            password("Password", "typed_password"),
            field("Your handle", "typed_handle", auto_complete="off", auto_capitalize="none", spell_check=False, required=True),
            rx.el.p("Type ", rx.el.b(said.handle), " to say that you mean it.", class_name="hint small muted"),
            *outcome(),
            rx.el.div(button(icon("trash-2", small=True), "Delete account", look="bad", type="submit"), class_name="row"),
            action="/auth/erase",
            method="post",
            no_validate=True,
            class_name="stack",
            custom_attrs={"data-post": ""},
            aria_label="Delete account",
        ),
    )


SECTIONS: Final = (profile, composer, light, credits_, seen, decisions, devices, keys, password_, data, deletion)
