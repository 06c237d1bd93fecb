"""The adapter: one picture is one form, answered with the picture itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixelstudio.net.client import Call, Patience
from pixelstudio.providers.answers import CHECK_WITHIN_S, PICTURE_MAX_BYTES, Unreadable, ask_within, complaint_in
from pixelstudio.providers.contract import Health
from pixelstudio.providers.errors import not_its_protocol
from pixelstudio.providers.open_calls import OpenCallProvider
from pixelstudio.providers.stability import wire
from pixelstudio.providers.stability.catalogue import MAKER, PROVIDER

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from pydantic import SecretStr

    from pixelstudio.net.client import Client
    from pixelstudio.providers.contract import Progress
    from pixelstudio.providers.open_calls import Drawing
    from pixelstudio.providers.stability.catalogue import Offer


class StabilityImages(OpenCallProvider):
    """Draws with the services of one account."""

    def __init__(
        self, client: Client, *, base_url: str, key: SecretStr, offers: Sequence[Offer], check_within_s: float = CHECK_WITHIN_S
    ) -> None:
        super().__init__(client, name=PROVIDER, maker=MAKER, models=[offer.image_model for offer in offers])
        self._base_url = base_url
        self._key = key
        self._check_within_s = check_within_s
        self._offers = {offer.id: offer for offer in offers}

    async def check(self) -> Health:
        """Ask what the account has left; which models it may use is not told."""
        call = Call(method="GET", url=f"{self._base_url}/v1/user/balance", bearer=self._key)
        answer, seconds = await ask_within(self._client, MAKER, call, self._check_within_s)
        if answer.status != 200:
            raise wire.refusal_of(answer)
        try:
            return Health(seconds=seconds, balance=wire.balance_of(answer.fields()))
        except Unreadable as error:
            raise not_its_protocol(MAKER) from error

    async def _draw(self, drawing: Drawing) -> AsyncGenerator[Progress]:
        offer, total_s = self._offers[drawing.request.model], self._total_s(drawing)
        drawing.exchange = self._client.call(
            Call(
                method="POST",
                url=f"{self._base_url}/v2beta/stable-image/generate/{offer.route}",
                bearer=self._key,
                headers={"Accept": "image/*"},
                form=wire.form_of(offer, drawing.request),
                patience=Patience(first_byte_s=total_s, silence_s=total_s, total_s=total_s),
                before_sending=drawing.request.before_sending,
            )
        )
        async with drawing.exchange as exchange:
            if exchange.status != 200:
                raise wire.refusal_of(await complaint_in(exchange))
            wire.ensure_drawn(exchange.headers)
            await drawing.make_room()
            drawing.pictures.append(await exchange.body(PICTURE_MAX_BYTES))
        return
        yield  # it tells nothing before the end
