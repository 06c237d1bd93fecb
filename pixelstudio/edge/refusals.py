"""What the edge says when it does not let somebody in: a status, a code, a sentence, and after how long to come back."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Final

from pixelstudio.edge.asgi import Scope, Send, headers_of, values_of

_API: Final = "/api"


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer given at the door. `code` is for programs, `sentence` for people."""

    status: int
    code: str
    sentence: str
    retry_after_s: float | None = None

    async def over(self, scope: Scope, send: Send) -> None:
        """Answer a request: JSON for programs, text for everybody else. What was not read of the request is not waited for."""
        await self._send(scope, send, "http.response")

    async def over_socket(self, scope: Scope, send: Send) -> None:
        """Answer a handshake, with the status where the server below can say one."""
        if "websocket.http.response" in scope.get("extensions", {}):
            await self._send(scope, send, "websocket.http.response")
        else:
            await send({"type": "websocket.close", "code": 1008})

    async def _send(self, scope: Scope, send: Send, kind: str) -> None:
        content_type, body = (b"application/json", self._json()) if wants_json(scope) else (b"text/plain; charset=utf-8", self._text())
        headers = [(b"content-type", content_type), (b"content-length", str(len(body)).encode()), (b"connection", b"close")]
        if self.retry_after_s is not None:
            headers.append((b"retry-after", str(max(1, math.ceil(self.retry_after_s))).encode()))
        await send({"type": f"{kind}.start", "status": self.status, "headers": headers})
        await send({"type": f"{kind}.body", "body": body})

    def _json(self) -> bytes:
        return json.dumps({"code": self.code, "sentence": self.sentence, "field": None, "status": self.status}).encode()

    def _text(self) -> bytes:
        return f"{self.sentence}\n".encode()


def wants_json(scope: Scope) -> bool:
    """Whether a program asks: under /api always, elsewhere when it says so."""
    accepts = ",".join(values_of(headers_of(scope), b"accept")).lower()
    return f"{scope['path']}/".startswith(f"{_API}/") or "application/json" in accepts
