"""A provider that charges, and is asked or calls back instead of keeping us on the line: sketches behind a counter.

It charges once for each drawing it accepts. Its models say what it can do: honour keys, be asked by them, or neither.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pixelstudio.core.ids import new_id
from pixelstudio.providers.contract import Handle
from pixelstudio.providers.errors import Stopped, Unanswered, Unavailable
from tests.factories import QuickSketch

if TYPE_CHECKING:
    from pixelstudio.imaging.children import ChildPool
    from pixelstudio.providers.contract import Delivery, DrawRequest, Idempotency, Standing

PRICE = 2


class Courier(QuickSketch):
    """`script` holds what goes wrong with the next verbs, in order: "crash before", "crash after" or an error to raise; `unheard` what goes
    wrong when it is told to stop.
    """

    def __init__(
        self, children: ChildPool, *, delivery: Delivery = "poll", idempotency: Idempotency = "query", stopped_by: str = ""
    ) -> None:
        super().__init__(children)
        changes = {"price_credits": PRICE, "delivery": delivery, "idempotency": idempotency, "is_drawn_here": False}
        self.models = tuple(replace(model, stopped_by=stopped_by, **changes) for model in type(self).models)
        self.delivery, self.idempotency = delivery, idempotency
        self.charged: list[str] = []
        self.callbacks: list[str] = []
        self.asked: list[str] = []
        self.told_to_stop: list[str] = []
        self.stopped: set[str] = set()
        self.ready = True
        self.is_deaf = False
        self.script: list[str | Exception] = []
        self.unheard: list[Exception] = []
        self._requests: dict[str, DrawRequest] = {}

    async def submit(self, request: DrawRequest) -> Handle:
        """Mark, charge, and name the drawing: by the key where that is how it works."""
        misfortune = self.script.pop(0) if self.script else None
        if isinstance(misfortune, Exception):
            raise misfortune
        if request.before_sending is not None:
            await request.before_sending()
        if misfortune == "crash before":
            raise RuntimeError("killed before the bytes left")
        reference = request.key if self.idempotency != "none" else new_id()
        if reference not in self._requests:
            self.charged.append(reference)
        self._requests[reference] = request
        if misfortune == "crash after":
            raise RuntimeError("killed before the answer came")
        if self.delivery == "stream":
            return await super().submit(request)
        return Handle(self.name, request.model, reference)

    async def poll(self, handle: Handle) -> Standing:
        """Whether it is drawn; free of charge."""
        self.asked.append(handle.reference)
        if self.script and isinstance(self.script[0], Exception):
            raise self.script.pop(0)  # type: ignore[misc]  # looked at in the line above
        if handle.reference in self._drawings:
            return await super().poll(handle)
        if handle.reference not in self._requests:
            return "lost"
        if handle.reference in self.stopped:
            return "cancelled"
        return "done" if self.ready else "drawing"

    async def cancel(self, handle: Handle) -> None:
        """Stop it, unless it is drawn already, or nobody listens."""
        if handle.reference in self._drawings:
            return await super().cancel(handle)
        self.told_to_stop.append(handle.reference)
        if self.unheard:
            raise self.unheard.pop(0)
        if handle.reference in self._requests and not self.ready and not self.is_deaf:
            self.stopped.add(handle.reference)
        return None

    async def fetch(self, handle: Handle) -> list[bytes]:
        """The drawing, by the name it was given here, or as one that was kept on the line."""
        if handle.reference in self._drawings:
            return await super().fetch(handle)
        if handle.reference not in self._requests:
            raise Unanswered(code="drawing_lost")
        if handle.reference in self.stopped:
            raise Stopped
        if not self.ready:
            raise Unavailable("Not yet.")
        return await super().fetch(await super().submit(self._requests[handle.reference]))
