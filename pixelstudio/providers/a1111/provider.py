"""The adapter: the drawing is an open call, and beside it the server is asked how far it is, and told to stop.

Progress and interruption speak of whatever the server draws just now, not of a job, so its lane holds one job at a time. Nobody charges
for a picture here: the call is not marked, may be called off at any moment, and is simply made again when the server was restarted.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from pixelstudio.core.log import get_logger
from pixelstudio.net.client import Call, Patience
from pixelstudio.providers.a1111 import wire
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
from pixelstudio.providers.errors import ProviderError, not_its_protocol
from pixelstudio.providers.open_calls import OpenCallProvider
from pixelstudio.providers.refusals import refusal_by_status

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from pydantic import SecretStr

    from pixelstudio.net.client import Client
    from pixelstudio.providers.contract import ImageModel, Progress
    from pixelstudio.providers.open_calls import Drawing

PROVIDER: Final = "a1111"
LOOK_EVERY_S: Final = 0.5
_ASIDE: Final = Patience(connect_s=3.0, first_byte_s=5.0, silence_s=5.0, total_s=8.0)
_CHECKPOINTS_MAX_BYTES: Final = 4 * ANSWER_MAX_BYTES


class WebUI(OpenCallProvider):
    """Draws with the checkpoints of one server."""

    def __init__(
        self,
        client: Client,
        *,
        base_url: str,
        maker: str,
        login: SecretStr | None,
        offers: Mapping[str, tuple[str, ImageModel]],
        look_every_s: float = LOOK_EVERY_S,
        check_within_s: float = CHECK_WITHIN_S,
    ) -> None:
        super().__init__(client, name=PROVIDER, maker=maker, models=[model for _, model in offers.values()], charges=False)
        self._base_url = base_url
        self._login = login
        self._checkpoints = {model_id: checkpoint for model_id, (checkpoint, _) in offers.items()}
        self._look_every_s = look_every_s
        self._check_within_s = check_within_s

    async def check(self) -> Health:
        """Ask what is installed."""
        answer, seconds = await ask_within(self._client, self._maker, self._call("GET", "/sdapi/v1/sd-models"), self._check_within_s)
        known = set(self._checkpoints_in(answer))
        missing = sorted(model_id for model_id, checkpoint in self._checkpoints.items() if checkpoint not in known)
        return Health(tuple(missing), seconds)

    async def checkpoints(self) -> list[str]:
        """What is installed, as the server spells it."""
        call = self._call("GET", "/sdapi/v1/sd-models")
        return self._checkpoints_in(await ask(self._client, self._maker, call, buys=False, max_bytes=_CHECKPOINTS_MAX_BYTES))

    async def _draw(self, drawing: Drawing) -> AsyncGenerator[Progress]:
        steps_max, shown = self._models[drawing.request.model].steps, 0
        painting = asyncio.create_task(self._paint(drawing), name="a1111")
        try:
            while not (await asyncio.wait({painting}, timeout=self._look_every_s))[0]:
                step = await self._look(steps_max)
                if step is not None and step.step > shown and not painting.done():
                    shown = step.step
                    yield step
            await painting
        finally:
            painting.cancel()
            await asyncio.wait({painting})
            if not painting.cancelled():
                painting.exception()  # said already, or nobody wants to know any more

    async def _paint(self, drawing: Drawing) -> None:
        total_s = self._total_s(drawing)
        body = wire.body_of(self._checkpoints[drawing.request.model], drawing.request)
        patience = Patience(first_byte_s=total_s, silence_s=total_s, total_s=total_s)
        drawing.exchange = self._client.call(self._call("POST", wire.route_of(drawing.request), body, patience))
        async with drawing.exchange as exchange:
            if exchange.status != 200:
                raise self._refusal(await complaint_in(exchange))
            await drawing.make_room()
            body_max = PICTURE_MAX_BYTES * drawing.request.count + ANSWER_MAX_BYTES
            answer = Answer(exchange.status, exchange.headers, await exchange.body(body_max))
        drawing.pictures += wire.read_pictures(answer.fields())

    async def _look(self, steps_max: int) -> Progress | None:
        """What it has drawn so far; None as well when it has no time to tell."""
        try:
            call = self._call("GET", "/sdapi/v1/progress?skip_current_image=false", patience=_ASIDE)
            answer = await ask(self._client, self._maker, call, buys=False, max_bytes=PICTURE_MAX_BYTES)
            return wire.read_progress(answer.fields(), steps_max) if answer.status == 200 else None
        except (ProviderError, Unreadable):
            return None

    async def _stop(self, drawing: Drawing) -> None:
        """Tell the server to stop, which it does after the step it is at; then close the connection. A second press is harmless."""
        if drawing.exchange is None:
            return
        try:
            await ask(self._client, self._maker, self._call("POST", "/sdapi/v1/interrupt", {}, _ASIDE), buys=False)
        except ProviderError as error:
            get_logger().info("provider.not_interrupted", provider=self.name, code=error.code)
        await super()._stop(drawing)

    def _call(self, method: str, path: str, body: object = None, patience: Patience = _ASIDE) -> Call:
        return Call(method=method, url=f"{self._base_url}{path}", bearer=self._login, scheme="Basic", json=body, patience=patience)

    def _checkpoints_in(self, answer: Answer) -> list[str]:
        if answer.status != 200:
            raise self._refusal(answer)
        try:
            return wire.read_checkpoints(answer.json())
        except Unreadable as error:
            raise not_its_protocol(self._maker) from error

    def _refusal(self, answer: Answer) -> ProviderError:
        """A server without `--api` answers 404 to everything. A fault it tells of is one, whatever page it tells it on."""
        return refusal_by_status(self._maker, answer.status, answer.headers, is_told=True)
