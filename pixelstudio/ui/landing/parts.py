"""The parts of the landing: the head of the house, the sentence and the picture it became, what to expect."""

from __future__ import annotations

from typing import Any, Final

import reflex as rx

from pixelstudio.core import limits
from pixelstudio.ui import formats
from pixelstudio.ui.art import CORAL_DUNES
from pixelstudio.ui.components.button import button, link, link_button
from pixelstudio.ui.components.elements import css, post_form
from pixelstudio.ui.components.field import pick
from pixelstudio.ui.components.icon import IconName, icon
from pixelstudio.ui.components.picture import figure, image, page_of
from pixelstudio.ui.landing.landing_state import LandingState
from pixelstudio.ui.places import EXPLORE, OF_OTHERS
from pixelstudio.ui.shell import mark

_PROMISES: Final[tuple[tuple[IconName, str, str], ...]] = (
    ("wand-sparkles", "Say it", "One box, one button. The price is beside it before you press."),
    ("clock", "Watch it come", "Every step is drawn before your eyes, with your true place in line."),
    ("lock", "Keep it", "Your pictures are private until you say otherwise, and carry their recipe with them."),
)

_TRIES: Final[Any] = LandingState.tries
_FORGOTTEN: Final = f"they are gone {limits.GUEST_IDLE_HOURS}\u00a0hours after your last visit."
_SKETCHES: Final = "Free sketches catch the mood, not all you name."
_AI: Final = "An account adds AI models for any subject."
_NO_AI: Final = "The studio draws them by itself, without AI."
"""As short as the other, each on a line of its own: nothing moves when it is known which one is true."""
_SIZES: Final = "(max-width: 980px) 90vw, 470px"
"""What hangs in the great frame."""
_TRIED: Final = "tried"
"""Its id: where a press of Generate leads, to see what is drawn."""
_FRAMES: Final = range(1, limits.GUEST_PICTURES + 1)
_LOOKS_LIKE: Final[dict[str, Any]] = {
    "class_name": "composer",
    "custom_attrs": {"data-quick": "", "autoComplete": "off"},
    "aria_label": "Try it",
}


def house() -> rx.Component:
    """The name, the way to everybody's pictures, and the two ways in: whoever has drawn as a guest creates with an account of their own."""
    return rx.el.header(
        mark(),
        rx.el.nav(
            link_button(EXPLORE.word, href=EXPLORE.href, look="quiet"),
            link_button("Sign in", href="/login", look="quiet"),
            link_button("Create", href=rx.cond(LandingState.is_guest, "/register", "/create")),
            class_name="row push",
            aria_label="Main",
        ),
        class_name="top",
    )


def say_it() -> rx.Component:
    """The sentence to type beside the picture it became: ours before anybody tried, theirs from then on."""
    return rx.el.section(
        rx.el.div(
            rx.el.h1("Type a sentence.", rx.el.br(), "Hang the picture."),
            rx.el.div(
                rx.el.p("A quiet studio for pictures from words.", class_name="lede"),
                rx.el.p(_SKETCHES, rx.el.br(), rx.cond(LandingState.has_ai, _AI, _NO_AI), class_name="small muted"),
                class_name="stack tight at-first",
            ),
            rx.cond(LandingState.left > 0, _composers(), _used_up()),
            _tries(),
            class_name="stack wide",
        ),
        rx.cond(_TRIES.length() > 0, _hung(_TRIES[0]), _ours()),
        class_name="hero spill",
        custom_attrs=css(spill=rx.cond(_TRIES.length() > 0, _TRIES[0].spill, CORAL_DUNES.spill)),
    )


def _composers() -> rx.Component:
    """A stranger's sentence is a plain post, which makes them a guest; a guest's goes over the open page."""
    theirs = rx.el.form(*_box(), on_submit=LandingState.draw, **_looking(**{"data-shows": _TRIED}))
    return rx.cond(LandingState.is_guest, theirs, post_form(*_box(), action="/auth/guest", method="post", **_looking(**{"data-post": ""})))


def _looking(**attributes: str) -> dict[str, Any]:
    return {**_LOOKS_LIKE, "custom_attrs": {**_LOOKS_LIKE["custom_attrs"], **attributes}}


def _box() -> tuple[rx.Component, ...]:
    return (
        rx.el.textarea(
            name="prompt",
            rows="2",
            aria_label="Prompt",
            placeholder="What should hang here?",
            max_length=limits.PROMPT_MAX,
            required=True,
            default_value=LandingState.sentence,
            enter_key_hint="send",
            class_name="prompt",
            custom_attrs={"aria-describedby": "try-fault", "data-sent": LandingState.sentence},
        ),
        rx.el.p(class_name="fault is-bad", id="try-fault", role="alert", custom_attrs={"data-fault": "prompt"}),
        rx.el.div(
            pick(
                "Model",
                "model",
                rx.el.option("Any model", value=""),
                rx.foreach(LandingState.looks, lambda look: rx.el.option(look.words, value=look.value)),
                default_value=LandingState.chosen,
                key=LandingState.chosen,
            ),
            rx.el.span(LandingState.left_words, class_name="price", aria_live="polite"),
            button("Generate", look="main-act", type="submit"),
            class_name="act",
        ),
        rx.el.p(class_name="fault is-bad", role="alert", custom_attrs={"data-fault": ""}),
    )


def _used_up() -> rx.Component:
    return rx.el.div(
        rx.el.p(
            rx.el.b("These were your three pictures."),
            rx.el.span(
                " Create an account to keep them and go on: sketches stay free, and"
                f" {limits.SIGN_UP_CREDITS + limits.DAILY_CREDITS} credits come with it today."
            ),
        ),
        rx.el.div(
            link_button("Create account", href="/register", look="main-act", extra="lg"),
            link_button("Sign in", href="/login", look="line", extra="lg"),
            class_name="row wrap",
        ),
        class_name="used-up stack",
    )


def _tries() -> rx.Component:
    """Three frames; each is filled by a try and leads to its picture. They have their place before anybody tries."""
    return rx.el.div(
        rx.el.ol(
            rx.foreach(_TRIES.reverse(), _frame),
            *(rx.cond(_TRIES.length() < place, rx.el.li(rx.el.span("Empty", class_name="sr"), class_name="frame")) for place in _FRAMES),
            class_name="tries",
            aria_label="Your three pictures",
        ),
        rx.el.p(
            rx.cond(
                LandingState.is_guest,
                rx.cond(
                    LandingState.left > 0,
                    rx.fragment(link("Create account", href="/register", class_name="link"), f" to keep them. Without one {_FORGOTTEN}"),
                    f"Without one {_FORGOTTEN}",
                ),
                f"Only you see these. Without an account {_FORGOTTEN}",
            ),
            class_name="small muted",
        ),
        class_name="tried",
    )


def _frame(tried: Any) -> rx.Component:
    return rx.el.li(
        rx.cond(
            tried.picture,
            link(
                rx.el.img(src=f"/media/{tried.picture.id}/256", alt="", decoding="async"),
                href=page_of(tried.picture),
                aria_label=tried.title,
            ),
            rx.cond(tried.state == "failed", icon("circle-x"), icon("loader-circle")),
        ),
        class_name=rx.cond(tried.picture, "pic", "frame under-way"),
        key=tried.id,
        aria_busy=rx.cond(tried.picture, "false", rx.cond(tried.state == "failed", "false", "true")),
        custom_attrs={"style": rx.Var.create({"backgroundImage": rx.cond(tried.picture, tried.picture.blur, "none")})},
    )


def _ours() -> rx.Component:
    art = CORAL_DUNES
    return rx.el.div(
        figure(
            rx.el.img(src=art.src, src_set=art.src_set, sizes=_SIZES, alt=art.prompt, custom_attrs=art.attributes()),
            ratio=f"{art.ratio:.4f}",
            blur=art.blur,
        ),
        _wall_label(art.prompt, formats.facts(art.model_title, "Sketch (not AI)")),
        class_name="exhibit",
        id=_TRIED,
    )


def _hung(tried: Any) -> rx.Component:
    """The newest try, from a place in line to a picture, in the frame where ours hung."""
    return rx.el.div(
        rx.el.figure(
            rx.cond(
                tried.picture,
                rx.fragment(
                    image(tried.picture, _SIZES, lazy=False),
                    link(href=page_of(tried.picture), aria_label=tried.title),
                ),
                rx.fragment(
                    rx.cond(tried.preview != "", rx.el.img(src=tried.preview, alt="", decoding="async")),
                    rx.cond(
                        tried.state == "drawing",
                        _steps(tried),
                        rx.el.figcaption(rx.el.b(_title(tried)), rx.el.span(tried.words, class_name="tiny")),
                    ),
                ),
            ),
            class_name=rx.cond(tried.picture, "pic", rx.cond(tried.state == "drawing", "pic dev", "pic wait")),
            custom_attrs={
                "style": rx.Var.create(
                    {"--ar": "0.8", "--haze": tried.haze, "backgroundImage": rx.cond(tried.picture, tried.picture.blur, "none")}
                )
            },
        ),
        _wall_label(tried.title, tried.facts),
        rx.el.p(_progress(tried), class_name="sr", role="status", aria_label="Progress"),
        class_name="exhibit",
        id=_TRIED,
        key=tried.id,
    )


def _title(tried: Any) -> Any:
    return rx.cond(tried.state == "failed", "No picture", "In line")


def _progress(tried: Any) -> Any:
    return rx.match(
        tried.state,
        ("done", "Your picture is done."),
        ("drawing", "Your picture is being drawn."),
        ("failed", tried.words),
        "Your picture is in line.",
    )


def _steps(tried: Any) -> rx.Component:
    return rx.fragment(
        rx.el.figcaption(
            rx.el.span("Drawing"),
            rx.el.span(rx.cond(tried.step > 0, f"{tried.step} of {tried.steps}", ""), class_name="mono"),
            class_name="state",
        ),
        rx.el.progress(value=tried.step, max=tried.steps, aria_label="Steps drawn"),
    )


def _wall_label(title: Any, facts: Any) -> rx.Component:
    return rx.el.div(rx.el.b(title, class_name="clamp"), rx.el.span(facts, class_name="facts"), class_name="label")


def promises() -> rx.Component:
    """What to expect, in three lines."""
    return rx.el.section(
        rx.el.h2("What happens here", class_name="sr"),
        rx.el.ol(
            *(rx.el.li(icon(name), rx.el.h3(title), rx.el.p(words)) for name, title, words in _PROMISES),
            class_name="promises",
        ),
        class_name="band",
    )


def foot() -> rx.Component:
    """The way on for whoever has read to the end."""
    return rx.el.footer(
        rx.el.p(link_button(icon(EXPLORE.icon), OF_OTHERS, href=EXPLORE.href)),
        class_name="band",
    )
