"""The adapter: a drawing is a prediction that is begun, asked after by its id, and fetched within the hour it is kept.

What was begun is known by its id, and by the token in the address it calls back.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from pixelstudio.net.client import Call, Patience
from pixelstudio.providers.answers import CHECK_WITHIN_S, Answer, Unreadable, ask, ask_within
from pixelstudio.providers.commissions import TAKEN, CommissionProvider
from pixelstudio.providers.contract import Health
from pixelstudio.providers.errors import Unanswered, not_its_protocol
from pixelstudio.providers.parcels import data_address, fetched, until_ended
from pixelstudio.providers.replicate.catalogue import MAKER, PROVIDER
from pixelstudio.providers.replicate.wire import ENDED, Prediction, prediction_of, refusal_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import SecretStr

    from pixelstudio.net.client import Client
    from pixelstudio.net.fetch import Fetcher
    from pixelstudio.providers.contract import Delivery, DrawRequest, Handle, Standing
    from pixelstudio.providers.errors import ProviderError
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


class Replicate(CommissionProvider["Offer"]):
    """Draws with the models of one account."""

    def __init__(self, client: Client, fetcher: Fetcher, account: Account, offers: Sequence[Offer]) -> None:
        terms: dict[str, Any] = {"lane_concurrency": account.lane_concurrency, "lane_per_minute": account.lane_per_minute}
        models = [offer.image_model(delivery=account.delivery, **terms) for offer in offers]
        super().__init__(client, name=PROVIDER, maker=MAKER, offers={offer.id: offer for offer in offers}, models=models)
        self._fetcher = fetcher
        self._account = account

    async def poll(self, handle: Handle) -> Standing:
        """Where it stands. What failed is done; `fetch` says why there is no picture."""
        prediction = await self._prediction(handle)
        return "lost" if prediction is None else prediction.standing

    async def cancel(self, handle: Handle) -> None:
        """Stop it. Charged for if it had begun (replicate.com/docs, lifecycle)."""
        answer = await ask(self._client, MAKER, self._call("POST", f"/predictions/{_part(handle)}/cancel"), buys=False)
        if answer.status not in {*TAKEN, 404, 409, 422}:
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
        return await self._asked(self._call("GET", f"/predictions/{_part(handle)}"), prediction_of)

    def _name_in(self, told: dict[str, Any]) -> str:
        return prediction_of(told).id

    def _refusal_of(self, answer: Answer, *, buys: bool) -> ProviderError:
        return refusal_of(answer, buys=buys)

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
