"""Coming back in after forgetting the password: by a link that works once, asked for by anybody, made for its person alone."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select, text

from pixelstudio.core import limits
from pixelstudio.core.errors import Invalid, NotFound, TooMany
from pixelstudio.core.ids import secret_digest
from pixelstudio.db.columns import metadata
from pixelstudio.features.accounts import confirmation, passwords, resets, sign_in, tokens
from pixelstudio.features.accounts.api_keys import actor_of_key, make_key
from pixelstudio.features.accounts.closing import close
from pixelstudio.features.accounts.errors import NoMail, ResetRefused, SignInRefused
from pixelstudio.features.accounts.events import SignedOut
from pixelstudio.features.accounts.jobs import LetterJob
from pixelstudio.features.accounts.letters import LANE
from pixelstudio.features.accounts.sessions import actor_for
from pixelstudio.features.accounts.tables import PasswordResetRow, SignInAttemptRow
from pixelstudio.features.accounts.upkeep import forget_ended
from pixelstudio.features.logbook.entries import entries_of
from pixelstudio.features.operations.reset_links import hand_out_link
from pixelstudio.jobs.errors import GiveUp, RetryLater
from pixelstudio.jobs.retry import Backoff
from pixelstudio.jobs.runner import Pace, Runner
from tests.factories import PASSWORD, a_cookie, a_guest, a_maintainer, a_user, done

IP = "203.0.113.7"
HASH = "the hash of another password"


@pytest.fixture
async def ines(database):
    return await a_user(database)


async def letters_written(studio):
    """Let a worker do what is in the queue until nothing is left of it."""
    pace = Pace(lease_s=600.0, backoff=Backoff(base_s=0.01), poll_min_s=0.02, poll_max_s=0.1, drain_s=0.0)
    runner = Runner(studio.db, studio.kinds, [LANE], studio.progress, concurrency=2, pace=pace, hands=studio.hands)
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        group.create_task(runner.run())
        while await count(studio, text("SELECT count(*) FROM q_job WHERE state < 5")):
            await asyncio.sleep(0.02)
            studio.clock.advance(0.1)
        runner.stop()


def token_in(letter):
    return letter.get_body(("plain",)).get_content().partition("http://localhost:3000/reset#")[2].split()[0]


async def count(studio, statement):
    async with studio.db.reader() as reader:
        return (await reader.exec(statement)).scalar_one()


async def token_for(studio, person):
    token = await done(studio, resets.make_link, person.id)
    assert token is not None
    return token


async def reset(studio, token, password_hash=HASH, ip=IP):
    """As the door does it."""
    found = await done(studio, resets.begin, token, ip)
    if found is None:
        raise ResetRefused
    await done(studio, resets.complete, studio, found, password_hash, ip)


async def test_a_link_changes_the_password_once_and_every_session_and_token_ends(studio, database, ines):
    other = await a_cookie(database, ines.id)
    pair = await done(studio, tokens.open_family, studio.keys, ines.id)
    key = await done(studio, make_key, "Laptop", by=ines)
    token = await token_for(studio, ines)

    with database.bus.subscribe(f"session:{secret_digest(other)}") as heard:
        await reset(studio, token, await passwords.hashed("another password"))
        async with asyncio.timeout(1):
            assert [type(event) for event in await heard.get_batch()] == [SignedOut]

    attempt = await done(studio, sign_in.begin, "ines@example.org", IP)
    assert await sign_in.prove(attempt, "another password") == ines.id
    with pytest.raises(SignInRefused):
        await sign_in.prove(attempt, PASSWORD)
    async with database.reader() as reader:
        assert await actor_for(reader, other) is None
        with pytest.raises(tokens.TokenRefused):
            await tokens.actor_of_token(reader, studio.keys, pair.access)
        assert (await actor_of_key(reader, key.secret)).id == ines.id
    with pytest.raises(ResetRefused):
        await reset(studio, token)


async def test_of_two_who_come_with_one_link_at_once_one_gets_through(studio, ines):
    token = await token_for(studio, ines)
    both = [await done(studio, resets.begin, token, IP) for _ in range(2)]

    ends = await asyncio.gather(
        *(done(studio, resets.complete, studio, found, f"hash {n}", IP) for n, found in enumerate(both)), return_exceptions=True
    )

    assert [type(end) for end in ends if end] == [ResetRefused]
    won = next(n for n, end in enumerate(ends) if end is None)
    assert (await done(studio, sign_in.begin, "ines@example.org", IP)).password_hash == f"hash {won}"


async def test_a_link_ends_by_time_by_a_newer_one_by_another_password_and_with_its_account(studio, clock, ines):
    marc, nina, omar = [await a_user(studio.db, name) for name in ("marc", "nina", "omar")]
    late, replaced, voided, closed = [await token_for(studio, person) for person in (ines, marc, nina, omar)]
    newer = await token_for(studio, marc)
    attempt = await done(studio, confirmation.begin, IP, by=nina)
    await done(studio, confirmation.change_password, attempt, HASH, by=nina)
    seen = await done(studio, resets.begin, closed, IP)
    await done(studio, close, omar.id)

    for token in (replaced, voided, closed, "", "x" * 43, newer[:-1]):
        with pytest.raises(ResetRefused):
            await reset(studio, token)
    with pytest.raises(ResetRefused):
        await done(studio, resets.complete, studio, seen, HASH, IP)
    clock.advance(limits.RESET_LINK_S - 1)
    await reset(studio, newer)
    clock.advance(1)
    with pytest.raises(ResetRefused):
        await reset(studio, late)
    clock.advance(limits.RESET_LINK_S)
    await forget_ended(studio)
    assert await count(studio, select(func.count()).select_from(PasswordResetRow)) == 0


async def test_signing_in_leaves_the_link_so_that_whoever_stole_the_password_cannot_keep_its_owner_out(studio, ines):
    token = await token_for(studio, ines)

    attempt = await done(studio, sign_in.begin, "ines@example.org", IP)
    await done(studio, sign_in.complete, attempt, ines.id, user_agent="", replacing=None)

    await reset(studio, token)


async def test_the_database_keeps_the_digest_of_a_token_alone(studio, ines):
    token = await token_for(studio, ines)

    assert len(token) == 43
    async with studio.db.reader() as reader:
        row = await reader.get(PasswordResetRow, ines.id)
        assert row is not None
        assert row.digest == secret_digest(token)


async def test_whoever_was_kept_out_by_the_old_password_comes_in_with_the_new_one(studio, ines):
    for _ in range(limits.SIGN_IN_FAILURES_PER_ACCOUNT_AND_IP):
        await done(studio, sign_in.begin, "ines@example.org", IP)
    with pytest.raises(TooMany):
        await done(studio, sign_in.begin, "ines@example.org", IP)

    await reset(studio, await token_for(studio, ines))

    assert (await done(studio, sign_in.begin, "ines@example.org", IP)).password_hash == HASH


async def test_whoever_asks_is_sent_a_link_that_works_and_is_told_when_it_was_used(mailing, box, ines):
    await done(mailing, resets.ask_for_link, mailing, " INES@Example.org ", IP)
    await letters_written(mailing)
    ((to, letter),) = box.letters
    token = token_in(letter)
    assert (to, letter["Subject"]) == ("ines@example.org", "Choose a new password · Pixel Studio")
    assert f"/reset#{token}" in letter.get_body(("html",)).get_content()
    assert "List-Unsubscribe" not in letter

    await reset(mailing, token)
    await letters_written(mailing)

    assert box.letters[1][1]["Subject"] == "Your password has changed · Pixel Studio"
    async with mailing.db.reader() as reader:
        stored = [repr((await reader.exec(select(table))).all()) for table in metadata.sorted_tables]
    assert [rows for rows in stored if token in rows] == []


async def test_asking_does_the_same_for_an_address_nobody_has(mailing, box, ines):
    """What is written of each is the same but for the account, so neither the answer nor its time can tell."""
    jobs, tries = text("SELECT count(*) FROM q_job"), select(func.count()).select_from(SignInAttemptRow)
    written = []
    for email in ("ines@example.org", "nobody@example.org"):
        before = (await count(mailing, jobs), await count(mailing, tries))
        assert await done(mailing, resets.ask_for_link, mailing, email, IP) is None
        written.append((await count(mailing, jobs) - before[0], await count(mailing, tries) - before[1]))
    await letters_written(mailing)

    assert written == [(1, 2)] * 2
    assert [to for to, _ in box.letters] == ["ines@example.org"]


async def test_asking_is_bounded_for_each_address_of_mail_and_of_the_network_known_or_not(mailing, clock, ines):
    async def ask(email, ip):
        await done(mailing, resets.ask_for_link, mailing, email, ip)

    for email in ("ines@example.org", "nobody@example.org"):
        for n in range(limits.RESETS_ASKED_PER_ACCOUNT):
            await ask(email, f"198.51.100.{n}")
        with pytest.raises(TooMany):
            await ask(email, "192.0.2.200")
    for n in range(limits.RESETS_PER_IP):
        await ask(f"p{n}@example.org", IP)
    with pytest.raises(TooMany):
        await ask("somebody@example.org", IP)
    clock.advance(limits.RESETS_WINDOW_S)
    await ask("ines@example.org", IP)


async def test_links_are_tried_so_often_from_an_address_and_no_more(studio, ines):
    for _ in range(limits.RESETS_PER_IP):
        assert await done(studio, resets.begin, "x" * 43, IP) is None

    with pytest.raises(TooMany):
        await done(studio, resets.begin, await token_for(studio, ines), IP)


async def test_without_a_mail_server_nobody_is_told_that_mail_was_sent(studio, mailing, ines):
    for email in ("ines@example.org", "nobody@example.org", "no address"):
        with pytest.raises(NoMail):
            await done(studio, resets.ask_for_link, studio, email, IP)
    with pytest.raises(Invalid):
        await done(mailing, resets.ask_for_link, mailing, "no address", IP)

    assert await count(studio, text("SELECT count(*) FROM q_job")) == 0


async def test_what_did_not_leave_is_sent_again_and_what_may_have_is_not(mailing, box, ines):
    job = LetterJob(mailing)

    asked: Any = SimpleNamespace(params={"about": "link", "account_id": ines.id, "asked_at": mailing.clock.now().isoformat()})
    context: Any = SimpleNamespace(job=asked)

    async def attempt():
        await job.run(context)

    box.faults["RCPT"] = "450 later"
    with pytest.raises(RetryLater):
        await attempt()
    box.faults = {"end": ""}
    with pytest.raises(GiveUp):
        await attempt()
    box.faults.clear()
    await attempt()

    ((_, letter),) = box.letters
    await reset(mailing, token_in(letter))


async def test_a_letter_that_comes_late_takes_no_link_away_that_was_made_since(mailing, clock, box, ines):
    marc = await a_user(mailing.db, "marc")
    for name in ("ines", "marc"):
        await done(mailing, resets.ask_for_link, mailing, f"{name}@example.org", IP)
    clock.advance(1)
    token = await token_for(mailing, ines)
    attempt = await done(mailing, confirmation.begin, IP, by=marc)
    await done(mailing, confirmation.change_password, attempt, HASH, by=marc)

    await letters_written(mailing)

    assert box.letters == []
    await reset(mailing, token)


async def test_a_maintainer_hands_out_links_and_nobody_else_does(studio, database, ines):
    keeper, guest = await a_maintainer(database), await a_guest(database)
    for by, handle in ((ines, "ines"), (guest.actor, "ines"), (keeper, "nobody"), (keeper, guest.actor.id), (keeper, "")):
        with pytest.raises(NotFound):
            await done(studio, hand_out_link, studio.settings, handle, by=by)

    link = await done(studio, hand_out_link, studio.settings, " @Ines ", by=keeper)

    await reset(studio, link.partition("/reset#")[2])
    async with database.reader() as reader:
        entries = await entries_of(reader, by=keeper)
    assert [(entry.act, entry.about) for entry in entries] == [("made a link to choose a new password", "ines")]


async def test_nobody_makes_a_link_for_a_guest_or_a_closed_account(studio, database, ines):
    guest = await a_guest(database)
    await done(studio, close, ines.id)

    assert [await done(studio, resets.make_link, person.id) for person in (guest.actor, ines)] == [None, None]
