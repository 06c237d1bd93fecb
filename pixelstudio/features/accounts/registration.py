"""Registering: a form becomes an account with its first credits; a guest's own row becomes it, with all that hangs on it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from sqlalchemy import select, union_all, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.core.errors import Invalid
from pixelstudio.core.ids import UserId, new_id
from pixelstudio.core.text import clean_line
from pixelstudio.db.questions import Question, told
from pixelstudio.features.accounts.errors import EmailTaken, HandleTaken
from pixelstudio.features.accounts.tables import AccountRow, FormerHandleRow
from pixelstudio.features.accounts.views import AccountView
from pixelstudio.features.credits.ledger import welcome

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Transaction
    from pixelstudio.features.accounts.actor import Actor

# Deliberately loose: only a letter that arrives proves an address. This refuses typing mistakes and header injection.
_EMAIL = re.compile(r"[^@\s<>,;\"()\[\]\\]{1,64}@[^@\s<>,;\"()\[\]\\.]+(\.[^@\s<>,;\"()\[\]\\.]+)+")
_HANDLE = re.compile(r"[a-z0-9_]+")
# Names that would pass for the house itself, with underscores anywhere.
_RESERVED = frozenset({"admin", "administrator", "maintainer", "moderator", "pixelstudio", "staff", "support"})
_HOLDERS_OF_EMAIL: Final = Question(select(col(AccountRow.id)).where(col(AccountRow.email) == told("email")))
_HOLDERS_OF_HANDLE: Final = Question(
    union_all(
        select(col(AccountRow.id)).where(col(AccountRow.handle) == told("handle")),
        select(col(FormerHandleRow.account_id)).where(
            col(FormerHandleRow.handle) == told("handle"), col(FormerHandleRow.free_at) > told("now")
        ),
    )
)
"""Whose it is, and whose it was a while ago."""


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
    return Registration(checked_email(email), checked_handle(handle), checked_password(password))


async def register(tx: Transaction, form: Registration, password_hash: str, *, guest: Actor | None = None) -> AccountView:
    """Open the account and grant its first credits; `guest` becomes it, pictures and all.

    Raises `EmailTaken` or `HandleTaken`, also when somebody was faster by a moment.
    """
    if await tx.ask(_HOLDERS_OF_EMAIL, email=form.email):
        raise EmailTaken
    await refuse_taken_handle(tx, form.handle)
    try:
        account_id = await _promoted(tx, guest, form, password_hash) or UserId(new_id())
        if account_id != (guest.id if guest else None):
            tx.add(AccountRow(id=account_id, email=form.email, handle=form.handle, password_hash=password_hash, created_at=tx.now))
        await tx.flush()
    except IntegrityError as error:
        raise (HandleTaken() if "handle" in str(error.orig) else EmailTaken()) from error
    await welcome(tx, account_id)
    return AccountView(account_id, form.handle, is_maintainer=False)


async def refuse_taken_handle(tx: Transaction, handle: str, *, by: UserId | None = None) -> None:
    """Raises `HandleTaken` when somebody else has it, or gave it up so lately that another could pass for them."""
    if any(holder.id != by for holder in await tx.ask(_HOLDERS_OF_HANDLE, handle=handle, now=tx.now)):
        raise HandleTaken


async def _promoted(tx: Transaction, guest: Actor | None, form: Registration, password_hash: str) -> UserId | None:
    """Make a guest's row a member's; None when there is no guest, or one who was forgotten or registered a moment ago."""
    if guest is None or not guest.is_guest:
        return None
    own = (col(AccountRow.id) == guest.id, col(AccountRow.is_guest), col(AccountRow.closed_at).is_(None))
    values = {"email": form.email, "handle": form.handle, "password_hash": password_hash, "is_guest": False, "created_at": tx.now}
    return guest.id if (await tx.exec(update(AccountRow).where(*own).values(**values))).rowcount == 1 else None


def checked_email(text: str) -> str:
    """An address as it is stored; raises `Invalid`."""
    email = normal_email(text)
    if len(email) > limits.EMAIL_MAX or not _EMAIL.fullmatch(email):
        msg = "Enter an email address such as ines@example.org."
        raise Invalid(msg, code="email_invalid", field="email")
    return email


def checked_handle(text: str) -> str:
    """A handle as it is stored; raises `Invalid` or, for the house's own names, `HandleTaken`."""
    handle = clean_line(text).lower()
    if not limits.HANDLE_MIN <= len(handle) <= limits.HANDLE_MAX or not _HANDLE.fullmatch(handle):
        msg = f"Choose a handle of {limits.HANDLE_MIN} to {limits.HANDLE_MAX} letters a-z, digits or underscores, without spaces."
        raise Invalid(msg, code="handle_invalid", field="handle")
    parted = handle.replace("_", "")
    if not parted:
        raise Invalid("A handle has a letter or a digit in it.", code="handle_invalid", field="handle")
    if parted in _RESERVED:
        raise HandleTaken
    return handle


def checked_password(text: str, field: str = "password") -> str:
    """A password in its normal form; raises `Invalid` naming the field of the form."""
    password = normal_password(text)
    if not limits.PASSWORD_MIN <= len(password) <= limits.PASSWORD_MAX:
        msg = f"Choose a password of {limits.PASSWORD_MIN} to {limits.PASSWORD_MAX} characters."
        raise Invalid(msg, code="password_invalid", field=field)
    return password
