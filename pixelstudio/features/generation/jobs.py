"""The job kind `generation.render`: draws one call's pictures, stores their bytes, and settles slots and credits when it ends."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.core.errors import Invalid, Unavailable
from pixelstudio.core.failpoints import failpoint
from pixelstudio.core.ids import GenerationId, ImageId, UserId
from pixelstudio.core.log import get_logger
from pixelstudio.features.accounts.preferences import preferences_of
from pixelstudio.features.conduct.strikes import conduct_of
from pixelstudio.features.credits import ledger
from pixelstudio.features.footfall.days import CREATIONS
from pixelstudio.features.generation.events import GenerationEnded, PictureDrawn, SlotEnded, SlotUnknown
from pixelstudio.features.generation.forecasts import drop, judge
from pixelstudio.features.generation.inquiries import inquire, until_answered, until_drawn
from pixelstudio.features.generation.repeats import picture_drawn_before
from pixelstudio.features.generation.tables import GenerationRow, GenerationSlotRow
from pixelstudio.features.images.films import PREVIEWS_KEPT, FilmCutter
from pixelstudio.features.images.pictures import Origin, Portrait, StoredFile, files_to_go_by, hang, hang_copy
from pixelstudio.imaging.children import ChildDied
from pixelstudio.imaging.ingest import ingest
from pixelstudio.imaging.previews import preview_of
from pixelstudio.imaging.recipe import Recipe
from pixelstudio.imaging.seal import Seal
from pixelstudio.jobs.calls import CallPhase
from pixelstudio.jobs.errors import AnswerLost, Away, GiveUp, RetryLater, SlowDown
from pixelstudio.jobs.job import Mark
from pixelstudio.jobs.kind import Cancelled, Done, Failed, Park, Unknown
from pixelstudio.providers.contract import STRENGTH_USUAL, DrawRequest
from pixelstudio.providers.errors import ProviderError, Refused, Spent, Throttled, Unanswered

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.imaging.ingest import Encoded, Ingested
    from pixelstudio.jobs.calls import Call
    from pixelstudio.jobs.job import Job
    from pixelstudio.jobs.kind import Delivery, JobContext, Outcome
    from pixelstudio.providers.contract import ImageModel, Progress
    from pixelstudio.studio import Studio

RENDER: Final = "generation.render"
STORE_AGAIN_AFTER_S: Final = (0.5, 2.0, 8.0)
_SENTENCE_MAX: Final = 500
_MISSING: Final = "The model returned fewer pictures than asked for."


def hold_key(generation_id: str, slot: int) -> str:
    """The ledger's key of one slot: what is held under it is captured or released, once."""
    return f"{generation_id}:{slot}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a job has to draw: the set, and the seeds of its open slots."""

    generation: GenerationRow
    seeds: dict[int, int]


@dataclass(frozen=True, slots=True)
class Drawn:
    """The pictures of a job by slot, their bytes stored."""

    portraits: dict[int, Portrait]
    same_as: ImageId | None = None
    """The very picture, which its owner had before: nothing was drawn."""


class RenderJob:
    """Draws without a transaction; everything that counts is written by `ended`, in the commit that ends the job."""

    name = RENDER
    timeout_s = 120.0
    max_attempts = limits.ATTEMPTS_MAX

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._seal = Seal(studio.keys.recipes)
        self.films = FilmCutter(studio, studio.settings.data_dir / "films")

    async def run(self, context: JobContext) -> Drawn | Park:
        """Draw, make renditions, store the bytes. Safe to run again: bytes are stored under their digest, rows come later.

        What was asked of somebody before is asked after first. Parks while a provider draws that does not keep us on the line.
        """
        wanted = await self._wanted(context.job)
        if (drawn_before := await self._drawn_before(context.job, wanted)) is not None:
            return Drawn({}, same_as=drawn_before)
        with _refusals_told():
            pictures = await self._pictures(context, wanted, seen := list[bytes]())
        if isinstance(pictures, Park):
            return pictures
        if len(wanted.seeds) == 1:
            await self.films.keep(wanted.generation.id, next(iter(wanted.seeds)), seen)
        with _losses_told(self._studio.providers.model(wanted.generation.model)):
            portraits = [await self._store(wanted, slot, data) for slot, data in zip(wanted.seeds, pictures, strict=False)]
        failpoint("between_bytes_and_rows")
        return Drawn(dict(zip(wanted.seeds, portraits, strict=False)))  # fewer pictures than slots: `ended` gives the rest back

    async def resume(self, context: JobContext, delivery: Delivery | None) -> Drawn | Park:
        """Go on with what was sent. What a delivery says is asked of the provider itself: it may be old, and tells too much to be believed."""
        return await self.run(context)

    async def ended(self, tx: Transaction, job: Job, outcome: Outcome) -> None:
        """Hang what came and capture its price, release the rest, tell, and close the set with its last slot.

        What nobody can say the end of keeps its slot and its credits as they are, until it is decided.
        """
        generation = await tx.get(GenerationRow, job.params["generation_id"], for_update=True)
        if generation is None:
            return
        slots = await _open_slots(tx, job)
        for slot in slots:
            await _settle(tx, generation, slot, outcome)
        came = sum(slot.outcome == "done" for slot in slots)
        tx.after_commit(lambda: self._studio.tally.add(CREATIONS, came))
        tx.after_commit(self.films.wake)
        await tx.flush()
        await _close_when_last(tx, generation)
        await (judge(tx, job.id) if isinstance(outcome, Done) else drop(tx, [job.id]))

    async def _wanted(self, job: Job) -> Wanted:
        async with self._studio.db.reader() as reader:
            generation = await reader.get(GenerationRow, job.params["generation_id"])
            slots = await _open_slots(reader, job)
        if generation is None or not slots:
            raise GiveUp("This picture is no longer wanted.", code="not_wanted")
        return Wanted(generation, {slot.slot: slot.seed for slot in slots})

    async def _drawn_before(self, job: Job, wanted: Wanted) -> ImageId | None:
        if "same_as" not in job.params or job.mark is not Mark.UNSENT:
            return None
        async with self._studio.db.reader() as reader:
            return await picture_drawn_before(reader, job, wanted.generation.account_id)

    async def _pictures(self, context: JobContext, wanted: Wanted, seen: list[bytes]) -> list[bytes] | Park:
        model = self._studio.providers.model(wanted.generation.model)
        cost = model.price_of(len(wanted.seeds))
        call = await context.call_to(model.provider, cost=cost, is_traceable=model.idempotency != "none")
        if call.phase is CallPhase.INTENT:
            return await self._draw(context, wanted, call, seen)
        try:
            begun = await inquire(self._studio.providers.provider_of(model.id), model, call)
            return await self._draw(context, wanted, call, seen) if begun is None else begun
        except (Refused, Spent):  # said of the drawing itself
            raise
        except ProviderError as error:
            return until_answered(error, call)

    async def _draw(self, context: JobContext, wanted: Wanted, call: Call, seen: list[bytes]) -> list[bytes] | Park:
        model = self._studio.providers.model(wanted.generation.model)
        provider = self._studio.providers.provider_of(model.id)
        handle = await provider.submit(self._draw_request(context, wanted, call, await self._reference(wanted)))
        if model.delivery != "stream":
            return until_drawn(model, handle.reference)
        try:
            async for progress in provider.progress(handle):
                preview = await self._preview(wanted, progress)
                await context.progress(progress.step, progress.steps, preview)
                if preview and len(seen) < PREVIEWS_KEPT:
                    seen.append(preview)
                failpoint("while_drawing")
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

    async def _store(self, wanted: Wanted, slot: int, data: bytes) -> Portrait:
        recipe = self._recipe(wanted, slot)
        try:
            ingested = await ingest(self._studio.children, data, recipe, self._seal)
        except ChildDied:  # these bytes may be paid for: a workshop that broke down is no reason to have them drawn again
            ingested = await ingest(self._studio.children, data, recipe, self._seal)
        files = {"original": ingested.original, **ingested.renditions}
        digests = await self._put([file.data for file in files.values()])
        stored = {name: _stored_file(file, digest) for (name, file), digest in zip(files.items(), digests, strict=True)}
        return _portrait(ingested, stored.pop("original"), stored)

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
        generation = wanted.generation
        return Recipe(
            prompt=generation.prompt,
            negative_prompt=generation.negative_prompt,
            model=generation.model,
            provider=(model := self._studio.providers.model(generation.model)).provider,
            seed=wanted.seeds[slot] if model.supports_seed else None,
            width=generation.width,
            height=generation.height,
            created_at=generation.created_at,
            steps=generation.steps,
            guidance=generation.guidance,
        )

    async def _reference(self, wanted: Wanted) -> bytes | None:
        """The bytes of the picture to go by: the largest rendition that every provider takes."""
        generation = wanted.generation
        if not generation.reference_id:
            return None
        async with self._studio.db.reader() as reader:
            files = await files_to_go_by(reader, generation.reference_id, UserId(generation.account_id))
        fitting = next((file for file in files if file.size_bytes <= limits.REFERENCE_MAX_BYTES), None)
        if fitting is None:
            raise GiveUp("The picture to go by was thrown away meanwhile. Choose another one.", code="reference_gone")
        return await self._studio.storage.get(fitting.digest)

    def _draw_request(self, context: JobContext, wanted: Wanted, call: Call, reference: bytes | None) -> DrawRequest:
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
            reference=reference,
            strength=STRENGTH_USUAL if generation.strength is None else generation.strength,
            key=call.key,
            callback_url=f"{settings.public_url}/api/webhook/{provider}?call={call.token}" if settings.public_url else "",
            before_sending=partial(context.mark_sent, call),
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


async def _settle(tx: Transaction, generation: GenerationRow, slot: GenerationSlotRow, outcome: Outcome) -> None:
    match outcome:
        case Done(Drawn(portraits=portraits)) if slot.slot in portraits:
            await _deliver(tx, generation, slot, await hang(tx, await _origin(tx, generation, slot), portraits[slot.slot]))
            await ledger.capture(tx, hold_key(generation.id, slot.slot))
        case Done(Drawn(same_as=str() as drawn_before)):
            await _deliver(tx, generation, slot, await _copied(tx, generation, slot, ImageId(drawn_before)))
            slot.is_copy = True
            await ledger.release(tx, hold_key(generation.id, slot.slot))
        case Done():
            await _give_back(tx, generation, slot, "failed", _MISSING)
        case Failed(_, sentence):
            await _give_back(tx, generation, slot, "failed", sentence)
        case Cancelled():
            await _give_back(tx, generation, slot, "cancelled", "")
        case Unknown():  # the slot stays open and its credits held; where it stands is in the queue
            await tx.publish(SlotUnknown(generation_id=generation.id, account_id=generation.account_id, slot=slot.slot))


async def _copied(tx: Transaction, generation: GenerationRow, slot: GenerationSlotRow, drawn_before: ImageId) -> ImageId:
    image_id = await hang_copy(tx, await _origin(tx, generation, slot), drawn_before)
    if image_id is None:  # thrown away in this very moment: the next try draws it
        raise RetryLater("The picture this one is the same as was thrown away meanwhile. It is drawn anew.", "copy_gone", after_s=0.0)
    return image_id


async def _origin(tx: Transaction, generation: GenerationRow, slot: GenerationSlotRow) -> Origin:
    return Origin(
        owner_id=UserId(generation.account_id),
        generation_id=GenerationId(generation.id),
        slot=slot.slot,
        model=generation.model,
        prompt=generation.prompt,
        negative_prompt=generation.negative_prompt,
        seed=slot.seed,
        is_public=await _shows_new_ones(tx, UserId(generation.account_id)),
    )


async def _shows_new_ones(tx: Transaction, account_id: UserId) -> bool:
    """Whether its owner shows new pictures to everybody, and may."""
    chosen = await preferences_of(tx, account_id)
    return chosen.visibility == "public" and (await conduct_of(tx, account_id)).paused_until is None


async def _deliver(tx: Transaction, generation: GenerationRow, slot: GenerationSlotRow, image_id: ImageId) -> None:
    slot.image_id = image_id
    slot.outcome = "done"
    tx.add(slot)
    fact = PictureDrawn(generation_id=generation.id, account_id=generation.account_id, slot=slot.slot, image_id=image_id)
    await tx.publish(fact)


async def _give_back(tx: Transaction, generation: GenerationRow, slot: GenerationSlotRow, outcome: str, sentence: str) -> None:
    slot.outcome = outcome
    slot.sentence = sentence[:_SENTENCE_MAX]
    tx.add(slot)
    await ledger.release(tx, hold_key(generation.id, slot.slot))
    await tx.publish(SlotEnded(generation_id=generation.id, account_id=generation.account_id, slot=slot.slot, outcome=outcome))


async def _close_when_last(tx: Transaction, generation: GenerationRow) -> None:
    """The generation's row is locked, so of two slots ending at once one sees the other."""
    outcome = col(GenerationSlotRow.outcome)
    counts = select(
        func.count().filter(outcome.is_(None)).label("open"),
        func.count().filter(outcome == "done").label("pictures"),
        func.count().filter(outcome == "done", col(GenerationSlotRow.is_copy).is_(False)).label("charged"),
    ).where(col(GenerationSlotRow.generation_id) == generation.id)
    found = (await tx.exec(counts)).one()
    if found.open or generation.ended_at is not None:
        return
    generation.ended_at = tx.now
    tx.add(generation)
    each = generation.price_credits_each
    fact = GenerationEnded(
        generation_id=generation.id,
        account_id=generation.account_id,
        pictures=found.pictures,
        credits_used=each * found.charged,
        credits_returned=each * (generation.count - found.charged),
    )
    await tx.publish(fact)


def _stored_file(file: Encoded, digest: str) -> StoredFile:
    return StoredFile(digest, file.media_type, file.width, file.height, len(file.data))


def _portrait(ingested: Ingested, original: StoredFile, renditions: dict[str, StoredFile]) -> Portrait:
    return Portrait(original, renditions, ingested.thumbhash, ingested.spill, ingested.fingerprint, ingested.look)
