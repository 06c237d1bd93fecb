"""A hostile browser: a bare socket client that sends what it likes and keeps every frame it gets."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
import uuid
from typing import Any, Self

import aiohttp
import socketio
from socketio.exceptions import SocketIOError

NAMESPACE = "/_event"
ROOT_STATE = "reflex___state____state"
HYDRATED = "is_hydrated_rx_state_"
GIVEN_UP_AFTER_S = 1.0
CONNECTED_WITHIN_S = 30
ANSWERED_SINCE_S = 0.2


class RawSocket:
    """One connection. `send` emits an event as a page would; `frames` holds all that came back."""

    def __init__(
        self, url: str, *, cookie: str = "", origin: str | None = "own", token: str | None = None, headers: dict[str, str] | None = None
    ) -> None:
        self.url, self.token = url, token or str(uuid.uuid4())
        self.frames: list[tuple[str, Any]] = []
        self.is_closed = asyncio.Event()
        self.headers = {**(headers or {}), **({"Cookie": f"sid={cookie}"} if cookie else {})}
        if origin is not None:
            self.headers["Origin"] = url if origin == "own" else origin
        self.client: Any = None

    async def __aenter__(self) -> Self:
        """Connect; raises `socketio.exceptions.ConnectionError` when refused."""
        self._http = aiohttp.ClientSession()
        self.client = socketio.AsyncClient(reconnection=False, http_session=self._http)
        self.client.on("*", self._keep, namespace=NAMESPACE)
        self.client.on("disconnect", self._closed, namespace=NAMESPACE)
        try:
            await self._connect()
        except BaseException:
            await self.client.disconnect()
            await self._http.close()
            raise
        return self

    async def __aexit__(self, *_reason: object) -> None:
        """Disconnect."""
        await self.client.disconnect()
        await self._http.close()

    async def _connect(self) -> None:
        await self.client.connect(
            f"{self.url}?token={self.token}",
            headers=self.headers,
            transports=["websocket"],
            namespaces=[NAMESPACE],
            socketio_path="_event",
            wait_timeout=CONNECTED_WITHIN_S,
        )

    async def send(self, name: str, payload: object = None, path: str = "/create") -> None:
        """One event."""
        message = {"name": name, "payload": {} if payload is None else payload, "router_data": {"pathname": path, "asPath": path}}
        await self.client.emit("event", message, namespace=NAMESPACE)

    async def load(self, path: str) -> None:
        """What a page sends when it is opened; it is told that it is complete, and what listens in the background follows."""
        complete = self.completions()
        await self.send(f"{ROOT_STATE}.hydrate_and_load", {"vars": {}}, path)
        deadline = time.monotonic() + GIVEN_UP_AFTER_S
        while self.completions() == complete and time.monotonic() < deadline:  # noqa: ASYNC110  # another process answers
            await asyncio.sleep(0.01)
        await self.settle(quiet_s=0.15)

    async def hears(self, word: str, timeout_s: float = 10.0) -> bool:
        """Whether `word` comes. Given up when what was asked after it has been answered, or nothing comes for longer than a busy machine pauses."""
        quiet_since = time.monotonic()
        deadline, seen, complete = quiet_since + timeout_s, -1, self.completions()
        with contextlib.suppress(SocketIOError):  # closed already
            await self.send(f"{ROOT_STATE}.hydrate_and_load", {"vars": {}}, "/")
        while time.monotonic() < deadline:
            if word in self.heard():
                return True
            if seen != len(self.frames):
                seen, quiet_since = len(self.frames), time.monotonic()
            if time.monotonic() - quiet_since > (ANSWERED_SINCE_S if self.completions() > complete else GIVEN_UP_AFTER_S):
                break
            await asyncio.sleep(0.02)
        return word in self.heard()

    def completions(self) -> int:
        """How often a page was said to be complete."""
        return sum(bool(frame) and _says_complete(frame) for _, frame in self.frames)

    async def settle(self, quiet_s: float = 0.3, timeout_s: float = 20.0) -> None:
        """Wait until nothing came for a while."""
        async with asyncio.timeout(timeout_s):
            seen = -1
            while seen != len(self.frames):
                seen = len(self.frames)
                await asyncio.sleep(quiet_s)

    def heard(self) -> str:
        """All frames as text."""
        return json.dumps(self.frames, default=str)

    def keys(self) -> set[str]:
        """Every `state.var` that was sent."""
        return {
            f"{state.removeprefix(ROOT_STATE).lstrip('.') or 'root'}.{var.removesuffix('_rx_state_')}"
            for _, update in self.frames
            if isinstance(update, dict)
            for state, variables in update.get("delta", {}).items()
            for var in variables
        }

    async def _keep(self, event: str, *data: Any) -> None:
        self.frames.append((event, data[0] if data else None))

    async def _closed(self, *_reason: object) -> None:
        self.is_closed.set()


def _says_complete(frame: Any) -> bool:
    return isinstance(frame, dict) and frame.get("delta", {}).get(ROOT_STATE, {}).get(HYDRATED) is True


def a_socket(url: str, **options: Any) -> RawSocket:
    """A connection to be opened with `async with`."""
    return RawSocket(url, **options)
