"""The results on /create: what was asked for, as sets with their strips of slots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import reflex as rx

from pixelstudio.ui.components.button import button, icon_button, link
from pixelstudio.ui.components.dialog import opens
from pixelstudio.ui.components.elements import css
from pixelstudio.ui.components.icon import icon
from pixelstudio.ui.create.beginnings import nothing_yet, what_next
from pixelstudio.ui.create.create_state import CreateState
from pixelstudio.ui.create.dialogs import LOOK_THROUGH, REVIEW
from pixelstudio.ui.create.picture_menu import PICTURE_MENU, REUSE
from pixelstudio.ui.create.review_state import Review
from pixelstudio.ui.create.steps import Steps
from pixelstudio.ui.create.varying import AT_ONCE, VARIATIONS
from pixelstudio.ui.create.views import SlotCard

FEW: Final = 4
"""Sets: with fewer there is room below them, for somebody who has not seen much yet."""
_SIZES: Final = "(max-width: 760px) 50vw, 25vw"
_SIZES_ALONE: Final = "(max-width: 760px) 100vw, 25vw"


def results() -> rx.Component:
    """Everything that was asked for: what is under way first."""
    return rx.el.section(
        rx.cond(
            CreateState.is_loaded,
            rx.cond(
                CreateState.is_empty,
                nothing_yet(),
                rx.fragment(
                    # one list, so that a set that has ended goes down without being made anew
                    rx.foreach(CreateState.current + CreateState.lately, lambda card, place: _set(card, place, live=True)),
                    rx.foreach(CreateState.earlier, lambda card, place: _set(card, place, live=False)),
                    rx.cond(_are_few(), what_next()),
                ),
            ),
            _loading(),
        ),
        aria_label="Results",
        role="region",
        class_name="results",
    )


def _are_few() -> Any:
    sets: Any = CreateState.current + CreateState.lately + CreateState.earlier
    return sets.length() < FEW


def _loading() -> rx.Component:
    """Before anything is known. Who has never asked for anything, the page was sent to them saying so, begins at once."""
    return rx.fragment(
        rx.el.div(
            rx.el.div(class_name="skel line"),
            rx.el.div(*(rx.el.div(class_name="pic skel") for _ in range(4)), class_name="strip"),
            aria_busy="true",
            aria_label="Loading your pictures",
            class_name="for-known",
        ),
        rx.el.div(nothing_yet(), class_name="for-new"),
    )


def _set(card: Any, place: Any, *, live: bool) -> rx.Component:
    slot = _live_slot if live else _ended_slot
    return rx.el.article(
        rx.el.header(
            rx.el.div(
                rx.el.b(card.title, class_name="clip"), rx.el.span(card.facts, _thrown(card), class_name="facts clip"), class_name="label"
            ),
            _progress(card, place) if live else rx.fragment(),
            rx.cond(card.receipt != "", rx.el.span(icon("coins", small=True), card.receipt, class_name="status muted receipt")),
            _set_acts(card),
            class_name="pagehead",
        ),
        rx.el.div(
            rx.el.div(
                rx.foreach(card.slots, lambda one: slot(one, card)),
                class_name=rx.cond(card.is_bare, "strip bare", "strip"),
                custom_attrs={"data-tall": rx.cond(card.is_tall, "", None), **css(n=card.columns, ar=card.ratio)},
            ),
            class_name="wall",
        ),
        rx.foreach(card.reasons, _reason),
        rx.cond((card.missing != "") & (card.missing_in == ""), _missing(card.id, card.missing, card.missing_price)),
        class_name="set",
        key=card.id,
        custom_attrs={"data-set": card.id, "data-small": rx.cond(card.is_small, "", None), **css(span=card.span)},
    )


def _thrown(card: Any) -> rx.Component:
    """What is not shown, and the way to it."""
    return rx.cond(card.thrown != "", link(card.thrown, href="/library?view=trash", class_name="link"))


def _set_acts(card: Any) -> rx.Component:
    """What can be done with a set. While it is under way the place of what comes then is kept: nothing beside or below it moves."""
    return rx.el.div(
        rx.el.div(
            rx.cond(
                card.may_review,
                button(
                    LOOK_THROUGH,
                    look="quiet",
                    extra="sm",
                    on_click=Review.begin(card.id),
                    custom_attrs={**opens(REVIEW), "data-hint": "One after the other: keep, favourite or trash"},
                ),
            ),
            _reuse(card),
            class_name="row",
            custom_attrs={"style": rx.Var.create({"visibility": rx.cond(card.is_open, "hidden", "visible")})},
        ),
        rx.cond(card.can_cancel, button("Cancel", extra="sm", on_click=CreateState.cancel(card.id))),
        class_name="set-acts",
    )


def _reuse(card: Any) -> rx.Component:
    """Its words in short, the same over every set; without an icon over a single picture and on a phone."""
    return button(
        rx.el.span(icon("repeat-2")),
        rx.el.span(REUSE, class_name="sr"),
        rx.el.span("Use recipe", aria_hidden=True),
        look="quiet",
        extra="sm reuse",
        on_click=CreateState.reuse(card.id),
        custom_attrs={"data-hint": REUSE},
    )


def _reason(sentence: Any) -> rx.Component:
    """Why pictures are missing, in full, where no frame has the room."""
    return rx.el.p(icon("info", small=True), rx.el.span(sentence), class_name="reason")


def _missing(generation_id: Any, words: Any, price: Any) -> rx.Component:
    """Asking for what is missing, with its price. It comes as a set of its own, on top; one of which nothing came goes, for that one."""
    return rx.el.p(
        button(
            icon("rotate-ccw", small=True),
            rx.el.span(words),
            extra="sm",
            aria_description=price,
            on_click=CreateState.draw_missing(generation_id),
            custom_attrs={"data-brings": ""},
        ),
        rx.el.span(price, class_name="muted small"),
        class_name="lacking",
    )


def _progress(card: Any, place: Any) -> rx.Component:
    """How far the set is. The newest one is the page's status; older ones are only written. At its end the frames show it."""
    look = rx.cond(card.is_open, "status muted", "status muted sr")
    return rx.cond(
        place == 0,
        rx.el.span(card.progress, class_name=look, role="status", aria_label="Progress"),
        rx.el.span(card.progress, class_name=look),
    )


def _ended_slot(slot: Any, card: Any) -> rx.Component:
    return rx.cond(
        slot.image != "",
        rx.el.figure(
            rx.el.img(
                src=f"/media/{slot.image}/512",
                src_set=_renditions(slot.image, card.widths),
                sizes=_sizes(card.columns),
                alt=f"{card.alt}{slot.nth}",
                loading="lazy",
                decoding="async",
            ),
            link(href=f"/image/{slot.image}", aria_label=f"{card.alt}{slot.nth}"),
            picture_acts(is_favourite=_is_favourite(slot)),
            class_name="pic",
            key=slot.key,
            custom_attrs={"data-image": slot.image, **css(ar=card.ratio, background_image=slot.blur)},
        ),
        rx.el.figure(_words(slot, _asking(slot, card)), class_name="pic wait", key=slot.key, custom_attrs=css(ar=card.ratio)),
    )


def _asking(slot: Any, card: Any) -> rx.Component:
    """The way to ask for what is missing, in the frame that has it."""
    return rx.cond(card.missing_in == slot.key, _missing(card.id, card.missing, card.missing_price))


def _renditions(image: Any, widths: Any) -> Any:
    """The `srcset` of a picture, put together by the browser: sets are sent again and again, and this is half of a slot."""
    return f"/media/{image}/256 {widths[0]}w, /media/{image}/512 {widths[1]}w, /media/{image}/1024 {widths[2]}w"


def _sizes(columns: Any) -> Any:
    """How wide a picture is: on a phone one that is alone takes all of it."""
    return rx.cond(columns == "1", _SIZES_ALONE, _SIZES)


def _is_favourite(slot: Any) -> Any:
    favourites: Any = CreateState.favourites
    return rx.cond(favourites[slot.image], True, False)  # both arms of a cond


@rx.memo
def picture_acts(is_favourite: rx.Var[bool]) -> rx.Component:
    """What can be done with a picture. The row is for a mouse; the menu, which holds the same and more, for everybody.

    Which picture it is, the figure around it says (`data-image`): sixty pictures bind no handler.
    """

    def vary(word: str, act: str, hint: str) -> rx.Component:
        return button(word, look="glass", extra="sm", custom_attrs={"data-act": act, "data-hint": hint, "tabIndex": -1})

    return rx.fragment(
        rx.cond(is_favourite, rx.el.span(icon("star", small=True), class_name="fond", role="img", aria_label="Favourite")),
        rx.el.div(
            icon_button(
                "ellipsis",
                "Variations and more",
                look="glass",
                extra="sm sq",
                custom_attrs={"popovertarget": PICTURE_MENU, "aria-haspopup": "menu"},
            ),
            class_name="acts",
        ),
        rx.el.div(
            *(vary(name, kind, f"{words} {AT_ONCE}") for kind, name, words, _ in VARIATIONS),
            class_name="acts low",
            role="group",
            aria_label="Variations",
        ),
    )


@rx.memo
def live_slot(
    slot: rx.Var[SlotCard],
    alt: rx.Var[str],
    ratio: rx.Var[str],
    widths: rx.Var[list[int]],
    columns: rx.Var[str],
    generation_id: rx.Var[str],
    missing: rx.Var[str],
    missing_price: rx.Var[str],
) -> rx.Component:
    """A slot from waiting to picture. One `img` serves previews and picture, so the last preview stays until the picture is there."""
    step: Any = Steps.now[slot.key]  # pyright: ignore[reportAttributeAccessIssue]  # a var has its view's fields
    asking = rx.cond(missing != "", _missing(generation_id, missing, missing_price))
    return _developing(slot, step, _Hung(alt, ratio, widths, columns, asking))


def _live_slot(slot: Any, card: Any) -> rx.Component:
    return rx.fragment(
        live_slot(
            slot=slot,
            alt=f"{card.alt}{slot.nth}",
            ratio=card.ratio,
            widths=card.widths,
            columns=card.columns,
            generation_id=card.id,
            missing=rx.cond(card.missing_in == slot.key, card.missing, ""),
            missing_price=card.missing_price,
        ),
        key=slot.key,
    )


@dataclass(frozen=True, slots=True)
class _Hung:
    """What the pictures of a set share, and the way to ask for those that are missing, in the frame that has it."""

    alt: Any
    ratio: Any
    widths: Any
    columns: Any
    asking: rx.Component


def _developing(slot: Any, step: Any, shared: _Hung) -> rx.Component:
    is_drawing, is_there = slot.state == "drawing", slot.image != ""
    is_shown = rx.cond(is_there, True, is_drawing & rx.cond(step, step.preview != "", False))  # both arms of a cond
    return rx.el.figure(
        rx.cond(
            is_shown,
            rx.el.img(
                src=rx.cond(is_there, f"/media/{slot.image}/512", step.preview),
                src_set=rx.cond(is_there, _renditions(slot.image, shared.widths), ""),
                sizes=_sizes(shared.columns),
                alt=rx.cond(is_there, shared.alt, ""),
                decoding="async",
            ),
        ),
        rx.cond(
            is_there,
            rx.fragment(link(href=f"/image/{slot.image}", aria_label=shared.alt), picture_acts(is_favourite=_is_favourite(slot))),
            rx.cond(is_drawing, _state(slot, step), _words(slot, shared.asking)),
        ),
        class_name=rx.cond(is_there, "pic", rx.cond(is_drawing, "pic dev", "pic wait")),
        custom_attrs={
            "style": rx.Var.create(
                {
                    "--ar": shared.ratio,
                    "--haze": rx.cond(is_there, "0px", rx.cond(step, step.haze, "0px")),
                    "backgroundImage": rx.cond(slot.blur != "", slot.blur, "none"),
                }
            ),
            "data-state": slot.state,
            "data-image": rx.cond(is_there, slot.image, None),
        },
    )


def _state(slot: Any, step: Any) -> rx.Component:
    """True steps, and a line of light. After the last one the picture is still made ready."""
    is_stepping = rx.cond(step, step.step < step.steps, True)  # both arms of a cond
    return rx.fragment(
        rx.el.figcaption(
            rx.el.span(rx.cond(slot.words, slot.words, rx.cond(is_stepping, slot.title, "Finishing"))),
            rx.el.span(rx.cond(step & is_stepping, f"step {step.step} of {step.steps}", ""), class_name="mono"),
            class_name="state",
        ),
        rx.el.progress(value=rx.cond(step, step.step, 0), max=rx.cond(step, step.steps, 1), aria_label="Steps drawn"),
    )


def _words(slot: Any, asking: rx.Component) -> rx.Component:
    return rx.el.figcaption(rx.el.b(slot.title), rx.el.span(slot.words, class_name="tiny"), asking)
