"""The parts of /collections/{id} about others: its people, who is there just now, its links, and what guests think of its pictures."""

from __future__ import annotations

from typing import Any, Final

import reflex as rx

from pixelstudio.core import limits
from pixelstudio.ui.collections.collections_state import CollectionState
from pixelstudio.ui.collections.sharing_state import SharingState
from pixelstudio.ui.components.button import button, icon_button, link
from pixelstudio.ui.components.choice import Segment, labelled_segments, tick, toggle
from pixelstudio.ui.components.dialog import dialog
from pixelstudio.ui.components.field import field
from pixelstudio.ui.components.icon import icon
from pixelstudio.ui.components.moment import local_time
from pixelstudio.ui.components.notice import note
from pixelstudio.ui.components.share import share_button
from pixelstudio.ui.people import avatar

PEOPLE: Final = "collection-people"
SHARE: Final = "share-collection"


def present() -> rx.Component:
    """Who else has the collection open just now."""
    people: Any = SharingState.present
    return rx.el.div(
        rx.cond(
            people.length() > 0,
            rx.el.ul(
                rx.foreach(people, lambda one: rx.el.li(avatar(one), rx.el.span(one.name, class_name="sr"), title=one.name, key=one.id)),
                rx.el.li("here now", class_name="small muted"),
                class_name="present",
                aria_label="Here now",
            ),
        ),
        role="status",
    )


def people_dialog() -> rx.Component:
    """Its people: inviting, taking out, and whether they see one's own private pictures."""
    people: Any = SharingState.people
    return dialog(
        PEOPLE,
        "People",
        rx.cond(CollectionState.card.is_mine, _invite()),
        rx.el.ul(rx.foreach(people, _person), class_name="stack tight", aria_label="People"),
        shows_private(),
    )


def shows_private() -> rx.Component:
    """Whether the others see one's own private pictures here."""
    return toggle(
        "Show them my private pictures here",
        words="The people of this collection see those you put in, here and nowhere else, until you switch this off.",
        checked=CollectionState.card.shows_private,
        on_change=CollectionState.show_private,
    )


def share_dialog() -> rx.Component:
    """Links that show the collection to whoever has them: made, and revoked."""
    links: Any = SharingState.links
    return dialog(
        SHARE,
        "Share by a secret link",
        rx.cond(SharingState.made != "", _made(), _link_form()),
        rx.cond(
            links.length() > 0,
            rx.el.section(
                rx.el.h3("Links"),
                rx.el.ul(rx.foreach(links, _link), class_name="links", aria_label="Links"),
                class_name="stack tight",
            ),
        ),
        class_name="wide",
    )


def opinions() -> rx.Component:
    """What guests think, the latest first."""
    proofs: Any = SharingState.proofs
    return rx.cond(
        proofs.length() > 0,
        rx.el.section(
            rx.el.h2("What guests think"),
            rx.el.ul(rx.foreach(proofs, _opinion), class_name="opinions", aria_label="Opinions"),
            class_name="shelf",
            aria_label="What guests think",
        ),
    )


def verdict(proof: Any) -> rx.Component:
    """An opinion in words and signs."""
    return rx.el.span(
        rx.cond(proof.is_loved, rx.el.span(icon("heart", small=True), "Loves it", class_name="status")),
        rx.match(
            proof.verdict,
            ("approved", rx.el.span(icon("circle-check", small=True), "Approved", class_name="status is-good")),
            ("changes", rx.el.span(icon("pencil", small=True), "Changes asked for", class_name="status is-warn")),
            rx.fragment(),
        ),
        class_name="row wrap small",
    )


def _opinion(proof: Any) -> rx.Component:
    return rx.el.li(
        link(
            rx.el.img(src=f"/media/{proof.image_id}/256", alt="", loading="lazy", decoding="async"),
            href=f"/image/{proof.image_id}",
            aria_label="The picture",
        ),
        rx.el.div(
            rx.el.p(rx.el.b(proof.guest), " ", local_time(proof.at, "ago", proof.at_words, class_name="muted")),
            verdict(proof),
            rx.cond(proof.words != "", rx.el.p(proof.words, class_name="said-words")),
            class_name="stack tight",
        ),
        key=proof.key,
    )


def _invite() -> rx.Component:
    return rx.el.form(
        field(
            "Handle",
            "handle",
            "They see the collection and put in pictures of their own once they join.",
            auto_complete="off",
            required=True,
        ),
        rx.el.div(button(icon("user-round-plus"), "Invite", look="main-act", type="submit"), class_name="row answers"),
        key=SharingState.invited,
        on_submit=SharingState.invite_person,
        class_name="stack tight",
    )


def _person(one: Any) -> rx.Component:
    return rx.el.li(
        avatar(one.person, "avatar lg"),
        rx.el.div(
            link(rx.el.b(one.person.name, class_name="clip"), href=f"/u/{one.person.handle}"),
            rx.el.span("@", one.person.handle, ", ", one.says, class_name="small muted"),
            class_name="label",
        ),
        rx.cond(
            CollectionState.card.is_mine & (one.part != "maker"),
            icon_button("x", f"Remove {one.person.name}", extra="sq push", on_click=SharingState.remove_person(one.person.id)),
        ),
        key=one.person.id,
        class_name="row maker",
    )


def _link_form() -> rx.Component:
    days = tuple(Segment(str(count), "1 day" if count == 1 else f"{count} days") for count in limits.COLLECTION_LINK_DAYS)
    uses = (Segment("look", "To look", "eye"), Segment("proof", "For opinions", "message-circle"))
    return rx.el.form(
        rx.el.p(
            "Whoever has the link sees the collection, without an account. For opinions, they give hearts and comments, approve pictures or ask for "
            "changes; you see it here at once.",
            class_name="muted",
        ),
        labelled_segments("What for", "link_use", uses, "look"),
        labelled_segments("Holds for", "link_days", (*days, Segment("0", "Until revoked")), "7"),
        tick("With my private pictures", name="link_private"),
        rx.el.div(button(icon("link"), "Make a link", look="main-act", type="submit"), class_name="row answers"),
        on_submit=SharingState.make_a_link,
        class_name="stack",
    )


def _made() -> rx.Component:
    return note(
        rx.el.p("This is the only time the link is shown. Copy it now."),
        rx.el.p(SharingState.made, class_name="mono secret", id="made-link"),
        rx.el.div(
            share_button(
                rx.el.span(icon("copy"), "Copy the link", class_name="before"),
                rx.el.span(icon("check"), "Copied", class_name="after", role="status"),
                name=CollectionState.card.title,
                href=SharingState.made,
                class_name="btn",
            ),
            button("Done", look="quiet", on_click=SharingState.put_link_away),
            class_name="row wrap",
        ),
        kind="good",
        name="link",
    )


def _link(one: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.span(one.shows),
            rx.cond(
                one.is_expired,
                rx.el.span("Expired", class_name="small is-warn"),
                rx.cond(
                    one.until != "",
                    rx.el.span("Until ", local_time(one.until, "moment", one.until_words), class_name="small muted"),
                    rx.el.span("Until revoked", class_name="small muted"),
                ),
            ),
            class_name="label",
        ),
        button("Revoke", look="quiet", extra="sm bad push", on_click=SharingState.revoke_a_link(one.id)),
        key=one.id,
        class_name="row",
    )
