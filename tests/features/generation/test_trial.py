"""The trial: three sketches, one at a time, and nothing else."""

from __future__ import annotations

import pytest

from pixelstudio.core.errors import NotAllowed, NotSignedIn, Unavailable
from pixelstudio.features.accounts.preferences import Preferences, prefer, preferences_of
from pixelstudio.features.belongings.erasure import erase
from pixelstudio.features.generation.generations import cancel, submit
from pixelstudio.features.generation.trial import first_try, pictures_left, remember_model
from pixelstudio.features.images.pictures import delete, image_for, set_visibility
from pixelstudio.jobs.queue import jobs_of_batch
from pixelstudio.providers.registry import Registry
from tests.factories import PricedSketch, a_guest, a_request, a_studio, a_user, an_image


async def test_the_fourth_picture_is_refused_and_one_that_was_called_off_does_not_count(studio, database):
    guest = (await a_guest(database)).actor

    async with database.transaction() as tx:
        first = await submit(tx, studio, a_request(), guest)
        for _ in range(2):
            await submit(tx, studio, a_request(), guest)
        with pytest.raises(NotAllowed, match="your 3 pictures"):
            await submit(tx, studio, a_request(), guest)
        await cancel(tx, studio, first.id, guest)
        assert await pictures_left(tx, guest.id) == 1
        await submit(tx, studio, a_request(), guest)


async def test_a_guest_draws_one_free_sketch_at_a_time(studio, database, clock, children):
    guest = (await a_guest(database)).actor
    priced = a_studio(database, clock, children, PricedSketch(children))

    async with database.transaction() as tx:
        for where, wish in ((studio, a_request(count=2)), (priced, a_request())):
            with pytest.raises(NotAllowed, match="one sketch at a time"):
                await submit(tx, where, wish, guest)


async def test_a_guest_neither_shows_nor_deletes_and_sees_what_they_drew(studio, database):
    guest, other = (await a_guest(database)).actor, (await a_guest(database)).actor
    image_id = await an_image(studio, guest)

    async with database.transaction() as tx:
        for act in (lambda: set_visibility(tx, image_id, "public", by=guest), lambda: delete(tx, image_id, by=guest)):
            with pytest.raises(NotAllowed):
                await act()
        assert not (await image_for(tx, guest, image_id)).is_mine
        with pytest.raises(Exception, match="does not exist"):
            await image_for(tx, other, image_id)


async def test_a_member_never_waits_for_guests(studio, database):
    guest, ines = (await a_guest(database)).actor, await a_user(database)

    async with database.transaction() as tx:
        before, after = await submit(tx, studio, a_request(), guest), await submit(tx, studio, a_request(), ines)
        places = {status.batch_id: status.position for status in await jobs_of_batch(tx, [before.id, after.id])}
    assert (places[after.id], places[before.id]) == (1, 2)


async def test_a_guest_who_is_gone_draws_nothing(studio, database):

    guest = (await a_guest(database)).actor

    async with database.transaction() as tx:
        await erase(tx, studio, guest.id)
        with pytest.raises(NotSignedIn):
            await submit(tx, studio, a_request(), guest)


def test_a_sentence_picks_its_look_and_an_upright_size(studio):
    wishes = [first_try(studio.providers, f"sentence {n}") for n in range(40)]

    assert len({wish.model for wish in wishes}) > 2
    assert {(wish.width, wish.height) for wish in wishes} == {(1024, 1280)}
    assert first_try(studio.providers, "One flower, seen from above").model == "sketch-bloom"
    assert first_try(studio.providers, "x", "sketch-silk").model == "sketch-silk"
    assert first_try(studio.providers, "x", "no-such-model").model.startswith("sketch-")
    with pytest.raises(Unavailable):
        first_try(Registry([]), "x")


@pytest.mark.parametrize("later", ["", "sketch-orbs", "no such model"])
async def test_what_a_guest_drew_with_last_is_what_they_begin_with_again(studio, database, later):
    guest = (await a_guest(database)).actor

    async with database.transaction() as tx:
        for model in ("sketch-silk", later):
            await remember_model(tx, studio.providers, model, by=guest)

        assert (await preferences_of(tx, guest.id)).model == ("sketch-silk" if later == "no such model" else later)


async def test_what_a_member_prefers_is_not_changed_by_a_try(studio, database):
    ines = await a_user(database)
    chosen = Preferences("sketch-silk", "1344x768", 2)

    async with database.transaction() as tx:
        await prefer(tx, chosen, studio.providers, by=ines)
        await remember_model(tx, studio.providers, "sketch-orbs", by=ines)

        assert await preferences_of(tx, ines.id) == chosen
