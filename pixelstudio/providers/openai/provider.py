"""The adapter: one drawing is one open call (`providers.open_calls`), with partial pictures on the way."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pixelstudio.net.client import Call, Patience
from pixelstudio.providers.answers import Answer, Unreadable, ask_within, complaint_in
from pixelstudio.providers.contract import Health, Progress
from pixelstudio.providers.errors import ProviderError, not_its_protocol
from pixelstudio.providers.open_calls import Drawing, OpenCallProvider
from pixelstudio.providers.openai import wire
from pixelstudio.providers.openai.refusals import complaint_of, refusal_of, told_refusal_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from pydantic import SecretStr

    from pixelstudio.net.client import Client, Exchange
    from pixelstudio.net.errors import NetError
    from pixelstudio.providers.openai.catalogue import Offer


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


class OpenAIImages(OpenCallProvider):
    """Draws with the models of one account."""

    def __init__(self, client: Client, account: Account, offers: Sequence[Offer]) -> None:
        about: dict[str, Any] = {"provider": account.provider, "maker": account.maker, "note": account.note}
        lane: dict[str, Any] = {"lane_concurrency": account.lane_concurrency, "lane_per_minute": account.lane_per_minute}
        models = [offer.image_model(**about, **lane) for offer in offers]
        super().__init__(client, name=account.provider, maker=account.maker, models=models)
        self._account = account
        self._offers = {offer.id: offer for offer in offers}

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
            raise not_its_protocol(self._account.maker) from error
        return Health(tuple(sorted({offer.model for offer in self._offers.values()} - known)), seconds)

    async def _draw(self, drawing: Drawing) -> AsyncGenerator[Progress]:
        offer = self._offers[drawing.request.model]
        drawing.exchange = self._client.call(self._call_of(drawing, offer))
        async with drawing.exchange as exchange:
            if exchange.status != 200:
                raise self._refusal(await complaint_in(exchange))
            if exchange.headers.get("content-type", "").startswith("text/event-stream"):
                async with aclosing(_listen(exchange, drawing, offer)) as steps:
                    async for step in steps:
                        yield step
            else:
                await drawing.make_room()
                _take(drawing, wire.read_whole(await exchange.body(wire.answer_max_bytes(offer, drawing.request.count))))

    def _call_of(self, drawing: Drawing, offer: Offer) -> Call:
        total_s, request = self._total_s(drawing), drawing.request
        by_picture = request.reference is not None
        return Call(
            method="POST",
            url=f"{self._account.base_url}/images/{'edits' if by_picture else 'generations'}",
            bearer=self._account.key,
            json=None if by_picture else wire.body_of(offer, request),
            form=wire.form_of(offer, request, request.reference) if request.reference is not None else (),
            patience=Patience(first_byte_s=total_s, silence_s=total_s, total_s=total_s),
            before_sending=request.before_sending,
        )

    def _refusal(self, answer: Answer) -> ProviderError:
        refusal = refusal_of(self._account.maker, answer.status, answer.headers, complaint_of(answer.body))
        refusal.fields["request"] = answer.headers.get("x-request-id", "")[:80]
        return refusal

    def _failure(self, error: NetError | Unreadable | ProviderError) -> ProviderError:
        if isinstance(error, wire.ToldFailure):
            return told_refusal_of(self._account.maker, complaint_of(error.body))
        return super()._failure(error)


def _take(drawing: Drawing, finished: wire.Finished) -> None:
    """Keep what has come."""
    drawing.pictures += finished.pictures
    drawing.units = finished.units


async def _listen(exchange: Exchange, drawing: Drawing, offer: Offer) -> AsyncGenerator[Progress]:
    """Partial pictures in rising order, each once, until the finished ones are there. Of many at once few have more than words in memory."""
    reader, received, shown = wire.EventReader(), 0, -1
    most_bytes = wire.answer_max_bytes(offer, drawing.request.count)
    expected = offer.partial_images
    while len(drawing.pictures) < drawing.request.count and (piece := await exchange.piece()):
        received += len(piece)
        if received > most_bytes:
            raise Unreadable("answer_too_large")
        for text in reader.feed(piece):
            match wire.read_event(text):
                case wire.Finished() as finished:
                    _take(drawing, finished)
                case wire.Partial(index, picture) if shown < index < expected:
                    shown = index
                    yield Progress(index + 1, expected + 1, picture)
                case _:
                    pass
        if reader.is_amid_much:
            await drawing.make_room()
        elif not drawing.pictures and drawing.request.room is not None:  # a partial one has been shown
            drawing.request.room.leave()
