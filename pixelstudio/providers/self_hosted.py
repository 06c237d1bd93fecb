"""Self-hosted servers: what they have installed is asked from them at start, and remembered for the time they are off.

A server in the house is often switched off while the studio starts. Its models stay in the catalogue then as it told them last, so that
what waits for them waits on, and is drawn when the server is back.
"""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any, Final, cast
from zlib import crc32

from pixelstudio.core.log import get_logger
from pixelstudio.providers.contract import ImageModel, Size, Span
from pixelstudio.providers.errors import ProviderError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterable
    from pathlib import Path

    from pixelstudio.providers.contract import Idempotency

MODELS_MAX: Final = 200
"""More checkpoints than this are not listed: a form is no file browser."""
SIZES: Final = (
    Size(1024, 1024, "Square"),
    Size(832, 1216, "Portrait"),
    Size(1216, 832, "Landscape"),
    Size(768, 1344, "Tall"),
    Size(1344, 768, "Wide"),
    Size(512, 512, "Small square"),
    Size(512, 768, "Small portrait"),
    Size(768, 512, "Small landscape"),
)
"""Sides that latent models draw; the small ones suit Stable Diffusion 1.5, which a server cannot tell from its younger relatives."""
STEPS: Final = Span(1, 60, 24)
GUIDANCE: Final = Span(1, 20, 6.5)
PRICE_SOURCE: Final = "the maintainer's own machine, so the setting says it"
_SLUG_MAX: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """One self-hosted server: how it is called here and what a picture of it shall cost and may take."""

    provider: str
    maker: str
    price_credits: int
    timeout_s: float
    idempotency: Idempotency = "none"

    def model_of(self, checkpoint: str) -> ImageModel:
        """The row of one installed checkpoint. One picture at a time: such a server has one card."""
        return ImageModel(
            id=f"{self.provider}-{slug_of(checkpoint)}",
            provider=self.provider,
            title=_stem(checkpoint).replace("_", " "),
            maker=self.maker,
            note="On this studio's own machine",
            sizes=SIZES,
            lane=self.provider,
            lane_concurrency=1,
            price_credits=self.price_credits,
            steps=int(STEPS.most),
            supports_negative_prompt=True,
            guidance_offered=GUIDANCE,
            steps_offered=STEPS,
            supports_reference=True,
            supports_strength=True,
            supports_mask=True,
            price_source=PRICE_SOURCE,
            idempotency=self.idempotency,
            stopped_by=self.maker if self.idempotency == "query" else "",  # asked after by name, told to stop by name
            timeout_s=self.timeout_s,
        )

    def offers(self, checkpoints: Iterable[str]) -> dict[str, tuple[str, ImageModel]]:
        """By id, each checkpoint as the server spells it, and its row."""
        rows = [(checkpoint, self.model_of(checkpoint)) for checkpoint in sorted(set(checkpoints))[:MODELS_MAX]]
        return {model.id: (checkpoint, model) for checkpoint, model in rows}


async def installed(maker: str, asking: Awaitable[list[str]], memory: Path) -> list[str]:
    """The checkpoints a server has, or had when it answered last; none when it never has. Awaited at start, so it never fails it."""
    try:
        checkpoints = await asking
    except ProviderError as error:
        checkpoints = await asyncio.to_thread(_remembered, memory)
        get_logger().warning("provider.not_asked_what_it_has", maker=maker, code=error.code, remembered=len(checkpoints))
        return checkpoints
    await asyncio.to_thread(_remember, memory, checkpoints)
    return checkpoints


def slug_of(checkpoint: str) -> str:
    """A short name that is safe in addresses and different for different files."""
    words = re.sub(r"[^a-z0-9]+", "-", _stem(checkpoint).lower()).strip("-")[:_SLUG_MAX]
    return f"{words or 'model'}-{crc32(checkpoint.encode()):08x}"


def _stem(checkpoint: str) -> str:
    """The file's name without folder and ending, and without the digest that A1111 puts behind it."""
    name = PureWindowsPath(PurePosixPath(checkpoint.partition(" [")[0]).name).name
    return name.removesuffix(".safetensors").removesuffix(".ckpt").removesuffix(".gguf")[:80] or "Model"


def _remember(memory: Path, checkpoints: list[str]) -> None:
    memory.parent.mkdir(parents=True, exist_ok=True)
    draft = memory.with_suffix(".new")
    draft.write_text(json.dumps(checkpoints))
    draft.replace(memory)


def _remembered(memory: Path) -> list[str]:
    try:
        told: object = json.loads(memory.read_text())
    except (OSError, ValueError):
        return []
    return [name for name in cast("list[Any]", told) if isinstance(name, str)] if isinstance(told, list) else []
