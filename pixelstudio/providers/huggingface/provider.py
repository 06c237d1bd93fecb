"""The adapter: the hub is asked, free of charge, under which name a provider has the model; then one picture is one open call."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from pixelstudio.net.client import Call, Patience
from pixelstudio.providers.answers import (
    ANSWER_MAX_BYTES,
    CHECK_WITHIN_S,
    PICTURE_MAX_BYTES,
    Answer,
    Unreadable,
    ask,
    ask_within,
    complaint_in,
)
from pixelstudio.providers.contract import Health
from pixelstudio.providers.errors import Misconfigured, not_its_protocol
from pixelstudio.providers.huggingface import wire
from pixelstudio.providers.huggingface.catalogue import MAKER, PROVIDER
from pixelstudio.providers.open_calls import OpenCallProvider

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator, Sequence

    from pydantic import SecretStr

    from pixelstudio.net.client import Client
    from pixelstudio.providers.contract import Progress
    from pixelstudio.providers.huggingface.catalogue import Offer
    from pixelstudio.providers.open_calls import Drawing


class HuggingFaceImages(OpenCallProvider):
    """Draws with the hub's models on one account."""

    def __init__(
        self,
        client: Client,
        *,
        base_url: str,
        hub_url: str,
        key: SecretStr,
        offers: Sequence[Offer],
        bill_to: str = "",
        check_within_s: float = CHECK_WITHIN_S,
    ) -> None:
        super().__init__(client, name=PROVIDER, maker=MAKER, models=[offer.image_model for offer in offers])
        self._base_url = base_url
        self._hub_url = hub_url
        self._key = key
        self._check_within_s = check_within_s
        self._bill_to = {"X-HF-Bill-To": bill_to} if bill_to else {}
        self._offers = {offer.id: offer for offer in offers}
        self._names: dict[str, str] = {}

    async def check(self) -> Health:
        """Ask whose token it is, and for each model whether its provider draws it at present."""
        who = Call(method="GET", url=f"{self._hub_url}/api/whoami-v2", bearer=self._key)
        answer, seconds = await ask_within(self._client, MAKER, who, self._check_within_s)
        if answer.status != 200:
            raise wire.refusal_of(answer)
        with _its_protocol():
            answer.fields()
        missing: list[str] = []
        for offer in self._offers.values():
            try:
                await self._look_up(offer)
            except Misconfigured:
                missing.append(offer.repository)
        return Health(tuple(missing), seconds)

    async def _draw(self, drawing: Drawing) -> AsyncGenerator[Progress]:
        offer, total_s = self._offers[drawing.request.model], self._total_s(drawing)
        name = self._names.get(offer.id) or await self._look_up(offer)
        drawing.exchange = self._client.call(
            Call(
                method="POST",
                url=f"{self._base_url}{wire.route_of(offer)}",
                bearer=self._key,
                headers={"Accept": "image/png" if offer.drawer == "hf-inference" else "application/json", **self._bill_to},
                json=wire.body_of(offer, name, drawing.request),
                patience=Patience(first_byte_s=total_s, silence_s=total_s, total_s=total_s),
                before_sending=drawing.request.before_sending,
            )
        )
        async with drawing.exchange as exchange:
            if exchange.status != 200:
                raise wire.refusal_of(await complaint_in(exchange))
            await drawing.make_room()
            body = await exchange.body(PICTURE_MAX_BYTES * drawing.request.count + ANSWER_MAX_BYTES)
        drawing.pictures += wire.read_pictures(offer, Answer(exchange.status, exchange.headers, body))
        return
        yield  # it tells nothing before the end

    async def _look_up(self, offer: Offer) -> str:
        call = Call(method="GET", url=f"{self._hub_url}{wire.mapping_path(offer)}", bearer=self._key)
        answer = await ask(self._client, MAKER, call, buys=False)
        if answer.status != 200:
            raise wire.refusal_of(answer)
        with _its_protocol():
            self._names[offer.id] = name = wire.read_mapping(answer.fields(), offer)
        return name


@contextmanager
def _its_protocol() -> Generator[None]:
    """Whoever answers something else is not whom the address was set for."""
    try:
        yield
    except Unreadable as error:
        raise not_its_protocol(MAKER) from error
