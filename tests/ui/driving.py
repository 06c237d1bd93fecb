"""Driving states without a browser: the only place in the tests that knows Reflex's internals.

A `Tab` runs Reflex's own event processor over one state tree, so that locks, background handlers and deltas are the real ones.
"""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from types import TracebackType
from typing import Any, Self

from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.manager.token import BaseStateToken
from reflex.state import StateUpdate
from reflex.utils.format import format_event_handler
from reflex_base.event import Event
from reflex_base.event.processor import BaseStateEventProcessor


class Tab:
    """One open page of somebody: `send` an event as its browser would, look at the state, see what would have gone over the wire."""

    def __init__(self, cookie: str = "", path: str = "/") -> None:
        self.token = str(uuid.uuid4())
        self.updates: list[StateUpdate] = []
        self.states = StateManagerMemory()
        self.headers = {"cookie": f"sid={cookie}"} if cookie else {}
        self.path = path
        self._processor = BaseStateEventProcessor()

    async def __aenter__(self) -> Self:
        self._processor.configure(state_manager=self.states, event_namespace=self)  # pyright: ignore[reportArgumentType]
        await self._processor.__aenter__()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._processor.__aexit__(kind, error, trace)
        await self.states.close()

    async def emit_update(self, update: StateUpdate, token: str) -> None:
        """Take what the server sends."""
        assert token == self.token
        self.updates.append(update)

    async def start(self, state: type[Any], handler: str, /, **sent: Any) -> asyncio.Future[Any]:
        """Send an event and return at once; the future ends with the handler."""
        async with self.states.modify_state(BaseStateToken(ident=self.token, cls=state)) as tree:
            root = tree._get_root_state()
            root.router_data = root.router_data or {"pathname": self.path}  # a page that is loaded already
        route = {"pathname": self.path, "asPath": self.path, "headers": self.headers}
        event = Event(name=format_event_handler(state.event_handlers[handler]), payload=sent, router_data=route)
        context = self._processor._root_context
        assert context is not None
        return await self._processor.enqueue(self.token, event, context.fork(token=self.token, router_data=route))

    async def send(self, state: type[Any], handler: str, /, **sent: Any) -> list[Any]:
        """Send an event, wait until it is handled, and return the events the browser was told to run."""
        seen = len(self.updates)
        await asyncio.wait_for(await self.start(state, handler, **sent), 30)
        return [event for update in self.updates[seen:] for event in update.events]

    async def look(self, state: type[Any]) -> Any:
        """The state as it is now. Read only."""
        root = await self.states.get_state(BaseStateToken(ident=self.token, cls=state))
        return await root._get_root_state().get_state(state)

    async def wait_until(self, state: type[Any], holds: Any, timeout_s: float = 30.0) -> None:
        """Wait until `holds(state)`."""
        async with asyncio.timeout(timeout_s):
            while not holds(await self.look(state)):  # noqa: ASYNC110  # nothing announces a state's change
                await asyncio.sleep(0.01)

    def leave(self) -> None:
        """Close the page: what was started from it ends."""
        for future in list(self._processor._futures.values()):
            future.cancel()

    def said(self, but: str = "") -> str:
        """Everything that went over the wire, as text; but for the values of one variable."""
        left_out = f"{but}_rx_state_"
        deltas = [
            {state: {name: value for name, value in told.items() if name != left_out} for state, told in update.delta.items()}
            for update in self.updates
        ]
        return repr([(delta, update.events) for delta, update in zip(deltas, self.updates, strict=True)])


@contextlib.asynccontextmanager
async def tab_of(cookie: str = "", path: str = "/"):
    """A tab with this session cookie."""
    async with Tab(cookie, path) as tab:
        yield tab
