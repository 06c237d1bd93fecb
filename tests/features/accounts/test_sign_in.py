"""Signing in: the right password opens, everything else is refused with the same words and throttled."""

from __future__ import annotations

import asyncio
import statistics
import time

import pytest
from sqlalchemy import func, select

from pixelstudio.core.errors import PixelStudioError, TooMany
from pixelstudio.features.accounts import passwords
from pixelstudio.features.accounts.errors import SignInRefused
from pixelstudio.features.accounts.sign_in import begin, complete, prove
from pixelstudio.features.accounts.tables import SignInAttemptRow
from pixelstudio.features.accounts.throttle import admit_registration, forget_old_attempts
from tests.factories import PASSWORD, a_user, an_actor, quick_hash

IP = "203.0.113.7"


async def signed_in(database, email, password, ip=IP):
    async with database.transaction() as tx:
        attempt = await begin(tx, email, ip)
    account_id = await prove(attempt, password)
    async with database.transaction() as tx:
        return await complete(tx, attempt, account_id, user_agent="Firefox", replacing=None)


async def refusal_of(database, email, password, ip=IP):
    with pytest.raises(PixelStudioError) as refusal:
        await signed_in(database, email, password, ip)
    return refusal.value


@pytest.fixture(scope="session")
def right_hash():
    return asyncio.run(passwords.hashed(PASSWORD))


@pytest.fixture
async def ines(database):
    return await a_user(database, "ines", password_hash=quick_hash())


@pytest.fixture
def soon_refused(monkeypatch):
    """Where failures are counted nobody waits for them: an unknown mail costs what `ines` costs here."""
    monkeypatch.setattr(passwords, "DUMMY_HASH", quick_hash())


async def test_the_right_password_opens_a_session_whatever_the_case_of_the_mail(database, ines):
    cookie = await signed_in(database, " INES@Example.org ", PASSWORD)

    assert (await an_actor(database, cookie)).id == ines.id


async def test_unknown_mail_and_wrong_password_are_refused_in_the_same_words(database, ines):
    wrong = await refusal_of(database, "ines@example.org", "not the password")
    unknown = await refusal_of(database, "nobody@example.org", "not the password")
    too_long = await refusal_of(database, "ines@example.org", PASSWORD + "x" * 300)

    assert type(wrong) is type(unknown) is type(too_long) is SignInRefused
    assert (wrong.sentence, wrong.code, wrong.status) == (unknown.sentence, unknown.code, unknown.status)


async def test_an_unknown_mail_takes_the_time_of_a_known_one(right_hash):
    async def time_of(password_hash):
        begun = time.perf_counter()
        assert not await passwords.matches("not the password", password_hash)
        return time.perf_counter() - begun

    # In turn: somebody else may want the core at any moment.
    both = [(await time_of(right_hash), await time_of(None)) for _ in range(9)]
    known, unknown = (statistics.median(times) for times in zip(*both, strict=True))

    # The bound is wide because the machine is shared; a missing dummy hash would be a factor of hundreds.
    assert 0.5 < unknown / known < 2


async def test_the_stand_in_hash_costs_what_ours_cost():
    assert (
        passwords.DUMMY_HASH.split("$")[1:4] == (await passwords.hashed("x" * 8)).split("$")[1:4] == ["argon2id", "v=19", "m=19456,t=2,p=1"]
    )


async def test_a_password_longer_than_the_bound_never_fits(right_hash):
    assert not await passwords.matches("x" * 100_000, right_hash)


async def test_five_failures_close_the_door_for_this_account_and_address_even_to_the_right_password(database, clock, ines):
    for _ in range(5):
        assert isinstance(await refusal_of(database, "ines@example.org", "wrong"), SignInRefused)

    closed = await refusal_of(database, "ines@example.org", PASSWORD)
    assert isinstance(closed, TooMany)
    assert closed.retry_after_s == 15 * 60
    assert await signed_in(database, "ines@example.org", PASSWORD, ip="198.51.100.1")

    clock.advance(15 * 60)
    assert await signed_in(database, "ines@example.org", PASSWORD)


@pytest.mark.usefixtures("soon_refused")
async def test_an_unknown_mail_is_throttled_like_a_known_one(database):
    for _ in range(5):
        await refusal_of(database, "nobody@example.org", "wrong")

    assert isinstance(await refusal_of(database, "nobody@example.org", "wrong"), TooMany)


async def test_a_success_clears_the_failures_of_this_account(database, ines):
    for _ in range(3):
        for _ in range(4):
            await refusal_of(database, "ines@example.org", "wrong")
        assert await signed_in(database, "ines@example.org", PASSWORD)


@pytest.mark.usefixtures("soon_refused")
async def test_twenty_failures_an_hour_close_an_address_whatever_the_accounts(database, clock):
    for n in range(20):
        assert isinstance(await refusal_of(database, f"p{n}@example.org", "wrong"), SignInRefused)

    assert isinstance(await refusal_of(database, "p21@example.org", "wrong"), TooMany)
    clock.advance(60 * 60)
    assert isinstance(await refusal_of(database, "p21@example.org", "wrong"), SignInRefused)


async def test_a_burst_of_parallel_guesses_gets_no_more_tries_than_a_slow_one(database, ines):
    async def guess():
        async with database.transaction() as tx:
            await begin(tx, "ines@example.org", IP)

    outcomes = await asyncio.gather(*(guess() for _ in range(12)), return_exceptions=True)

    assert sum(isinstance(o, TooMany) for o in outcomes) == 7
    assert sum(o is None for o in outcomes) == 5


async def test_registrations_from_one_address_are_bounded(database):
    async def admit(ip):
        async with database.transaction() as tx:
            await admit_registration(tx, ip)

    for n in range(30):
        await admit(f"2001:db8:1:2::{n:x}")
    with pytest.raises(TooMany):
        await admit("2001:db8:1:2:ffff::1")
    await admit("2001:db8:1:3::1")


async def test_upkeep_drops_attempts_no_window_looks_at(database, clock):
    await refusal_of(database, "ines@example.org", "wrong")
    clock.advance(60 * 60 + 1)

    async with database.transaction() as tx:
        await forget_old_attempts(tx)
        assert (await tx.exec(select(func.count()).select_from(SignInAttemptRow))).scalar_one() == 0
