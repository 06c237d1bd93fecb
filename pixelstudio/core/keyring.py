"""The keyring: the keys this installation makes for itself at its first start, kept in its data folder for its own user alone."""

from __future__ import annotations

import contextlib
import os
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Self

from pixelstudio.core.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

KEY_BYTES: Final = 32
_TOKENS: Final = "tokens.key"
_RECIPES: Final = "recipes.key"


class KeyUnreadable(Unavailable):
    """A key file is there and is none; replacing it would make everything signed before foreign."""

    default_code = "key_unreadable"


@dataclass(frozen=True, slots=True)
class Keyring:
    """Secret keys of 32 bytes each: one signs access tokens, the other is the Ed25519 seed that signs recipes."""

    tokens: bytes = field(repr=False)
    recipes: bytes = field(repr=False)

    @classmethod
    def new(cls) -> Self:
        """Fresh keys that nobody keeps."""
        return cls(secrets.token_bytes(KEY_BYTES), secrets.token_bytes(KEY_BYTES))

    @classmethod
    def opened(cls, folder: Path) -> Self:
        """The keys in this folder, made when they are not there. Safe for several processes at once. Raises `KeyUnreadable`."""
        return cls(_key(folder / _TOKENS), _key(folder / _RECIPES))


def kept(path: Path, make: Callable[[], bytes]) -> bytes:
    """A secret that this installation makes once and keeps: what the file holds, or what `make` gives when it is not there yet.

    Safe for several processes at once.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        _make(path, make())
    return path.read_bytes()


def _key(path: Path) -> bytes:
    key = kept(path, lambda: secrets.token_bytes(KEY_BYTES))
    if len(key) != KEY_BYTES:
        raise KeyUnreadable(f"{path.name} in the data folder is no key. Put the right one back, or move it away to begin with a new one.")
    return key


def _make(path: Path, content: bytes) -> None:
    """Written whole under another name, then linked: whoever looks sees no key or all of it, and the first of several wins."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        draft.unlink()
