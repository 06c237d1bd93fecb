"""Password hashing: argon2id in threads, four at a time, never inside a transaction.

Parameters: 19 MiB, 2 passes, 1 lane (OWASP Password Storage Cheat Sheet, 2024); about 30 ms on a small machine.
"""

from __future__ import annotations

import asyncio
from weakref import WeakKeyDictionary

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from pixelstudio.core import limits

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_AT_ONCE = 4
_gates: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()

# The hash of a password nobody knows, with the parameters above: an unknown e-mail costs what a known one costs.
DUMMY_HASH = "$argon2id$v=19$m=19456,t=2,p=1$MZcZoCQApadixdDQMG/n4w$1K3Gk58d1qr4SdP/0WNShvr0YrVDzoYy0Y4/E0TFyJY"


async def hashed(password: str) -> str:
    """The argon2id hash to store. The caller has checked the length."""
    async with _gate():
        return await asyncio.to_thread(_hasher.hash, password)


async def matches(password: str, password_hash: str | None) -> bool:
    """Whether `password` fits. Takes the same time when there is no hash, or when the password is too long to be one."""
    possible = len(password) <= limits.PASSWORD_MAX
    async with _gate():
        fits = await asyncio.to_thread(_fits, password if possible else "", password_hash or DUMMY_HASH)
    return fits and possible and password_hash is not None


def _fits(password: str, password_hash: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def _gate() -> asyncio.Semaphore:
    """This loop's semaphore: 4 x 19 MiB is the most memory sign-ins can take."""
    loop = asyncio.get_running_loop()
    gate = _gates.get(loop)
    if gate is None:
        gate = _gates[loop] = asyncio.Semaphore(_AT_ONCE)
    return gate
