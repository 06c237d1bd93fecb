"""What may leave the slice: an account as others may see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pixelstudio.core.ids import UserId


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account, without its mail and its hash."""

    id: UserId
    handle: str
    is_maintainer: bool
