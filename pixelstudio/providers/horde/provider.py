"""The adapter: a request is taken at once under a name, asked after seldom, and fetched when a volunteer has drawn it.

Whoever has no account waits behind everybody. A request that nobody took in time is forgotten there: then nothing was drawn.
"""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from pixelstudio.net.client import Call, Patience
from pixelstudio.providers.answers import ANSWER_MAX_BYTES, CHECK_WITHIN_S, PICTURE_MAX_BYTES, Unreadable, ask, ask_within, unusable
from pixelstudio.providers.capabilities import ensure_drawable
from pixelstudio.providers.contract import Handle, Health
from pixelstudio.providers.errors import Spent, Stopped, Unanswered, Unavailable, not_its_protocol, not_offered_any_more
from pixelstudio.providers.horde import wire
from pixelstudio.providers.horde.catalogue import MAKER, PROVIDER

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator, Sequence

    from pydantic import SecretStr

    from pixelstudio.net.client import Client
    from pixelstudio.providers.answers import Answer
    from pixelstudio.providers.contract import DrawRequest, ImageModel, Progress, Standing
    from pixelstudio.providers.horde.catalogue import Offer

ASK_EVERY_S: Final = 3.0
AGENT: Final = "PixelStudio:1:https://github.com"
"""Name, version and contact: agents without one may be turned away."""
_PATIENCE: Final = Patience(first_byte_s=30.0, silence_s=30.0, total_s=60.0)
_MODELS_MAX_BYTES: Final = 4 * ANSWER_MAX_BYTES


class Horde:
    """Draws with the models of the Horde on one account, or on none."""

    def __init__(
        self,
        client: Client,
        *,
        base_url: str,
        key: SecretStr,
        offers: Sequence[Offer],
        ask_every_s: float = ASK_EVERY_S,
        check_within_s: float = CHECK_WITHIN_S,
        asking: Patience = _PATIENCE,
    ) -> None:
        self._client = client
        self._base_url = base_url
        self._key = key
        self._offers = {offer.id: offer for offer in offers}
        self._ask_every_s = ask_every_s
        self._check_within_s = check_within_s
        self._asking = asking
        self.name = PROVIDER
        self.models: tuple[ImageModel, ...] = tuple(offer.image_model for offer in offers)
        self._models = {model.id: model for model in self.models}

    async def submit(self, request: DrawRequest) -> Handle:
        """Ask for the pictures; the handle has the name the Horde gave. Not safe to repeat: it would be drawn twice."""
        if request.model not in self._offers:
            raise not_offered_any_more(request.model)
        ensure_drawable(self._models[request.model], request)
        offer = self._offers[request.model]
        call = Call(
            method="POST",
            url=f"{self._base_url}/generate/async",
            headers=self._headers,
            json=wire.body_of(offer, request),
            patience=self._asking,
            before_sending=request.before_sending,
        )
        answer = await ask(self._client, MAKER, call, buys=True)
        if not 200 <= answer.status < 300:
            raise wire.refusal_of(answer)
        try:
            return Handle(PROVIDER, request.model, wire.read_id(answer.fields()))
        except Unreadable as error:  # without its name nobody can say what was begun
            sentence = f"The {MAKER} answered with something nobody can read: it may be drawing this picture."
            raise Unanswered(sentence, code="provider_answer_unusable", reason=str(error)) from error

    async def progress(self, handle: Handle) -> AsyncGenerator[Progress]:
        """Nothing: volunteers tell nothing before the end."""
        return
        yield

    async def poll(self, handle: Handle) -> Standing:
        """Where it stands. What the Horde has forgotten was not taken in time, which is an end like being stopped."""
        if not wire.is_name(handle.reference):
            return "lost"
        answer = await self._ask("GET", f"/generate/check/{handle.reference}")
        if answer.status == 404:
            return "cancelled"
        if answer.status != 200:
            raise wire.refusal_of(answer)
        with _readable():
            return wire.standing_of(answer.fields())

    async def cancel(self, handle: Handle) -> None:
        """Take it back. Safe to repeat, and on what is unknown there."""
        if not wire.is_name(handle.reference):
            return
        answer = await self._ask("DELETE", f"/generate/status/{handle.reference}")
        if answer.status not in {200, 404}:
            raise wire.refusal_of(answer)

    async def fetch(self, handle: Handle) -> list[bytes]:
        """The pictures, waiting for them if need be. They are foreign bytes."""
        await self._until_done(handle)
        answer = await self._ask("GET", f"/generate/status/{handle.reference}", PICTURE_MAX_BYTES)
        if answer.status != 200:
            raise wire.refusal_of(answer)
        with _readable():
            told = answer.fields()
            if wire.has_failed(told):
                raise Spent(f"The volunteers of the {MAKER} could not draw this.", code="provider_failed")
            pictures = wire.read_pictures(told)
        if not pictures:
            raise unusable(MAKER, "too_few_pictures")
        return pictures[: self._models[handle.model].images_per_call]

    async def check(self) -> Health:
        """Ask whether the key is one, and which models somebody draws with at the moment."""
        url = f"{self._base_url}/find_user"
        answer, seconds = await ask_within(self._client, MAKER, Call(method="GET", url=url, headers=self._headers), self._check_within_s)
        if answer.status != 200:
            raise wire.refusal_of(answer)
        models = await self._ask("GET", "/status/models?type=image", _MODELS_MAX_BYTES)
        try:
            balance = answer.fields().get("kudos")
            known = wire.read_models(models.json())
        except Unreadable as error:
            raise not_its_protocol(f"the {MAKER}") from error
        missing = tuple(sorted(offer.model for offer in self._offers.values() if offer.model not in known))
        return Health(missing, seconds, f"{balance:,.0f} kudos" if isinstance(balance, int | float) else "")

    async def _until_done(self, handle: Handle) -> None:
        ends_at = asyncio.get_running_loop().time() + self._models[handle.model].timeout_s
        while True:
            match await self.poll(handle):
                case "done":
                    return
                case "cancelled":
                    raise Stopped
                case "lost":
                    raise Unanswered(f"The {MAKER} does not know this picture.", code="drawing_lost")
                case _ if asyncio.get_running_loop().time() > ends_at:
                    raise Unavailable(f"The {MAKER} takes long over this picture.", code="provider_slow")
                case _:
                    await asyncio.sleep(self._ask_every_s)

    async def _ask(self, method: str, path: str, max_bytes: int = ANSWER_MAX_BYTES) -> Answer:
        call = Call(method=method, url=f"{self._base_url}{path}", headers=self._headers, patience=self._asking)
        return await ask(self._client, MAKER, call, buys=False, max_bytes=max_bytes)

    @property
    def _headers(self) -> dict[str, str]:
        return {"apikey": self._key.get_secret_value(), "Client-Agent": AGENT}


@contextmanager
def _readable() -> Generator[None]:
    """An answer that is none: it was asked for, and there is nothing to show."""
    try:
        yield
    except Unreadable as error:
        raise unusable(MAKER, str(error)) from error
