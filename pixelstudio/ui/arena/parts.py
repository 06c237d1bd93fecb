"""The parts of /arena: what to compare, the rounds, and how the models did."""

from __future__ import annotations

from typing import Any, Final

import reflex as rx

from pixelstudio.core import limits
from pixelstudio.ui.arena.arena_state import KINDS, NONE, ArenaState
from pixelstudio.ui.arena.views import CellCard, RoundCard, WinsLine
from pixelstudio.ui.components.button import button, link
from pixelstudio.ui.components.choice import Segment, chip, chips, segments
from pixelstudio.ui.components.elements import css
from pixelstudio.ui.components.field import wrapped
from pixelstudio.ui.components.icon import icon
from pixelstudio.ui.components.notice import empty
from pixelstudio.ui.components.picture import image, page_of

_SIZES: Final = "(max-width: 760px) 50vw, 300px"
_EXAMPLES: Final = {
    "words": "red, blue, green: the first stands in the prompt",
    "seed": "1, 2, 3",
    "model": "sketch-paper, sketch-silk",
    "style": "none, dusk, misty",
    "size": "1024x1024, 1280x1024",
}


def _var(lines: Any) -> Any:
    """What a state holds as the var it is in a page."""
    return lines


def asking() -> rx.Component:
    """The form. Every change of it is answered with the price."""
    return rx.el.form(
        segments(
            "What to compare",
            "mode",
            (Segment("models", "Models", "blend"), Segment("grid", "Grid", "grid-2x2")),
            ArenaState.mode,
            on_change=ArenaState.choose_mode,
        ),
        rx.el.textarea(
            name="prompt",
            aria_label="Prompt",
            placeholder="What should all of them draw?",
            rows="2",
            max_length=limits.PROMPT_MAX,
            default_value=ArenaState.prompt,
            key=ArenaState.prompt,
            class_name="input",
        ),
        rx.cond(
            ArenaState.mode == "models",
            chips("Models", rx.foreach(ArenaState.models, _model)),
            _axes(),
        ),
        rx.el.div(
            wrapped("Size", _select("size", rx.foreach(ArenaState.sizes, _option))),
            wrapped("Seed", _input("seed", placeholder="The same for all", input_mode="numeric", max_length=10)),
            class_name="brief-fields",
        ),
        rx.el.div(
            rx.el.span(rx.cond(ArenaState.price != "", ArenaState.price, ArenaState.hint), class_name="price", aria_live="polite"),
            button("Compare", look="main-act", type="submit", disabled=ArenaState.price == ""),
            class_name="row wrap act",
        ),
        on_submit=ArenaState.compare,
        class_name="stack arena-form",
        aria_label="What to compare",
        custom_attrs={"autoComplete": "off", "data-reckons": ""},
    )


def _model(one: Any) -> rx.Component:
    return chip(one.words, is_pressed=_var(ArenaState.chosen).contains(one.value), on_click=ArenaState.toggle_model(one.value))


def _axes() -> rx.Component:
    return rx.el.div(
        wrapped("Drawn by", _select("model", rx.foreach(ArenaState.models, _option))),
        _axis("Across", "across", "seed", "1, 2, 3"),
        _axis("Down", "down", NONE, ""),
        rx.el.dl(
            *(part for kind, word in KINDS for part in (rx.el.dt(word), rx.el.dd(_EXAMPLES[kind]))),
            class_name="facts-list examples",
            aria_label="What the values look like",
        ),
        class_name="stack axes",
    )


def _axis(label: str, name: str, first: str, values: str) -> rx.Component:
    nothing = (rx.el.option("Nothing", value=NONE),) if name == "down" else ()
    kinds = (rx.el.option(word, value=kind) for kind, word in KINDS)
    return rx.el.div(
        wrapped(label, _select(name, *nothing, *kinds, default_value=first)),
        wrapped(
            "Values",
            _input(f"{name}_values", default_value=values, placeholder="separated by commas", aria_label=f"Values, {label.lower()}"),
        ),
        class_name="axis",
    )


def _select(name: str, *options: Any, **props: Any) -> rx.Component:
    return rx.el.select(*options, name=name, class_name="select", **props)


def _input(name: str, **props: Any) -> rx.Component:
    return rx.el.input(name=name, class_name="input", **props)


def _option(one: Any) -> rx.Component:
    return rx.el.option(one.words, value=one.value)


def rounds() -> rx.Component:
    """The newest comparisons, and how the models did under the first of them: there a vote is seen to count."""
    return rx.cond(
        _var(ArenaState.rounds).length() > 0,
        rx.el.div(
            rx.foreach(
                ArenaState.rounds, lambda card, place: rx.fragment(_round(card), rx.cond(place == 0, _standings()), key=_var(card).id)
            ),
            class_name="stack rounds",
        ),
        empty(
            "Nothing compared yet",
            "Type a prompt and choose two to four models: they draw it side by side, and you say who does best.",
            name="blend",
        ),
    )


def _round(card: rx.Var[RoundCard]) -> rx.Component:
    one: Any = card
    return rx.el.section(
        rx.el.header(
            rx.el.h2(one.prompt, class_name="clip"),
            rx.cond(
                one.said != "",
                rx.el.span(
                    icon("star", small=True),
                    one.said,
                    rx.cond((ArenaState.voted == one.id) & (one.won != ""), f", {one.won}", ""),
                    class_name="best",
                ),
            ),
            class_name="round-head",
        ),
        rx.el.ul(
            rx.foreach(one.cells, lambda cell: _cell(one.id, cell)),
            class_name=rx.cond(one.is_grid, "cells grid", "cells"),
            custom_attrs=css(columns=one.columns.length()),
        ),
        class_name="round",
        aria_busy=rx.cond(one.is_open, "true", "false"),
    )


def _cell(round_id: Any, cell: rx.Var[CellCard]) -> rx.Component:
    one: Any = cell
    return rx.el.li(
        rx.el.figure(
            rx.cond(
                one.picture,
                rx.fragment(image(one.picture, _SIZES), link(href=page_of(one.picture), aria_label=f"{one.label}: open the picture")),
                rx.cond(one.preview != "", rx.el.img(src=one.preview, alt="")),
            ),
            class_name=rx.cond(one.is_best, "pic best-pic", "pic"),
            custom_attrs=css(ar=one.ratio),
        ),
        rx.el.div(
            rx.el.b(one.label, class_name="clip"),
            rx.cond(
                one.may_be_voted,
                button(
                    icon("star", small=True),
                    "Vote",
                    look="quiet",
                    extra="sm push",
                    aria_label=f"Vote for {one.label}",
                    aria_pressed=rx.cond(one.is_best, "true", "false"),
                    on_click=ArenaState.vote(round_id, one.place),
                ),
            ),
            class_name="row",
        ),
        rx.cond(one.words != "", rx.el.p(one.words, class_name="small muted", role="status")),
        key=one.label,
    )


def _standings() -> rx.Component:
    """How the models did in one's own votes."""
    return rx.cond(
        _var(ArenaState.wins).length() > 0,
        rx.el.section(
            rx.el.h2("Your votes", id="votes-title"),
            rx.el.ol(rx.foreach(ArenaState.wins, _wins), class_name="wins"),
            class_name="standings",
            aria_labelledby="votes-title",
        ),
    )


def _wins(line: rx.Var[WinsLine]) -> rx.Component:
    one: Any = line
    return rx.el.li(
        rx.el.b(one.title),
        rx.el.span(one.words, class_name="facts"),
        rx.el.i(class_name="meter", custom_attrs=css(part=one.percent)),
        key=one.title,
    )
