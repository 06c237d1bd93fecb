"""The job kind `generation.recall`: asks whoever draws to stop a drawing that was sent and is not wanted any more.

It is put in by the transaction that calls the drawing off, so the wish outlives whoever was to carry it out. It decides nothing: whether the
drawing was stopped is heard when its own job asks next, which is at once; and what comes all the same is delivered and charged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select
from sqlmodel import col

from pixelstudio.core.log import get_logger
from pixelstudio.features.generation.events import SlotRecalled
from pixelstudio.features.generation.tables import GenerationRow, GenerationSlotRow
from pixelstudio.jobs.calls import open_call
from pixelstudio.jobs.claim import Lane
from pixelstudio.jobs.errors import GiveUp, RetryLater
from pixelstudio.jobs.job import Mark
from pixelstudio.jobs.kind import Done
from pixelstudio.jobs.parking import hasten
from pixelstudio.jobs.queue import enqueue, jobs_by_id
from pixelstudio.providers.contract import Handle
from pixelstudio.providers.errors import ProviderError, Throttled

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.jobs.job import Job
    from pixelstudio.jobs.kind import JobContext, Outcome
    from pixelstudio.studio import Studio

RECALL: Final = "generation.recall"
LANE: Final = Lane(RECALL, 4)
"""A line of its own: the drawing to be stopped holds a place in its provider's, perhaps the last one."""
_TRIES: Final = 9
"""With the pauses between them about four minutes; a request whose answer names the drawing takes half of one at most."""


async def ask_to_stop(tx: Transaction, studio: Studio, job: Job) -> bool:
    """Put in a job that has this sent drawing stopped; False when nobody can be told to stop it.

    It has no owner in the queue: whoever has hundreds of drawings under way may have all of them stopped at once.
    """
    row = await tx.get(GenerationRow, job.params["generation_id"])
    if row is None or not _stopped_by(studio, row.model):
        return False
    params = {"job_id": job.id, "generation_id": row.id, "model": row.model}
    await enqueue(tx, kind=RECALL, lane=RECALL, params=params, max_attempts=_TRIES)
    return True


async def is_called_off(studio: Studio, job: Job) -> bool:
    """Whether its owner does not want this job any more."""
    async with studio.db.reader() as reader:
        return any(status.cancel_requested for status in await jobs_by_id(reader, [job.id]))


def where_called_off(studio: Studio, job: Job, model_id: str) -> str:
    """What is said of a drawing that ends as cancelled after it was sent; "" of one that never was."""
    return "" if job.mark is Mark.UNSENT else f"Called off at {_stopped_by(studio, model_id) or 'the provider'}."


class RecallJob:
    """Asks, and has the drawing's own job look at once what came of it."""

    name = RECALL
    timeout_s = 60.0
    max_attempts = _TRIES

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    async def run(self, context: JobContext) -> None:
        """Ask. Safe to repeat; a drawing that has ended meanwhile is left alone."""
        wish = context.job.params
        async with self._studio.db.reader() as reader:
            call = await open_call(reader, wish["job_id"])
        if call is None:
            return
        model = self._studio.providers.model(wish["model"])
        if call.external_id is None and model.idempotency != "query":
            raise RetryLater("The provider has not named this drawing yet.", "drawing_not_named")
        try:
            await self._studio.providers.provider_of(model.id).cancel(Handle(model.provider, model.id, call.external_id or call.key))
        except ProviderError as error:
            raise _told(error) from error
        get_logger().info("generation.asked_to_stop", generation_id=wish["generation_id"], model=model.id)
        async with self._studio.db.transaction() as tx:
            await hasten(tx, wish["job_id"])

    async def ended(self, tx: Transaction, job: Job, outcome: Outcome) -> None:
        """Say at each slot that is still drawn what its owner can expect."""
        wish = job.params
        row = await tx.get(GenerationRow, wish["generation_id"], for_update=True)
        if row is None:
            return
        who, costs = _stopped_by(self._studio, row.model), row.price_credits_each > 0
        sentence = _asked(who, costs=costs) if isinstance(outcome, Done) else _not_asked(who, costs=costs)
        for slot in await _drawn_slots(tx, wish):
            slot.sentence = sentence
            tx.add(slot)
            await tx.publish(SlotRecalled(generation_id=row.id, account_id=row.account_id, slot=slot.slot))


def _told(error: ProviderError) -> RetryLater | GiveUp:
    """That a wish was not heard proves nothing about the drawing; it is said again while that can help."""
    if not error.may_retry:
        return GiveUp(error.sentence, error.code)
    return RetryLater(error.sentence, error.code, error.retry_after_s if isinstance(error, Throttled) else None)


def _stopped_by(studio: Studio, model_id: str) -> str:
    """Whom to tell; "" when nobody can be told, or the model is not offered any more."""
    return next((model.stopped_by for model in studio.providers.models() if model.id == model_id), "")


def _asked(who: str, *, costs: bool) -> str:
    return f"Asked {who} to stop. If the picture comes all the same, it is {'charged' if costs else 'yours'}."


def _not_asked(who: str, *, costs: bool) -> str:
    return f"Could not ask {who or 'the provider'} to stop. The picture comes, and {'is charged' if costs else 'costs nothing'}."


async def _drawn_slots(reader: Reader, wish: dict[str, Any]) -> list[GenerationSlotRow]:
    slot = GenerationSlotRow
    of_job = (col(slot.generation_id) == wish["generation_id"], col(slot.job_id) == wish["job_id"], col(slot.outcome).is_(None))
    return list((await reader.exec(select(slot).where(*of_job))).scalars())
