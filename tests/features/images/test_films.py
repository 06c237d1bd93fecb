"""Films: made once the picture hangs, shown to whoever may see it, gone with it."""

from __future__ import annotations

import asyncio
import io
import os

import pytest
from PIL import Image

from pixelstudio.core.errors import NotFound
from pixelstudio.core.ids import new_id
from pixelstudio.features.images.films import UNHUNG_S, WAITING_MAX, FilmCutter
from pixelstudio.features.images.pictures import delete, image_for
from pixelstudio.features.images.renditions import add_film, rendition_for
from tests.factories import a_film, a_user, an_image
from tests.imaging.pictures import frames_of


@pytest.fixture
def films(studio, tmp_path):
    return FilmCutter(studio, tmp_path / "films", pause_s=0.01)


def a_webp(shade=0):
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (shade, 90, 40)).save(out, "WEBP")
    return out.getvalue()


async def film_bytes(studio, viewer, image_id):
    async with studio.db.reader() as reader:
        stored = await rendition_for(reader, viewer, image_id, "film")
    return await studio.storage.get(stored.digest)


async def keep(films, studio, owner, image_id, *previews):
    """As the job does, though there the picture comes after."""
    async with studio.db.reader() as reader:
        image = await image_for(reader, owner, image_id)
    await films.keep(image.generation_id, image.slot, previews)


async def test_a_picture_that_hangs_gets_the_film_of_its_previews(studio, films):
    ines = await a_user(studio.db)
    image_id = await an_image(studio, ines, renditions=a_webp(200))

    await keep(films, studio, ines, image_id, a_webp(10), a_webp(90))
    await films.make_all()

    shown = Image.open(io.BytesIO(await film_bytes(studio, ines, image_id)))
    assert (frames_of(shown), shown.size) == (3, (64, 48))
    async with studio.db.reader() as reader:
        assert (await image_for(reader, ines, image_id)).has_film
        assert (await rendition_for(reader, ines, image_id, "512")).digest != (await rendition_for(reader, ines, image_id, "film")).digest


async def test_what_waits_outlives_the_process_that_drew(studio, films, tmp_path):
    ines = await a_user(studio.db)
    image_id = await an_image(studio, ines, renditions=a_webp(200))
    await keep(films, studio, ines, image_id, a_webp(10))

    await FilmCutter(studio, tmp_path / "films").make_all()

    assert await film_bytes(studio, ines, image_id)
    assert list((tmp_path / "films").iterdir()) == []


async def test_previews_wait_for_their_picture_and_go_when_it_never_comes(studio, films, tmp_path):
    await films.keep(new_id(), 0, [a_webp()])
    await films.make_all()
    (waiting,) = (tmp_path / "films").iterdir()

    os.utime(waiting, (0, studio.clock.epoch() - UNHUNG_S - 1))
    await films.make_all()

    assert not waiting.exists()


async def test_without_previews_there_is_no_film(studio, films, tmp_path):
    ines = await a_user(studio.db)
    image_id = await an_image(studio, ines)

    await keep(films, studio, ines, image_id)
    await films.make_all()

    assert not (tmp_path / "films").exists()
    async with studio.db.reader() as reader:
        assert not (await image_for(reader, ines, image_id)).has_film
        with pytest.raises(NotFound):
            await rendition_for(reader, ines, image_id, "film")


async def test_a_full_disk_costs_the_film_and_not_the_picture(studio, tmp_path):
    (tmp_path / "films").write_text("a file where the folder should be")

    await FilmCutter(studio, tmp_path / "films").keep(new_id(), 0, [a_webp()])


async def test_a_picture_deleted_meanwhile_gets_no_film_and_nobody_sees_one_of_a_deleted_picture(studio, films, tmp_path):
    ines = await a_user(studio.db)
    gone, filmed = await an_image(studio, ines, renditions=a_webp()), await an_image(studio, ines)
    film = await a_film(studio, filmed)
    await keep(films, studio, ines, gone, a_webp())
    async with studio.db.transaction() as tx:
        await delete(tx, gone, by=ines)
        await delete(tx, filmed, by=ines)
        await add_film(tx, gone, film)

    await films.make_all()

    assert list((tmp_path / "films").iterdir()) == []
    for image_id in (gone, filmed):
        with pytest.raises(NotFound):
            await film_bytes(studio, ines, image_id)


async def test_the_work_goes_on_beside_others_and_begins_after_a_pause(studio, films):
    ines = await a_user(studio.db)
    image_id = await an_image(studio, ines, renditions=a_webp(50))
    running = asyncio.ensure_future(films.run())
    await asyncio.sleep(0.01)

    await keep(films, studio, ines, image_id, a_webp())
    films.wake()

    async with asyncio.timeout(20):
        while True:
            async with studio.db.reader() as reader:
                if (await image_for(reader, ines, image_id)).has_film:
                    break
            await asyncio.sleep(0.02)
    running.cancel()


async def test_an_outage_costs_one_film_and_not_the_next(studio, films):
    ines = await a_user(studio.db)
    lost, kept = [await an_image(studio, ines, renditions=a_webp(shade)) for shade in (20, 30)]
    async with studio.db.reader() as reader:
        await studio.storage.delete((await rendition_for(reader, ines, lost, "512")).digest)

    await keep(films, studio, ines, lost, a_webp())
    await keep(films, studio, ines, kept, a_webp())
    await films.make_all()

    assert await film_bytes(studio, ines, kept)
    with pytest.raises(NotFound):
        await film_bytes(studio, ines, lost)


async def test_what_another_worker_takes_in_the_same_moment_is_left_to_it(films, tmp_path):
    (tmp_path / "films").mkdir()
    (tmp_path / "films" / "taken-0.previews").symlink_to(tmp_path / "gone")

    await films.make_all()
    await films.keep(new_id(), 0, [b"preview"])

    assert len(list((tmp_path / "films").glob("*.previews"))) == 2


async def test_what_waits_is_bounded(films, tmp_path):
    names = [new_id() for _ in range(WAITING_MAX + 3)]
    for number, name in enumerate(names):
        await films.keep(name, 0, [b"preview"])
        os.utime(tmp_path / "films" / f"{name}-0.previews", (number, number))

    assert {path.name for path in (tmp_path / "films").iterdir()} == {f"{name}-0.previews" for name in names[3:]}
