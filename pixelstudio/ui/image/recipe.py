"""The recipe of a picture as facts to be copied, and the strips of pictures that lead on from it."""

from __future__ import annotations

from typing import Any, Final

import reflex as rx

from pixelstudio.ui.components.button import copy_button, link
from pixelstudio.ui.components.elements import css
from pixelstudio.ui.image.image_state import ImageState
from pixelstudio.ui.prompts.remix_parts import beginning, change, changed_settings

_CHANGED: Final = "What changed"
_FAMILY: Final = "Variations and remixes"


def recipe() -> rx.Component:
    """What the picture was made from. The prompt, the seed or all of it goes to the clipboard as text."""
    facts: Any = ImageState.facts
    return rx.el.section(
        rx.el.div(rx.el.h2("Recipe"), copy_button("recipe-text", "Copy all", "Copied", extra="push"), class_name="row"),
        rx.el.div(
            rx.el.p(facts.prompt, id="recipe-prompt", class_name="words"),
            copy_button("recipe-prompt", "Copy prompt", "Copied"),
            class_name="quoted",
        ),
        rx.el.dl(
            _fact("Without", facts.without),
            _fact("Model", facts.model),
            _fact("Made by", facts.maker),
            rx.cond(facts.seed, rx.fragment(rx.el.dt("Seed"), _seed(facts.seed))),
            _fact("Steps", facts.steps, "mono"),
            _fact("Guidance", facts.guidance, "mono"),
            rx.cond(facts.went_by, rx.fragment(rx.el.dt("Went by"), _went_by(facts.went_by))),
            _fact("Strength", facts.strength, "mono"),
            _fact("Size", facts.size, "mono"),
            _fact("Over it", facts.over),
            _fact("File", facts.file),
            class_name="facts-list",
        ),
        rx.el.p(facts.recipe, id="recipe-text", hidden=True),
        aria_label="Recipe",
        role="region",
        class_name="recipe",
    )


def _seed(seed: Any) -> rx.Component:
    return rx.el.dd(
        rx.el.span(seed, id="recipe-seed", class_name="mono"), copy_button("recipe-seed", "Copy seed", "Copied"), class_name="row"
    )


def _went_by(image_id: Any) -> rx.Component:
    """The picture it began from, small, and the way there."""
    seen = rx.el.img(src=f"/media/{image_id}/256", alt="", loading="lazy", decoding="async", custom_attrs={"width": "32", "height": "32"})
    return rx.el.dd(link(seen, "A picture", href=f"/image/{image_id}", class_name="row went-by"))


def lineage() -> rx.Component:
    """What it was made from and what was made from it, as a tree; of one's own also the same set, and what else came of the same prompt."""
    beside: Any = ImageState.beside
    return rx.fragment(
        rx.cond(beside.remix.parts.length() + beside.remix.settings.length() > 0, _remix(beside.remix)),
        rx.cond(
            beside.family.length() > 0,
            rx.el.section(rx.el.h2(_FAMILY), rx.el.ol(rx.foreach(beside.family, _kin), class_name="family"), aria_label=_FAMILY),
        ),
        rx.cond(beside.drawn_together.length() > 0, _strip("Drawn together", beside.drawn_together)),
        rx.cond(beside.same_prompt.length() > 0, _strip("Same prompt", beside.same_prompt)),
    )


def _remix(remix: Any) -> rx.Component:
    """What it changed of the picture it was made from, which the lineage below shows."""
    return rx.el.section(
        rx.el.h2(_CHANGED),
        rx.cond(
            remix.parts.length() > 0, change(remix.parts, "Change to the prompt"), rx.el.p("The prompt is the same.", class_name="muted")
        ),
        changed_settings(remix.settings),
        aria_label=_CHANGED,
        class_name="stack tight remixed",
    )


def _strip(title: str, thumbs: Any) -> rx.Component:
    return rx.el.section(rx.el.h2(title), rx.el.ul(rx.foreach(thumbs, _thumb), class_name="lineage"), aria_label=title)


def _thumb(thumb: Any) -> rx.Component:
    return rx.el.li(_small(thumb), key=thumb.id)


def _kin(kin: Any) -> rx.Component:
    return rx.el.li(
        _small(kin.thumb),
        rx.el.div(
            rx.el.span(kin.says, class_name="small muted"),
            rx.cond(kin.parts.length() > 0, beginning(kin.parts, "Change to the prompt"), rx.el.span(kin.thumb.alt, class_name="clip")),
            class_name="label",
        ),
        key=kin.thumb.id,
        custom_attrs=css(inset=kin.inset),
    )


def _small(thumb: Any) -> rx.Component:
    return rx.el.figure(
        rx.el.img(src=f"/media/{thumb.id}/256", alt="", loading="lazy", decoding="async"),
        link(
            href=f"/image/{thumb.id}",
            aria_label=thumb.alt,
            aria_current=rx.cond(thumb.is_this, "page", "false"),
            custom_attrs={"replace": True},
        ),
        class_name="pic",
        custom_attrs=css(ar=thumb.ratio, background_image=thumb.blur),
    )


def _fact(word: str, value: Any, class_name: str = "") -> rx.Component:
    return rx.cond(value, rx.fragment(rx.el.dt(word), rx.el.dd(value, class_name=class_name)))
