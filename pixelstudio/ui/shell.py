"""The frame around a page: skip link, rail, phone bar, account menu, notices."""

from __future__ import annotations

from typing import Any, Final

import reflex as rx
from reflex.style import set_color_mode

from pixelstudio.ui.components.button import button, hinted, link
from pixelstudio.ui.components.elements import page_link, post_form
from pixelstudio.ui.components.icon import IconName, icon
from pixelstudio.ui.components.notice import notice
from pixelstudio.ui.places import BAR, CREATE, EXPLORE, GROUPS, INBOX, RAIL, UNDER, Place
from pixelstudio.ui.session import Notices
from pixelstudio.ui.unread import Unread
from pixelstudio.ui.visitor import Visitor

MENU: Final = "account-menu"
CREDITS: Final = "/settings#credits"
"""Where every credit is accounted for."""
DOORS: Final[tuple[tuple[str, str, IconName], ...]] = (("Sign in", "/login", "key-round"), ("Create account", "/register", "user-round"))
_OPENED: Final[tuple[tuple[str, str, IconName, str, str], ...]] = (
    ("palette", "Find anything", "search", "Ctrl K", ""),
    ("keys", "Keys", "keyboard", "?", "desk"),
)


def studio_page(*content: Any, state: type[Notices] | None, here: Any = "", class_name: str = "", narrow: bool = False) -> rx.Component:
    """A page of the studio: rail on a desk, bar on a phone, `content` in the middle. `here` is the place it belongs to, a var where that is
    known of what it shows alone.

    `state` is the one whose notices are shown; None when the content shows them itself.
    """
    return rx.fragment(
        _skip_link(),
        rx.el.div(
            _rail(here),
            _content(*content, class_name=f"main {class_name}".strip()),
            class_name="shell narrow" if narrow else "shell",
        ),
        _bar(here),
        _account_menu(),
        _announcements(state, *((Visitor,) if state is not Visitor else ())),
    )


def open_page(*content: Any, state: type[Notices], class_name: str = "") -> rx.Component:
    """A page for everybody, without rail: the landing, signing in, what is not there."""
    return rx.fragment(
        _skip_link(),
        _content(*content, class_name=class_name),
        _announcements(state),
    )


def mark(href: str = "/") -> rx.Component:
    """The name of the house, with its sign: a frame, lit."""
    return link(rx.el.i(), rx.el.span("Pixel Studio", class_name="word"), href=href, class_name="mark", aria_label="Pixel Studio")


def _content(*content: Any, class_name: str) -> rx.Component:
    """What the page is about: where the skip link leads, and the focus after a navigation."""
    return rx.el.main(*content, class_name=class_name, id="main", custom_attrs={"tabIndex": -1})


def _skip_link() -> rx.Component:
    return page_link("Skip to content", href="#main", class_name="skip")


def _announcements(state: type[Notices] | None, *beside: type[Notices]) -> rx.Component:
    return notice(state, *beside) if state else rx.fragment()


def _current(place: Place, here: Any) -> dict[str, Any]:
    if isinstance(here, rx.Var):
        return {"aria-current": rx.cond(here == place.href, "page", "false")}
    return {"aria-current": "page"} if place.href == UNDER.get(here, here) else {}


def _rail(here: Any) -> rx.Component:
    return rx.el.nav(
        mark("/create"),
        *(
            rx.el.div(*(_way(place, here) for place in places), role="group", aria_label=words, class_name="places")
            for words, places in GROUPS
        ),
        rx.el.div(_rail_foot(), *_folding(), class_name="foot"),
        class_name="rail",
        aria_label="Main",
    )


def _way(place: Place, here: Any) -> rx.Component:
    return link(
        icon(place.icon),
        rx.el.span(place.word, class_name="word"),
        _count(place),
        href=place.href,
        class_name="nav",
        **hinted(place.word, {"custom_attrs": {"data-what": place.what, "aria-keyshortcuts": place.key, **_current(place, here)}}),
    )


def _count(place: Place) -> rx.Component:
    """How much waits there: of the inbox alone."""
    if place is not INBOX:
        return rx.fragment()
    return rx.cond(Unread.count != "", rx.el.span(Unread.count, rx.el.span(" unread", class_name="sr"), class_name="count"))


def _folding() -> tuple[rx.Component, rx.Component]:
    """The rail folded to its icons and back; studio.js remembers it for the next visit."""
    words: tuple[tuple[str, str, IconName], ...] = (("narrow", "Fold", "panel-left-close"), ("wide", "Unfold", "panel-left-open"))
    fold, unfold = (
        rx.el.button(
            icon(name),
            rx.el.span(word, class_name="word"),
            type="button",
            class_name=f"nav to-{width}",
            aria_label=f"{word} the rail",
            custom_attrs={"data-rail-to": width, "data-hint": word},
        )
        for width, word, name in words
    )
    return fold, unfold


def _rail_foot() -> rx.Component:
    strangers = rx.fragment(
        *(
            link(icon(name), rx.el.span(word, class_name="word"), href=href, class_name="nav", **hinted(word, {}))
            for word, href, name in DOORS
        ),
    )
    members = rx.fragment(
        link(
            icon("coins"),
            rx.el.span("Credits", class_name="word"),
            rx.el.span(Visitor.credits, class_name="count"),
            href=CREDITS,
            class_name="nav",
            **hinted("Credits", {}),
        ),
        rx.el.button(
            rx.el.span(
                rx.cond(Visitor.avatar, rx.el.img(src=Visitor.avatar, alt=""), Visitor.handle[0]), class_name="avatar", aria_hidden=True
            ),
            rx.el.span("Account ", class_name="sr"),
            rx.el.span(Visitor.handle, class_name="word clip"),
            class_name="nav",
            type="button",
            custom_attrs={"popovertarget": MENU, "data-hint": "Account"},
        ),
    )
    return rx.cond(Visitor.is_known, rx.cond(Visitor.handle, members, strangers))


def _bar(here: Any) -> rx.Component:
    """The phone's places, under the thumb; for strangers the open ones and the doors. They create on the landing, where it takes no account."""
    members = (link(icon(place.icon), place.word, href=place.href, custom_attrs=_current(place, here)) for place in BAR)
    doors = (link(icon(name), word, href=href) for word, href, name in DOORS)
    strangers = (
        link(icon(EXPLORE.icon), EXPLORE.word, href=EXPLORE.href, custom_attrs=_current(EXPLORE, here)),
        link(icon(CREATE.icon), CREATE.word, href="/"),
        *doors,
    )
    is_stranger = Visitor.is_known & (Visitor.handle == "")
    return rx.el.nav(
        rx.cond(is_stranger, rx.fragment(*strangers), rx.fragment(*members)),
        rx.el.button(icon("circle-user-round"), rx.cond(is_stranger, "More", "You"), type="button", custom_attrs={"popovertarget": MENU}),
        class_name="bar",
        aria_label="Main, phone",
    )


def _account_menu() -> rx.Component:
    """Opens by the browser's own popover: Escape, a press outside and the back gesture close it without our help."""
    return rx.el.div(
        rx.cond(
            Visitor.handle,
            rx.fragment(
                rx.el.p(rx.el.b("@", Visitor.handle, class_name="clip"), class_name="label"),
                link(icon("coins"), rx.el.span(Visitor.credits, " credits"), href=CREDITS, class_name="item"),
            ),
            rx.fragment(*(link(icon(name), word, href=href, class_name="item") for word, href, name in DOORS)),
        ),
        theme_choice(),
        rx.cond(Visitor.handle, link(icon("user-round"), "Profile", href=f"/u/{Visitor.handle}", class_name="item")),
        rx.cond(Visitor.handle, link(icon("heart"), "Likes", href="/likes", class_name="item")),
        *(
            link(icon(place.icon), _told(place), _count(place), href=place.href, class_name="item phone")
            for place in RAIL
            if place not in BAR
        ),
        rx.cond(Visitor.handle, link(icon("settings"), "Settings", href="/settings", class_name="item")),
        rx.cond(Visitor.is_maintainer, link(icon("sliders-horizontal"), "Operations", href="/admin", class_name="item")),
        *_commands(),
        rx.cond(
            Visitor.handle,
            post_form(
                rx.el.button(icon("log-out"), "Sign out", type="submit", class_name="item"),
                action="/auth/sign-out",
                method="post",
            ),
        ),
        id=MENU,
        class_name="menu account",
        custom_attrs={"popover": "auto"},
    )


def _told(place: Place) -> rx.Component:
    """Its word, and under it what one finds there: a thumb cannot point."""
    what = [rx.el.span(place.what, class_name="small muted")] if place.what else []
    return rx.el.span(rx.el.span(place.word), *what, class_name="twofold")


def _commands() -> tuple[rx.Component, ...]:
    """What keys open, for those who do not know the keys."""
    return tuple(
        rx.el.button(
            icon(name),
            rx.el.span(word, class_name="clip"),
            rx.el.kbd(key, class_name="desk", aria_hidden=True),
            type="button",
            class_name=f"item {extra}".strip(),
            custom_attrs={"data-tells": told, "popovertarget": MENU, "popovertargetaction": "hide"},
        )
        for told, word, name, key, extra in _OPENED
    )


def theme_choice() -> rx.Component:
    """System, day or night: pressed at once, remembered by the browser."""
    choices: tuple[tuple[Any, str, IconName], ...] = (("system", "System", "monitor"), ("light", "Day", "sun"), ("dark", "Night", "moon"))
    return rx.el.div(
        *(
            button(
                icon(name, small=True),
                word,
                look="quiet",
                extra="sm",
                aria_pressed=rx.cond(rx.color_mode == mode, "true", "false"),
                on_click=set_color_mode(mode),
                custom_attrs={"data-light": mode},
            )
            for mode, word, name in choices
        ),
        class_name="segments",
        role="group",
        aria_label="Light",
    )
