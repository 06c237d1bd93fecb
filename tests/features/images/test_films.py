"""Films: made once the picture hangs, shown to whoever may see it, gone with it."""

from __future__ import annotations

import asyncio
import io

import pytest
from PIL import Image

from pixelstudio.core.errors import NotFound
from pixelstudio.features.images.films import WAITING_MAX, FilmCutter
from pixelstudio.features.images.pictures import add_film, delete, image_for, rendition_for
from tests.factories import a_film, a_user, an_image
from tests.imaging.pictures import frames_of


def a_webp(shade=0):
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (shade, 90, 40)).save(out, "WEBP")
    return out.getvalue()


async def film_bytes(studio, viewer, image_id):
    async with studio.db.reader() as reader:
        stored = await rendition_for(reader, viewer, image_id, "film")
    return await studio.storage.get(stored.digest)


async def test_a_picture_that_hangs_gets_the_film_of_its_previews(studio):
    ines = await a_user(studio.db)
    image_id = await an_image(studio, ines, renditions=a_webp(200))
    films = FilmCutter(studio)

    films.take(image_id, [a_webp(10), a_webp(90)])
    await films.make_all()

    shown = Image.open(io.BytesIO(await film_bytes(studio, ines, image_id)))
    assert (frames_of(shown), shown.size) == (3, (64, 48))
    async with studio.db.reader() as reader:
        assert (await image_for(reader, ines, image_id)).has_film
        assert (await rendition_for(reader, ines, image_id, "512")).digest != (await rendition_for(reader, ines, image_id, "film")).digest


async def test_without_previews_there_is_no_film(studio):
    ines = await a_user(studio.db)
    image_id = await an_image(studio, ines)
    films = FilmCutter(studio)

    films.take(image_id, [])
    await films.make_all()

    async with studio.db.reader() as reader:
        assert not (await image_for(reader, ines, image_id)).has_film
        with pytest.raises(NotFound):
            await rendition_for(reader, ines, image_id, "film")


async def test_a_picture_deleted_meanwhile_gets_no_film_and_nobody_sees_one_of_a_deleted_picture(studio):
    ines = await a_user(studio.db)
    gone, filmed = await an_image(studio, ines, renditions=a_webp()), await an_image(studio, ines)
    film = await a_film(studio, filmed)
    async with studio.db.transaction() as tx:
        await delete(tx, gone, by=ines)
        await delete(tx, filmed, by=ines)
        await add_film(tx, gone, film)
    films = FilmCutter(studio)

    films.take(gone, [a_webp()])
    films.take("missing", [a_webp()])
    await films.make_all()

    for image_id in (gone, filmed):
        with pytest.raises(NotFound):
            await film_bytes(studio, ines, image_id)


async def test_the_work_goes_on_beside_others_and_begins_after_a_pause(studio):
    ines = await a_user(studio.db)
    image_id = await an_image(studio, ines, renditions=a_webp(50))
    films = FilmCutter(studio, pause_s=0.01)
    running = asyncio.ensure_future(films.run())

    films.take(image_id, [a_webp()])

    async with asyncio.timeout(20):
        while True:
            async with studio.db.reader() as reader:
                if (await image_for(reader, ines, image_id)).has_film:
                    break
            await asyncio.sleep(0.02)
    running.cancel()


async def test_an_outage_costs_one_film_and_not_the_next(studio):
    ines = await a_user(studio.db)
    lost, kept = [await an_image(studio, ines, renditions=a_webp(shade)) for shade in (20, 30)]
    async with studio.db.reader() as reader:
        await studio.storage.delete((await rendition_for(reader, ines, lost, "512")).digest)
    films = FilmCutter(studio)

    films.take(lost, [a_webp()])
    films.take(kept, [a_webp()])
    await films.make_all()

    assert await film_bytes(studio, ines, kept)
    with pytest.raises(NotFound):
        await film_bytes(studio, ines, lost)


def test_what_waits_is_bounded(studio):
    films = FilmCutter(studio)
    for number in range(WAITING_MAX * 2):
        films.take(str(number), [b"preview"])

    assert [image_id for image_id, _ in films._waiting] == [str(number) for number in range(WAITING_MAX, WAITING_MAX * 2)]
