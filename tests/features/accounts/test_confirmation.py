"""Asking a signed-in person for their password again, changing it, and where they are signed in."""

from __future__ import annotations

import asyncio

import pytest

from pixelstudio.core import limits
from pixelstudio.core.errors import Invalid, NotFound, TooMany
from pixelstudio.features.accounts.confirmation import begin, change_password, confirmed
from pixelstudio.features.accounts.errors import PasswordRefused
from pixelstudio.features.accounts.preferences import Preferences, prefer, preferences_of
from pixelstudio.features.accounts.sessions import actor_for, end_one, end_others, sessions_of
from pixelstudio.features.generation.generations import submit
from pixelstudio.features.generation.jobs import RENDER
from pixelstudio.features.generation.settlements import Drawn
from pixelstudio.features.images.pictures import Portrait, page_of
from pixelstudio.features.images.renditions import StoredFile
from pixelstudio.jobs.job import Job, JobState
from pixelstudio.jobs.kind import Done
from pixelstudio.jobs.queue import jobs_of_batch
from tests.factories import PASSWORD, a_cookie, a_request, a_user, quick_hash


@pytest.fixture
async def ines(database):
    return await a_user(database, password_hash=quick_hash())


async def test_a_new_password_takes_the_old_one_and_ends_the_other_sessions(database, ines):
    other = await a_cookie(database, ines.id)
    async with database.transaction() as tx:
        attempt = await begin(tx, "192.0.2.1", by=ines)
    with pytest.raises(PasswordRefused) as refusal:
        await confirmed(attempt, "another one", "current")
    assert refusal.value.field == "current"

    async with database.transaction() as tx:
        ended = await change_password(tx, await confirmed(attempt, PASSWORD), "new hash", by=ines)

    assert ended == 1
    async with database.transaction() as tx:
        assert await actor_for(tx, other) is None
        assert [view.is_this for view in await sessions_of(tx, ines)] == [True]
        with pytest.raises(PasswordRefused):  # somebody was faster
            await change_password(tx, attempt, "newer hash", by=ines)


async def test_guesses_by_an_open_session_are_counted_with_those_at_the_door(database, ines):
    for _ in range(limits.SIGN_IN_FAILURES_PER_ACCOUNT_AND_IP):
        async with database.transaction() as tx:
            await begin(tx, "192.0.2.1", by=ines)
    async with database.transaction() as tx:
        with pytest.raises(TooMany):
            await begin(tx, "192.0.2.1", by=ines)


async def test_sessions_are_listed_without_their_digests_and_ended_one_by_one(database, ines):
    marc = await a_user(database, "marc")
    other = await a_cookie(database, ines.id)

    async with database.transaction() as tx:
        this, that = await sessions_of(tx, ines)
        assert (this.is_this, that.is_this) == (True, False)
        assert ines.session_digest not in {this.id, that.id}
        for wrong in (ines.session_digest, "", (await sessions_of(tx, marc))[0].id):
            with pytest.raises(NotFound):
                await end_one(tx, wrong, by=ines)

    with database.bus.subscribe(f"user:{ines.id}") as heard:
        async with database.transaction() as tx:
            await end_one(tx, that.id, by=ines)
        async with asyncio.timeout(1):
            assert [event.name for event in await heard.get_batch()] == ["session.signed_out"]
    async with database.transaction() as tx:
        assert await actor_for(tx, other) is None
        assert await end_others(tx, by=ines) == 0


async def test_preferences_fit_a_model(studio, database, ines):
    async with database.transaction() as tx:
        assert await preferences_of(tx, ines.id) == Preferences()
        for wrong, field in (
            (Preferences(model="none"), "model"),
            (Preferences(model="sketch-paper", size="1x1"), "size"),
            (Preferences(size="1024x1024"), "size"),
            (Preferences(images=99), "images"),
            (Preferences(model="sketch-paper", images=0), "images"),
            (Preferences(visibility="unlisted"), "visibility"),
        ):
            with pytest.raises(Invalid) as refusal:
                await prefer(tx, wrong, studio.providers, by=ines)
            assert refusal.value.field == field
        chosen = Preferences("sketch-paper", "1024x1280", 2, "public")
        await prefer(tx, chosen, studio.providers, by=ines)
        await prefer(tx, chosen, studio.providers, by=ines)
    async with database.reader() as reader:
        assert await preferences_of(reader, ines.id) == chosen


@pytest.mark.parametrize("visibility", ["private", "public"])
async def test_new_pictures_are_shown_to_whom_their_owner_prefers(studio, database, ines, visibility):
    async with database.transaction() as tx:
        await prefer(tx, Preferences(visibility=visibility), studio.providers, by=ines)
        view = await submit(tx, studio, a_request(), ines)
        job = (await jobs_of_batch(tx, [view.id]))[0]
    portrait = Portrait(StoredFile("a" * 64, "image/png", 256, 256, 1), {}, b"", "#aabbcc")
    async with database.transaction() as tx:
        params = {"generation_id": view.id, "slots": [0]}
        ended = Job(job.id, RENDER, job.lane, ines.id, view.id, JobState.RUNNING, 1, 3, 1, None, params, 0.0, 0.0)
        await studio.kinds[RENDER].ended(tx, ended, Done(Drawn({0: portrait})))
        shown = (await page_of(tx, ines)).items
    assert [image.visibility for image in shown] == [visibility]
