"""A hostile browser: a bare socket client that sends what it likes and keeps every frame it gets."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from typing import Any, Self

import aiohttp
import socketio

NAMESPACE = "/_event"
ROOT_STATE = "reflex___state____state"
GIVEN_UP_AFTER_S = 1.0


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
            f"{self.url}?token={self.token}", headers=self.headers, transports=["websocket"], namespaces=[NAMESPACE], socketio_path="_event"
        )

    async def send(self, name: str, payload: object = None, path: str = "/create") -> None:
        """One event."""
        message = {"name": name, "payload": {} if payload is None else payload, "router_data": {"pathname": path, "asPath": path}}
        await self.client.emit("event", message, namespace=NAMESPACE)

    async def load(self, path: str) -> None:
        """What a page sends when it is opened."""
        await self.send(f"{ROOT_STATE}.hydrate_and_load", {"vars": {}}, path)
        await self.settle()

    async def hears(self, word: str, timeout_s: float = 10.0) -> bool:
        """Whether `word` comes; given up when nothing has come for a while that outlasts a busy machine's pauses."""
        quiet_since = time.monotonic()
        deadline, seen = quiet_since + timeout_s, -1
        while time.monotonic() < deadline and time.monotonic() - quiet_since < GIVEN_UP_AFTER_S:
            if word in self.heard():
                return True
            if seen != len(self.frames):
                seen, quiet_since = len(self.frames), time.monotonic()
            await asyncio.sleep(0.02)
        return word in self.heard()

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


def a_socket(url: str, **options: Any) -> RawSocket:
    """A connection to be opened with `async with`."""
    return RawSocket(url, **options)
