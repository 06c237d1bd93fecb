"""`claim`: print a fresh one-time link on the machine itself. Earlier unused links stop working."""

from __future__ import annotations

import argparse
import asyncio

from pixelstudio.cli.main import say
from pixelstudio.core.errors import Conflict
from pixelstudio.core.settings import Settings


def run(settings: Settings, _options: argparse.Namespace) -> int:
    """Print the link. Raises `Conflict` when the installation has its maintainer."""
    say(asyncio.run(_fresh_link(settings)))
    return 0


async def _fresh_link(settings: Settings) -> str:
    from pixelstudio.bootstrap.claim import fresh_claim_link
    from pixelstudio.bootstrap.opening import open_studio

    async with open_studio(settings) as studio:
        link = await fresh_claim_link(studio)
    if link is None:
        raise Conflict("This installation has its maintainer already.", code="claimed")
    return link
