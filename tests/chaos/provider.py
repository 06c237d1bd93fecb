"""The payee as a provider of the studio: one call that stays open until its picture is there, marked before its first byte leaves."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any, get_args

from pixelstudio.core.ids import new_id
from pixelstudio.net.client import Call, Client, Patience
from pixelstudio.net.errors import NetError, NotSent
from pixelstudio.providers.contract import DrawRequest, Handle, Health, Idempotency, ImageModel, Progress, Size, Standing
from pixelstudio.providers.errors import Throttled, Unanswered, Unavailable
from tests.chaos.payee import SIDE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

PRICE = 2
LANE_MAX = 12
KINDS: tuple[Idempotency, ...] = get_args(Idempotency)
"""How a provider treats a request that comes again; each is a model with a lane of its own. What they mean is said in `payee`."""
PATIENCE = Patience(connect_s=2.0, first_byte_s=5.0, silence_s=5.0, total_s=10.0)
_ANSWER_MAX_BYTES = 1024 * 1024


def picture_of(prompt: str, seed: int) -> str:
    """The name of one wanted picture, by which the payee's journal and our rows are compared."""
    return f"{prompt} {seed}"


class PayeeProvider:
    """Asks the payee at `base`."""

    name = "payee"
    models = tuple(
        ImageModel(
            id=f"payee-{kind}",
            provider="payee",
            title=kind,
            maker="",
            note="",
            sizes=(Size(SIDE, SIDE, "small"),),
            lane=f"payee-{kind}",
            lane_concurrency=LANE_MAX,
            price_credits=PRICE,
            steps=0,
            idempotency=kind,
            timeout_s=20.0,
        )
        for kind in KINDS
    )

    def __init__(self, client: Client, base: str) -> None:
        self._client = client
        self._base = base
        self._wishes: dict[str, DrawRequest] = {}

    async def submit(self, request: DrawRequest) -> Handle:
        """Remember; it is sent in `fetch`."""
        handle = Handle(self.name, request.model, request.key or new_id())
        self._wishes[handle.reference] = request
        return handle

    async def progress(self, handle: Handle) -> AsyncIterator[Progress]:
        """Tells nothing before the end."""
        for step in ():
            yield step

    async def poll(self, handle: Handle) -> Standing:
        """What the payee knows of this key."""
        if handle.reference in self._wishes:
            return "waiting"
        return (await self._tell(handle))["standing"]

    async def cancel(self, handle: Handle) -> None:
        """Forget it; what was sent is past cancelling."""
        self._wishes.pop(handle.reference, None)

    async def fetch(self, handle: Handle) -> list[bytes]:
        """The picture of a request of this process, or of one that an earlier attempt sent under this key."""
        request = self._wishes.pop(handle.reference, None)
        answer = await (self._tell(handle) if request is None else self._draw(handle, request))
        if answer["picture"] is None:
            raise Unavailable
        return [base64.b64decode(answer["picture"])]

    async def _draw(self, handle: Handle, request: DrawRequest) -> dict[str, Any]:
        kind = handle.model.removeprefix("payee-")
        wish = {"picture": picture_of(request.prompt, request.seed), "kind": kind, "key": handle.reference}
        status, answer = await self._ask("/draw", wish, request)
        if status == 429:
            raise Throttled(retry_after_s=0.1)
        if status == 503:
            raise Unavailable
        return answer

    async def _tell(self, handle: Handle) -> dict[str, Any]:
        _, answer = await self._ask("/tell", {"key": handle.reference}, None)
        return answer

    async def check(self) -> Health:
        """It is there for as long as the campaign lasts."""
        return Health()

    async def _ask(self, path: str, wish: dict[str, Any], request: DrawRequest | None) -> tuple[int, dict[str, Any]]:
        before_sending = request.before_sending if request else None
        call = Call(method="POST", url=f"{self._base}{path}", json=wish, patience=PATIENCE, before_sending=before_sending)
        try:
            async with self._client.call(call) as exchange:
                return exchange.status, json.loads(await exchange.body(_ANSWER_MAX_BYTES))
        except NotSent as error:
            raise Unavailable from error
        except NetError as error:
            raise (Unanswered() if request else Unavailable()) from error
