"""The throttles at the door, counted in SQL: they survive a restart and fail closed.

An attempt is written down before the password is looked at, so a burst of parallel guesses cannot pass; success takes it back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.core.errors import TooMany
from pixelstudio.core.hosts import household
from pixelstudio.features.accounts.tables import SignInAttemptRow

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Transaction

REGISTRATIONS_PER_IP = 30
REGISTRATIONS_WINDOW_S = 60 * 60


@dataclass(frozen=True, slots=True)
class _Limit:
    key: str
    at_most: int
    window_s: int


@dataclass(frozen=True, slots=True)
class Admission:
    """An attempt that may go on; handed back on success."""

    attempt_ids: tuple[int, ...]
    cleared_key: str


async def admit_sign_in(tx: Transaction, email: str, ip: str) -> Admission:
    """Count one sign-in; raises `TooMany` with the seconds to wait. `email` is the normalised one, known or not."""
    network = household(ip)
    by_account = _Limit(_key("sign-in", email, network), limits.SIGN_IN_FAILURES_PER_ACCOUNT_AND_IP, limits.SIGN_IN_FAILURES_WINDOW_S)
    by_network = _Limit(_key("sign-in", network), limits.SIGN_IN_ATTEMPTS_PER_IP, limits.SIGN_IN_ATTEMPTS_WINDOW_S)
    ids = await _count(tx, by_account, by_network)
    return Admission(ids, by_account.key)


async def admit_asking_for_link(tx: Transaction, email: str, ip: str) -> None:
    """Count one asking for a link to choose another password; raises `TooMany`. `email` is the normalised one, known or not.

    By the account from wherever it comes, for each may be a letter to somebody who did not ask.
    """
    by_account = _Limit(_key("reset-asked", email), limits.RESETS_ASKED_PER_ACCOUNT, limits.RESETS_WINDOW_S)
    await _count(tx, by_account, _Limit(_key("reset-asked-from", household(ip)), limits.RESETS_PER_IP, limits.RESETS_WINDOW_S))


async def admit_reset(tx: Transaction, ip: str) -> None:
    """Count one link that is shown from this address; raises `TooMany`."""
    await _count(tx, _Limit(_key("reset", household(ip)), limits.RESETS_PER_IP, limits.RESETS_WINDOW_S))


async def admit_registration(tx: Transaction, ip: str) -> None:
    """Count one registration from this address; raises `TooMany`. Successes count too: each one costs a hash and gives credits."""
    await _count(tx, _Limit(_key("register", household(ip)), REGISTRATIONS_PER_IP, REGISTRATIONS_WINDOW_S))


async def admit_guest(tx: Transaction, ip: str) -> None:
    """Count one stranger who tries it out from this address; raises `TooMany`."""
    await _count(tx, _Limit(_key("guest", household(ip)), limits.GUESTS_PER_IP, limits.GUESTS_WINDOW_S))


async def admit_generation(tx: Transaction, ip: str, at_most: int) -> None:
    """Count one generation asked for over the API from this address in the last minute; raises `TooMany`."""
    await _count(tx, _Limit(_key("generate", household(ip)), at_most, 60))


async def admit_file(tx: Transaction, ip: str) -> None:
    """Count one file whose story is asked for from this address; raises `TooMany`. Each one is decoded."""
    await _count(tx, _Limit(_key("file", household(ip)), limits.STORIES_PER_IP, 60 * 60))


async def admit_act(tx: Transaction, act: str, account_id: str, at_most: int, window_s: int = 60 * 60) -> None:
    """Count one costly act of a member; raises `TooMany`. `window_s` is an hour at most."""
    await _count(tx, _Limit(_key(act, account_id), at_most, window_s))


async def take_back(tx: Transaction, admission: Admission) -> None:
    """The password was right: forget this attempt and the failures of this account from this address."""
    await tx.exec(delete(SignInAttemptRow).where(col(SignInAttemptRow.id).in_(admission.attempt_ids)))
    await tx.exec(delete(SignInAttemptRow).where(col(SignInAttemptRow.key) == admission.cleared_key))


async def forget_failures(tx: Transaction, email: str, ip: str) -> None:
    """There is another password: failures with the old one at this address do not keep its owner out."""
    await tx.exec(delete(SignInAttemptRow).where(col(SignInAttemptRow.key) == _key("sign-in", email, household(ip))))


async def forget_old_attempts(tx: Transaction) -> None:
    """Upkeep: drop what no window looks at any more."""
    sign_in_s = max(limits.SIGN_IN_FAILURES_WINDOW_S, limits.SIGN_IN_ATTEMPTS_WINDOW_S, limits.RESETS_WINDOW_S)
    longest_s = max(sign_in_s, REGISTRATIONS_WINDOW_S, limits.GUESTS_WINDOW_S)
    await tx.exec(delete(SignInAttemptRow).where(col(SignInAttemptRow.at) < tx.now - timedelta(seconds=longest_s)))


def _key(*parts: str) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()


async def _count(tx: Transaction, *bounds: _Limit) -> tuple[int, ...]:
    """Write one attempt under each key, unless one of them is full."""
    for bound in bounds:
        await tx.serialise(bound.key)
        await _refuse_when_full(tx, bound)
    rows = [SignInAttemptRow(key=bound.key, at=tx.now) for bound in bounds]
    for row in rows:
        tx.add(row)
    await tx.flush()
    return tuple(row.id for row in rows if row.id is not None)


async def _refuse_when_full(tx: Transaction, bound: _Limit) -> None:
    window = timedelta(seconds=bound.window_s)
    tries, oldest = func.count().label("tries"), func.min(col(SignInAttemptRow.at)).label("oldest")
    in_window = (col(SignInAttemptRow.key) == bound.key, col(SignInAttemptRow.at) > tx.now - window)
    found = (await tx.exec(select(tries, oldest).where(*in_window))).one()
    if found.tries >= bound.at_most:
        raise _too_many(found.oldest + window - tx.now)


def _too_many(wait: timedelta) -> TooMany:
    wait_s = max(1.0, wait.total_seconds())
    minutes = max(1, round(wait_s / 60))
    when = "a minute" if minutes == 1 else f"{minutes} minutes"
    return TooMany(f"Too many attempts. Wait {when} and try again.", retry_after_s=wait_s, code="too_many_attempts")
