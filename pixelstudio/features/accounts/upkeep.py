"""Upkeep of accounts: what no sign-in and no throttle looks at any more goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixelstudio.features.accounts.profile import forget_free_handles
from pixelstudio.features.accounts.resets import forget_old_links
from pixelstudio.features.accounts.sessions import forget_expired_sessions
from pixelstudio.features.accounts.throttle import forget_old_attempts
from pixelstudio.features.accounts.tokens import forget_old_families

if TYPE_CHECKING:
    from pixelstudio.studio import Studio


async def forget_ended(studio: Studio) -> None:
    """Drop ended sessions and token families, old attempts and links, and handles that are free again. Safe to repeat; once an hour is often enough."""
    async with studio.db.transaction() as tx:
        await forget_expired_sessions(tx)
        await forget_old_attempts(tx)
        await forget_old_families(tx)
        await forget_old_links(tx)
        await forget_free_handles(tx)
