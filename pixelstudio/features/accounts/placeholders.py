"""What stands in the columns of an account that has no address and no name: unique, and refused by every form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixelstudio.core.limits import HANDLE_MAX

if TYPE_CHECKING:
    from pixelstudio.core.ids import UserId


def email_without_address(account_id: UserId) -> str:
    """No address: it has no @."""
    return f"nobody:{account_id}"


def handle_of_nobody(account_id: UserId) -> str:
    """No handle: it begins with a tilde."""
    return f"~{account_id}"[:HANDLE_MAX]
