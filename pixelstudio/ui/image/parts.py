"""The parts of /image: the picture on its wall, its label, and what may be done with it."""

from __future__ import annotations

from typing import Any, Final

import reflex as rx

from pixelstudio.ui.components.button import Look, button, link_button
from pixelstudio.ui.components.elements import css
from pixelstudio.ui.components.icon import IconName, icon
from pixelstudio.ui.components.menu import menu
from pixelstudio.ui.components.moment import local_time
from pixelstudio.ui.components.picture import image
from pixelstudio.ui.components.share import share_button
from pixelstudio.ui.create.create_state import CreateState
from pixelstudio.ui.create.varying import VARIATIONS, at_once, varying
from pixelstudio.ui.image.comments import talk
from pixelstudio.ui.image.elements import film, full_screen
from pixelstudio.ui.image.image_state import ImageState
from pixelstudio.ui.image.overlay_parts import overlay_button, overlay_dialog
from pixelstudio.ui.image.post_state import PostState
from pixelstudio.ui.image.recipe import lineage, recipe
from pixelstudio.ui.image.social import collect, dialogs, like, maker, report_button, showing, words
from pixelstudio.ui.keys import BACK, pressed_by

_SIZES: Final = "(max-width: 980px) 100vw, 60vw"


def shown() -> rx.Component:
    """The picture on the left, in its own light; its label and recipe on the right."""
    view: Any = ImageState.picture
    return rx.el.div(
        _lit_wall(),
        rx.el.div(
            _head(),
            rx.cond(ImageState.is_mine, _yours()),
            recipe(),
            lineage(),
            talk(),
            class_name="picture-side",
        ),
        dialogs(),
        rx.cond(ImageState.is_mine, overlay_dialog()),
        key=view.id,
        class_name=rx.cond(ImageState.is_in_trash, "picture-show spill in-trash", "picture-show spill"),
        custom_attrs=css(spill=ImageState.facts.spill),
    )


def loading() -> rx.Component:
    """The page before it knows which picture it shows. No frame hangs yet: its shape is not known, and a wrong one would jump."""
    return rx.el.div(
        rx.el.div(class_name="lit-wall"),
        rx.el.div(
            rx.el.h1("Picture", class_name="sr"),
            rx.el.div(class_name="skel line desk"),
            rx.el.div(class_name="skel line desk"),
            class_name="picture-side",
        ),
        key="coming",
        class_name="picture-show",
        aria_busy="true",
        role="status",
        aria_label="Loading the picture",
    )


def _lit_wall() -> rx.Component:
    """The picture at its whole shape, however the window is; the ways to its neighbours on both sides of it."""
    view: Any = ImageState.picture
    facts: Any = ImageState.facts
    return rx.el.div(
        rx.cond(
            ImageState.is_member,
            link_button(
                icon("arrow-left"),
                href="/library",
                look="glass",
                extra="sq back",
                aria_label="Back to the library",
                custom_attrs=BACK,
            ),
        ),
        rx.el.figure(
            image(view, _SIZES, lazy=False),
            rx.cond(
                facts.film != "",
                film(
                    rx.el.span(icon("play", small=True), "Watch it being drawn", class_name="before"),
                    rx.el.span(icon("image", small=True), "Show the picture", class_name="after"),
                    src=facts.film,
                    class_name="btn glass sm watch",
                ),
            ),
            full_screen(icon("maximize", small=True), class_name="btn glass sm sq fills"),
            class_name="pic",
            custom_attrs=css(ar=view.ratio, background_image=view.blur),
        ),
        _neighbour(ImageState.beside.newer, "Newer picture", "chevron-left", "ArrowLeft", "newer"),
        _neighbour(ImageState.beside.older, "Older picture", "chevron-right", "ArrowRight", "older"),
        class_name="lit-wall",
    )


def _neighbour(image_id: Any, label: str, name: IconName, key: str, side: str) -> rx.Component:
    return rx.cond(
        image_id != "",
        link_button(
            icon(name),
            href=f"/image/{image_id}",
            look="glass",
            extra=f"sq beside {side}",
            aria_label=label,
            custom_attrs={"data-hint": label, **pressed_by(key, label)},
        ),
    )


def _head() -> rx.Component:
    facts: Any = ImageState.facts
    view: Any = ImageState.picture
    return rx.el.header(
        maker(),
        rx.el.div(
            rx.el.h1(rx.cond(PostState.shown.person.handle != "", PostState.shown.title, facts.title)),
            words(),
            rx.el.p("Drawn ", local_time(facts.drawn, "ago", facts.drawn_words), " with ", facts.model, class_name="muted"),
            class_name="stack tight",
        ),
        rx.cond(ImageState.is_in_trash, _in_trash(), _acts(facts, view)),
        class_name="stack",
    )


def _in_trash() -> rx.Component:
    """After it was moved there from this page."""
    return rx.el.div(
        rx.el.p("It lies in the trash for thirty days, then it goes for good. Its link shows nothing until you take it back."),
        rx.el.div(
            button(icon("undo-2"), "Take it back", look="main-act", on_click=ImageState.undo),
            link_button("Library", href="/library", look="quiet"),
            class_name="row wrap",
        ),
        class_name="stack tight",
    )


def _acts(facts: Any, view: Any) -> rx.Component:
    return rx.el.div(
        rx.cond(
            ImageState.is_member,
            rx.cond(
                ImageState.is_mine,
                rx.fragment(_vary(view), _use_recipe(f"/create?from={view.id}", "plain")),
                _use_recipe(f"/create?from={view.id}", "main-act", rx.el.span(" for a remix", class_name="sr")),
            ),
            # What a visitor sees that is not public is what they have drawn as a guest.
            rx.cond(
                ImageState.is_public,
                _use_recipe(facts.join, "main-act"),
                link_button("Create account to keep it", href="/register", look="main-act"),
            ),
        ),
        like(),
        collect(),
        rx.cond(ImageState.is_mine, _favourite()),
        rx.cond(ImageState.is_public, _share(facts)),
        rx.cond(ImageState.is_member | ImageState.is_public, _similar(view)),
        _download(facts, view),
        report_button(),
        class_name="acts-of-picture",
    )


def _vary(view: Any) -> rx.Component:
    """What differs is asked for at once and drawn on /create; what costs something stands in the composer there, beside its price."""
    return menu(
        "vary",
        "Variations",
        *(
            varying(name, does, sign, on_click=[CreateState.vary(view.id, kind), rx.redirect("/create")])
            for kind, name, does, sign in VARIATIONS
        ),
        at_once(),
        face=(icon("wand-sparkles"), "Variations"),
        look="main-act",
    )


def _use_recipe(href: Any, look: Look, *more: rx.Component) -> rx.Component:
    """Takes the recipe up: it fills the composer, where it can be changed before anything is drawn."""
    return link_button(icon("repeat-2"), "Use this recipe", *more, href=href, look=look)


def _favourite() -> rx.Component:
    return button(
        icon("star"),
        "Favourite",
        aria_pressed=rx.cond(ImageState.is_favourite, "true", "false"),
        on_click=ImageState.set_favourite(~ImageState.is_favourite),
        custom_attrs={"data-hint": "A mark that only you see: your library finds it", **pressed_by("l", "Favourite")},
    )


def _share(facts: Any) -> rx.Component:
    return share_button(
        rx.el.span(icon("share-2"), "Share", class_name="before"),
        rx.el.span(icon("check"), "Link copied", class_name="after", role="status"),
        name=facts.title,
        class_name="btn",
    )


def _similar(view: Any) -> rx.Component:
    return link_button(icon("images"), "Find similar", rx.el.span(" pictures", class_name="sr"), href=f"/search?similar={view.id}")


def _download(facts: Any, view: Any) -> rx.Component:
    """A plain link: without `reloadDocument` the router takes the address for a page of its own and finds none. It says that it was pressed,
    for not every browser does.
    """
    return rx.el.a(
        icon("download"),
        rx.el.span("Download", class_name="before"),
        rx.el.span("Downloading", class_name="after", role="status"),
        href=f"/media/{view.id}/original?download=1",
        class_name="btn",
        aria_label="Download",
        download=True,
        custom_attrs={
            "reloadDocument": True,
            "data-downloads": "",
            "data-hint": f"{facts.file}, {facts.size}",
            **pressed_by("d", "Download"),
        },
    )


def _yours() -> rx.Component:
    """What only the owner sees: who may see it, and the way out."""
    return rx.cond(
        ImageState.is_in_trash,
        rx.fragment(),
        rx.el.section(
            showing(),
            overlay_button(),
            button(
                icon("trash-2"),
                "Move to trash",
                look="quiet",
                extra="sm start",
                on_click=ImageState.move_to_trash,
                custom_attrs=pressed_by("Delete", "Move to trash"),
            ),
            aria_label="Yours",
            class_name="yours",
        ),
    )
