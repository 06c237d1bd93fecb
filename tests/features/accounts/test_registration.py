"""Registering: checked forms, first credits, and names that belong to one person only."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import func, select

from pixelstudio.core.errors import Conflict, Invalid
from pixelstudio.features.accounts.errors import EmailTaken, HandleTaken
from pixelstudio.features.accounts.registration import checked, register
from pixelstudio.features.accounts.tables import AccountRow
from pixelstudio.features.credits.ledger import Balance, balance_of
from pixelstudio.features.credits.tables import CreditEntryRow
from tests.factories import PASSWORD


async def registered(database, email, handle):
    async with database.transaction() as tx:
        return await register(tx, checked(email, handle, PASSWORD), "hash")


async def count_of(database, table):
    async with database.reader() as reader:
        return (await reader.exec(select(func.count()).select_from(table))).scalar_one()


async def test_a_new_account_starts_with_five_credits(database):
    account = await registered(database, "ines@example.org", "ines")

    async with database.reader() as reader:
        assert await balance_of(reader, account.id) == Balance(available=5, held=0)


@pytest.mark.parametrize(
    ("email", "handle", "password", "field"),
    [
        ("", "ines", PASSWORD, "email"),
        ("no-at-sign", "ines", PASSWORD, "email"),
        ("a@b", "ines", PASSWORD, "email"),
        ("a@b.org\nBcc: x@y.org", "ines", PASSWORD, "email"),
        ("a" * 260 + "@b.org", "ines", PASSWORD, "email"),
        ("a@b.org", "ab", PASSWORD, "handle"),
        ("a@b.org", "a" * 21, PASSWORD, "handle"),
        ("a@b.org", "with blank", PASSWORD, "handle"),
        ("a@b.org", "größe", PASSWORD, "handle"),
        ("a@b.org", "____", PASSWORD, "handle"),
        ("a@b.org", "ines", "1234567", "password"),
        ("a@b.org", "ines", "x" * 257, "password"),
    ],
)
def test_a_form_that_cannot_be_accepted_names_its_field(email, handle, password, field):
    with pytest.raises(Invalid) as refusal:
        checked(email, handle, password)

    assert refusal.value.field == field
    assert refusal.value.sentence.endswith(".")


@pytest.mark.parametrize("handle", ["admin", "Support", "pixel_studio", "pixelstudio_", "_staff", "mod_erator"])
def test_the_names_of_the_house_are_taken_however_they_are_parted(handle):
    with pytest.raises(HandleTaken):
        checked("a@b.org", handle, PASSWORD)


def test_the_password_is_not_shown_by_the_form():
    assert PASSWORD not in repr(checked("a@b.org", "ines", PASSWORD))


async def test_a_mail_or_handle_in_other_letters_is_the_same_one(database):
    await registered(database, "Ines@Example.org", "Ines")

    with pytest.raises(EmailTaken):
        await registered(database, "ines@example.ORG", "other")
    with pytest.raises(HandleTaken) as refusal:
        await registered(database, "other@example.org", "INES")
    assert refusal.value.field == "handle"
    assert await count_of(database, AccountRow) == 1
    assert await count_of(database, CreditEntryRow) == 1


async def test_of_eight_at_the_same_moment_one_gets_the_name(database):
    tries = [registered(database, f"p{n}@example.org", "ines") for n in range(8)]

    outcomes = await asyncio.gather(*tries, return_exceptions=True)

    assert sum(isinstance(o, Conflict) for o in outcomes) == 7
    assert await count_of(database, AccountRow) == 1
