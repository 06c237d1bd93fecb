"""Drawings made in children of this studio, step by step: nobody outside is asked, and a crash ends a child and nothing else.

A drawing that the process forgot is `lost` and can simply be submitted again.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

from pixelstudio.core.errors import Invalid
from pixelstudio.core.ids import new_id
from pixelstudio.imaging.children import ChildDied, ChildLimit, ChildPool, ChildStep, TaskFailed
from pixelstudio.providers import errors
from pixelstudio.providers.capabilities import ensure_drawable
from pixelstudio.providers.contract import DrawRequest, Handle, Health, Progress, Standing

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from pixelstudio.providers.contract import ImageModel

Fault: TypeAlias = ChildDied | ChildLimit | TaskFailed | Invalid
_ENDED_KEPT: Final = 16


@dataclass(slots=True, eq=False)
class _Drawing:
    """One request between `submit` and `fetch`."""

    request: DrawRequest
    standing: Standing = "waiting"
    was_cancelled: bool = False
    picture: bytes | None = None
    next_step: asyncio.Future[ChildStep | None] | None = field(default=None, repr=False)


class ChildProvider(ABC):
    """Draws in a pool of children. An adapter says which task is run there, with which arguments, and what its failures mean.

    The task yields `{"step", "steps"}` for each step, with a preview or without, and at last `{"final": True}` with the picture.
    """

    name: str
    models: tuple[ImageModel, ...]
    task: str

    def __init__(self, children: ChildPool) -> None:
        self._children = children
        self._drawings: dict[str, _Drawing] = {}

    @abstractmethod
    def _arguments(self, request: DrawRequest) -> dict[str, object]:
        """What the task is given."""

    @abstractmethod
    async def check(self) -> Health:
        """As `Provider.check`."""

    def _failure(self, error: Fault) -> errors.ProviderError:
        """What it means for the job and the person that the task failed."""
        sentence = "The drawing stopped before it was finished."
        return errors.Unavailable(sentence, code=error.code, **error.fields)

    async def submit(self, request: DrawRequest) -> Handle:
        """Remember the request; drawing begins when somebody listens to `progress` or waits in `fetch`. Safe to repeat."""
        model = next((model for model in self.models if model.id == request.model), None)
        if model is None:
            raise errors.not_offered_any_more(request.model)
        ensure_drawable(model, request)
        handle = Handle(self.name, model.id, new_id())
        self._forget_ended()
        self._drawings[handle.reference] = _Drawing(request)
        return handle

    async def progress(self, handle: Handle) -> AsyncGenerator[Progress]:
        """One step after the other. Ends without a picture when the drawing is cancelled meanwhile."""
        drawing = self._known(handle)
        if drawing.standing != "waiting":
            return
        drawing.standing = "drawing"
        try:
            async with aclosing(self._children.stream(self.task, self._arguments(drawing.request))) as steps:
                while (step := await _next(drawing, steps)) is not None:
                    if step.facts.get("final") is True:
                        drawing.picture, drawing.standing = step.blobs[0], "done"
                    else:
                        yield _progress(step)
        except (ChildDied, ChildLimit, TaskFailed, Invalid) as error:
            raise self._failure(error) from error
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
        """The picture, drawn now if nobody listened to `progress`; forgotten here afterwards."""
        drawing = self._known(handle)
        async with aclosing(self.progress(handle)) as steps:
            async for _ in steps:
                pass
        self._drawings.pop(handle.reference, None)
        if drawing.picture is None:
            raise errors.Stopped(standing=drawing.standing)
        return [drawing.picture]

    @property
    def _is_drawing(self) -> bool:
        """Whether a child is at work just now."""
        return any(drawing.standing == "drawing" for drawing in self._drawings.values())

    def _forget_ended(self) -> None:
        """Whoever cancelled or lost interest never comes back: keep only the latest of what ended."""
        ended = [reference for reference, drawing in self._drawings.items() if drawing.standing in ("cancelled", "done")]
        for reference in ended[:-_ENDED_KEPT]:
            del self._drawings[reference]

    def _known(self, handle: Handle) -> _Drawing:
        try:
            return self._drawings[handle.reference]
        except KeyError:
            raise errors.Unavailable("This drawing was interrupted.", code="drawing_lost") from None


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


def _progress(step: ChildStep) -> Progress:
    number, steps = step.facts.get("step"), step.facts.get("steps")
    if not (isinstance(number, int) and isinstance(steps, int) and 1 <= number <= steps):
        raise errors.Unavailable("The drawing went wrong.", code="bad_step")
    return Progress(number, steps, step.blobs[0] if step.blobs else None)
