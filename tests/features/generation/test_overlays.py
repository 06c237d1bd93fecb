"""Text or a logo over a picture: asked for like a drawing, free of charge, and the picture itself stays as it is."""

from __future__ import annotations

import asyncio
import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import update
from sqlmodel import col

from pixelstudio.core.errors import Invalid, NotAllowed, NotFound, TooMany
from pixelstudio.features.gallery.lineage import lineage_of
from pixelstudio.features.generation.events import GenerationEnded
from pixelstudio.features.generation.overlays import OVERLAY_LANE, lay_over, overlay_of
from pixelstudio.features.generation.own_jobs import ended_jobs
from pixelstudio.features.generation.retries import retry
from pixelstudio.features.generation.shortfalls import Shortfall
from pixelstudio.features.generation.standing import set_of
from pixelstudio.features.images.pictures import delete, image_for
from pixelstudio.features.images.renditions import rendition_for
from pixelstudio.features.images.tables import ImageRow
from pixelstudio.features.wording.tables import BlockedWordRow
from pixelstudio.imaging.overlay import Overlay
from pixelstudio.imaging.recipe import content_of, read
from pixelstudio.imaging.seal import standing_of
from pixelstudio.jobs.claim import Lane
from pixelstudio.jobs.runner import Pace, Runner
from tests.factories import a_guest, a_true_image, a_user, an_image
from tests.features.images.test_uploads import kept

SALE = Overlay("Sale", "top-left", size=50.0, colour="#ff0000")


def a_file(colour=(90, 90, 90), mode="RGB", kind="PNG"):
    out = io.BytesIO()
    Image.new(mode, (256, 256), colour).save(out, kind)
    return out.getvalue()


async def asked(studio, by, image_id, overlay=SALE):
    async with studio.db.transaction() as tx:
        return await lay_over(tx, studio, image_id, overlay, by=by)


async def ended(studio, by, view):
    """Work until the set has ended; the set as its owner sees it."""
    runner = Runner(studio.db, studio.kinds, [Lane(OVERLAY_LANE, 2)], studio.progress, pace=Pace(poll_min_s=0.02, poll_max_s=0.1))
    with studio.bus.subscribe(f"user:{by.id}", capacity=1_000) as heard:
        async with asyncio.timeout(60), asyncio.TaskGroup() as group:
            group.create_task(runner.run())
            while not any(isinstance(fact, GenerationEnded) for fact in await heard.get_batch(0.02)):
                pass
            runner.stop()
    async with studio.db.reader() as reader:
        return await set_of(reader, studio, by, view.id)


async def original_of(studio, by, image_id):
    async with studio.db.reader() as reader:
        return await studio.storage.get((await rendition_for(reader, by, image_id, "original")).digest)


def image_of(view):
    (slot,) = view.slots
    assert slot.image
    return slot.image.id


async def test_a_new_picture_comes_of_it_with_its_recipe_and_the_old_one_stays(studio):
    ines = await a_user(studio.db)
    parent = await a_true_image(studio, ines, a_file())
    before = await original_of(studio, ines, parent)

    view = await ended(studio, ines, await asked(studio, ines, parent))

    image = view.slots[0].image
    assert image
    data = await original_of(studio, ines, image.id)
    recipe, was = read(data), read(before)
    assert recipe
    assert was
    async with studio.db.reader() as reader:
        family = await lineage_of(reader, ines, image)
        assert await overlay_of(reader, image.generation_id) == SALE
        assert await overlay_of(reader, (await image_for(reader, ines, parent)).generation_id) is None
    pixels = np.asarray(Image.open(io.BytesIO(data))).astype(int)
    assert (pixels[:100, :150, 0] - pixels[:100, :150, 1]).max() == 255
    assert (image.prompt, image.model, image.seed, image.visibility) == ("a red lighthouse", "sketch-paper", 7, "private")
    assert (view.price_credits, view.credits_used, "with text over it" in view.facts) == (0, 0, True)
    assert (recipe.overlay, recipe.prompt, recipe.created_at, standing_of(recipe)) == (SALE, was.prompt, was.created_at, "good")
    assert recipe.content == content_of(data) != was.content
    assert [one.id for one in family.parents] == [parent]
    assert await original_of(studio, ines, parent) == before


@pytest.mark.parametrize("is_brought", [True, False])
async def test_the_logo_is_something_brought_or_a_picture_of_ones_own(studio, is_brought):
    ines = await a_user(studio.db)
    parent = await a_true_image(studio, ines, a_file())
    green = a_file((0, 255, 0))
    logo = await kept(studio, ines, green) if is_brought else await a_true_image(studio, ines, green)

    view = await ended(studio, ines, await asked(studio, ines, parent, Overlay(logo=logo, place="middle", size=20)))

    data = await original_of(studio, ines, image_of(view))
    pixels = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
    assert pixels[128, 128].tolist() == pytest.approx([0, 255, 0], abs=12)
    assert pixels[128, 60].tolist() == [90, 90, 90]
    assert logo not in data.decode("latin-1")
    assert "with a logo over it" in view.facts


async def test_nobody_lays_anything_over_what_is_not_theirs_nor_with_a_logo_of_others(studio):
    ines, omar = await a_user(studio.db), await a_user(studio.db, "omar")
    hers, shown = await an_image(studio, ines), await an_image(studio, ines, is_public=True)
    his, logo = await an_image(studio, omar), await kept(studio, ines)
    guest = await a_guest(studio.db)

    for by, image_id, overlay in ((omar, hers, SALE), (omar, shown, SALE), (omar, "nothing", SALE), (omar, his, Overlay(logo=logo))):
        with pytest.raises(NotFound):
            await asked(studio, by, image_id, overlay)
    with pytest.raises(NotAllowed):
        await asked(studio, guest.actor, shown)
    with pytest.raises(Invalid):
        await asked(studio, ines, hers, Overlay())


async def test_words_nobody_wants_to_read_here_are_laid_over_nothing(studio):
    ines = await a_user(studio.db)
    picture = await an_image(studio, ines)
    async with studio.db.transaction() as tx:
        tx.add(BlockedWordRow(word="sale", created_at=tx.now))

    with pytest.raises(Invalid, match="sale") as refusal:
        await asked(studio, ines, picture)

    assert (refusal.value.code, refusal.value.field) == ("word_blocked", "text")


async def test_what_is_marked_or_withdrawn_stays_so_with_something_over_it(studio):
    ines = await a_user(studio.db)
    parent = await a_true_image(studio, ines, a_file())
    async with studio.db.transaction() as tx:
        marks = {"rating": "mature", "least_rating": "sensitive", "withdrawn_at": tx.now}
        await tx.exec(update(ImageRow).where(col(ImageRow.id) == parent).values(**marks))

    view = await ended(studio, ines, await asked(studio, ines, parent))

    async with studio.db.reader() as reader:
        row = await reader.get(ImageRow, image_of(view))
    assert row
    assert (row.rating, row.least_rating, row.visibility, row.withdrawn_at is None) == ("mature", "sensitive", "private", False)


async def test_a_picture_thrown_away_meanwhile_is_said_and_can_be_asked_for_again_free_of_charge(studio):
    ines = await a_user(studio.db)
    parent = await a_true_image(studio, ines, a_file())
    view = await asked(studio, ines, parent)
    async with studio.db.transaction() as tx:
        await delete(tx, parent, by=ines)

    view = await ended(studio, ines, view)

    async with studio.db.reader() as reader:
        jobs, _ = await ended_jobs(reader, studio, ines)
    assert "thrown away" in view.slots[0].sentence
    assert [(job.state, job.shortfall) for job in jobs] == [("failed", Shortfall(1, 0))]
    with pytest.raises(NotFound):
        async with studio.db.transaction() as tx:
            await retry(tx, studio, view.id, 0, by=ines)
    async with studio.db.transaction() as tx:
        await tx.exec(update(ImageRow).where(col(ImageRow.id) == parent).values(deleted_at=None))
        again = await retry(tx, studio, view.id, 0, by=ines)
    assert [slot.state for slot in (await ended(studio, ines, again)).slots] == ["done"]


async def test_nobody_fills_the_line_with_them(studio):
    ines = await a_user(studio.db)
    parent = await an_image(studio, ines)
    short = replace(studio, settings=studio.settings.model_copy(update={"waiting_jobs_per_person": 2}))
    for _ in range(2):
        await asked(short, ines, parent)

    with pytest.raises(TooMany):
        await asked(short, ines, parent)
