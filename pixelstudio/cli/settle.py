"""`settle`: list the pictures nobody can say the end of, to compare with the provider's own list; and give back what is held for them."""

from __future__ import annotations

import argparse
import asyncio
from typing import TYPE_CHECKING

from pixelstudio.cli.main import say
from pixelstudio.core.limits import UNKNOWN_HELD_S
from pixelstudio.core.settings import Settings

if TYPE_CHECKING:
    from pixelstudio.features.generation.undecided import Undecided


def run(settings: Settings, options: argparse.Namespace) -> int:
    """Say what is undecided; with `--give-back` decide it for the people who wait."""
    asyncio.run(_settle(settings, options.sets, give=options.give_back))
    return 0


async def _settle(settings: Settings, sets: list[str], *, give: bool) -> None:
    from pixelstudio.bootstrap.opening import open_studio
    from pixelstudio.features.generation.undecided import give_back, undecided

    async with open_studio(settings) as studio:
        async with studio.db.reader() as reader:
            calls = await undecided(reader, sets)
        for call in calls:
            say(_line(call))
        if give:
            say(f"Given back: {await give_back(studio, calls)} of {len(calls)}.")
        elif calls:
            say(f"What is left alone is given back by itself {UNKNOWN_HELD_S / 3_600:.0f} hours later; at once with --give-back.")
        else:
            say("Nothing is undecided.")


def _line(call: Undecided) -> str:
    moment = f"{call.since:%Y-%m-%d %H:%M:%S} UTC"
    return f"{moment}  set {call.set_id}  {call.model}  pictures: {call.pictures}  credits held: {call.credits_held}"
