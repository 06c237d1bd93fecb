"""What others make of the picture on /image: its maker, liking, collecting, reporting; and how its owner shows it."""

from __future__ import annotations

from typing import Any, Final

import reflex as rx

from pixelstudio.core import limits
from pixelstudio.features.moderation.reports import REASONS
from pixelstudio.ui.components.button import button, link
from pixelstudio.ui.components.choice import Segment, labelled_segments
from pixelstudio.ui.components.dialog import SENT_CLOSES, dialog, opens
from pixelstudio.ui.components.field import area, field, select
from pixelstudio.ui.components.icon import icon
from pixelstudio.ui.components.notice import note
from pixelstudio.ui.gallery.collecting import COLLECT, collect_sheet
from pixelstudio.ui.gallery.parts import LIKE_HINT
from pixelstudio.ui.image.comments import REPORT
from pixelstudio.ui.image.image_state import ImageState
from pixelstudio.ui.image.post_state import PostState
from pixelstudio.ui.keys import pressed_by
from pixelstudio.ui.people import avatar

PUBLISH: Final = "publish"


def maker() -> rx.Component:
    """Who made the picture, and following them."""
    person = PostState.shown.person
    return rx.cond(
        person.handle != "",
        rx.el.div(
            link(avatar(person, "avatar lg"), href=f"/u/{person.handle}", aria_hidden=True, custom_attrs={"tabIndex": -1}),
            rx.el.div(
                link(rx.el.b(person.name, class_name="clip"), href=f"/u/{person.handle}"),
                rx.el.span("@", person.handle, class_name="small muted"),
                class_name="label",
            ),
            rx.cond(
                PostState.is_mine,
                rx.fragment(),
                button(
                    rx.cond(PostState.is_followed, "Following", "Follow"),
                    look="line",
                    extra="sm push",
                    aria_label="Follow",
                    aria_pressed=rx.cond(PostState.is_followed, "true", "false"),
                    on_click=PostState.follow_maker(~PostState.is_followed),
                ),
            ),
            class_name="row maker",
        ),
    )


def words() -> rx.Component:
    """What its owner says of the picture."""
    shown: Any = PostState.shown
    return rx.cond(
        shown.person.handle != "",
        rx.fragment(
            rx.cond(shown.description != "", rx.el.p(shown.description, class_name="bio")),
            rx.cond(
                shown.tags.length() > 0,
                rx.el.ul(
                    rx.foreach(shown.tags, lambda tag: rx.el.li(link(tag, href=f"/search?q=tag:{tag}", class_name="chip"))),
                    class_name="chips",
                    aria_label="Tags",
                ),
            ),
        ),
    )


def like() -> rx.Component:
    """The heart with its count, of a picture that others may see. On one's own it tells the count alone: what one wants to find again there is
    a favourite.
    """
    count = rx.cond(PostState.likes == 1, "1 like", f"{PostState.likes} likes")
    return rx.cond(
        PostState.is_open,
        rx.cond(
            PostState.is_mine,
            rx.cond(PostState.likes > 0, rx.el.p(icon("heart"), count, class_name="likes muted")),
            button(
                icon("heart"),
                rx.cond(PostState.likes > 0, rx.el.span(PostState.likes)),
                aria_label=rx.cond(PostState.likes > 0, f"Like, {PostState.likes}", "Like"),  # what it does, and what stands in it
                aria_pressed=rx.cond(PostState.is_liked, "true", "false"),
                on_click=PostState.like(~PostState.is_liked),
                custom_attrs={"data-hint": LIKE_HINT, **pressed_by("l", "Like")},
            ),
        ),
    )


def collect() -> rx.Component:
    """The way into one's collections."""
    picture: Any = ImageState.picture
    return rx.cond(
        PostState.is_member,
        button(
            icon("bookmark"),
            "Collect",
            on_click=PostState.open_shelf([picture.id]),
            custom_attrs={"data-hint": "Hang it in collections of yours", **opens(COLLECT), **pressed_by("c", "Collect")},
        ),
    )


def showing() -> rx.Component:
    """That the picture is kept, who sees it, and the one way to change that: the form of how it is shown."""
    shown: Any = PostState.shown
    picture: Any = ImageState.picture
    # The picture and what is said of it come one after the other: only together they are the page that an address asks for.
    linked = rx.cond(shown.image_id == picture.id, f"/image/{picture.id}", "")
    sign = rx.match(shown.showing, ("public", icon("globe")), ("link", icon("link")), icon("lock"))
    return rx.el.div(
        sign,
        rx.el.p("In your ", link("library", href="/library", class_name="link"), ". ", shown.words),
        button(
            rx.cond(PostState.is_published, "Change", "Publish"),
            rx.cond(PostState.is_published, rx.el.span(" how it is shown", class_name="sr")),
            look="line",
            id="publishing",
            custom_attrs={"data-linked": linked, **opens(PUBLISH)},
        ),
        class_name="showing",
    )


def report_button() -> rx.Component:
    """Opens the form of a report about the picture."""
    return rx.cond(
        PostState.is_member & PostState.is_open & ~PostState.is_mine,
        button(
            icon("flag"),
            extra="sq",
            look="quiet",
            aria_label="Report",
            on_click=PostState.begin_report(""),
            custom_attrs={"data-hint": "Report", **opens(REPORT)},
        ),
    )


def dialogs() -> rx.Component:
    """What opens over the page."""
    return rx.fragment(
        rx.cond(PostState.is_mine, dialog(PUBLISH, rx.cond(PostState.is_published, "How it is shown", "Publish"), _publish_form())),
        rx.cond(PostState.is_member, rx.fragment(collect_sheet(PostState), dialog(REPORT, "Report", _report_form()))),
    )


def _publish_form() -> rx.Component:
    shown = PostState.shown
    who = (Segment("public", "Everybody", "globe"), Segment("link", "By link", "link"), Segment("private", "Only me", "lock"))
    fit = (Segment("general", "All ages"), Segment("sensitive", "Sensitive"), Segment("mature", "Mature"))
    return rx.el.form(
        rx.cond(PostState.paused != "", note(rx.el.p(PostState.paused), kind="warn", name="triangle-alert")),
        labelled_segments("Shown to", "showing", who, rx.cond((shown.person.handle != "") & (shown.showing == "link"), "link", "public")),
        field("Title", "title", max_length=limits.TITLE_MAX, default_value=shown.title, auto_complete="off"),
        area("Description", "description", max_length=limits.DESCRIPTION_MAX, default_value=shown.description, rows=3),
        field("Tags", "tags", hint="Separate them with commas.", default_value=shown.tags_text, auto_complete="off"),
        area(
            "Alternative text",
            "alt",
            hint="For those who do not see the picture. Proposed from its prompt.",
            max_length=limits.ALT_MAX,
            default_value=shown.alt,
            rows=2,
        ),
        labelled_segments("Fit for", "rating", fit, shown.rating),
        rx.el.p(
            "Sensitive and mature pictures are shown only to people who asked for them in their settings.", class_name="hint small muted"
        ),
        rx.el.div(
            button(rx.cond(PostState.is_published, "Save", "Publish"), look="main-act", type="submit"), class_name="row answers at-hand"
        ),
        key=shown.version,
        on_submit=PostState.publish,
        class_name="stack",
        custom_attrs=SENT_CLOSES,
    )


def _report_form() -> rx.Component:
    reasons = [rx.el.option(words, value=reason) for reason, words in REASONS.items()]
    return rx.el.form(
        select("What is wrong with it?", "reason", *reasons),
        area("In your words", "report_words", hint="If there is more to say.", max_length=limits.REASON_MAX, rows=3),
        rx.el.div(button("Report", look="main-act", type="submit"), class_name="row answers"),
        on_submit=PostState.send_report,
        class_name="stack",
        custom_attrs=SENT_CLOSES,
    )
