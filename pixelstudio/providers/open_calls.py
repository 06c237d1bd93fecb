"""Open calls: drawings that are one request each, whose connection stays open until the picture is there.

There is no job at the provider that could be asked for: what this process forgets is lost. Nothing here is ever sent twice, and where
a picture is charged for, every end after the first byte that is not a clear answer is `Spent`, or `Unanswered` when it is no answer at
all. Where nobody charges, such an end is `Unavailable`: it is simply drawn again.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pixelstudio.core.ids import new_id
from pixelstudio.core.log import get_logger
from pixelstudio.net.errors import NetError
from pixelstudio.providers.answers import Unreadable, failure_of, unusable
from pixelstudio.providers.capabilities import ensure_drawable
from pixelstudio.providers.contract import Handle, Progress, Standing
from pixelstudio.providers.errors import Misconfigured, ProviderError, Spent, Stopped, Unanswered, Unavailable, not_offered_any_more

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator, Sequence

    from pixelstudio.net.client import Client, Exchange
    from pixelstudio.providers.contract import DrawRequest, Health, ImageModel

ROOM_S: Final = 20.0
"""What is left of a model's time for taking the picture in: the call ends by itself before the job is stopped for being late."""
REMEMBERED_MAX: Final = 1_000
"""Drawings kept at most; far more than can be under way."""


@dataclass(slots=True, eq=False)
class Drawing:
    """One request between `submit` and `fetch`."""

    request: DrawRequest
    standing: Standing = "waiting"
    pictures: list[bytes] = field(default_factory=list[bytes], repr=False)
    units: int | None = None
    """What the provider counted for it, in its own units, when it says."""
    exchange: Exchange | None = field(default=None, repr=False)

    async def make_room(self) -> None:
        """Wait, before the picture is read, until whoever asked has room for it."""
        if self.request.room is not None and self.exchange is not None:
            await self.exchange.meanwhile(self.request.room.take())


class OpenCallProvider(ABC):
    """Draws by calls that stay open. Belongs to one event loop, like its client.

    An adapter says how one request is drawn and how health is asked after; whatever it raises there is turned into our kinds here.
    """

    def __init__(self, client: Client, *, name: str, maker: str, models: Sequence[ImageModel], charges: bool = True) -> None:
        self._client = client
        self._maker = maker
        self._charges = charges
        self._drawings: dict[str, Drawing] = {}
        self.name = name
        self.models: tuple[ImageModel, ...] = tuple(models)
        self._models = {model.id: model for model in self.models}

    @abstractmethod
    def _draw(self, drawing: Drawing) -> AsyncGenerator[Progress]:
        """Make the call, keep it in `drawing.exchange` and what comes in `drawing.pictures`.

        Raises `NetError`, `Unreadable` or one of our kinds.
        """

    @abstractmethod
    async def check(self) -> Health:
        """As `Provider.check`."""

    async def _stop(self, drawing: Drawing) -> None:
        """Close the connection: for most the only way to say stop."""
        if drawing.exchange is not None:
            await drawing.exchange.close()

    async def submit(self, request: DrawRequest) -> Handle:
        """Check and remember the request; it is sent, once, when somebody listens to `progress` or waits in `fetch`. Safe to repeat."""
        model = self._models.get(request.model)
        if model is None:
            raise not_offered_any_more(request.model)
        ensure_drawable(model, request)
        handle = Handle(self.name, model.id, new_id())
        self._drawings[handle.reference] = Drawing(request)
        if len(self._drawings) > REMEMBERED_MAX:  # called off and never fetched
            del self._drawings[next(iter(self._drawings))]
        return handle

    async def progress(self, handle: Handle) -> AsyncGenerator[Progress]:
        """Send, and give each step as it comes; previews are foreign bytes. Ends without a picture after `cancel`."""
        drawing = self._known(handle)
        if drawing.standing != "waiting":
            return
        drawing.standing = "drawing"
        try:
            with self._told(drawing):
                async with aclosing(self._draw(drawing)) as steps:
                    async for step in steps:
                        yield step
                self._finish(drawing)
        finally:
            if drawing.standing == "drawing":
                drawing.standing = "lost"

    async def poll(self, handle: Handle) -> Standing:
        """Where it stands in this process; nobody else knows it."""
        drawing = self._drawings.get(handle.reference)
        return "lost" if drawing is None else drawing.standing

    async def cancel(self, handle: Handle) -> None:
        """Stop it where it still can be stopped. Whether a provider charges for what was begun is seldom documented."""
        drawing = self._drawings.get(handle.reference)
        if drawing is None or drawing.standing == "done":
            self._drawings.pop(handle.reference, None)
            return
        match drawing.standing:
            case "waiting" | "drawing":
                drawing.standing = "cancelled"
                await self._stop(drawing)
            case "lost":  # whoever listened turned away
                del self._drawings[handle.reference]
                await self._stop(drawing)
            case "cancelled":
                del self._drawings[handle.reference]

    async def fetch(self, handle: Handle) -> list[bytes]:
        """The pictures, drawn now if nobody listened to `progress`; forgotten here afterwards. They are foreign bytes."""
        drawing = self._known(handle)
        try:
            async with aclosing(self.progress(handle)) as steps:
                async for _ in steps:
                    pass
        finally:
            self._drawings.pop(handle.reference, None)
        if drawing.standing != "done":
            raise Stopped(standing=drawing.standing)
        return drawing.pictures

    def _total_s(self, drawing: Drawing) -> float:
        """How long its call may take in all."""
        return max(self._models[drawing.request.model].timeout_s - ROOM_S, 1.0)

    def _finish(self, drawing: Drawing) -> None:
        """Enough pictures and no more; too few are spent money, for which there is nothing to show."""
        if drawing.standing != "drawing":
            return
        wanted, came = drawing.request.count, len(drawing.pictures)
        log = get_logger().bind(provider=self.name, model=drawing.request.model)
        if came < wanted:
            raise Unreadable("too_few_pictures")
        if came > wanted:
            log.warning("provider.too_many_pictures", wanted=wanted, came=came)
            del drawing.pictures[wanted:]
        drawing.standing = "done"
        log.info("provider.drawn", pictures=wanted, output_units=drawing.units)

    @contextmanager
    def _told(self, drawing: Drawing) -> Generator[None]:
        """Turn what the network and the protocol raise into our kinds, and log it: a warning where somebody should look."""
        try:
            yield
        except (NetError, Unreadable, ProviderError) as error:
            if drawing.standing == "cancelled":
                return  # it was us who closed the connection
            failure = self._failure(error)
            log = get_logger().bind(provider=self.name, model=drawing.request.model, code=failure.code, **failure.fields)
            if isinstance(failure, Misconfigured | Spent):
                log.warning("provider.failed")
            else:
                log.info("provider.failed")
            raise failure from error

    def _failure(self, error: NetError | Unreadable | ProviderError) -> ProviderError:
        match error:
            case ProviderError():
                return error
            case NetError():
                return failure_of(self._maker, error, buys=self._charges)
            case Unreadable() if self._charges:
                return unusable(self._maker, str(error))
            case Unreadable():
                sentence = f"{self._maker} answered with something that is no picture."
                return Unavailable(sentence, code="provider_answer_unusable", reason=str(error))

    def _known(self, handle: Handle) -> Drawing:
        try:
            return self._drawings[handle.reference]
        except KeyError:
            raise Unanswered(code="drawing_lost") from None
