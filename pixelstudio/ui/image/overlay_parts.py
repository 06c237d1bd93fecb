"""Text or a logo over the picture on /image: the button, and the dialog with its preview."""

from __future__ import annotations

from typing import Any, Final

import reflex as rx

from pixelstudio.core import limits
from pixelstudio.imaging.overlay import PLACES, Overlay
from pixelstudio.ui.components.button import button
from pixelstudio.ui.components.choice import Segment, segments
from pixelstudio.ui.components.dialog import dialog, opens
from pixelstudio.ui.components.field import wrapped
from pixelstudio.ui.components.icon import icon
from pixelstudio.ui.components.notice import notice
from pixelstudio.ui.image.elements import overlay_preview
from pixelstudio.ui.image.image_state import ImageState
from pixelstudio.ui.image.overlay_state import LogoChoice, OverlayState

OVERLAY: Final = "overlay"
_USUAL: Final = Overlay()


def overlay_button() -> rx.Component:
    """Opens the dialog."""
    return button(
        icon("type"),
        "Put text or a logo on it",
        look="quiet",
        extra="sm start",
        on_click=OverlayState.open_overlay,
        custom_attrs=opens(OVERLAY),
    )


def overlay_dialog() -> rx.Component:
    """The preview, what is laid over it and where, and the one button. The picture stays; a new one comes of it."""
    return dialog(
        OVERLAY,
        "Text or a logo",
        rx.el.form(
            _shown(),
            rx.el.div(_what(), _where(), notice(OverlayState), class_name="over-choices"),
            rx.el.div(
                rx.el.p("A new picture comes of it, free of charge. This one stays.", class_name="small muted"),
                button("Make the picture", look="main-act", type="submit"),
                class_name="row wrap answers at-hand",
            ),
            on_submit=OverlayState.lay_over,
            class_name="over-form",
            aria_label="Text or a logo",
            custom_attrs={"autoComplete": "off", "data-kind": "text"},
        ),
        class_name="overlaying",
    )


def _shown() -> rx.Component:
    view: Any = ImageState.picture
    return overlay_preview(
        src=f"/media/{view.id}/1024",
        width=view.width,
        height=view.height,
        laid=OverlayState.laid,
        logos=OverlayState.logos,
        on_brought=OverlayState.take_logo,
    )


def _what() -> rx.Component:
    return rx.el.div(
        segments("What", "kind", (Segment("text", "Text", "type"), Segment("logo", "Logo", "image")), "text"),
        rx.el.div(
            wrapped(
                "Text",
                rx.el.textarea(
                    name="text",
                    rows="2",
                    max_length=limits.OVERLAY_TEXT_MAX,
                    placeholder="What it should say",
                    class_name="input",
                ),
            ),
            rx.el.label(
                rx.el.span("Colour"), rx.el.input(type="color", name="colour", default_value=_USUAL.colour), class_name="over-colour"
            ),
            class_name="over-text",
        ),
        _logos(),
        class_name="stack",
    )


def _logos() -> rx.Component:
    return rx.el.div(
        rx.el.div(rx.foreach(OverlayState.logos, _logo), class_name="over-logos", role="radiogroup", aria_label="Logo"),
        rx.el.label(
            icon("upload"),
            rx.el.span("Bring a logo"),
            rx.el.input(type="file", accept="image/png,image/webp,image/jpeg,image/avif", class_name="sr", aria_label="Bring a logo"),
            class_name="btn line sm",
        ),
        rx.el.p("A PNG with a clear ground fits best; up to 4 MB. Nobody else sees it.", class_name="hint small muted"),
        rx.el.p(role="status", class_name="small", custom_attrs={"data-said": ""}),
        class_name="over-logo stack tight",
    )


def _logo(choice: rx.Var[LogoChoice]) -> rx.Component:
    one: Any = choice
    return rx.el.label(
        rx.el.input(
            type="radio",
            name="logo",
            value=one.id,
            aria_label=one.title,
            default_checked=one.id == OverlayState.chosen,
            class_name="sr",
            custom_attrs={"data-src": one.src},
        ),
        rx.el.img(src=one.small, alt="", loading="lazy", decoding="async"),
        key=one.id,
        title=one.title,
    )


def _where() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.span("Place", aria_hidden=True),
            rx.el.div(*map(_place, PLACES), class_name="over-places", role="radiogroup", aria_label="Place"),
            class_name="field",
        ),
        rx.el.div(
            _slider("Size", "size", limits.OVERLAY_SIZE_MIN, 100, _USUAL.size),
            _slider("Opacity", "opacity", limits.OVERLAY_OPACITY_MIN, 100, _USUAL.opacity),
            _slider("Rotation", "rotation", -180, 180, _USUAL.rotation),
            class_name="stack tight",
        ),
        class_name="over-where",
    )


def _place(place: str) -> rx.Component:
    name = place.replace("-", " ").capitalize()
    return rx.el.label(
        rx.el.input(type="radio", name="place", value=place, aria_label=name, default_checked=place == _USUAL.place, class_name="sr"),
        title=name,
    )


def _slider(label: str, name: str, least: int, most: int, usual: float) -> rx.Component:
    return rx.el.label(
        rx.el.span(label, rx.el.output(custom_attrs={"data-of": name}), class_name="row"),
        rx.el.input(
            type="range",
            name=name,
            aria_label=label,
            default_value=f"{usual:g}",
            custom_attrs={"min": str(least), "max": str(most), "step": "1"},
        ),
        class_name="slider",
    )
