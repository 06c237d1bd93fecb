"""`password`: print a link by which a person who forgot their password chooses another. It works once; earlier unused ones stop working."""

from __future__ import annotations

import argparse
import asyncio

from pixelstudio.cli.main import say
from pixelstudio.core.settings import Settings


def run(settings: Settings, options: argparse.Namespace) -> int:
    """Print the link. Raises `NotFound` when nobody has this handle."""
    say(asyncio.run(_fresh_link(settings, options.handle)))
    return 0


async def _fresh_link(settings: Settings, handle: str) -> str:
    from pixelstudio.bootstrap.opening import open_studio
    from pixelstudio.features.operations.reset_links import link_of

    async with open_studio(settings) as studio, studio.db.transaction() as tx:
        return await link_of(tx, settings, handle)
