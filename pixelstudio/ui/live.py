"""Live pages: one background listener per page, started from its `on_load`, so that Reflex ends it on leaving and disconnecting.

Subscribe first, load the snapshot second, then apply what came meanwhile: nothing falls between. The bus only says that something
happened; the record is the database. A listener that fell behind, or whose tree was dropped while it slept, loads its snapshot again.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final

import reflex as rx

from pixelstudio.core.errors import NotSignedIn, PixelStudioError, Unavailable
from pixelstudio.core.events import Event, Resync, Subscription
from pixelstudio.core.log import get_logger
from pixelstudio.ui.session import Notices, actor_of, cookie_of, guarded

if TYPE_CHECKING:
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.studio import Studio

# At most this often a page changes by itself.
COALESCE_S: Final = 0.1
# A page that hears nothing still asks this often whether its session stands, and keeps its tree (dropped after 120 s) alive.
KEEP_ALIVE_S: Final = 45.0
_PAUSE_AFTER_FAILURE_S: Final = 1.0


class Live(Notices, rx.State, mixin=True):
    """Mixin of page states. A page gives `_snapshot` and `_apply` and puts `follow` into its `on_load`.

    Both run with the state's lock held, so they may assign vars; `actor` is None, or a guest, only when `_members_only` is False.
    A page that shows what everybody may see names it in `_topics`, and hears of it whoever looks, a stranger too.
    """

    _members_only: ClassVar[bool] = True
    _looks_again: ClassVar[bool] = False
    """Whether `_apply` is called without events too, each time the page has heard nothing for `_look_again_after_s`."""

    def _look_again_after_s(self) -> float:
        """How long the page may hear nothing before it looks after itself."""
        return KEEP_ALIVE_S

    def _topics(self) -> tuple[str, ...]:
        """What the page listens to beside what is the viewer's own: things that everybody may see, or that its own queries look at again."""
        return ()

    async def _snapshot(self, studio: Studio, actor: Actor | None) -> None:
        """Load everything the page shows."""
        raise NotImplementedError

    async def _apply(self, studio: Studio, actor: Any, events: Sequence[Event]) -> None:
        """Change what the page shows after `events`; loading the snapshot again is always right."""
        del events
        await self._snapshot(studio, actor)

    @guarded("anyone", background=True)
    async def follow(self, studio: Studio, actor: Actor | None) -> AsyncIterator[Any]:
        """Show the page and keep it true until it is left or its session ends."""
        if self._members_only and (actor is None or actor.is_guest):
            raise NotSignedIn
        topics = self._topics()
        if actor is None and not topics:
            async with self:
                self._drop_old_notice()
                await self._snapshot(studio, None)
            return
        own = (f"user:{actor.id}", f"session:{actor.session_digest}") if actor else ()
        with studio.bus.subscribe(*own, *topics) as subscription:
            async with self:
                self._drop_old_notice()
                await self._snapshot(studio, actor)
            while await _goes_on(self, studio, subscription, is_stranger=actor is None):
                pass
        async with self:
            self.reset()
        yield rx.redirect("/login", replace=True)


async def _goes_on(page: Any, studio: Studio, subscription: Subscription, *, is_stranger: bool) -> bool:
    """Apply what came next; False when the session has ended."""
    batch = await _next_batch(subscription, page._look_again_after_s())  # noqa: SLF001  # the page's own hook
    try:
        actor = None if is_stranger else await actor_of(studio, cookie_of(page))
        if actor is None and not is_stranger:
            return False
        await _show(page, studio, actor, batch)
    except Exception as error:  # the edge of live updates: neither an outage nor one failed change leaves a page deaf
        if isinstance(error, PixelStudioError) and not isinstance(error, Unavailable):
            raise
        get_logger().warning("live.failed", page=type(page).__qualname__, exc_info=None if isinstance(error, Unavailable) else error)
        await asyncio.sleep(_PAUSE_AFTER_FAILURE_S)
        subscription.offer(Resync())
    return True


async def _next_batch(subscription: Subscription, timeout_s: float) -> list[Event]:
    """What came, or nothing after the time at which the page looks after itself."""
    try:
        # Not wait_for: on Python 3.11 it swallows the end of the page when a batch comes in that very moment, and the listener lives on.
        async with asyncio.timeout(timeout_s):
            return await subscription.get_batch(COALESCE_S)
    except TimeoutError:
        return []


async def _show(page: Any, studio: Studio, actor: Actor | None, batch: Sequence[Event]) -> None:
    async with page:
        # Until the block ends nobody else has the state: its proxy, which asks at every access whether that is so, cost more than all else here.
        state = page.__wrapped__
        if any(isinstance(event, Resync) for event in batch) or not state.router_data:
            await state._snapshot(studio, actor)  # noqa: SLF001  # the page's own two hooks
        elif batch or state._looks_again:  # noqa: SLF001  # as above
            await state._apply(studio, actor, batch)  # noqa: SLF001
