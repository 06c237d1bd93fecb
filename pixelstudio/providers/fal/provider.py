"""The adapter: a drawing is a request in fal's queue, asked after by its id, and fetched from where the model put it.

There is no key that would make a second request the same as the first, so a request whose answer never came is `Unanswered`. The queue's own
addresses leave out what follows `owner/app` in a model's name; they are made here in the same way, because only the id outlives this
process, and because an address out of an answer shall not get our key.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

from pixelstudio.net.client import Call, Patience
from pixelstudio.providers.answers import CHECK_WITHIN_S, Answer, Unreadable, ask, ask_within, something_else, unusable
from pixelstudio.providers.capabilities import ensure_drawable
from pixelstudio.providers.contract import Handle, Health, Progress, Standing
from pixelstudio.providers.errors import Stopped, Unanswered, not_its_protocol, not_offered_any_more
from pixelstudio.providers.fal.catalogue import MAKER, PROVIDER
from pixelstudio.providers.fal.wire import Result, failure_of_result, priced_in, refusal_of, request_id_of, result_of, standing_of
from pixelstudio.providers.parcels import data_address, fetched, until_ended

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import SecretStr

    from pixelstudio.net.client import Client
    from pixelstudio.net.fetch import Fetcher
    from pixelstudio.providers.contract import Delivery, DrawRequest, ImageModel
    from pixelstudio.providers.fal.catalogue import Offer

_ASKING: Final = Patience(first_byte_s=20.0, silence_s=20.0, total_s=30.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Whom we ask and how."""

    queue_url: str
    platform_url: str
    key: SecretStr
    delivery: Delivery = "poll"
    lane_concurrency: int = 4
    lane_per_minute: int | None = None
    check_within_s: float = CHECK_WITHIN_S
    asking: Patience = _ASKING


class Fal:
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
        """Put it into the queue. Not safe to repeat: each one is charged."""
        offer = self._offers.get(request.model)
        if offer is None:
            raise not_offered_any_more(request.model)
        ensure_drawable(self._models[offer.id], request)
        answer = await ask(self._client, MAKER, self._call_of(offer, request), buys=True)
        if answer.status not in {200, 201, 202}:
            raise refusal_of(answer, buys=True)
        try:
            reference = request_id_of(answer.fields())
        except Unreadable as error:
            raise something_else(MAKER, error, buys=True) from error
        return Handle(PROVIDER, offer.id, reference, {"count": str(request.count)})

    async def progress(self, handle: Handle) -> AsyncGenerator[Progress]:
        """Nothing: the queue tells no steps."""
        for step in ():
            yield step

    async def poll(self, handle: Handle) -> Standing:
        """Where it stands. Done is not well: `fetch` tells."""
        answer = await ask(self._client, MAKER, self._call("GET", f"{self._address(handle)}/status"), buys=False)
        if answer.status == 404:
            return "lost"
        if answer.status not in {200, 202}:
            raise refusal_of(answer, buys=False)
        try:
            return standing_of(answer.fields())
        except Unreadable as error:
            raise something_else(MAKER, error, buys=False) from error

    async def cancel(self, handle: Handle) -> None:
        """Take it out of the queue, or stop it when it is being drawn."""
        answer = await ask(self._client, MAKER, self._call("PUT", f"{self._address(handle)}/cancel"), buys=False)
        if answer.status not in {200, 202, 400, 404}:  # 400: it has ended
            raise refusal_of(answer, buys=False)

    async def fetch(self, handle: Handle) -> list[bytes]:
        """The pictures, waiting for them if need be. Foreign bytes. Safe to repeat for days."""
        standing = await until_ended(lambda: self._ended(handle), MAKER, self._offers[handle.model].timeout_s)
        if standing == "lost":
            raise Unanswered(f"{MAKER} knows nothing of this picture.", code="drawing_lost")
        if standing == "cancelled":
            raise Stopped(standing=standing)
        wanted = int(handle.facts.get("count", 1))
        result = await self._result(handle)
        if (failure := failure_of_result(result, wanted)) is not None:
            raise failure
        is_known = "count" in handle.facts
        return await fetched(self._fetcher, MAKER, result.addresses, wanted if is_known else len(result.addresses))

    async def check(self) -> Health:
        """Ask what our models cost, which is free and needs the key. A model it gives no price for is not offered."""
        models = sorted({offer.model for offer in self._offers.values()})
        asked = urlencode([("endpoint_id", model) for model in models])
        call = self._call("GET", f"{self._account.platform_url}/models/pricing?{asked}")
        answer, seconds = await ask_within(self._client, MAKER, call, self._account.check_within_s)
        if answer.status == 404 and answer.complaint():  # one of them is unknown there, and the key is good
            return Health(tuple(models), seconds)
        if answer.status != 200:
            raise refusal_of(answer, buys=False)
        try:
            told = answer.fields()
        except Unreadable as error:
            raise not_its_protocol(MAKER) from error
        return Health(tuple(model for model in models if model not in priced_in(told)), seconds)

    async def _ended(self, handle: Handle) -> Standing | None:
        standing = await self.poll(handle)
        return None if standing in {"waiting", "drawing"} else standing

    async def _result(self, handle: Handle) -> Result:
        answer: Answer = await ask(self._client, MAKER, self._call("GET", self._address(handle)), buys=False)
        if answer.status != 200:
            raise refusal_of(answer, buys=False, is_result=True)
        try:
            return result_of(answer.fields())
        except Unreadable as error:
            raise unusable(MAKER, str(error)) from error

    def _call_of(self, offer: Offer, request: DrawRequest) -> Call:
        hook = (
            f"?{urlencode({'fal_webhook': request.callback_url})}" if request.callback_url and self._account.delivery == "webhook" else ""
        )
        return Call(
            method="POST",
            url=f"{self._account.queue_url}/{offer.asked_for(request)}{hook}",
            bearer=self._account.key,
            scheme="Key",
            json=offer.input_of(request, data_address(request.reference)),
            patience=self._account.asking,
            before_sending=request.before_sending,
        )

    def _address(self, handle: Handle) -> str:
        app = "/".join(self._offers[handle.model].model.split("/")[:2])
        return f"{self._account.queue_url}/{app}/requests/{quote(handle.reference, safe='')}"

    def _call(self, method: str, url: str) -> Call:
        return Call(method=method, url=url, bearer=self._account.key, scheme="Key", patience=self._account.asking)
