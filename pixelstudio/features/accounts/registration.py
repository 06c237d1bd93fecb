"""Registering: a form becomes an account with its first credits."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.core.errors import Invalid
from pixelstudio.core.ids import UserId, new_id
from pixelstudio.core.text import clean_line
from pixelstudio.features.accounts.errors import EmailTaken, HandleTaken
from pixelstudio.features.accounts.tables import AccountRow
from pixelstudio.features.accounts.views import AccountView
from pixelstudio.features.credits.ledger import welcome

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Transaction

# Deliberately loose: only a letter that arrives proves an address. This refuses typing mistakes and header injection.
_EMAIL = re.compile(r"[^@\s<>,;\"()\[\]\\]{1,64}@[^@\s<>,;\"()\[\]\\.]+(\.[^@\s<>,;\"()\[\]\\.]+)+")
_HANDLE = re.compile(r"[a-z0-9_]+")


@dataclass(frozen=True, slots=True)
class Registration:
    """A checked form: mail and handle in lower case, the password untouched but for its normal form."""

    email: str
    handle: str
    password: str = field(repr=False)


def normal_email(text: str) -> str:
    """How an address is stored and looked up."""
    return clean_line(text).lower()


def normal_password(text: str) -> str:
    """One form for passwords that look the same, whatever the keyboard composed."""
    return unicodedata.normalize("NFC", text)


def checked(email: str, handle: str, password: str) -> Registration:
    """The form, checked; raises `Invalid` naming the field and what to change."""
    return Registration(_checked_email(email), _checked_handle(handle), _checked_password(password))


async def register(tx: Transaction, form: Registration, password_hash: str) -> AccountView:
    """Open the account and grant its first credits. Raises `EmailTaken` or `HandleTaken`, also when somebody was faster by a moment."""
    await _refuse_taken(tx, form)
    row = AccountRow(id=new_id(), email=form.email, handle=form.handle, password_hash=password_hash, created_at=tx.now)
    tx.add(row)
    try:
        await tx.flush()
    except IntegrityError as error:
        raise (HandleTaken() if "handle" in str(error.orig) else EmailTaken()) from error
    account_id = UserId(row.id)
    await welcome(tx, account_id)
    return AccountView(account_id, row.handle, row.is_maintainer)


async def _refuse_taken(tx: Transaction, form: Registration) -> None:
    taken = (await tx.exec(select(col(AccountRow.email)).where(col(AccountRow.email) == form.email))).first()
    if taken is not None:
        raise EmailTaken
    taken = (await tx.exec(select(col(AccountRow.handle)).where(col(AccountRow.handle) == form.handle))).first()
    if taken is not None:
        raise HandleTaken


def _checked_email(text: str) -> str:
    email = normal_email(text)
    if len(email) > limits.EMAIL_MAX or not _EMAIL.fullmatch(email):
        msg = "Enter an email address such as ines@example.org."
        raise Invalid(msg, code="email_invalid", field="email")
    return email


def _checked_handle(text: str) -> str:
    handle = clean_line(text).lower()
    if not limits.HANDLE_MIN <= len(handle) <= limits.HANDLE_MAX or not _HANDLE.fullmatch(handle):
        msg = f"Choose a handle of {limits.HANDLE_MIN} to {limits.HANDLE_MAX} letters a-z, digits or underscores."
        raise Invalid(msg, code="handle_invalid", field="handle")
    return handle


def _checked_password(text: str) -> str:
    password = normal_password(text)
    if not limits.PASSWORD_MIN <= len(password) <= limits.PASSWORD_MAX:
        msg = f"Choose a password of {limits.PASSWORD_MIN} to {limits.PASSWORD_MAX} characters."
        raise Invalid(msg, code="password_invalid", field="password")
    return password
