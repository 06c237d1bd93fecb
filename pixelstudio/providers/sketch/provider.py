"""The sketch provider: hands each drawing to a child of the pool and passes its steps on."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pixelstudio.core.ids import new_id
from pixelstudio.imaging.children import ChildDied, ChildLimit, ChildPool, ChildStep, TaskFailed
from pixelstudio.providers import errors
from pixelstudio.providers.capabilities import ensure_drawable
from pixelstudio.providers.contract import DrawRequest, Handle, Health, Progress, Standing
from pixelstudio.providers.sketch.catalogue import MODELS, PROVIDER

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from pixelstudio.providers.contract import ImageModel

TASK: Final = "pixelstudio.providers.sketch.drawing:draw"
_ENDED_KEPT: Final = 16
_MODELS: Final = {model.id: model for model in MODELS}


@dataclass(slots=True, eq=False)
class _Drawing:
    """One request between `submit` and `fetch`."""

    request: DrawRequest
    standing: Standing = "waiting"
    was_cancelled: bool = False
    picture: bytes | None = None
    next_step: asyncio.Future[ChildStep | None] | None = field(default=None, repr=False)


class SketchProvider:
    """Draws in the child pool of this process; a drawing that the process forgot is `lost` and can simply be submitted again."""

    name = PROVIDER
    models: tuple[ImageModel, ...] = MODELS

    def __init__(self, children: ChildPool) -> None:
        self._children = children
        self._drawings: dict[str, _Drawing] = {}

    async def submit(self, request: DrawRequest) -> Handle:
        """Remember the request; drawing begins when somebody listens to `progress` or waits in `fetch`. Safe to repeat."""
        model = _MODELS.get(request.model)
        if model is None:
            raise errors.Misconfigured(
                "This look is not offered any more. Choose another one.", code="unknown_model", model=request.model[:80]
            )
        ensure_drawable(model, request)
        handle = Handle(PROVIDER, model.id, new_id())
        self._forget_ended()
        self._drawings[handle.reference] = _Drawing(request)
        return handle

    async def progress(self, handle: Handle) -> AsyncGenerator[Progress]:
        """One step per layer with its preview. Ends without a picture when the drawing is cancelled meanwhile."""
        drawing = self._known(handle)
        if drawing.standing != "waiting":
            return
        drawing.standing = "drawing"
        try:
            async with aclosing(self._children.stream(TASK, _arguments(drawing.request))) as steps:
                while (step := await _next(drawing, steps)) is not None:
                    if step.facts.get("final") is True:
                        drawing.picture, drawing.standing = step.blobs[0], "done"
                    else:
                        yield _progress(step)
        except (ChildDied, ChildLimit, TaskFailed) as error:
            raise errors.Unavailable(
                "The drawing stopped before it was finished. It is tried again by itself.", code=error.code, **error.fields
            ) from error
        finally:
            if drawing.standing == "drawing":
                drawing.standing = "lost"
                self._drawings.pop(handle.reference, None)

    async def poll(self, handle: Handle) -> Standing:
        """Where it stands in this process."""
        drawing = self._drawings.get(handle.reference)
        return "lost" if drawing is None else drawing.standing

    async def cancel(self, handle: Handle) -> None:
        """Stop drawing within a moment: the child is ended, not asked."""
        drawing = self._drawings.get(handle.reference)
        if drawing is None or drawing.standing in ("done", "lost"):
            self._drawings.pop(handle.reference, None)
            return
        drawing.standing, drawing.was_cancelled = "cancelled", True
        if drawing.next_step is not None:
            drawing.next_step.cancel()

    async def fetch(self, handle: Handle) -> list[bytes]:
        """The PNG, drawn now if nobody listened to `progress`; forgotten here afterwards."""
        drawing = self._known(handle)
        async with aclosing(self.progress(handle)) as steps:
            async for _ in steps:
                pass
        self._drawings.pop(handle.reference, None)
        if drawing.picture is None:
            raise errors.Stopped(standing=drawing.standing)
        return [drawing.picture]

    async def check(self) -> Health:
        """Well: nobody outside this machine is asked."""
        return Health()

    def _forget_ended(self) -> None:
        """Whoever cancelled or lost interest never comes back: keep only the latest of what ended."""
        ended = [reference for reference, drawing in self._drawings.items() if drawing.standing in ("cancelled", "done")]
        for reference in ended[:-_ENDED_KEPT]:
            del self._drawings[reference]

    def _known(self, handle: Handle) -> _Drawing:
        try:
            return self._drawings[handle.reference]
        except KeyError:
            raise errors.Unavailable("This drawing was interrupted. It is tried again by itself.", code="drawing_lost") from None


async def _next(drawing: _Drawing, steps: AsyncGenerator[ChildStep]) -> ChildStep | None:
    """The next step, or None at the end or when `cancel` came in between. A cancelled caller is still cancelled."""
    if drawing.was_cancelled:
        return None
    drawing.next_step = asyncio.ensure_future(anext(steps, None))
    try:
        return await drawing.next_step
    except asyncio.CancelledError:
        caller = asyncio.current_task()
        if not drawing.was_cancelled or (caller is not None and caller.cancelling()):
            raise
        return None
    finally:
        drawing.next_step = None


def _arguments(request: DrawRequest) -> dict[str, object]:
    return {"model": request.model, "prompt": request.prompt, "seed": request.seed, "width": request.width, "height": request.height}


def _progress(step: ChildStep) -> Progress:
    number, steps = step.facts.get("step"), step.facts.get("steps")
    if not (isinstance(number, int) and isinstance(steps, int) and 1 <= number <= steps):
        raise errors.Unavailable("The drawing went wrong. It is tried again by itself.", code="bad_step")
    return Progress(number, steps, step.blobs[0] if step.blobs else None)
