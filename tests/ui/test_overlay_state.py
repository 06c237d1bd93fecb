"""Text and logos over the picture on /image: what is offered, what is asked for, and how the page tells what became of it."""

from __future__ import annotations

import pytest

from pixelstudio.features.generation.events import PictureDrawn
from pixelstudio.features.generation.own_jobs import cancel_job, open_jobs
from pixelstudio.features.generation.views import Tuning
from pixelstudio.features.images.pictures import image_for
from pixelstudio.features.images.renditions import StoredFile
from pixelstudio.features.images.uploads import keep_upload
from pixelstudio.imaging.overlay import Overlay
from pixelstudio.ui.image.image_state import ImageState
from pixelstudio.ui.image.overlay_state import OverlayState
from pixelstudio.ui.image.views import facts_of
from tests.factories import a_cookie, a_user, an_image
from tests.ui.driving import Tab

FORM = {"kind": "text", "text": "Sale", "place": "top-left", "size": "40", "opacity": "80", "rotation": "-12.5", "colour": "#ff0000"}


@pytest.fixture
async def ines(database):
    return await a_user(database)


async def a_logo(studio, by):
    data = b"a logo"
    file = StoredFile(await studio.storage.put(data), "image/png", 60, 40, len(data))
    async with studio.db.transaction() as tx:
        return await keep_upload(tx, "logo", file, by=by)


async def test_what_was_brought_comes_first_and_the_newest_pictures_after(open_studio, database, ines):
    image_id = await an_image(open_studio, ines, prompt="a red lighthouse")
    his = await an_image(open_studio, await a_user(database, "omar"), is_public=True)
    logo = await a_logo(open_studio, ines)

    async with Tab(await a_cookie(database, ines.id), f"/image/{image_id}") as tab:
        await tab.send(OverlayState, "open_overlay")
        page = await tab.look(OverlayState)
        chosen = []
        for wanted in (image_id, his):
            await tab.send(OverlayState, "take_logo", logo=wanted)
            chosen.append((await tab.look(OverlayState)).chosen)

    assert [(choice.id, choice.src) for choice in page.logos] == [(logo, f"/media/uploads/{logo}"), (image_id, f"/media/{image_id}/1024")]
    assert page.chosen == logo
    assert chosen == [image_id, logo]


async def test_it_is_asked_for_and_the_page_says_when_the_new_picture_hangs(open_studio, database, ines):
    image_id = await an_image(open_studio, ines)

    async with Tab(await a_cookie(database, ines.id), f"/image/{image_id}") as tab:
        await tab.start(ImageState, "follow")
        await tab.wait_until(ImageState, lambda page: page.is_loaded)
        await tab.send(OverlayState, "lay_over", form=FORM)
        assert (await tab.look(OverlayState)).laid == 1
        assert (await tab.look(ImageState)).notice.code == "overlay_asked"
        async with database.reader() as reader:
            (job,) = await open_jobs(reader, open_studio, ines)
        new = await an_image(open_studio, ines)
        async with database.transaction() as tx:
            await tx.publish(PictureDrawn(generation_id=job.generation_id, account_id=ines.id, slot=0, image_id=new))
        await tab.wait_until(ImageState, lambda page: page.notice.code == "overlaid")
        (led,) = await tab.send(ImageState, "act_on_notice")

    assert f"/image/{new}" in repr(led)


async def test_one_that_was_called_off_is_said_too(open_studio, database, ines):
    image_id = await an_image(open_studio, ines)

    async with Tab(await a_cookie(database, ines.id), f"/image/{image_id}") as tab:
        await tab.start(ImageState, "follow")
        await tab.wait_until(ImageState, lambda page: page.is_loaded)
        await tab.send(OverlayState, "lay_over", form=FORM)
        async with database.reader() as reader:
            (job,) = await open_jobs(reader, open_studio, ines)
        async with database.transaction() as tx:
            await cancel_job(tx, open_studio, job.generation_id, 0, by=ines)
        await tab.wait_until(ImageState, lambda page: page.notice.code == "overlay_failed")
        page = await tab.look(ImageState)

    assert page.notice.sentence == "Cancelled. Nothing was charged."


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": " "}, "text"),
        ({"size": "wide"}, "size"),
        ({"opacity": ""}, "opacity"),
        ({"place": "beside"}, "place"),
        ({"kind": "logo"}, "text"),
    ],
)
async def test_what_is_wrong_is_said_in_the_dialog_and_nothing_is_asked_for(open_studio, database, ines, changes, field):
    image_id = await an_image(open_studio, ines)

    async with Tab(await a_cookie(database, ines.id), f"/image/{image_id}") as tab:
        await tab.send(OverlayState, "lay_over", form={**FORM, **changes})
        page = await tab.look(OverlayState)

    async with database.reader() as reader:
        assert await open_jobs(reader, open_studio, ines) == []
    assert (page.notice.kind, page.notice.field, page.laid) == ("error", field, 0)


async def test_the_recipe_says_what_lies_over_it(open_studio, database, ines):
    image_id = await an_image(open_studio, ines)
    async with database.reader() as reader:
        image = await image_for(reader, ines, image_id)

    assert facts_of(image, Tuning(), None, Overlay("Big\nsale", "top-left")).over == "“Big / sale”, top left"
    assert facts_of(image, Tuning(), None, Overlay(logo="one")).over == "a logo, bottom right"
    assert facts_of(image, Tuning(), None).over == ""
