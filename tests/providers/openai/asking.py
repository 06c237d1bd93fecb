"""How these tests ask: a request of ours, drawn to its end."""

from __future__ import annotations

from dataclasses import replace

from pixelstudio.providers.contract import DrawRequest, Progress
from pixelstudio.providers.openai.provider import OpenAIImages

REQUEST = DrawRequest("gpt-image-2.5-flare-medium", "a canary-prompt lighthouse", "", 7, 1024, 1024)


async def drawn(provider: OpenAIImages, **changes) -> tuple[list[Progress], list[bytes]]:
    """Steps and pictures of one drawing."""
    handle = await provider.submit(replace(REQUEST, **changes))
    steps = [step async for step in provider.progress(handle)]
    return steps, await provider.fetch(handle)
