"""The render job, run by the real runner: what comes is hung and captured, what does not come is given back."""

from __future__ import annotations

import asyncio
import contextlib
import io
from dataclasses import replace

import pytest
from PIL import Image
from sqlalchemy import func, select
from sqlmodel import col

from pixelstudio.features.credits.ledger import Balance, balance_of
from pixelstudio.features.credits.tables import CreditEntryRow
from pixelstudio.features.generation.events import GenerationEnded, PictureDrawn
from pixelstudio.features.generation.generations import cancel, submit
from pixelstudio.features.generation.jobs import RenderJob
from pixelstudio.features.generation.standing import set_of
from pixelstudio.features.images.pictures import image_for, page_of
from pixelstudio.features.images.renditions import rendition_for
from pixelstudio.features.images.tables import ImageRow, RenditionRow
from pixelstudio.imaging import recipe
from pixelstudio.jobs.claim import Lane
from pixelstudio.jobs.job import Job
from pixelstudio.jobs.kind import Done, Failed
from pixelstudio.jobs.queue import jobs_of_batch
from pixelstudio.jobs.retry import Backoff
from pixelstudio.jobs.rings import JobMoved, JobProgressed
from pixelstudio.jobs.runner import Pace, Runner
from pixelstudio.providers.errors import Misconfigured, Refused, Throttled, Unavailable
from tests.factories import PricedSketch, a_request, a_studio, a_user
from tests.imaging.pictures import frames_of
from tests.jobs.floor import eventually
from tests.jobs.floor import select as rows_of


class Moody(PricedSketch):
    """A sketch provider that raises what its script says before it draws, and hands out what the script says instead of pictures."""

    def __init__(self, children, *script):
        super().__init__(children)
        self.script = list(script)
        self.submits = 0

    async def submit(self, request):
        self.submits += 1
        if self.script and isinstance(self.script[0], Exception):
            raise self.script.pop(0)
        return await super().submit(request)

    async def fetch(self, handle):
        pictures = await super().fetch(handle)
        return self.script.pop(0) if self.script else pictures


@contextlib.asynccontextmanager
async def working(studio):
    lanes = [Lane(name, terms.concurrency) for name, terms in studio.providers.lanes.items()]
    pace = Pace(lease_s=600.0, backoff=Backoff(base_s=0.01), poll_min_s=0.05, poll_max_s=0.1)  # outlasts a clock that is hurried
    runner = Runner(studio.db, studio.kinds, lanes, studio.progress, pace=pace, hands=studio.hands)
    async with asyncio.TaskGroup() as group:
        group.create_task(runner.run())
        yield runner
        runner.stop()


async def drawn(studio, by, **changes):
    """Submit, work until the set has ended, and return the set and every fact its owner heard, its end last, rings of attempts left out.

    What two commits say is handed on in either order where both are answered in one turn of the loop.
    """
    with studio.bus.subscribe(f"user:{by.id}", capacity=10_000) as heard:
        async with studio.db.transaction() as tx:
            view = await submit(tx, studio, a_request(**changes), by)
        facts = []
        async with asyncio.timeout(60), working(studio):
            while not any(isinstance(fact, GenerationEnded) for fact in facts):
                facts += [fact for fact in await heard.get_batch(0.02) if not isinstance(fact, JobMoved)]
        facts += [fact for fact in heard.take() if not isinstance(fact, JobMoved)]
    async with studio.db.reader() as reader:
        return await set_of(reader, studio, by, view.id), sorted(facts, key=lambda fact: isinstance(fact, GenerationEnded))


async def balance(studio, by):
    async with studio.db.reader() as reader:
        return await balance_of(reader, by.id)


async def count_of(studio, table):
    async with studio.db.reader() as reader:
        return (await reader.exec(select(func.count()).select_from(table))).scalar_one()


async def test_a_prompt_becomes_pictures_with_renditions_recipe_and_credits_captured(database, clock, children):
    studio = a_studio(database, clock, children, PricedSketch(children))
    ines = await a_user(database)

    view, facts = await drawn(studio, ines, count=2, width=320)

    assert [slot.state for slot in view.slots] == ["done", "done"]
    assert view.is_ended
    assert await balance(studio, ines) == Balance(available=1, held=0)
    assert facts[-1] == GenerationEnded(generation_id=view.id, account_id=ines.id, pictures=2, credits_used=4, credits_returned=0)
    assert {fact.slot for fact in facts if isinstance(fact, PictureDrawn)} == {0, 1}
    assert any(isinstance(fact, JobProgressed) for fact in facts)
    async with database.reader() as reader:
        page = await page_of(reader, ines)
        stored = {v: await rendition_for(reader, ines, page.items[0].id, v) for v in ("256", "512", "1024", "original")}
    assert {image.id for image in page.items} == {slot.image.id for slot in view.slots if slot.image}
    assert {(image.visibility, image.width, image.height) for image in page.items} == {("private", 320, 256)}
    assert all(image.thumbhash and image.spill.startswith("#") for image in page.items)
    for variant in stored.values():
        assert len(await studio.storage.get(variant.digest)) == variant.size_bytes
    inside = recipe.read(await studio.storage.get(stored["original"].digest))
    assert inside is not None
    assert (inside.prompt, inside.model, inside.seed) == (page.items[0].prompt, "sketch-paper", page.items[0].seed)


@pytest.mark.parametrize(("is_drawn_here", "source"), [(True, recipe.ALGORITHMIC), (False, recipe.TRAINED)])
async def test_a_file_says_whether_rules_or_a_trained_model_drew_it(database, clock, children, is_drawn_here, source):
    sketch = PricedSketch(children)
    sketch.models = tuple(replace(model, is_drawn_here=is_drawn_here) for model in sketch.models)
    studio = a_studio(database, clock, children, sketch)
    ines = await a_user(database)

    await drawn(studio, ines)

    async with database.reader() as reader:
        (image,) = (await page_of(reader, ines)).items
        stored = await rendition_for(reader, ines, image.id, "original")
    inside = recipe.read(await studio.storage.get(stored.digest))
    assert inside is not None
    assert inside.digital_source_type == source


async def test_a_picture_nobody_stands_before_is_begun_in_the_commit_that_asks_for_it(studio, database):
    """Without the hands in `_enqueue` it is put in first, and claimed in a commit of its own."""
    ines = await a_user(database)
    async with asyncio.timeout(60), working(studio) as runner:
        await eventually(lambda: runner._pump.is_idle("sketch"))
        async with studio.db.transaction() as tx:
            view = await submit(tx, studio, a_request(count=3), ines)
        begun = await rows_of(database, "SELECT run_at=started FROM q_job WHERE batch_id=:id ORDER BY id", id=view.id)

    assert begun == [(True,), (True,), (None,)]


async def test_what_was_seen_of_a_drawing_becomes_its_film_once_the_picture_hangs(studio):
    ines = await a_user(studio.db)

    await drawn(studio, ines, width=320)
    async with studio.db.reader() as reader:
        before = (await page_of(reader, ines)).items[0]
    await studio.kinds[RenderJob.name].films.make_all()

    async with studio.db.reader() as reader:
        after = await image_for(reader, ines, before.id)
        film = await rendition_for(reader, ines, before.id, "film")
    assert (before.has_film, after.has_film) == (False, True)
    assert (film.media_type, film.width, film.height) == ("image/webp", 320, 256)
    shown = Image.open(io.BytesIO(await studio.storage.get(film.digest)))
    assert frames_of(shown) >= 8


async def test_the_same_wish_gives_the_same_picture(studio):
    ines = await a_user(studio.db)

    for _ in range(2):
        await drawn(studio, ines)

    async with studio.db.reader() as reader:
        first, second = (await page_of(reader, ines)).items
        assert (await rendition_for(reader, ines, first.id, "256")).digest == (await rendition_for(reader, ines, second.id, "256")).digest


@pytest.mark.parametrize("refusal", [Refused("Too red."), Misconfigured("No key.")])
async def test_what_will_never_work_fails_at_once_uncharged(database, clock, children, refusal):
    provider = Moody(children, refusal)
    studio = a_studio(database, clock, children, provider)
    ines = await a_user(database)

    view, _ = await drawn(studio, ines)

    assert provider.submits == 1
    assert [(slot.state, slot.sentence) for slot in view.slots] == [("failed", f"{refusal.sentence} Nothing was charged.")]
    assert await balance(studio, ines) == Balance(available=5, held=0)
    assert await count_of(studio, ImageRow) == 0


async def test_a_provider_that_recovers_is_asked_again(database, database_url, clock, children):
    provider = Moody(children, Throttled(retry_after_s=0.0), Unavailable())
    studio = a_studio(database, clock, children, provider)
    ines = await a_user(database)

    async def let_time_pass():
        while True:
            await asyncio.sleep(0.02)
            clock.advance(0.1)

    passing = asyncio.create_task(let_time_pass())
    view, _ = await drawn(studio, ines)
    passing.cancel()

    assert provider.submits == 3
    assert [slot.state for slot in view.slots] == ["done"]
    assert await balance(studio, ines) == Balance(available=3, held=0)


async def test_a_file_that_is_no_picture_fails_uncharged(database, clock, children):
    studio = a_studio(database, clock, children, Moody(children, [b"GIF89a, or so it says"]))
    ines = await a_user(database)

    view, _ = await drawn(studio, ines)

    assert view.slots[0].state == "failed"
    assert view.slots[0].sentence.endswith("Nothing was charged.")
    assert await balance(studio, ines) == Balance(available=5, held=0)


async def test_a_provider_that_returns_nothing_is_not_paid(database, clock, children):
    studio = a_studio(database, clock, children, Moody(children, []))
    ines = await a_user(database)

    view, facts = await drawn(studio, ines)

    assert view.slots[0].state == "failed"
    assert facts[-1].credits_returned == 2
    assert await balance(studio, ines) == Balance(available=5, held=0)


async def test_cancelling_while_it_draws_stops_and_gives_back(database, clock, children):
    studio = a_studio(database, clock, children, PricedSketch(children))
    ines = await a_user(database)
    with studio.bus.subscribe(f"user:{ines.id}", capacity=10_000) as heard:
        async with database.transaction() as tx:
            view = await submit(tx, studio, a_request(width=2048, height=2048), ines)
        facts = []
        async with asyncio.timeout(60), working(studio):
            while not any(isinstance(fact, JobProgressed) for fact in facts):
                facts += await heard.get_batch(0.01)
            async with database.reader() as reader:
                under_way = await set_of(reader, studio, ines, view.id)
            async with database.transaction() as tx:
                assert await cancel(tx, studio, view.id, ines) == 1
            while not any(isinstance(fact, GenerationEnded) for fact in facts):
                facts += await heard.get_batch(0.01)

    assert under_way.slots[0].state == "drawing"
    assert under_way.slots[0].sentence.startswith("Drawing, step ")
    assert under_way.slots[0].preview_url.startswith(f"/media/live/{view.id}/0?n=")
    async with database.reader() as reader:
        assert (await set_of(reader, studio, ines, view.id)).slots[0].state == "cancelled"
    assert await balance(studio, ines) == Balance(available=5, held=0)
    assert await count_of(studio, ImageRow) == 0


async def test_ending_a_job_twice_hangs_one_picture_and_charges_once(database, clock, children):
    studio = a_studio(database, clock, children, PricedSketch(children))
    ines = await a_user(database)
    results = []

    class Twice(RenderJob):
        async def ended(self, tx, job, outcome):
            results.append((job, outcome))
            for told in (outcome, outcome, Failed("late", "Too late.")):
                await super().ended(tx, job, told)

    studio = replace(studio, kinds={RenderJob.name: Twice(studio)})
    view, facts = await drawn(studio, ines)

    assert isinstance(results[0][1], Done)
    assert [slot.state for slot in view.slots] == ["done"]
    assert await count_of(studio, ImageRow) == 1
    assert await count_of(studio, RenditionRow) == 3
    assert sum(isinstance(fact, GenerationEnded) for fact in facts) == 1
    assert await balance(studio, ines) == Balance(available=3, held=0)


async def test_of_a_set_each_slot_is_settled_by_its_own_end(database, clock, children):
    studio = a_studio(database, clock, children, Moody(children, Refused("Too red.")))
    ines = await a_user(database)

    view, facts = await drawn(studio, ines, count=2)

    assert sorted(slot.state for slot in view.slots) == ["done", "failed"]
    assert (facts[-1].pictures, facts[-1].credits_used, facts[-1].credits_returned) == (1, 2, 2)
    assert await balance(studio, ines) == Balance(available=3, held=0)
    async with database.reader() as reader:
        kinds = (await reader.exec(select(col(CreditEntryRow.kind)).where(col(CreditEntryRow.account_id) == ines.id))).scalars().all()
    assert sorted(kinds) == ["capture", "grant", "hold", "hold", "release"]


async def test_of_two_slots_that_end_in_the_same_moment_one_closes_the_set(database, clock, children):
    studio = a_studio(database, clock, children)
    ines = await a_user(database)
    async with database.transaction() as tx:
        view = await submit(tx, studio, a_request(count=2), ines)
    async with database.reader() as reader:
        first, second = await jobs_of_batch(reader, [view.id])
    settled = asyncio.Event()

    async def end(status, hold_open_s):
        job = Job(status.id, status.kind, status.lane, ines.id, view.id, status.state, 1, 3, 1, 60.0, {"generation_id": view.id}, 0.0, 0.0)
        async with database.transaction() as tx:
            await RenderJob(studio).ended(tx, job, Failed("refused", "Too red."))
            settled.set()
            await asyncio.sleep(hold_open_s)  # written, not yet committed

    with studio.bus.subscribe(f"user:{ines.id}") as heard:
        slow = asyncio.create_task(end(first, 0.2))
        await settled.wait()
        await end(second, 0)
        await slow
        facts = await heard.get_batch()

    assert sum(isinstance(fact, GenerationEnded) for fact in facts) == 1
    async with database.reader() as reader:
        assert (await set_of(reader, studio, ines, view.id)).is_ended
