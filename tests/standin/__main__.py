"""`python -m tests.standin`: serve until stopped, and say how to point a studio here."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import sys
import threading

from tests.standin.script import Step
from tests.standin.server import StandInServer, script_of

HOW = """\
The stand-in listens on {base}. It speaks the protocol of every provider; no model is behind it.

Point the studio here, in another terminal:
  OPENAI_API_KEY=standin OPENAI_BASE_URL={base}/v1 \\
  REPLICATE_API_TOKEN=standin REPLICATE_BASE_URL={base}/replicate/v1 \\
  FAL_KEY=standin:key FAL_QUEUE_URL={base}/fal FAL_PLATFORM_URL={base}/fal/v1 FAL_KEYS_URL={base}/fal/.well-known/jwks.json \\
  STABILITY_API_KEY=standin STABILITY_BASE_URL={base}/stability \\
  HUGGINGFACE_API_KEY=standin HUGGINGFACE_BASE_URL={base}/huggingface HUGGINGFACE_HUB_URL={base}/hub \\
  A1111_BASE_URL={base}/a1111 COMFYUI_BASE_URL={base}/comfyui HORDE_API_KEY=0000000000 HORDE_BASE_URL={base}/horde \\
  RESULTS_FROM_LOOPBACK=true PUBLIC_URL=http://localhost:3000 make run

Make it misbehave, one request after the other:
  curl -X POST {base}/__script -d '[{{"fault": "throttled", "retry_after": "5"}}, {{"fault": "moderation_blocked"}}]'
What it can do wrong: curl {base}/__faults     What it was asked: /__requests     What it charged: /__charges
"""


async def _serve(port: int, pace_s: float, script: str, *, quiet: bool) -> None:
    stand_in = StandInServer()
    stand_in.journal.otherwise = Step(pause_s=pace_s)
    stand_in.journal.steps.extend(script_of(script))
    server = await stand_in.start(port)
    base = "http://{}:{}".format(*server.sockets[0].getsockname()[:2])
    print(base if quiet else HOW.format(base=base), flush=True)
    async with server:
        await server.serve_forever()


def _end_with_parent() -> None:
    """However the tests end, nobody stays behind."""
    sys.stdin.read()
    os._exit(0)


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m tests.standin", description=__doc__)
    parser.add_argument("--port", type=int, default=8181, help="0 takes a free one")
    parser.add_argument("--pace", type=float, default=1.0, help="seconds between the stages of a picture")
    parser.add_argument("--script", default="[]", help="JSON list of steps to play first")
    parser.add_argument("--quiet", action="store_true", help="for tests: print the address only, and end when standard input does")
    wish = parser.parse_args()
    if wish.quiet:
        threading.Thread(target=_end_with_parent, daemon=True).start()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(wish.port, wish.pace, wish.script, quiet=wish.quiet))


if __name__ == "__main__":
    main()
