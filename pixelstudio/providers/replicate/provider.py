"""The adapter: a drawing is a prediction that is begun, asked after by its id, and fetched within the hour it is kept.

There is no key that would make a second request the same as the first, so a request whose answer never came is `Unanswered`. What was begun
is known by its id, and by the token in the address it calls back.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from pixelstudio.net.client import Call, Patience
from pixelstudio.providers.answers import CHECK_WITHIN_S, Answer, Unreadable, ask, ask_within, something_else
from pixelstudio.providers.capabilities import ensure_drawable
from pixelstudio.providers.contract import Handle, Health, Progress, Standing
from pixelstudio.providers.errors import Unanswered, not_its_protocol, not_offered_any_more
from pixelstudio.providers.parcels import data_address, fetched, until_ended
from pixelstudio.providers.replicate.catalogue import MAKER, PROVIDER
from pixelstudio.providers.replicate.wire import ENDED, Prediction, prediction_of, refusal_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import SecretStr

    from pixelstudio.net.client import Client
    from pixelstudio.net.fetch import Fetcher
    from pixelstudio.providers.contract import Delivery, DrawRequest, ImageModel
    from pixelstudio.providers.replicate.catalogue import Offer

HOSTS: Final = ("replicate.delivery",)
"""Where pictures are kept (replicate.com/docs, data retention)."""
CANCEL_AFTER: Final = "60m"
"""Nobody asks after a drawing for longer than an hour, so nobody shall be charged for it then."""
_ASKING: Final = Patience(first_byte_s=20.0, silence_s=20.0, total_s=30.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Whom we ask and how."""

    base_url: str
    key: SecretStr
    delivery: Delivery = "poll"
    lane_concurrency: int = 8
    lane_per_minute: int | None = None
    check_within_s: float = CHECK_WITHIN_S
    asking: Patience = _ASKING


class Replicate:
    """Draws with the models of one account. Keeps nothing of a drawing: whatever has its id can ask for it."""

    name = PROVIDER

    def __init__(self, client: Client, fetcher: Fetcher, account: Account, offers: Sequence[Offer]) -> None:
        self._client = client
        self._fetcher = fetcher
        self._account = account
        self._offers = {offer.id: offer for offer in offers}
        terms: dict[str, Any] = {"lane_concurrency": account.lane_concurrency, "lane_per_minute": account.lane_per_minute}
        self.models: tuple[ImageModel, ...] = tuple(offer.image_model(delivery=account.delivery, **terms) for offer in offers)
        self._models = {model.id: model for model in self.models}

    async def submit(self, request: DrawRequest) -> Handle:
        """Begin the prediction. Not safe to repeat: each one is charged."""
        offer = self._offers.get(request.model)
        if offer is None:
            raise not_offered_any_more(request.model)
        ensure_drawable(self._models[offer.id], request)
        answer = await ask(self._client, MAKER, self._call_of(offer, request), buys=True)
        if answer.status not in {200, 201, 202}:
            raise refusal_of(answer, buys=True)
        try:
            begun = prediction_of(answer.fields())
        except Unreadable as error:
            raise something_else(MAKER, error, buys=True) from error
        return Handle(PROVIDER, offer.id, begun.id, {"count": str(request.count)})

    async def progress(self, handle: Handle) -> AsyncGenerator[Progress]:
        """Nothing: a prediction tells no steps."""
        for step in ():
            yield step

    async def poll(self, handle: Handle) -> Standing:
        """Where it stands. What failed is done; `fetch` says why there is no picture."""
        prediction = await self._prediction(handle)
        return "lost" if prediction is None else prediction.standing

    async def cancel(self, handle: Handle) -> None:
        """Stop it. Charged for if it had begun (replicate.com/docs, lifecycle)."""
        answer = await ask(self._client, MAKER, self._call("POST", f"/predictions/{_part(handle)}/cancel"), buys=False)
        if answer.status not in {200, 201, 202, 404, 409, 422}:
            raise refusal_of(answer, buys=False)

    async def fetch(self, handle: Handle) -> list[bytes]:
        """The pictures, waiting for them if need be. Foreign bytes. Safe to repeat for an hour, then they are gone."""
        prediction = await until_ended(lambda: self._ended(handle), MAKER, self._offers[handle.model].timeout_s)
        if (failure := prediction.failure()) is not None:
            raise failure
        wanted = int(handle.facts.get("count", 0)) or max(1, len(prediction.addresses))
        return await fetched(self._fetcher, MAKER, prediction.addresses, wanted, HOSTS)

    async def check(self) -> Health:
        """Ask who the key belongs to, and for each of our models: none of it is charged."""
        answer, seconds = await self._asked_within("/account")
        if answer.status != 200:
            raise refusal_of(answer, buys=False)
        try:
            answer.fields()
        except Unreadable as error:
            raise not_its_protocol(MAKER) from error
        models = [offer.model for offer in self._offers.values()]
        looked = await asyncio.gather(*(self._asked_within(f"/models/{model}") for model in models))
        missing = tuple(sorted(model for model, (told, _) in zip(models, looked, strict=True) if told.status == 404))
        return Health(missing, seconds)

    async def webhook_secret(self) -> str:
        """The secret this account's webhooks are signed with. Raises a kind of `providers.errors`."""
        answer = await ask(self._client, MAKER, self._call("GET", "/webhooks/default/secret"), buys=False)
        key = answer.complaint().get("key")
        if answer.status != 200 or not isinstance(key, str):
            raise refusal_of(answer, buys=False)
        return key

    async def _ended(self, handle: Handle) -> Prediction | None:
        prediction = await self._prediction(handle)
        if prediction is None:
            raise Unanswered(f"{MAKER} knows nothing of this picture.", code="drawing_lost")
        return prediction if prediction.status in ENDED else None

    async def _prediction(self, handle: Handle) -> Prediction | None:
        answer = await ask(self._client, MAKER, self._call("GET", f"/predictions/{_part(handle)}"), buys=False)
        if answer.status == 404:
            return None
        if answer.status != 200:
            raise refusal_of(answer, buys=False)
        try:
            return prediction_of(answer.fields())
        except Unreadable as error:
            raise something_else(MAKER, error, buys=False) from error

    async def _asked_within(self, path: str) -> tuple[Answer, float]:
        return await ask_within(self._client, MAKER, self._call("GET", path), self._account.check_within_s)

    def _call_of(self, offer: Offer, request: DrawRequest) -> Call:
        body: dict[str, Any] = {"input": offer.input_of(request, data_address(request.reference))}
        if request.callback_url and self._account.delivery == "webhook":
            body |= {"webhook": request.callback_url, "webhook_events_filter": ["completed"]}
        return Call(
            method="POST",
            url=f"{self._account.base_url}/models/{offer.model}/predictions",
            bearer=self._account.key,
            headers={"Cancel-After": CANCEL_AFTER},
            json=body,
            patience=self._account.asking,
            before_sending=request.before_sending,
        )

    def _call(self, method: str, path: str) -> Call:
        url = f"{self._account.base_url}{path}"
        return Call(method=method, url=url, bearer=self._account.key, patience=self._account.asking)


def _part(handle: Handle) -> str:
    return quote(handle.reference, safe="")
