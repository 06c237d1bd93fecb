"""The state of what people make of the picture on /image/{id}: how it is shown, likes, threads, following, reporting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final

import reflex as rx
from typing_extensions import TypedDict

from pixelstudio.core.errors import NotFound
from pixelstudio.core.events import Event
from pixelstudio.features.conduct.strikes import conduct_of, paused_sentence
from pixelstudio.features.gallery import comments, posts
from pixelstudio.features.gallery.events import CommentChanged, PostCounted, PostPublished
from pixelstudio.features.gallery.follows import is_following, set_follow
from pixelstudio.features.gallery.likes import set_like
from pixelstudio.features.images.events import ImageDeleted, ImageRestored, ImageVisibilityChanged, picture_topic
from pixelstudio.features.images.pictures import image_for
from pixelstudio.features.moderation.reports import report
from pixelstudio.ui.gallery.shelves import Shelves
from pixelstudio.ui.image.talk import Shown, Thread, proposed_shown, shown_of, thread_shown, threads_shown
from pixelstudio.ui.live import Live
from pixelstudio.ui.notices import NoticeView
from pixelstudio.ui.places import NEWEST_SHOWN
from pixelstudio.ui.session import guarded

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Reader
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.studio import Studio

_GONE: Final = (ImageDeleted, ImageRestored, ImageVisibilityChanged)


class PublishFields(TypedDict, total=False):
    """The form of how a picture is shown, as the browser sends it."""

    title: str
    description: str
    tags: str
    alt: str
    showing: str
    rating: str


class CommentFields(TypedDict, total=False):
    """A comment, and what it answers."""

    words: str
    parent_id: str
    comment_id: str


class ReportFields(TypedDict, total=False):
    """What is wrong with a picture, or with a comment under it."""

    reason: str
    report_words: str


class PostState(Live, Shelves, rx.State):
    """What people make of one picture, as this visitor may see it."""

    shown: Shown = Shown()
    paused: str = ""
    """Until when the owner's publishing is paused, and why; "" when it is not."""
    is_published: bool = False
    is_open: bool = False
    """Whether others may see it, so that it can be liked and talked about."""
    likes: int = 0
    comment_count: int = 0
    is_liked: bool = False
    is_followed: bool = False
    is_mine: bool = False
    is_member: bool = False
    is_loaded: bool = False
    threads: list[Thread] = []  # noqa: RUF012  # Reflex copies defaults per state
    has_more: bool = False
    written: int = 0
    """Grows with each comment that is sent, so that the field begins anew."""
    answering: str = ""
    editing: str = ""

    _here: str = ""
    """The picture that was looked at last, there or not: it costs less to ask than the address."""
    _cursor: str = ""
    _reported: str = ""
    _members_only: ClassVar[bool] = False

    @guarded("anyone")
    async def begin(self, studio: Studio, actor: Actor | None) -> Any:
        """From one picture to the next at once: nobody's words stand under another picture."""
        await self._snapshot(studio, actor)

    @guarded("member", form=PublishFields)
    async def publish(self, studio: Studio, actor: Actor, *, form: PublishFields) -> Any:
        """Show the picture as the form says."""
        wanted = posts.PostForm(
            title=form.get("title", ""),
            description=form.get("description", ""),
            tags=form.get("tags", ""),
            alt=form.get("alt", ""),
            showing=form.get("showing", "public"),
            rating=form.get("rating", ""),
        )
        async with studio.db.transaction() as tx:
            await posts.publish(tx, self._asked(), wanted, by=actor)
        await self._snapshot(studio, actor)
        way, href = NEWEST_SHOWN if self.is_published else ("", "")
        self.notice = NoticeView("note", self.shown.words, way=way, href=href)

    @guarded("member", liked=bool)
    async def like(self, studio: Studio, actor: Actor, *, liked: bool) -> Any:
        """Like the picture, or take the like back."""
        self.is_liked = liked
        async with studio.db.transaction() as tx:
            self.likes, self.is_liked = await set_like(tx, self._asked(), liked, by=actor)

    @guarded("member", followed=bool)
    async def follow_maker(self, studio: Studio, actor: Actor, *, followed: bool) -> Any:
        """Follow who made the picture, or no longer."""
        async with studio.db.transaction() as tx:
            post = await posts.post_for(tx, actor, self._asked())
            if post is None:
                raise NotFound
            await set_follow(tx, post.person.id, followed, by=actor)
        self.is_followed = followed

    @guarded("member", form=CommentFields)
    async def write(self, studio: Studio, actor: Actor, *, form: CommentFields) -> Any:
        """Write under the picture, or answer somebody there."""
        async with studio.db.transaction() as tx:
            await comments.write(tx, self._asked(), form.get("words", ""), by=actor, parent_id=form.get("parent_id", ""))
        self.written += 1
        self.answering, self.notice = "", None
        await self._talk(studio, actor)

    @guarded("member", form=CommentFields)
    async def edit_comment(self, studio: Studio, actor: Actor, *, form: CommentFields) -> Any:
        """Say one's own comment in other words."""
        async with studio.db.transaction() as tx:
            await comments.edit(tx, form.get("comment_id", ""), form.get("words", ""), by=actor)
        self.editing, self.notice = "", None
        await self._talk(studio, actor)

    @guarded("member", comment_id=str)
    async def delete_comment(self, studio: Studio, actor: Actor, *, comment_id: str) -> Any:
        """Take a comment away; what answers it stays."""
        async with studio.db.transaction() as tx:
            await comments.delete(tx, comment_id, by=actor)
        await self._talk(studio, actor)

    @guarded("member", comment_id=str, liked=bool)
    async def like_comment(self, studio: Studio, actor: Actor, *, comment_id: str, liked: bool) -> Any:
        """Like a comment, or take the like back."""
        async with studio.db.transaction() as tx:
            await comments.set_comment_like(tx, comment_id, liked, by=actor)
        await self._talk(studio, actor)

    @guarded("member", which=str)
    async def answer(self, _studio: Studio, _actor: Actor, *, which: str) -> Any:
        """Open the field for an answer, or close it."""
        self.answering, self.editing = "" if self.answering == which else self._shown_here(which), ""

    @guarded("member", which=str)
    async def edit(self, _studio: Studio, _actor: Actor, *, which: str) -> Any:
        """Open a comment of one's own for other words, or close it."""
        self.editing, self.answering = "" if self.editing == which else self._shown_here(which), ""

    @guarded("anyone", comment_id=str)
    async def show_answers(self, studio: Studio, actor: Actor | None, *, comment_id: str) -> Any:
        """Every answer of one thread."""
        async with studio.db.reader() as reader:
            answers = await comments.answers_of(reader, actor, comment_id)
            roots = {thread.comment.id: thread for thread in (await comments.threads_of(reader, actor, self._asked())).items}
        if comment_id in roots:
            whole = thread_shown(roots[comment_id].comment, answers)
            self.threads = [whole if thread.comment.id == comment_id else thread for thread in self.threads]

    @guarded("anyone")
    async def more_threads(self, studio: Studio, actor: Actor | None) -> Any:
        """The next page of threads."""
        async with studio.db.reader() as reader:
            page = await comments.threads_of(reader, actor, self._asked(), before=self._cursor)
        self.threads = [*self.threads, *threads_shown(page.items)]
        self._cursor, self.has_more = page.next_cursor, bool(page.next_cursor)

    @guarded("member", which=str)
    async def begin_report(self, _studio: Studio, _actor: Actor, *, which: str) -> Any:
        """What the report is about: a comment, or with "" the picture."""
        self._reported = self._shown_here(which) if which else ""

    def _shown_here(self, comment_id: str) -> str:
        """The id of a comment that stands on this page. Raises `NotFound` for any other."""
        if not any(one.id == comment_id for thread in self.threads for one in (thread.comment, *thread.answers)):
            raise NotFound
        return comment_id

    @guarded("member", form=ReportFields)
    async def send_report(self, studio: Studio, actor: Actor, *, form: ReportFields) -> Any:
        """Report the picture or the comment to whoever looks after the installation."""
        async with studio.db.transaction() as tx:
            await report(tx, self._asked(), form.get("reason", ""), form.get("report_words", ""), by=actor, comment_id=self._reported)
        self._reported = ""
        self.notice = NoticeView("note", "Reported. Somebody who looks after this studio will decide about it.")

    def _topics(self) -> tuple[str, ...]:
        return (picture_topic(self._asked()),)

    async def _snapshot(self, studio: Studio, actor: Actor | None) -> None:
        self.is_member = actor is not None and not actor.is_guest
        self._here = here = self._asked()
        try:
            async with studio.db.reader() as reader:
                await self._look(reader, actor)
        except NotFound:
            self.reset()
            self.is_loaded, self._here = True, here
            return
        await self._talk(studio, actor)
        self.is_loaded = True

    async def _look(self, reader: Reader, actor: Actor | None) -> None:
        image = await image_for(reader, actor, self._here)
        post = await posts.post_for(reader, actor, image.id)
        self.is_mine, self.is_open = image.is_mine and self.is_member, image.visibility == "public"
        until = (await conduct_of(reader, actor.id)).paused_until if actor and self.is_mine else None
        self.paused = paused_sentence(until) if until else ""
        self.is_published = post is not None and post.showing == "public"
        if post is None:
            self.shown = proposed_shown(image.id, posts.proposed(image), "link" if self.is_open else "private", image.rating)
            self.likes, self.comment_count, self.is_liked, self.is_followed = 0, 0, False, False
            return
        self.shown = shown_of(post)
        self.likes, self.comment_count, self.is_liked = post.likes, post.comments, post.is_liked
        self.is_followed = await is_following(reader, actor, post.person.id)

    async def _apply(self, studio: Studio, actor: Actor | None, events: Sequence[Event]) -> None:
        here = self._here
        if any(isinstance(event, (*_GONE, PostPublished)) and getattr(event, "image_id", "") == here for event in events):
            await self._snapshot(studio, actor)
            return
        counted = [event for event in events if isinstance(event, PostCounted) and event.image_id == here]
        if counted and self.is_open:  # the counts are in the fact: two hundred who watch one picture ask nothing
            self.likes, self.comment_count = counted[-1].likes, counted[-1].comments
        if self.is_open and any(isinstance(event, CommentChanged) and event.image_id == here for event in events):
            await self._talk(studio, actor)

    async def _talk(self, studio: Studio, actor: Actor | None) -> None:
        """The first page of threads; what has not changed is not sent again."""
        async with studio.db.reader() as reader:
            page = await comments.threads_of(reader, actor, self._asked())
        threads = threads_shown(page.items)
        if threads != self.threads:
            self.threads = threads
        self._cursor, self.has_more = page.next_cursor, bool(page.next_cursor)

    def _asked(self) -> str:
        """The id in the address; whoever sends it chose it."""
        return self.router.url.path.rstrip("/").rsplit("/", 1)[-1]
