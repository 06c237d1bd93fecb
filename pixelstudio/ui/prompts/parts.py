"""The parts of /prompts: words from facts, saved prompts, what was asked for, and the templates."""

from __future__ import annotations

from typing import Any

import reflex as rx

from pixelstudio.core import limits
from pixelstudio.ui.components.button import button, icon_button, link, link_button
from pixelstudio.ui.components.choice import chip, chips
from pixelstudio.ui.components.dialog import CLOSES, opens, question
from pixelstudio.ui.components.field import labelled, search, wrapped
from pixelstudio.ui.components.icon import icon
from pixelstudio.ui.components.notice import empty
from pixelstudio.ui.prompts.brief_parts import facts
from pixelstudio.ui.prompts.prompts_state import PromptsState, SavedLine, TemplateLine, UsedLine
from pixelstudio.ui.prompts.remix_parts import change

_THING = "thing"


def _listed(lines: Any) -> Any:
    """A list of a state as the var it is in a page."""
    return lines


def writing() -> rx.Component:
    """A few facts on one side, the words they become on the other."""
    words: Any = PromptsState.words
    thing = rx.el.textarea(
        id=_THING,
        name=_THING,
        class_name="input",
        rows="2",
        max_length=limits.BRIEF_DESCRIPTION_MAX,
        default_value=PromptsState.description,
        placeholder="a red ceramic mug",
        on_change=PromptsState.describe.debounce(250),
    )
    return rx.el.section(
        rx.el.div(
            rx.el.h2("From a few facts", id="writing-title"),
            labelled("What is it?", _THING, "", thing),
            facts(PromptsState, "facts"),
            class_name="stack asking",
        ),
        rx.el.div(
            rx.cond(
                words.prompt != "",
                rx.fragment(
                    rx.el.h3("The prompt", class_name="small muted"),
                    change(PromptsState.parts, "The prompt"),
                    rx.el.h3("Without", class_name="small muted"),
                    change(PromptsState.negative_parts, "The negative prompt"),
                    rx.el.p(words.facts, class_name="facts"),
                    rx.cond(PromptsState.note != "", rx.el.p(PromptsState.note, class_name="small muted", role="status")),
                    rx.el.div(
                        link_button("Use it", href=words.href, look="main-act"),
                        button(icon("bookmark", small=True), "Save", look="line", on_click=PromptsState.keep_words),
                        rx.cond(
                            PromptsState.has_writer,
                            button(
                                icon("wand-sparkles", small=True), "Ask the language model", look="quiet", on_click=PromptsState.ask_writer
                            ),
                        ),
                        class_name="row wrap",
                    ),
                ),
                rx.el.p(
                    "Say what it is, then press a photo style and an angle. The words appear here as you choose.",
                    class_name="muted waiting",
                ),
            ),
            class_name="stack tight becoming",
            aria_live="polite",
        ),
        class_name="writing",
        aria_labelledby="writing-title",
    )


def kept() -> rx.Component:
    """Saved prompts and what was asked for, found by the same words."""
    return rx.el.section(
        rx.el.div(
            search("Search your prompts", on_change=PromptsState.find.debounce(150)),
            button(icon("plus", small=True), "New prompt", look="line", custom_attrs={"popovertarget": "new-prompt"}),
            class_name="row wrap finding",
        ),
        rx.el.div(_form("", None), id="new-prompt", class_name="sheet-pop", custom_attrs={"popover": "auto"}, aria_label="New prompt"),
        rx.cond(
            _listed(PromptsState.tags).length() > 0,
            chips("Tags", rx.foreach(PromptsState.tags, _tag), is_row=True),
        ),
        rx.el.h2("Saved", id="saved-title"),
        rx.cond(
            _listed(PromptsState.saved).length() > 0,
            rx.el.ul(rx.foreach(PromptsState.saved, _saved), class_name="lines prompts"),
            empty(
                "Nothing saved here",
                "Save a prompt above, or one you have used below: it is found again by words and tags.",
                name="bookmark",
            ),
        ),
        rx.el.h2("Asked for", id="used-title"),
        rx.cond(
            _listed(PromptsState.used).length() > 0,
            rx.el.ul(rx.foreach(PromptsState.used, _used), class_name="lines prompts"),
            empty("Nothing asked for yet", "Every prompt you draw with is kept here.", name="clock"),
        ),
        class_name="stack kept",
        aria_label="Your prompts",
    )


def _tag(tag: Any) -> rx.Component:
    return chip(tag, is_pressed=PromptsState.tag == tag, on_click=PromptsState.choose_tag(tag))


def _saved(line: rx.Var[SavedLine]) -> rx.Component:
    one: Any = line
    ask = f"delete-{one.id}"
    return rx.el.li(
        rx.el.div(
            link(
                rx.el.span(one.prompt, class_name="words clamp"),
                href=one.href,
                class_name="line-act label",
                title="Put it into the box on Create",
            ),
            rx.el.div(
                rx.el.span(one.facts, class_name="facts"),
                rx.foreach(one.tags, lambda tag: rx.el.span(tag, class_name="tag")),
                class_name="row wrap under",
            ),
            class_name="label",
        ),
        rx.el.details(
            rx.el.summary(icon("pencil", small=True), class_name="btn quiet sm sq", aria_label="Edit this prompt"),
            _form(one.id, one),
            key=f"{one.prompt}{one.tags_typed}",
        ),
        icon_button("git-fork", "Fork this prompt", extra="sm sq", on_click=PromptsState.fork(one.id)),
        icon_button("trash-2", "Delete this prompt", extra="sm sq", custom_attrs=opens(ask)),
        question(
            ask,
            "Delete this prompt?",
            "Pictures drawn from it stay.",
            button("Delete", look="bad", on_click=PromptsState.delete(one.id), custom_attrs=CLOSES),
        ),
        key=one.id,
    )


def _form(prompt_id: Any, one: Any) -> rx.Component:
    """The form of a new prompt, or of one there is."""
    begun = {} if one is None else {"prompt": one.prompt, "negative": one.negative_prompt, "tags": one.tags_typed}
    return rx.el.form(
        rx.el.input(type="hidden", name="prompt_id", value=prompt_id, read_only=True),
        wrapped(
            "Prompt",
            rx.el.textarea(
                name="prompt",
                class_name="input",
                rows="3",
                max_length=limits.PROMPT_MAX,
                default_value=begun.get("prompt", ""),
                required=True,
            ),
            "Choices work here too: {red|blue}, __season__, ${c=red|blue} and $c again.",
        ),
        wrapped("Without", _input("negative_prompt", begun.get("negative", ""), limits.NEGATIVE_PROMPT_MAX)),
        wrapped("Tags", _input("tags", begun.get("tags", ""), limits.PROMPT_MAX), "Separated by commas"),
        rx.el.div(button("Save prompt", look="line", type="submit"), class_name="row"),
        on_submit=PromptsState.save,
        reset_on_submit=one is None,
        class_name="stack prompt-form",
    )


def _used(line: rx.Var[UsedLine]) -> rx.Component:
    one: Any = line
    return rx.el.li(
        rx.el.div(
            link(
                rx.el.span(one.prompt, class_name="words clamp"),
                href=one.href,
                class_name="line-act label",
                title="Put it into the box on Create",
            ),
            rx.el.div(rx.el.span(one.facts, class_name="facts"), class_name="row wrap under"),
            class_name="label",
        ),
        icon_button("bookmark", "Save this prompt", extra="sm sq", on_click=PromptsState.save({"prompt": one.prompt})),
        key=one.generation_id,
    )


def keeping() -> rx.Component:
    """The templates, for whoever looks after the installation."""
    return rx.cond(
        _listed(PromptsState.templates).length() > 0,
        rx.el.section(
            rx.el.h2("Templates", id="templates-title"),
            rx.el.p(
                "What every photo style, category and angle adds to a prompt, for everybody here. You look after them.", class_name="muted"
            ),
            rx.el.ul(rx.foreach(PromptsState.templates, _template), class_name="lines templates"),
            class_name="stack",
            aria_labelledby="templates-title",
        ),
    )


def _template(line: rx.Var[TemplateLine]) -> rx.Component:
    one: Any = line
    return rx.el.li(
        rx.el.details(
            rx.el.summary(
                rx.el.b(one.title),
                rx.el.span(rx.cond(one.kind == "style", "photo style", one.kind), class_name="tag"),
                rx.cond(one.is_changed, rx.el.span("changed", class_name="tag")),
                rx.el.span(one.words, class_name="muted clip small"),
                class_name="template-head",
            ),
            rx.el.form(
                rx.el.input(type="hidden", name="kind", value=one.kind, read_only=True),
                rx.el.input(type="hidden", name="template_id", value=one.id, read_only=True),
                wrapped("Words", _input("words", one.words, limits.TEMPLATE_WORDS_MAX)),
                wrapped("Without", _input("negative", one.negative, limits.TEMPLATE_WORDS_MAX)),
                rx.el.div(
                    wrapped("Guidance", _input("guidance", one.guidance, 6)),
                    wrapped("Steps", _input("steps", one.steps, 6)),
                    class_name="brief-fields",
                ),
                rx.el.div(
                    button("Save template", look="line", type="submit"),
                    rx.cond(
                        one.is_changed,
                        button("Bring the first words back", look="quiet", on_click=PromptsState.restore_template(one.kind, one.id)),
                    ),
                    class_name="row wrap",
                ),
                on_submit=PromptsState.change_template,
                class_name="stack prompt-form",
            ),
        ),
        key=one.key,
    )


def _input(name: str, value: Any, most: int) -> rx.Component:
    return rx.el.input(name=name, class_name="input", default_value=value, max_length=most, auto_complete="off")
