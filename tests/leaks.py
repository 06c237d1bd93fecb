"""What no log may hold: secrets every server of the tests is given, and what is typed into it; searched for in all that it wrote.

A server's log is read when the server ends, so that the test that made it leak fails, and once more at the end of the run, when
everything that was ever typed is known. Each worker of a parallel run reads the logs of its own servers.
"""

from __future__ import annotations

import contextlib
import secrets
from base64 import b64encode
from typing import TYPE_CHECKING, BinaryIO

from pydantic import SecretStr
from sqlalchemy.engine import make_url

from pixelstudio.core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SHORTEST = 8
"""What is shorter may stand in a log by chance."""
NOT_BY_DEFAULT = {"OPENAI_API_KEY", "DATABASE_URL", "REDIS_URL"}
"""Set, they change what a server offers and where it keeps things; what a test sets there is searched for all the same."""

_known: dict[str, str] = {}
_watched: set[Path] = set()


def secret_settings() -> list[str]:
    """The environment variables whose values are secrets."""
    return [name.upper() for name, field in Settings.model_fields.items() if field.annotation is SecretStr]


def with_canaries(settings: dict[str, str]) -> dict[str, str]:
    """These settings and, in every other secret one, a word found nowhere else; a database's address gets a password."""
    held = {name: _spelt(name) for name in secret_settings() if name not in NOT_BY_DEFAULT} | settings
    if held.get("DATABASE_URL", "").startswith("postgresql://"):
        address = make_url(held["DATABASE_URL"])
        address = address if address.password else address.set(password=canary("DATABASE_URL"))
        held["DATABASE_URL"] = address.render_as_string(hide_password=False)
        remember("password of the database", address.password or "")
    for name in secret_settings():
        if name != "DATABASE_URL":
            remember(name, held.get(name, ""))
    return held


def _spelt(name: str) -> str:
    """The canary of this setting, in the shape the setting wants."""
    word = canary(name)
    if name == "SMTP_URL":
        return f"smtp://studio:{word}@127.0.0.1:9"
    return f"whsec_{b64encode(word.encode()).decode()}" if name.endswith("WEBHOOK_SECRET") else word


def canary(name: str) -> str:
    """A word for this place, the same for the whole process."""
    return _known.setdefault(f"canary of {name}", f"canary{name.replace('_', '').lower()}{secrets.token_hex(6)}")


def remember(what: str, word: str) -> None:
    """From now on no log may hold this word: something typed, or a cookie that came back."""
    if len(word) >= SHORTEST and word not in _known.values():
        _known[f"{what} ({len(_known)})"] = word


def leaks_in(text: str) -> list[str]:
    """What of all that is known stands in there, by name: the words themselves must not go on into the log of the tests."""
    return sorted(name for name, word in _known.items() if word in text)


def log_in(folder: Path) -> BinaryIO:
    """A log of its own for a process that is about to start; searched when the run ends."""
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / f"process-{secrets.token_hex(4)}.log"
    _watched.add(log)
    return log.open("wb")


@contextlib.contextmanager
def watched(log: Path) -> Iterator[None]:
    """Search a log at the end of the block, however it ends, and again when the run ends."""
    _watched.add(log)
    try:
        yield
    finally:
        check(log)


def check(log: Path) -> None:
    """Fail when a log holds what it must not."""
    told = log.read_text(errors="replace") if log.exists() else ""
    found = leaks_in(told)
    assert not found, f"{log} holds secrets: {', '.join(found)}"


def check_all() -> None:
    """The same for every log of this process that still exists."""
    for log in sorted(_watched):
        check(log)
