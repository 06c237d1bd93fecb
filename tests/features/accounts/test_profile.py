"""The profile: what a person shows of themselves, and when a handle may change."""

from __future__ import annotations

import pytest

from pixelstudio.core import limits
from pixelstudio.core.errors import Invalid, NotFound, NotSignedIn
from pixelstudio.core.events import CACHES_TOPIC
from pixelstudio.features.accounts.avatars import avatar_content, avatar_of, remove_avatar, set_avatar
from pixelstudio.features.accounts.errors import HandleRests, HandleTaken
from pixelstudio.features.accounts.profile import ProfileForm, change_profile, forget_free_handles, profile_of
from pixelstudio.features.accounts.registration import checked, register
from tests.factories import PASSWORD, a_cookie, a_guest, a_user, an_actor

DAY = 24 * 60 * 60


async def change(database, by, **changes):
    form = {"display_name": "Ines", "handle": by.handle, "bio": "", **changes}
    async with database.transaction() as tx:
        await change_profile(tx, ProfileForm(**form), by=by)


async def test_name_and_lines_are_cleaned_and_kept(database):
    ines = await a_user(database)

    await change(database, ines, display_name="  Ines\u202e  Vale ", bio="Paper.\r\nDunes. ")

    async with database.reader() as reader:
        profile = await profile_of(reader, ines)
    assert (profile.display_name, profile.bio, profile.email) == ("Ines Vale", "Paper.\nDunes.", "ines@example.org")


@pytest.mark.parametrize(("field", "text"), [("display_name", "x" * 61), ("bio", "x" * 301), ("handle", "No Spaces"), ("handle", "admin")])
async def test_what_does_not_fit_names_its_field_and_changes_nothing(database, field, text):
    ines = await a_user(database)

    with pytest.raises((Invalid, HandleTaken)) as refusal:
        await change(database, ines, **{field: text})

    assert refusal.value.field == field
    async with database.reader() as reader:
        assert (await profile_of(reader, ines)).display_name == ""


async def test_a_handle_changes_once_a_month_and_the_old_one_is_nobody_elses(database, clock):
    ines, marc = await a_user(database), await a_user(database, "marc")

    await change(database, ines, handle="Vale")
    ines = await an_actor(database, await a_cookie(database, ines.id))
    with pytest.raises(HandleRests):
        await change(database, ines, handle="other")
    with pytest.raises(HandleTaken):
        await change(database, marc, handle="ines")
    with pytest.raises(HandleTaken):
        await change(database, marc, handle="vale")
    async with database.transaction() as tx:
        with pytest.raises(HandleTaken):
            await register(tx, checked("new@example.org", "ines", PASSWORD), "hash")

    clock.advance((limits.HANDLE_REST_DAYS + 1) * DAY)
    async with database.transaction() as tx:
        await forget_free_handles(tx)
    await change(database, marc, handle="ines")
    await change(database, ines, handle="other")


async def test_taking_ones_old_handle_back_is_a_change_like_any_other(database, clock):
    ines = await a_user(database)

    await change(database, ines, handle="vale")
    clock.advance((limits.HANDLE_REST_DAYS - 1) * DAY)
    with pytest.raises(HandleRests, match="tomorrow"):
        await change(database, ines, handle="ines")


async def test_a_guest_has_no_profile(database):
    guest = (await a_guest(database)).actor

    with pytest.raises(NotSignedIn):
        await change(database, guest, handle="ghost")


async def test_an_avatar_has_a_new_address_each_time_and_is_gone_when_removed(database):
    ines, marc = await a_user(database), await a_user(database, "marc")

    async with database.transaction() as tx:
        first = await set_avatar(tx, b"one", by=ines)
        second = await set_avatar(tx, b"two", by=ines)
        await remove_avatar(tx, by=marc)

    async with database.transaction() as tx:
        assert await avatar_content(tx, second) == b"two"
        assert await avatar_of(tx, ines) == second
        await remove_avatar(tx, by=ines)
        for gone in (first, second, "", "x" * 26):
            with pytest.raises(NotFound):
                await avatar_content(tx, gone)


async def test_only_what_changes_how_somebody_is_seen_is_news(database):
    ines = await a_user(database)
    await change(database, ines, bio="Paper.")
    with database.bus.subscribe(CACHES_TOPIC) as told:
        await change(database, ines, bio="Paper.")
        async with database.transaction() as tx:
            await remove_avatar(tx, by=ines)
        assert told.take() == []

        await change(database, ines, bio="Dunes.")
        async with database.transaction() as tx:
            await set_avatar(tx, b"one", by=ines)
            await remove_avatar(tx, by=ines)
        assert [fact.account_id for fact in told.take()] == [ines.id] * 3
