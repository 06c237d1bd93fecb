"""Guests: let in a few at a time, worth less than members, and registered with all that is theirs."""

from __future__ import annotations

import pytest

from pixelstudio.core import limits
from pixelstudio.core.errors import NotSignedIn, TooMany
from pixelstudio.features.accounts import guests
from pixelstudio.features.accounts.errors import TooManyGuests
from pixelstudio.features.accounts.guests import lock_guest, open_guest
from pixelstudio.features.accounts.registration import checked, register
from pixelstudio.features.accounts.sign_in import begin, prove
from pixelstudio.features.accounts.visits import is_visit_due, visit
from pixelstudio.features.credits.ledger import balance_of
from tests.factories import PASSWORD, a_guest, a_user, an_actor


async def test_a_guest_has_a_session_and_no_name(database):
    guest = (await a_guest(database)).actor

    assert (guest.is_guest, guest.handle, guest.is_maintainer) == (True, "", False)


async def test_nobody_signs_in_as_a_guest(database):
    guest = (await a_guest(database)).actor

    async with database.transaction() as tx:
        attempt = await begin(tx, f"nobody:{guest.id}", "1.2.3.4")
    with pytest.raises(NotSignedIn):
        await prove(attempt, "")


async def test_a_visit_of_a_guest_brings_no_credits(database):
    guest = (await a_guest(database)).actor

    async with database.transaction() as tx:
        assert not await is_visit_due(tx, guest)
        await visit(tx, guest)
        assert (await balance_of(tx, guest.id)).available == 0


async def test_an_address_makes_so_many_guests_an_hour(database, clock):
    async with database.transaction() as tx:
        for _ in range(limits.GUESTS_PER_IP):
            await open_guest(tx, "192.0.2.1")
        with pytest.raises(TooMany):
            await open_guest(tx, "192.0.2.1")
        await open_guest(tx, "192.0.2.2")
    clock.advance(limits.GUESTS_WINDOW_S + 1)
    async with database.transaction() as tx:
        await open_guest(tx, "192.0.2.1")


async def test_there_are_never_more_guests_than_may_be(database, monkeypatch):
    monkeypatch.setattr(guests.limits, "GUESTS_MAX", 2)

    async with database.transaction() as tx:
        await open_guest(tx, "192.0.2.1")
        await open_guest(tx, "192.0.2.2")
        with pytest.raises(TooManyGuests):
            await open_guest(tx, "192.0.2.3")


async def test_registering_makes_the_guest_a_member_with_the_same_id(database):
    guest = await a_guest(database)

    async with database.transaction() as tx:
        account = await register(tx, checked("ines@example.org", "ines", PASSWORD), "hash", guest=guest.actor)
        assert (await balance_of(tx, account.id)).available == limits.SIGN_UP_CREDITS
        with pytest.raises(NotSignedIn):
            await lock_guest(tx, guest.actor)
    member = await an_actor(database, guest.cookie)
    assert (member.id, member.handle, member.is_guest) == (guest.actor.id, "ines", False)


async def test_a_guest_registers_once_and_the_second_form_makes_an_account_of_its_own(database):
    guest = await a_guest(database)

    async with database.transaction() as tx:
        first = await register(tx, checked("ines@example.org", "ines", PASSWORD), "hash", guest=guest.actor)
        second = await register(tx, checked("marc@example.org", "marc", PASSWORD), "hash", guest=guest.actor)
    assert (first.id == guest.actor.id, second.id == guest.actor.id) == (True, False)


async def test_a_member_who_registers_again_stays_who_they_are(database):
    ines = await a_user(database, "ines")

    async with database.transaction() as tx:
        account = await register(tx, checked("two@example.org", "two", PASSWORD), "hash", guest=ines)
    assert account.id != ines.id
