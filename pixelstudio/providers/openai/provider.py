"""The adapter: one drawing is one call that stays open until its picture is there, with partial pictures on the way.

There is no job at the provider that could be asked for: what this process forgets is lost, and whether it was charged nobody can say.
So nothing here is ever sent twice, and every end after the first byte that is not a clear answer is `Spent`, or `Unanswered` when
it is no answer at all.
"""

from __future__ import annotations

from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from pixelstudio.core.ids import new_id
from pixelstudio.core.log import get_logger
from pixelstudio.net.client import Call, Patience
from pixelstudio.net.errors import NetError
from pixelstudio.providers.answers import Answer, Unreadable, ask_within, failure_of, unusable
from pixelstudio.providers.capabilities import ensure_drawable
from pixelstudio.providers.contract import Handle, Health, Progress, Standing
from pixelstudio.providers.errors import Misconfigured, ProviderError, Refused, Spent, Unanswered
from pixelstudio.providers.openai import wire
from pixelstudio.providers.openai.refusals import complaint_of, refusal_of, told_refusal_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator, Sequence

    from pydantic import SecretStr

    from pixelstudio.net.client import Client, Exchange
    from pixelstudio.providers.contract import DrawRequest, ImageModel
    from pixelstudio.providers.openai.catalogue import Offer

ROOM_S: Final = 20.0
"""What is left of a model's time for taking the picture in: the call ends by itself before the job is stopped for being late."""


REMEMBERED_MAX: Final = 1_000
"""Drawings kept at most; far more than can be under way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Whom we ask and how: the provider's name in the catalogue, its name for people, its address, and the key if it wants one."""

    provider: str
    maker: str
    base_url: str
    key: SecretStr | None = None
    note: str = ""
    lane_concurrency: int = 4
    lane_per_minute: int | None = None
    check_within_s: float = 8.0
    """How long the free question whether it is there may take."""


@dataclass(slots=True, eq=False)
class _Drawing:
    """One request between `submit` and `fetch`."""

    offer: Offer
    request: DrawRequest
    standing: Standing = "waiting"
    pictures: list[bytes] = field(default_factory=list[bytes], repr=False)
    units: int | None = None
    exchange: Exchange | None = field(default=None, repr=False)

    def take(self, finished: wire.Finished) -> None:
        """Keep what has come."""
        self.pictures += finished.pictures
        self.units = finished.units


class OpenAIImages:
    """Draws with the models of one account. Belongs to one event loop, like its client."""

    def __init__(self, client: Client, account: Account, offers: Sequence[Offer]) -> None:
        self._client = client
        self._account = account
        self._offers = {offer.id: offer for offer in offers}
        self._drawings: dict[str, _Drawing] = {}
        self.name = account.provider
        about: dict[str, Any] = {"provider": account.provider, "maker": account.maker, "note": account.note}
        self.models: tuple[ImageModel, ...] = tuple(
            offer.image_model(**about, lane_concurrency=account.lane_concurrency, lane_per_minute=account.lane_per_minute)
            for offer in offers
        )
        self._models = {model.id: model for model in self.models}

    async def submit(self, request: DrawRequest) -> Handle:
        """Check and remember the request; it is sent, once, when somebody listens to `progress` or waits in `fetch`. Safe to repeat."""
        offer = self._offers.get(request.model)
        if offer is None:
            raise Misconfigured("This model is not offered any more. Choose another one.", code="unknown_model", model=request.model[:80])
        ensure_drawable(self._models[offer.id], request)
        handle = Handle(self.name, offer.id, new_id())
        self._drawings[handle.reference] = _Drawing(offer, request)
        if len(self._drawings) > REMEMBERED_MAX:  # called off and never fetched
            del self._drawings[next(iter(self._drawings))]
        return handle

    async def progress(self, handle: Handle) -> AsyncGenerator[Progress]:
        """Send, and give each partial picture as it comes; previews are foreign bytes. Ends without a picture after `cancel`."""
        drawing = self._known(handle)
        if drawing.standing != "waiting":
            return
        drawing.standing = "drawing"
        try:
            with self._told(drawing):
                async with aclosing(self._draw(drawing)) as steps:
                    async for step in steps:
                        yield step
        finally:
            drawing.exchange = None
            if drawing.standing == "drawing":
                drawing.standing = "lost"

    async def poll(self, handle: Handle) -> Standing:
        """Where it stands in this process; nobody else knows it."""
        drawing = self._drawings.get(handle.reference)
        return "lost" if drawing is None else drawing.standing

    async def cancel(self, handle: Handle) -> None:
        """Close the connection, the only way to say stop. Whether the provider charges for it is not documented."""
        drawing = self._drawings.get(handle.reference)
        if drawing is None or drawing.standing not in ("waiting", "drawing"):
            self._drawings.pop(handle.reference, None)
            return
        drawing.standing = "cancelled"
        if drawing.exchange is not None:
            await drawing.exchange.close()

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
            raise Refused("This drawing was stopped before it was finished.", code="drawing_stopped", standing=drawing.standing)
        return drawing.pictures

    async def check(self) -> Health:
        """Ask for the list of models. An endpoint without one (404) is reached all the same, and says nothing about models."""
        call = Call(method="GET", url=f"{self._account.base_url}/models", bearer=self._account.key)
        answer, seconds = await ask_within(self._client, self._account.maker, call, self._account.check_within_s)
        if answer.status == 404:
            return Health(seconds=seconds)
        if answer.status != 200:
            raise self._refusal(answer)
        try:
            known = wire.read_models(answer.fields())
        except Unreadable as error:
            sentence = f"What answers at the address set for {self._account.maker} does not speak its protocol."
            raise Misconfigured(sentence, code="provider_not_its_protocol") from error
        return Health(tuple(sorted({offer.model for offer in self._offers.values()} - known)), seconds)

    async def _draw(self, drawing: _Drawing) -> AsyncGenerator[Progress]:
        drawing.exchange = self._client.call(self._call_of(drawing))
        async with drawing.exchange as exchange:
            if exchange.status != 200:
                raise self._refusal(await _complaint(exchange))
            if exchange.headers.get("content-type", "").startswith("text/event-stream"):
                async with aclosing(_listen(exchange, drawing)) as steps:
                    async for step in steps:
                        yield step
            else:
                drawing.take(wire.read_whole(await exchange.body(wire.answer_max_bytes(drawing.offer, drawing.request.count))))
        self._finish(drawing)

    def _call_of(self, drawing: _Drawing) -> Call:
        total_s = max(drawing.offer.timeout_s - ROOM_S, 1.0)
        return Call(
            method="POST",
            url=f"{self._account.base_url}/images/generations",
            bearer=self._account.key,
            json=wire.body_of(drawing.offer, drawing.request),
            patience=Patience(first_byte_s=total_s, silence_s=total_s, total_s=total_s),
            before_sending=drawing.request.before_sending,
        )

    def _finish(self, drawing: _Drawing) -> None:
        """Enough pictures and no more; too few are spent money, for which there is nothing to show."""
        wanted, came = drawing.request.count, len(drawing.pictures)
        log = get_logger().bind(provider=self.name, model=drawing.offer.id)
        if came < wanted:
            raise Unreadable("too_few_pictures")
        if came > wanted:
            log.warning("provider.too_many_pictures", wanted=wanted, came=came)
            del drawing.pictures[wanted:]
        drawing.standing = "done"
        log.info("provider.drawn", pictures=wanted, output_units=drawing.units)

    def _refusal(self, answer: Answer) -> ProviderError:
        refusal = refusal_of(self._account.maker, answer.status, answer.headers, complaint_of(answer.body))
        refusal.fields["request"] = answer.headers.get("x-request-id", "")[:80]
        return refusal

    @contextmanager
    def _told(self, drawing: _Drawing) -> Generator[None]:
        """Turn what the network and the protocol raise into our kinds, and log it: a warning where somebody should look."""
        try:
            yield
        except (NetError, Unreadable, wire.ToldFailure, ProviderError) as error:
            if drawing.standing == "cancelled":
                return  # it was us who closed the connection
            failure = _failure(self._account.maker, error)
            log = get_logger().bind(provider=self.name, model=drawing.offer.id, code=failure.code, **failure.fields)
            if isinstance(failure, Misconfigured | Spent):
                log.warning("provider.failed")
            else:
                log.info("provider.failed")
            raise failure from error

    def _known(self, handle: Handle) -> _Drawing:
        try:
            return self._drawings[handle.reference]
        except KeyError:
            raise Unanswered(code="drawing_lost") from None


async def _complaint(exchange: Exchange) -> Answer:
    try:
        body = await exchange.body(wire.ERROR_MAX_BYTES)
    except NetError:
        body = b""  # the status has been said
    return Answer(exchange.status, exchange.headers, body)


async def _listen(exchange: Exchange, drawing: _Drawing) -> AsyncGenerator[Progress]:
    """Partial pictures in rising order, each once, until the finished ones are there."""
    reader, received, shown = wire.EventReader(), 0, -1
    most_bytes = wire.answer_max_bytes(drawing.offer, drawing.request.count)
    expected = drawing.offer.partial_images
    while len(drawing.pictures) < drawing.request.count and (piece := await exchange.piece()):
        received += len(piece)
        if received > most_bytes:
            raise Unreadable("answer_too_large")
        for text in reader.feed(piece):
            match wire.read_event(text):
                case wire.Finished() as finished:
                    drawing.take(finished)
                case wire.Partial(index, picture) if shown < index < expected:
                    shown = index
                    yield Progress(index + 1, expected + 1, picture)
                case _:
                    pass


def _failure(maker: str, error: Exception) -> ProviderError:
    """What an error of the network or of the protocol means for the job and the person."""
    match error:
        case ProviderError():
            return error
        case wire.ToldFailure():
            return told_refusal_of(maker, complaint_of(error.body))
        case NetError():
            return failure_of(maker, error, buys=True)
        case Unreadable():
            return unusable(maker, str(error))
        case _:
            sentence = f"{maker} broke off: it may have drawn and charged for this picture."
            return Unanswered(sentence, code="provider_broke_off", reason=type(error).__name__)
