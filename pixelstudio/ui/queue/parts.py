"""The parts of /queue: its head, the table of jobs, and the page while it is empty or still coming.

Where five columns have no room the same rows fold into cards, and a set has one card: its sentence, and below it its jobs as they stand in
line. The table's roles are written out, because a browser forgets them with the table's layout.
"""

from __future__ import annotations

from typing import Any, Final

import reflex as rx

from pixelstudio.ui.components.button import button, hinted, icon_button, link, link_button
from pixelstudio.ui.components.dialog import CLOSES, opens, question
from pixelstudio.ui.components.elements import sentinel
from pixelstudio.ui.components.icon import IconName, icon
from pixelstudio.ui.components.moment import local_time
from pixelstudio.ui.components.notice import empty
from pixelstudio.ui.queue.queue_state import QueueState

CANCEL_ALL: Final = "cancel-all"
_RECENT: Final[Any] = QueueState.recent
_PAGES: Final[Any] = QueueState.pages
_HEADS: Final = ("Job", "State", "Time", "Details")
_UNDER_WAY: Final[dict[str, IconName]] = {
    "waiting": "clock",
    "retrying": "rotate-ccw",
    "paused": "pause",
    "drawing": "loader-circle",
    "stopping": "hourglass",
    "unknown": "circle-question-mark",
}
_ENDED: Final[dict[str, tuple[IconName, str]]] = {
    "done": ("circle-check", "is-good"),
    "failed": ("circle-x", "is-bad"),
    "cancelled": ("minus", "muted"),
}


def head() -> rx.Component:
    """What is under way in one line, and the way to call off what has not begun."""
    return rx.el.header(
        rx.el.h1("Queue"),
        rx.el.p(
            rx.cond(QueueState.summary != "", QueueState.summary, rx.cond(_has_ended(), "Nothing waits. This is what came last.", "")),
            class_name="muted small",
            role="status",
            aria_label="Under way",
        ),
        rx.el.div(
            # First, for it goes with its press: the others stay where they are, and none comes under a second press.
            rx.cond(
                QueueState.has_several_ended,
                button(
                    rx.el.span("Clear ", rx.el.span("what has ", class_name="desk"), "ended"),
                    look="quiet",
                    extra="sm",
                    on_click=QueueState.clear_ended,
                    custom_attrs={"data-hint": "Off this list; pictures stay in the library"},
                ),
            ),
            rx.cond(QueueState.paused > 0, button(icon("play", small=True), "Resume all", extra="sm", on_click=QueueState.resume_all)),
            rx.cond(QueueState.waiting > 0, button(icon("pause", small=True), "Pause all", extra="sm", on_click=QueueState.pause_all)),
            rx.cond(QueueState.waiting + QueueState.paused > 0, _cancelling_all()),
            class_name="row wrap push",
        ),
        class_name="pagehead queue-head",
    )


def _has_ended() -> Any:
    return QueueState.is_loaded & ~QueueState.is_empty


def _cancelling_all() -> rx.Component:
    return rx.fragment(
        button(rx.el.span("Cancel all", rx.el.span(" waiting", class_name="desk")), extra="sm", custom_attrs=opens(CANCEL_ALL)),
        question(
            CANCEL_ALL,
            "Cancel all that waits?",
            "What has not begun is called off and not charged. What is being drawn goes on.",
            button("Cancel all waiting", look="bad", on_click=QueueState.cancel_all, custom_attrs=CLOSES),
        ),
    )


def jobs() -> rx.Component:
    """The table, or why there is none."""
    return rx.cond(
        QueueState.is_loaded,
        rx.cond(
            QueueState.is_empty,
            empty(
                "Nothing in line",
                "What you ask for waits here until it is drawn, and stays for a while to say how it went.",
                link_button("Create", href="/create", look="main-act"),
                name="list-video",
            ),
            rx.fragment(_table(), _more()),
        ),
        _loading(),
    )


def _table() -> rx.Component:
    return rx.el.table(
        rx.el.thead(
            rx.el.tr(
                *(rx.el.th(word, role="columnheader", scope="col") for word in _HEADS),
                rx.el.th(rx.el.span("Actions", class_name="sr"), role="columnheader", scope="col"),
                role="row",
            ),
            role="rowgroup",
        ),
        rx.el.tbody(
            rx.foreach(QueueState.rows, lambda row, at: _in_line(row, _goes_on(QueueState.rows, at))),
            role="rowgroup",
            class_name="under-way",
        ),
        rx.cond(QueueState.hidden > 0, _across(_show_more())),
        _across(rx.el.p("The cross takes a job off this list. Its picture stays in the library."), class_name="of-crosses phone"),
        _ended_rows(_RECENT, goes_on=False),
        rx.foreach(
            _PAGES, lambda page, at: _ended_rows(page, goes_on=_are_of_one_set(page[0], rx.cond(at > 0, _PAGES[at - 1], _RECENT)[-1]))
        ),
        class_name="jobs",
        role="table",
        aria_label="Jobs",
    )


def _ended_rows(rows: Any, *, goes_on: Any) -> rx.Component:
    """Some of what ended; whether its first row `goes_on` with the set of the last one above."""
    return rx.el.tbody(
        rx.foreach(rows, lambda row, at: _row(row, _ended(row), goes_on=rx.cond(at > 0, _goes_on(rows, at), goes_on), is_over=True)),
        role="rowgroup",
        class_name="ended",
    )


def _goes_on(rows: Any, at: Any) -> Any:
    """Whether a row is of the set of the one above it: the browser looks, for rows come and go one by one."""
    return (at > 0) & _are_of_one_set(rows[at], rows[at - 1])


def _are_of_one_set(one: Any, other: Any) -> Any:
    """Whether one sentence can stand for both: a picture may have a title of its own."""
    return (one.generation_id == other.generation_id) & (one.title == other.title)


def _show_more() -> rx.Component:
    """The rest of a long line, on request."""
    return button(f"Show more of the {QueueState.hidden} others in line", look="quiet", extra="sm", on_click=QueueState.show_more)


def _across(content: rx.Component, **props: Any) -> rx.Component:
    """A row of the table that is about no job."""
    return rx.el.tbody(rx.el.tr(rx.el.td(content, role="cell", col_span=5, class_name="whole"), role="row"), role="rowgroup", **props)


def _more() -> rx.Component:
    """The next page of what ended, fetched when this comes near or is pressed."""
    return rx.cond(
        QueueState.has_more,
        sentinel(button("Load more", on_click=QueueState.load_more), watch=_count(QueueState.pages), class_name="more-below"),
    )


def _count(pages: Any) -> Any:
    """How many pages are shown, as a var."""
    return pages.length()


def _in_line(row: Any, goes_on: Any) -> rx.Component:
    """A job under way; one that has ended meanwhile stays where it stood."""
    kept: Any = QueueState.kept
    is_over = kept.contains(row.key)
    return _row(row, rx.cond(is_over, _ended(kept[row.key]), _under_way(row)), goes_on=goes_on, is_over=is_over)


def _row(row: Any, cells: rx.Component, *, goes_on: Any, is_over: Any) -> rx.Component:
    classes = rx.cond(is_over, rx.cond(goes_on, "past goes-on", "past"), rx.cond(goes_on, "goes-on", ""))
    return rx.el.tr(cells, role="row", class_name=classes, key=row.key)


def _under_way(row: Any) -> rx.Component:
    place: Any = QueueState.places[row.key]
    step: Any = QueueState.steps[row.key]
    return rx.fragment(
        _job(row, _sheet(step)),
        _cell(_state(place), class_name="state"),
        _cell(_line(place), _progress(step), class_name="when"),
        _cell(rx.cond(step, rx.el.p(f"Step {step.step} of {step.steps}")), _reasons(place.attempts, place.why), class_name="why"),
        _cell(rx.el.div(_first(row, place), _pause(row, place), _cancel(row, place)), class_name="doing"),
    )


def _ended(row: Any) -> rx.Component:
    return rx.fragment(
        _job(row, _picture(row)),
        _cell(_ended_state(row), class_name="state"),
        _cell(
            local_time(row.ended, "ago", row.ended_words),
            rx.cond(row.took != "", rx.el.span(row.took, class_name="muted small")),
            class_name="when",
        ),
        _cell(_reasons(row.attempts, row.why), class_name="why"),
        _cell(rx.el.div(_retry(row), _remove(row)), rx.cond(row.set_retry != "", rx.el.div(_retry_set(row))), class_name="doing"),
    )


def _cell(*content: Any, **props: Any) -> rx.Component:
    return rx.el.td(*content, role="cell", **props)


def _job(row: Any, picture: rx.Component) -> rx.Component:
    return rx.el.td(
        rx.el.div(
            picture,
            rx.el.div(
                rx.el.b(row.title, class_name="clip clamp"),
                rx.el.span(
                    rx.cond(row.which != "", rx.el.span(row.which, "\N{NO-BREAK SPACE} ", class_name="which")),
                    rx.el.span(row.facts, class_name="of-set"),
                    class_name="facts clip",
                ),
                class_name="label",
            ),
            class_name="job",
        ),
        role="rowheader",
        class_name="what",
    )


def _sheet(step: Any) -> rx.Component:
    """A blank sheet, or what is on it so far."""
    return rx.el.figure(
        rx.cond(rx.cond(step, step.preview != "", False), rx.el.img(src=rx.cond(step, step.preview, ""), alt=""), icon("image")),
        class_name="pic",
    )


def _picture(row: Any) -> rx.Component:
    return rx.cond(
        row.image_id != "",
        rx.el.figure(
            rx.el.img(src=f"/media/{row.image_id}/256", alt="", loading="lazy", decoding="async"),
            link(href=f"/image/{row.image_id}", aria_label=f"Open {row.title}"),
            class_name="pic",
        ),
        rx.el.figure(icon("image-off"), class_name="pic"),
    )


def _state(place: Any) -> rx.Component:
    shown: list[Any] = [(state, icon(name)) for state, name in _UNDER_WAY.items()]
    return rx.el.span(rx.match(place.state, *shown, icon("clock")), place.word, class_name=f"status at-{place.state}")


def _ended_state(row: Any) -> rx.Component:
    shown: list[Any] = [(state, rx.el.span(icon(name), class_name=f"{tone} row")) for state, (name, tone) in _ENDED.items()]
    return rx.el.span(rx.match(row.state, *shown, icon("minus")), row.word, class_name=f"status at-{row.state}")


def _line(place: Any) -> rx.Component | rx.Var[Any]:
    """Its place in line and how long it has waited; for how long it is being drawn; when it is tried again."""
    return rx.match(
        place.state,
        ("waiting", rx.fragment(rx.cond(place.position != "", rx.el.span(place.position)), _since("waiting", place))),
        ("retrying", rx.el.span("Again in ", local_time(place.due, "until"))),
        ("drawing", _since("for", place)),
        rx.fragment(),
    )


def _since(word: str, place: Any) -> rx.Component:
    return rx.el.span(f"{word} ", local_time(place.since, "since"), class_name="muted small")


def _progress(step: Any) -> rx.Component:
    return rx.cond(
        step,
        rx.el.progress(value=rx.cond(step, step.step, 0), max=rx.cond(step, step.steps, 1), aria_label="Steps drawn"),
    )


def _reasons(attempts: Any, why: Any) -> rx.Component:
    return rx.fragment(
        rx.cond(why != "", rx.el.p(why)),
        rx.cond(
            attempts.length() > 0,
            rx.el.ul(rx.foreach(attempts, rx.el.li), aria_label="Tries", class_name="earlier-tries"),
        ),
    )


def _first(row: Any, place: Any) -> rx.Component:
    return rx.cond(place.may_go_first, _act("First", row, QueueState.put_first, hint="Before all others of yours"))


def _pause(row: Any, place: Any) -> rx.Component:
    aside = rx.cond(place.state == "paused", _act("Resume", row, QueueState.resume))
    return rx.cond(place.may_pause, _act("Pause", row, QueueState.pause), aside)


def _cancel(row: Any, place: Any) -> rx.Component:
    return rx.cond(place.may_cancel, _act("Cancel", row, QueueState.cancel))


def _act(word: str, row: Any, handler: Any, hint: str = "") -> rx.Component:
    """One thing that can be done to a job: the word is its name, the job what it is about."""
    props: dict[str, Any] = {"aria_description": row.title, "on_click": handler(row.generation_id, row.slot)}
    return button(word, look="quiet", extra="sm", **(hinted(hint, props) if hint else props))


def _retry(row: Any) -> rx.Component:
    """Asking again, with its price; for a picture that came, its page."""
    return rx.cond(
        row.retry_price != "",
        _asking("Retry", row.retry_price, row.title, QueueState.retry(row.generation_id, row.slot)),
        rx.cond(
            row.was_retried,
            rx.el.span("Asked again", class_name="muted small"),
            rx.cond(
                row.image_id != "", link_button("Open", href=f"/image/{row.image_id}", look="quiet", extra="sm", aria_description=row.title)
            ),
        ),
    )


def _remove(row: Any) -> rx.Component:
    return icon_button(
        "x",
        rx.cond(row.image_id != "", "Remove from the list, not from the library", "Remove from the list"),
        extra="sm sq",
        aria_description=row.title,
        custom_attrs={"data-goes": ""},
        on_click=QueueState.remove(row.generation_id, row.slot),
    )


def _retry_set(row: Any) -> rx.Component:
    """Asking again for all that its set misses: one set comes of it, where each job alone would make one."""
    return _asking(row.set_retry, row.set_price, row.title, QueueState.retry_set(row.generation_id))


def _asking(word: Any, price: Any, title: Any, on_click: Any) -> rx.Component:
    return rx.fragment(
        rx.el.span(price, class_name="muted small"),
        button(icon("rotate-ccw", small=True), word, extra="sm", aria_description=f"{title}, {price}", on_click=on_click),
    )


def _loading() -> rx.Component:
    rows = (rx.el.div(rx.el.span(class_name="skel tile"), rx.el.span(class_name="skel line"), class_name="skel-row") for _ in range(6))
    return rx.el.div(*rows, class_name="jobs-coming", role="status", aria_busy="true", aria_label="Loading your jobs")
