"""Inquiries: what became of a drawing that was asked for before, learned from the provider that draws it.

That a question fails proves nothing about the drawing it was about. Only what is said of the drawing itself counts, and only what certainly never
arrived, or goes out again under a key that is charged once, may be sent again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pixelstudio.core import limits
from pixelstudio.core.log import get_logger
from pixelstudio.jobs.errors import AnswerLost
from pixelstudio.jobs.kind import Park
from pixelstudio.providers.contract import Handle
from pixelstudio.providers.errors import Stopped, Throttled

if TYPE_CHECKING:
    from pixelstudio.jobs.calls import Call
    from pixelstudio.providers.contract import ImageModel, Provider, Room
    from pixelstudio.providers.errors import ProviderError

ASK_FIRST_S: Final = 1.0
ASK_SELDOM_S: Final = 60.0
"""Seconds from one question how a parked drawing stands to the next."""


async def inquire(provider: Provider, model: ImageModel, call: Call, room: Room) -> list[bytes] | Park | None:
    """The pictures, or when to ask again; None when the request may be sent (again) under its key. Raises what ends the job.

    Pictures are fetched once there is room for them.
    """
    if call.external_id is None and model.idempotency == "key":
        return None
    if call.external_id is None and model.idempotency == "none":
        raise _nobody_can_say(model)
    handle = Handle(provider.name, model.id, call.external_id or call.key)
    standing = await provider.poll(handle)
    get_logger().info("generation.asked_after", model=model.id, standing=standing)
    match standing:
        case "done":
            return await _fetched(provider, handle, room)
        case "waiting" | "drawing" if call.age_s < limits.PARKED_MAX_S:
            return await _fetched(provider, handle, room) if model.delivery == "stream" else until_drawn(model, age_s=call.age_s)
        case "lost" if call.external_id is None:
            # It may still be on its way, from a worker that has not noticed yet that it is not one any more.
            return None if call.quiet_s > limits.UNHEARD_S else Park(limits.UNHEARD_S - call.quiet_s + 1.0)
        case "cancelled":
            raise Stopped
        case _:
            raise _nobody_can_say(model)


async def _fetched(provider: Provider, handle: Handle, room: Room) -> list[bytes]:
    await room.take()
    return await provider.fetch(handle)


def until_drawn(model: ImageModel, reference: str | None = None, *, age_s: float = 0.0) -> Park:
    """Asked for again soon, then ever more seldom; of one that calls back only when nobody has called."""
    soonest_s = model.timeout_s / 2 if model.delivery == "webhook" else ASK_FIRST_S
    return Park(min(max(soonest_s, age_s / 4), ASK_SELDOM_S), reference)


def until_answered(error: ProviderError, call: Call) -> Park:
    """When to ask again after a question failed; an hour after the drawing was asked for, or when asking cannot help, nobody can say."""
    if not error.may_retry or call.age_s > limits.PARKED_MAX_S:
        raise AnswerLost(error.sentence, error.code) from error
    pause_s = error.retry_after_s if isinstance(error, Throttled) else None
    return Park(max(ASK_FIRST_S, call.age_s / 4) if pause_s is None else pause_s)


def _nobody_can_say(model: ImageModel) -> AnswerLost:
    return AnswerLost(f"{model.maker or model.title} cannot say what became of this picture.", code="drawing_lost")
