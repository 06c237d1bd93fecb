"""The adapter: a graph is put into ComfyUI's queue under a name we choose, and its steps are heard over a websocket.

The name follows from the key of the call, so whatever was asked for can be asked after, by this process or another one, and is never
drawn twice. The websocket is only for watching: when it is not to be had, the history is asked now and then instead.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from pixelstudio.core.ids import new_id
from pixelstudio.core.log import get_logger
from pixelstudio.net.client import Call, Part, Patience
from pixelstudio.net.errors import NetError
from pixelstudio.net.sockets import listening
from pixelstudio.providers.answers import ANSWER_MAX_BYTES, CHECK_WITHIN_S, PICTURE_MAX_BYTES, Unreadable, ask, ask_within
from pixelstudio.providers.capabilities import ensure_drawable
from pixelstudio.providers.comfyui import wire
from pixelstudio.providers.comfyui.graph import graph_of
from pixelstudio.providers.contract import Handle, Health, Progress, Standing
from pixelstudio.providers.errors import (
    Misconfigured,
    ProviderError,
    Spent,
    Stopped,
    Unanswered,
    Unavailable,
    not_its_protocol,
    not_offered_any_more,
)
from pixelstudio.providers.open_calls import REMEMBERED_MAX, ROOM_S
from pixelstudio.providers.refusals import refusal_by_status

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from pixelstudio.net.client import Client
    from pixelstudio.providers.answers import Answer
    from pixelstudio.providers.contract import DrawRequest, ImageModel

PROVIDER: Final = "comfyui"
ASK_EVERY_S: Final = 1.0
SILENCE_S: Final = 10.0
"""After so long without a word it is asked whether the drawing is still in line."""
_ASIDE: Final = Patience(connect_s=3.0, first_byte_s=10.0, silence_s=10.0, total_s=20.0)
_NODES_MAX_BYTES: Final = 4 * ANSWER_MAX_BYTES


@dataclass(slots=True, eq=False)
class _Drawing:
    """A request of this process, from `submit` to `fetch`."""

    request: DrawRequest
    standing: Standing = "waiting"


class ComfyUI:
    """Draws with the checkpoints of one server. Belongs to one event loop, like its client."""

    def __init__(
        self,
        client: Client,
        *,
        base_url: str,
        maker: str,
        offers: Mapping[str, tuple[str, ImageModel]],
        ask_every_s: float = ASK_EVERY_S,
        check_within_s: float = CHECK_WITHIN_S,
        asking: Patience = _ASIDE,
    ) -> None:
        self._client = client
        self._base_url = base_url
        self._maker = maker
        self._offers = dict(offers)
        self._ask_every_s = ask_every_s
        self._check_within_s = check_within_s
        self._asking = asking
        self._drawings: dict[str, _Drawing] = {}
        self.name = PROVIDER
        self.models: tuple[ImageModel, ...] = tuple(model for _, model in offers.values())

    async def submit(self, request: DrawRequest) -> Handle:
        """Check and remember the request; it is put into the queue there when somebody listens or waits. Safe to repeat under its key."""
        if request.model not in self._offers:
            raise not_offered_any_more(request.model)
        ensure_drawable(self._offers[request.model][1], request)
        handle = Handle(PROVIDER, request.model, request.key or new_id())
        self._drawings[handle.reference] = _Drawing(request)
        if len(self._drawings) > REMEMBERED_MAX:  # called off and never fetched
            del self._drawings[next(iter(self._drawings))]
        return handle

    async def progress(self, handle: Handle) -> AsyncGenerator[Progress]:
        """Put it into the queue and give the sampler's steps; previews are foreign bytes. Ends without a picture after `cancel`."""
        drawing = self._drawings.get(handle.reference)
        if drawing is None or drawing.standing != "waiting":
            return
        drawing.standing = "drawing"
        prompt_id = wire.prompt_id_of(handle.reference)
        async with aclosing(self._watched(drawing, prompt_id)) as steps:
            async for step in steps:
                yield step
                if self._was_cancelled(handle):
                    return

    async def poll(self, handle: Handle) -> Standing:
        """Where it stands: what this process knows for certain, or what the server says."""
        drawing = self._drawings.get(handle.reference)
        if drawing is not None and drawing.standing in ("waiting", "cancelled"):
            return drawing.standing
        prompt_id = wire.prompt_id_of(handle.reference)
        history = await self._object(f"/history/{prompt_id}")
        queue = {} if prompt_id in history else await self._object("/queue")
        return wire.standing_of(history, queue, prompt_id)

    async def cancel(self, handle: Handle) -> None:
        """Take it out of the queue, or interrupt it when its turn has come. Safe to repeat, and on what is unknown there."""
        drawing = self._drawings.get(handle.reference)
        if drawing is not None:
            was_asked_for, drawing.standing = drawing.standing != "waiting", "cancelled"
            if not was_asked_for:
                return
        prompt_id = wire.prompt_id_of(handle.reference)
        await self._say("/queue", {"delete": [prompt_id]})
        await self._say("/interrupt", {"prompt_id": prompt_id})

    async def fetch(self, handle: Handle) -> list[bytes]:
        """The pictures, waiting for them if need be; forgotten in this process afterwards. They are foreign bytes."""
        try:
            async with aclosing(self.progress(handle)) as steps:
                async for _ in steps:
                    pass
            if self._was_cancelled(handle):
                raise Stopped
            entry = await self._ended(handle, wire.prompt_id_of(handle.reference))
        finally:
            self._drawings.pop(handle.reference, None)
        return (await self._pictures(handle, entry))[: self._offers[handle.model][1].images_per_call]

    async def check(self) -> Health:
        """Ask what is installed."""
        call = self._call("GET", "/object_info/CheckpointLoaderSimple")
        answer, seconds = await ask_within(self._client, self._maker, call, self._check_within_s)
        known = set(self._checkpoints_in(answer))
        missing = sorted(model_id for model_id, (checkpoint, _) in self._offers.items() if checkpoint not in known)
        return Health(tuple(missing), seconds)

    async def checkpoints(self) -> list[str]:
        """What is installed, as the server spells it."""
        call = self._call("GET", "/object_info/CheckpointLoaderSimple")
        return self._checkpoints_in(await ask(self._client, self._maker, call, buys=False, max_bytes=_NODES_MAX_BYTES))

    async def _watched(self, drawing: _Drawing, prompt_id: str) -> AsyncGenerator[Progress]:
        """Listen first, then ask, so that no step is missed; without a websocket just ask."""
        steps_max, shown, preview = self._offers[drawing.request.model][1].steps, 0, b""
        asked = False
        try:
            async with listening(f"{_socket_url(self._base_url)}/ws?clientId={prompt_id}") as socket:
                asked = True
                await self._ask_for(drawing, prompt_id)
                while True:
                    message = await socket.message(SILENCE_S)
                    told = await self._after_silence(prompt_id) if message is None else wire.read_message(message, prompt_id)
                    match told:
                        case "ended":
                            break
                        case wire.Preview(picture):
                            preview = picture
                        case wire.Step(step, steps) if shown < step and steps <= steps_max:
                            shown = step
                            yield Progress(step, steps, preview or None)
                            preview = b""
                        case _:
                            pass
        except NetError as error:
            get_logger().info("provider.not_watched", provider=PROVIDER, reason=error.fields.get("reason"))
        if not asked:
            await self._ask_for(drawing, prompt_id)

    async def _after_silence(self, prompt_id: str) -> Literal["ended"] | None:
        """Loading a large model takes a while, but what was taken out of the queue is never spoken of again."""
        history = await self._object(f"/history/{prompt_id}")
        standing = wire.standing_of(history, await self._object("/queue"), prompt_id)
        return None if standing in ("waiting", "drawing") else "ended"

    async def _ask_for(self, drawing: _Drawing, prompt_id: str) -> None:
        """Put the graph into the queue there. What is in its history or its queue already is not put in again."""
        request = drawing.request
        checkpoint, _ = self._offers[request.model]
        reference = await self._upload(f"{prompt_id}-reference", request.reference)
        mask = await self._upload(f"{prompt_id}-mask", request.mask)
        body = {"prompt": graph_of(checkpoint, request, reference=reference, mask=mask), "client_id": prompt_id}
        call = replace(self._call("POST", "/prompt", body | {"prompt_id": prompt_id}), before_sending=request.before_sending)
        answer = await ask(self._client, self._maker, call, buys=False)
        if answer.status == 200:
            return
        if answer.status == 400 and wire.is_not_installed(answer.complaint()):
            sentence = f"{self._maker} has this model no longer; whoever runs the studio has to mend that. Choose another model."
            raise Misconfigured(sentence, code="model_not_installed")
        raise self._refusal(answer)

    async def _upload(self, name: str, picture: bytes | None) -> str:
        """Lay a picture where the graph finds it; its name there, "" when there is none."""
        if picture is None:
            return ""
        form = (Part("image", picture, f"{name}.png", "application/octet-stream"), Part.of("type", "temp"), Part.of("overwrite", "true"))
        call = Call(method="POST", url=f"{self._base_url}/upload/image", form=form, patience=self._asking)
        answer = await ask(self._client, self._maker, call, buys=False)
        stored = answer.complaint().get("name")
        if answer.status != 200 or not isinstance(stored, str):
            raise self._refusal(answer)
        return f"{stored} [temp]"

    async def _ended(self, handle: Handle, prompt_id: str) -> object:
        """Its entry in the history, waiting for it. Raises `Unavailable` when it takes too long or is lost."""
        ends_at = asyncio.get_running_loop().time() + self._timeout_s(handle)
        while True:
            history = await self._object(f"/history/{prompt_id}")
            if prompt_id in history:
                return history[prompt_id]
            standing = wire.standing_of(history, await self._object("/queue"), prompt_id)
            if standing == "lost" and prompt_id not in (history := await self._object(f"/history/{prompt_id}")):
                raise Unanswered(f"{self._maker} does not know this picture any more.", code="drawing_lost")
            if asyncio.get_running_loop().time() > ends_at:
                raise Unavailable(f"{self._maker} takes too long over this picture.", code="provider_slow")
            await asyncio.sleep(self._ask_every_s)

    async def _pictures(self, handle: Handle, entry: object) -> list[bytes]:
        if wire.standing_of({"it": entry}, {}, "it") == "cancelled":
            raise Stopped
        if wire.has_failed(entry):
            get_logger().warning("provider.failed", provider=PROVIDER, model=handle.model, code="provider_failed")
            raise Spent(f"{self._maker} failed while it was drawing. Its own log says why.", code="provider_failed")
        views = wire.views_of(entry)
        if not views:
            raise Spent(f"{self._maker} answered with something that is no picture.", code="provider_answer_unusable", reason="no_images")
        return [await self._picture(view) for view in views]

    async def _picture(self, view: str) -> bytes:
        answer = await ask(self._client, self._maker, self._call("GET", view), buys=False, max_bytes=PICTURE_MAX_BYTES)
        if answer.status != 200:
            raise self._refusal(answer)
        return answer.body

    async def _object(self, path: str) -> dict[str, object]:
        answer = await ask(self._client, self._maker, self._call("GET", path), buys=False, max_bytes=_NODES_MAX_BYTES)
        if answer.status != 200:
            raise self._refusal(answer)
        try:
            return answer.fields()
        except Unreadable as error:
            raise Unavailable(f"{self._maker} gave an answer nobody can read.", code="provider_answer_unusable") from error

    async def _say(self, path: str, body: object) -> None:
        """Something whose answer does not matter: when it is not heard, the drawing ends by itself."""
        try:
            await ask(self._client, self._maker, self._call("POST", path, body), buys=False)
        except ProviderError as error:
            get_logger().info("provider.not_interrupted", provider=PROVIDER, code=error.code)

    def _was_cancelled(self, handle: Handle) -> bool:
        drawing = self._drawings.get(handle.reference)
        return drawing is not None and drawing.standing == "cancelled"

    def _timeout_s(self, handle: Handle) -> float:
        return max(self._offers[handle.model][1].timeout_s - ROOM_S, 1.0) if handle.model in self._offers else ROOM_S

    def _call(self, method: str, path: str, body: object = None) -> Call:
        return Call(method=method, url=f"{self._base_url}{path}", json=body, patience=self._asking)

    def _checkpoints_in(self, answer: Answer) -> list[str]:
        if answer.status != 200:
            raise self._refusal(answer)
        try:
            return wire.read_checkpoints(answer.fields())
        except Unreadable as error:
            raise not_its_protocol(self._maker) from error

    def _refusal(self, answer: Answer) -> ProviderError:
        return refusal_by_status(self._maker, answer.status, answer.headers, is_told=True)


def _socket_url(base_url: str) -> str:
    return f"ws{base_url.removeprefix('http')}"
