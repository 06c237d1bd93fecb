"""The claim link: a one-time address by which the first maintainer of an installation becomes that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixelstudio.features.accounts.claiming import issue_claim_token

if TYPE_CHECKING:
    from pixelstudio.core.settings import Settings
    from pixelstudio.studio import Studio


def claim_link(settings: Settings, token: str) -> str:
    """Where a member claims the installation. The token stands in the address once and opens nothing twice."""
    return f"{settings.effective_public_url}/claim?token={token}"


async def fresh_claim_link(studio: Studio) -> str | None:
    """A one-time link, which replaces an earlier one; None once somebody has claimed this installation."""
    async with studio.db.transaction() as tx:
        token = await issue_claim_token(tx)
    return claim_link(studio.settings, token) if token else None
