"""The threads under a picture: who said what, answering, editing, and the field for one's own words."""

from __future__ import annotations

from typing import Any

import reflex as rx

from pixelstudio.core import limits
from pixelstudio.ui.components.button import button, link, link_button
from pixelstudio.ui.components.dialog import opens
from pixelstudio.ui.components.icon import icon
from pixelstudio.ui.components.menu import menu, menu_action
from pixelstudio.ui.components.moment import local_time
from pixelstudio.ui.image.post_state import PostState
from pixelstudio.ui.people import avatar

REPORT = "report"


def talk() -> rx.Component:
    """The section of comments, of a picture that others may see."""
    return rx.cond(
        PostState.is_open,
        rx.el.section(
            rx.el.h2("Comments ", rx.el.span(PostState.comment_count, class_name="muted")),
            rx.cond(
                PostState.is_member,
                _field("Add a comment", "Comment", "", key=PostState.written),
                link_button("Sign in to comment", href="/login", extra="start", custom_attrs={"data-back": "comment"}),
            ),
            rx.el.ol(rx.foreach(PostState.threads, _thread), class_name="thread", aria_label="Comments", aria_live="polite"),
            rx.cond(PostState.has_more, button("More comments", on_click=PostState.more_threads, extra="sm start")),
            aria_label="Comments",
        ),
    )


def _thread(thread: Any) -> rx.Component:
    return rx.fragment(
        _comment(thread.comment, class_name="cmt"),
        rx.foreach(thread.answers, lambda answer: _comment(answer, class_name="cmt re")),
        rx.cond(
            thread.more != "",
            rx.el.li(
                button(thread.more, look="quiet", extra="sm", on_click=PostState.show_answers(thread.comment.id)), class_name="cmt re bare"
            ),
        ),
    )


def _comment(comment: Any, class_name: str) -> rx.Component:
    return rx.el.li(
        rx.cond(comment.is_deleted, _deleted(), _said(comment)),
        key=comment.id,
        id=f"comment-{comment.id}",
        class_name=class_name,
    )


def _deleted() -> rx.Component:
    return rx.fragment(
        rx.el.span(icon("message-circle"), class_name="avatar", aria_hidden=True), rx.el.p("This comment was removed.", class_name="muted")
    )


def _said(comment: Any) -> rx.Component:
    return rx.fragment(
        avatar(comment.person),
        rx.el.p(
            link(rx.el.b(comment.person.name), href=f"/u/{comment.person.handle}"),
            " ",
            rx.el.span(local_time(comment.at, "ago", comment.at_words), rx.cond(comment.is_edited, ", edited", ""), class_name="muted"),
            class_name="who",
        ),
        rx.cond(
            PostState.editing == comment.id,
            _field("Edit the comment", "Save", comment.words, on_submit=PostState.edit_comment, names=("comment_id", comment.id)),
            rx.el.p(rx.foreach(comment.pieces, _piece), class_name="said-words"),
        ),
        rx.cond(PostState.is_member, _acts(comment)),
        rx.cond(
            PostState.answering == comment.id,
            _field(f"Answer {comment.person.name}", "Answer", f"@{comment.person.handle} ", names=("parent_id", comment.id)),
        ),
    )


def _piece(piece: Any) -> rx.Component:
    return rx.cond(piece.handle != "", link(piece.text, href=f"/u/{piece.handle}", class_name="link mention"), rx.el.span(piece.text))


def _acts(comment: Any) -> rx.Component:
    return rx.el.div(
        button(
            icon("heart", small=True),
            comment.likes,
            look="quiet",
            extra="sm",
            aria_label=rx.cond(comment.likes != "", f"Like this comment, {comment.likes}", "Like this comment"),
            aria_pressed=rx.cond(comment.is_liked, "true", "false"),
            on_click=PostState.like_comment(comment.id, ~comment.is_liked),
        ),
        button("Reply", look="quiet", extra="sm", on_click=PostState.answer(comment.id)),
        rx.cond(
            comment.is_mine | comment.may_delete,
            menu(
                f"more-{comment.id}",
                "More",
                rx.cond(comment.is_mine, menu_action("Edit", "pencil", on_click=PostState.edit(comment.id))),
                menu_action("Delete", "trash-2", is_bad=True, on_click=PostState.delete_comment(comment.id)),
                extra="sm sq",
            ),
            button(
                icon("flag", small=True),
                look="quiet",
                extra="sm sq",
                aria_label="Report this comment",
                title="Report",
                on_click=PostState.begin_report(comment.id),
                custom_attrs=opens(REPORT),
            ),
        ),
        class_name="row acts-of-comment",
    )


def _field(
    label: Any, act: str, words: Any, *, on_submit: Any = PostState.write, names: tuple[str, Any] | None = None, **props: Any
) -> rx.Component:
    """A field for words, which grows with them."""
    return rx.el.form(
        rx.el.textarea(
            name="words",
            aria_label=label,
            placeholder=label,
            default_value=words,
            max_length=limits.COMMENT_MAX,
            required=True,
            rows=1,
            auto_focus=act != "Comment",
            class_name="input",
        ),
        rx.el.input(type="hidden", name=names[0], value=names[1]) if names else rx.fragment(),
        button(act, type="submit"),
        on_submit=on_submit,
        class_name="say",
        custom_attrs={"data-quick": ""},
        **props,
    )
