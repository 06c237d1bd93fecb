"""The job kind `generation.render`: draws one call's pictures, stores their bytes, and settles slots and credits when it ends."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.core.errors import Invalid, Unavailable
from pixelstudio.core.failpoints import failpoint
from pixelstudio.core.ids import ImageId
from pixelstudio.core.log import get_logger
from pixelstudio.features.footfall.days import CREATIONS
from pixelstudio.features.generation.forecasts import drop, judge
from pixelstudio.features.generation.inquiries import inquire, until_answered, until_drawn
from pixelstudio.features.generation.materials import materials_for
from pixelstudio.features.generation.overlaying import overlaid
from pixelstudio.features.generation.recalls import ask_to_stop, is_called_off, where_called_off
from pixelstudio.features.generation.repeats import picture_drawn_before
from pixelstudio.features.generation.rooms import Rooms
from pixelstudio.features.generation.settlements import Drawn, close_when_last, settle
from pixelstudio.features.generation.tables import GenerationRow, GenerationSlotRow
from pixelstudio.features.images.films import PREVIEWS_KEPT, FilmCutter
from pixelstudio.features.images.pictures import Portrait
from pixelstudio.imaging.children import ChildDied
from pixelstudio.imaging.ingest import ingest
from pixelstudio.imaging.previews import preview_of
from pixelstudio.imaging.recipe import ALGORITHMIC, TRAINED, Recipe
from pixelstudio.imaging.seal import Seal
from pixelstudio.jobs.calls import CallPhase
from pixelstudio.jobs.errors import AnswerLost, Away, CalledOff, GiveUp, RetryLater, SlowDown
from pixelstudio.jobs.job import Mark
from pixelstudio.jobs.kind import Done, Park
from pixelstudio.providers.contract import STRENGTH_USUAL, DrawRequest
from pixelstudio.providers.errors import ProviderError, Refused, Spent, Stopped, Throttled, Unanswered

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.generation.materials import Materials
    from pixelstudio.features.generation.rooms import Place
    from pixelstudio.jobs.calls import Call
    from pixelstudio.jobs.job import Job
    from pixelstudio.jobs.kind import Delivery, JobContext, Outcome
    from pixelstudio.providers.contract import ImageModel, Progress
    from pixelstudio.studio import Studio

RENDER: Final = "generation.render"
STORE_AGAIN_AFTER_S: Final = (0.5, 2.0, 8.0)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a job has to draw: the set, and the seeds of its open slots."""

    generation: GenerationRow
    seeds: dict[int, int]
    room: Place
    """Where the bytes of its pictures go: taken before they are read, left when they are stored."""


class RenderJob:
    """Draws without a transaction; everything that counts is written by `ended`, in the commit that ends the job."""

    name = RENDER
    timeout_s = 120.0
    max_attempts = limits.ATTEMPTS_MAX

    def __init__(self, studio: Studio, rooms: Rooms | None = None) -> None:
        self._studio = studio
        self._rooms = rooms or Rooms()
        self._seal = Seal(studio.keys.recipes)
        self.films = FilmCutter(studio, studio.settings.data_dir / "films")

    async def run(self, context: JobContext) -> Drawn | Park:
        """Draw, make renditions, store the bytes. Safe to run again: bytes are stored under their digest, rows come later.

        What was asked of somebody before is asked after first. Parks while a provider draws that does not keep us on the line.
        """
        with self._rooms.one() as room:
            wanted = await self._wanted(context.job, room)
            if (overlay := wanted.generation.overlay) is not None:
                return await self._overlaid(wanted, overlay)
            if (drawn_before := await self._drawn_before(context.job, wanted)) is not None:
                return Drawn({}, same_as=drawn_before)
            return await self._drawn(context, wanted)

    async def _drawn(self, context: JobContext, wanted: Wanted) -> Drawn | Park:
        with _refusals_told():
            pictures = await self._unless_called_off(context, wanted, seen := list[bytes]())
        if isinstance(pictures, Park):
            return pictures
        if len(wanted.seeds) == 1:
            await self.films.keep(wanted.generation.id, next(iter(wanted.seeds)), seen)
        with _losses_told(self._studio.providers.model(wanted.generation.model)):
            portraits = [await self._store(self._recipe(wanted, slot), data) for slot, data in zip(wanted.seeds, pictures, strict=False)]
        failpoint("between_bytes_and_rows")
        return Drawn(dict(zip(wanted.seeds, portraits, strict=False)))  # fewer pictures than slots: `ended` gives the rest back

    async def resume(self, context: JobContext, delivery: Delivery | None) -> Drawn | Park:
        """Go on with what was sent. What a delivery says is asked of the provider itself: it may be old, and tells too much to be believed."""
        return await self.run(context)

    async def recall(self, tx: Transaction, job: Job) -> bool:
        """Have whoever draws it asked to stop, where they can be told to."""
        return await ask_to_stop(tx, self._studio, job)

    async def ended(self, tx: Transaction, job: Job, outcome: Outcome) -> None:
        """Hang what came and capture its price, release the rest, tell, and close the set with its last slot.

        What nobody can say the end of keeps its slot and its credits as they are, until it is decided.
        """
        generation = await tx.get(GenerationRow, job.params["generation_id"], for_update=True)
        if generation is None:
            return
        slots, called_off = await _open_slots(tx, job), where_called_off(self._studio, job, generation.model)
        for slot in slots:
            await settle(tx, generation, slot, outcome, called_off)
        came = sum(slot.outcome == "done" for slot in slots)
        tx.after_commit(lambda: self._studio.tally.add(CREATIONS, came))
        tx.after_commit(self.films.wake)
        await tx.flush()
        await close_when_last(tx, generation)
        await (judge(tx, job.id) if isinstance(outcome, Done) else drop(tx, [job.id]))

    async def _wanted(self, job: Job, room: Place) -> Wanted:
        async with self._studio.db.reader() as reader:
            generation = await reader.get(GenerationRow, job.params["generation_id"])
            slots = await _open_slots(reader, job)
        if generation is None or not slots:
            raise GiveUp("This picture is no longer wanted.", code="not_wanted")
        return Wanted(generation, {slot.slot: slot.seed for slot in slots}, room)

    async def _drawn_before(self, job: Job, wanted: Wanted) -> ImageId | None:
        if "same_as" not in job.params or job.mark is not Mark.UNSENT:
            return None
        async with self._studio.db.reader() as reader:
            return await picture_drawn_before(reader, job, wanted.generation.account_id)

    async def _unless_called_off(self, context: JobContext, wanted: Wanted, seen: list[bytes]) -> list[bytes] | Park:
        """The pictures. What was stopped because its owner called it off is cancelled; stopped by anybody else, it failed."""
        try:
            return await self._pictures(context, wanted, seen)
        except Stopped as stopped:
            if await is_called_off(self._studio, context.job):
                raise CalledOff from stopped
            raise

    async def _pictures(self, context: JobContext, wanted: Wanted, seen: list[bytes]) -> list[bytes] | Park:
        model = self._studio.providers.model(wanted.generation.model)
        cost = model.price_of(len(wanted.seeds))
        call = await context.call_to(model.provider, cost=cost, is_traceable=model.idempotency != "none")
        if call.phase is CallPhase.INTENT:
            return await self._draw(context, wanted, call, seen)
        try:
            begun = await inquire(self._studio.providers.provider_of(model.id), model, call, wanted.room)
            if begun is None and model.idempotency == "query" and await is_called_off(self._studio, context.job):
                raise CalledOff  # it never arrived there
            return await self._draw(context, wanted, call, seen) if begun is None else begun
        except (Refused, Spent):  # said of the drawing itself
            raise
        except ProviderError as error:
            return until_answered(error, call)

    async def _draw(self, context: JobContext, wanted: Wanted, call: Call, seen: list[bytes]) -> list[bytes] | Park:
        model = self._studio.providers.model(wanted.generation.model)
        provider = self._studio.providers.provider_of(model.id)
        handle = await provider.submit(self._draw_request(context, wanted, call, await materials_for(self._studio, wanted.generation)))
        if model.delivery != "stream":
            return until_drawn(model, handle.reference)
        try:
            async for progress in provider.progress(handle):
                preview = await self._preview(wanted, progress)
                await context.progress(progress.step, progress.steps, preview)
                if preview and len(seen) < PREVIEWS_KEPT:
                    seen.append(preview)
                failpoint("while_drawing")
            await wanted.room.take()
            pictures = await provider.fetch(handle)
        except BaseException:
            if not call.is_traceable:  # otherwise whoever takes it up asks for what was begun here
                await provider.cancel(handle)
            raise
        get_logger().info("generation.drawn", generation_id=wanted.generation.id, model=wanted.generation.model, pictures=len(pictures))
        return pictures

    async def _preview(self, wanted: Wanted, progress: Progress) -> bytes | None:
        """What a browser may see of it: bytes of others are made anew, and none at all when they are no picture."""
        if progress.preview is None or self._studio.providers.model(wanted.generation.model).is_drawn_here:
            return progress.preview
        return await preview_of(self._studio.children, progress.preview)

    async def _overlaid(self, wanted: Wanted, overlay: dict[str, Any]) -> Drawn:
        """Text or a logo over a picture that is there: nobody is asked for anything."""
        with _refusals_told():
            data, recipe = await overlaid(self._studio, wanted.generation, overlay)
            portrait = await self._store(recipe, data)
        failpoint("between_bytes_and_rows")
        return Drawn(dict.fromkeys(wanted.seeds, portrait))

    async def _store(self, recipe: Recipe, data: bytes) -> Portrait:
        try:
            ingested = await ingest(self._studio.children, data, recipe, self._seal)
        except ChildDied:  # these bytes may be paid for: a workshop that broke down is no reason to have them drawn again
            ingested = await ingest(self._studio.children, data, recipe, self._seal)
        digests = await self._put([file.data for file in ingested.files.values()])
        return Portrait.of(ingested, dict(zip(ingested.files, digests, strict=True)))

    async def _put(self, contents: Sequence[bytes]) -> list[str]:
        """Store all; a storage that refuses is asked again for a while, because somebody may be making room just now."""
        for wait_s in STORE_AGAIN_AFTER_S:
            try:
                return await asyncio.gather(*map(self._studio.storage.put, contents))
            except Unavailable as error:
                get_logger().warning("storage.refused", code=error.code, again_in_s=wait_s)
                await asyncio.sleep(wait_s)
        return await asyncio.gather(*map(self._studio.storage.put, contents))

    def _recipe(self, wanted: Wanted, slot: int) -> Recipe:
        generation, model = wanted.generation, self._studio.providers.model(wanted.generation.model)
        return Recipe(
            prompt=generation.prompt,
            negative_prompt=generation.negative_prompt,
            model=generation.model,
            provider=model.provider,
            seed=wanted.seeds[slot] if model.supports_seed else None,
            width=generation.width,
            height=generation.height,
            created_at=generation.created_at,
            digital_source_type=ALGORITHMIC if model.is_drawn_here else TRAINED,
            steps=generation.steps,
            guidance=generation.guidance,
        )

    def _draw_request(self, context: JobContext, wanted: Wanted, call: Call, materials: Materials) -> DrawRequest:
        generation, settings = wanted.generation, self._studio.settings
        provider = self._studio.providers.model(generation.model).provider
        return DrawRequest(
            model=generation.model,
            prompt=generation.prompt,
            negative_prompt=generation.negative_prompt,
            seed=next(iter(wanted.seeds.values())),
            width=generation.width,
            height=generation.height,
            count=len(wanted.seeds),
            steps=generation.steps,
            guidance=generation.guidance,
            reference=materials.reference,
            mask=materials.mask,
            strength=STRENGTH_USUAL if generation.strength is None else generation.strength,
            key=call.key,
            callback_url=f"{settings.public_url}/api/webhook/{provider}?call={call.token}" if settings.public_url else "",
            before_sending=partial(context.mark_sent, call),
            room=wanted.room,
        )


@contextmanager
def _refusals_told() -> Generator[None]:
    """What providers and the picture workshop say, as what the queue understands; everything else is tried again with backoff."""
    try:
        yield
    except Throttled as error:
        raise SlowDown(error.sentence, error.code, error.retry_after_s) from error
    except Unanswered as error:
        raise AnswerLost(error.sentence, error.code) from error
    except ProviderError as error:
        if error.may_retry:
            raise Away(error.sentence, error.code) from error
        raise GiveUp(error.sentence, error.code) from error
    except Invalid as error:
        raise GiveUp(error.sentence, error.code) from error


@contextmanager
def _losses_told(model: ImageModel) -> Generator[None]:
    """A picture that came and could not be kept: drawn again when that costs nothing, otherwise given up with the reason."""
    try:
        yield
    except Unavailable as error:
        get_logger().warning("generation.not_kept", code=error.code, fields=error.fields)
        raise (RetryLater if model.is_drawn_here else GiveUp)(error.sentence, error.code) from error
    except Invalid as error:
        get_logger().warning("generation.picture_refused", model=model.id, code=error.code, fields=error.fields)
        sentence = f"{model.maker or model.title} sent a picture that cannot be used. It is not asked again by itself."
        raise GiveUp(sentence, error.code) from error


async def _open_slots(reader: Reader, job: Job) -> list[GenerationSlotRow]:
    mine = (col(GenerationSlotRow.generation_id) == job.params["generation_id"], col(GenerationSlotRow.job_id) == job.id)
    statement = select(GenerationSlotRow).where(*mine, col(GenerationSlotRow.outcome).is_(None)).order_by(col(GenerationSlotRow.slot))
    return list((await reader.exec(statement)).scalars())
