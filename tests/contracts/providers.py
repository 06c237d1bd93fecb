"""Every provider, as the suite of behaviours meets it. Adding a provider is one entry in `ENTRIES`."""

from __future__ import annotations

import contextlib
import tempfile
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from pixelstudio.core.settings import load_settings
from pixelstudio.net.client import Client, Patience
from pixelstudio.net.fetch import Fetcher
from pixelstudio.providers import open_calls
from pixelstudio.providers.a1111 import provider as a1111
from pixelstudio.providers.comfyui import provider as comfyui
from pixelstudio.providers.fal import catalogue as fal_catalogue
from pixelstudio.providers.fal import provider as fal
from pixelstudio.providers.horde import catalogue as horde_catalogue
from pixelstudio.providers.horde import provider as horde
from pixelstudio.providers.huggingface import catalogue as huggingface_catalogue
from pixelstudio.providers.huggingface import provider as huggingface
from pixelstudio.providers.local.accounts import local_models, local_workshop
from pixelstudio.providers.openai import catalogue as openai_catalogue
from pixelstudio.providers.openai import provider as openai
from pixelstudio.providers.replicate import catalogue as replicate_catalogue
from pixelstudio.providers.replicate import provider as replicate
from pixelstudio.providers.self_hosted import House
from pixelstudio.providers.sketch.provider import SketchProvider
from pixelstudio.providers.stability import catalogue as stability_catalogue
from pixelstudio.providers.stability import provider as stability
from tests.children import SparingPool
from tests.courier import Courier
from tests.local_models import a_model_folder, the_interpreter
from tests.standin import comfyui as comfyui_stand_in
from tests.standin import webui

if TYPE_CHECKING:
    from pixelstudio.providers.contract import Provider
    from tests.standin.process import StandIn

KEY = "canary-key-77"
HASTY = Patience(connect_s=1.0, first_byte_s=0.4, silence_s=0.4, total_s=0.8)
"""For silence and drips: nobody waits long in a test."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a provider is opened: with which key, against which address, and whether it soon loses patience."""

    base: str = ""
    key: str = KEY
    is_hasty: bool = False
    check_within_s: float = 8.0


Opened = Callable[[Wanted], "AbstractAsyncContextManager[Provider]"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One provider. `differs` says how it plays a behaviour where it does so in a way of its own; None where it cannot happen there."""

    name: str
    opened: Opened
    is_outside: bool = True
    streams: bool = True
    """Whether it is kept on the line while it draws, and shows steps."""
    is_silent: bool = False
    """Whether it is kept on the line and shows nothing before the end."""
    charges: bool = True
    """Whether somebody takes money for a picture; where nobody does, what broke off is simply tried again."""
    marks: bool = True
    """Whether the job is marked before the request leaves."""
    stops: bool = False
    """Whether whoever knows a drawing's name may have it stopped there."""
    has_key: bool = True
    hopeless: tuple[str, ...] = ()
    """Where nobody charges: what is nevertheless not tried again, because the server has said the end."""
    free: tuple[str, ...] = ()
    """Parts of paths that are asked free of charge; every other request is one for a picture."""
    differs: Mapping[str, Mapping[str, Any] | None] = field(default_factory=dict[str, "Mapping[str, Any] | None"])

    @property
    def stays(self) -> bool:
        """Whether its picture is the answer to the very request that bought it."""
        return (self.streams or self.is_silent) and self.name != "comfyui"


@contextlib.asynccontextmanager
async def _sketch(_wanted: Wanted) -> AsyncIterator[Provider]:
    children = SparingPool(size=1, urgent_size=0)
    yield SketchProvider(children)
    await children.close()


@contextlib.asynccontextmanager
async def _courier(_wanted: Wanted) -> AsyncIterator[Provider]:
    children = SparingPool(size=1, urgent_size=0)
    yield Courier(children, delivery="stream", idempotency="key")
    await children.close()


@contextlib.asynccontextmanager
async def _local(_wanted: Wanted) -> AsyncIterator[Provider]:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        settings = load_settings(
            local_model=str(a_model_folder(place / "model")),
            local_model_python=the_interpreter(),
            local_model_memory_mb=2048,
        )
        workshop = local_workshop(settings)
        (model,) = local_models(settings, workshop)
        yield model
        await workshop.close()


@contextlib.asynccontextmanager
async def _openai(wanted: Wanted) -> AsyncIterator[Provider]:
    client = Client()
    account = openai.Account(
        provider="openai",
        maker="OpenAI",
        base_url=f"{wanted.base}/v1",
        key=SecretStr(wanted.key),
        check_within_s=wanted.check_within_s,
    )
    offers = [replace(offer, timeout_s=open_calls.ROOM_S + 1.0) if wanted.is_hasty else offer for offer in openai_catalogue.OFFERS]
    yield openai.OpenAIImages(client, account, offers)
    await client.close()


@contextlib.asynccontextmanager
async def _replicate(wanted: Wanted) -> AsyncIterator[Provider]:
    client, fetcher = Client(), Fetcher(allows_loopback=True)
    account = replicate.Account(
        base_url=f"{wanted.base}/replicate/v1", key=SecretStr(wanted.key), check_within_s=wanted.check_within_s, **_patience(wanted)
    )
    yield replicate.Replicate(client, fetcher, account, replicate_catalogue.OFFERS)
    await fetcher.close()
    await client.close()


@contextlib.asynccontextmanager
async def _fal(wanted: Wanted) -> AsyncIterator[Provider]:
    client, fetcher = Client(), Fetcher(allows_loopback=True)
    account = fal.Account(
        queue_url=f"{wanted.base}/fal",
        platform_url=f"{wanted.base}/fal/v1",
        key=SecretStr(wanted.key),
        check_within_s=wanted.check_within_s,
        **_patience(wanted),
    )
    yield fal.Fal(client, fetcher, account, fal_catalogue.OFFERS)
    await fetcher.close()
    await client.close()


@contextlib.asynccontextmanager
async def _stability(wanted: Wanted) -> AsyncIterator[Provider]:
    client = Client()
    yield stability.StabilityImages(
        client,
        base_url=f"{wanted.base}/stability",
        key=SecretStr(wanted.key),
        offers=[_soon(offer, wanted) for offer in stability_catalogue.OFFERS],
        check_within_s=wanted.check_within_s,
    )
    await client.close()


@contextlib.asynccontextmanager
async def _huggingface(wanted: Wanted) -> AsyncIterator[Provider]:
    client = Client()
    yield huggingface.HuggingFaceImages(
        client,
        base_url=f"{wanted.base}/huggingface",
        hub_url=f"{wanted.base}/hub",
        key=SecretStr(wanted.key),
        offers=[_soon(offer, wanted) for offer in huggingface_catalogue.OFFERS],
        check_within_s=wanted.check_within_s,
    )
    await client.close()


@contextlib.asynccontextmanager
async def _a1111(wanted: Wanted) -> AsyncIterator[Provider]:
    client = Client()
    house = House(provider="a1111", maker="Web UI", price_credits=0, timeout_s=open_calls.ROOM_S + (1.0 if wanted.is_hasty else 60.0))
    yield a1111.WebUI(
        client,
        base_url=f"{wanted.base}/a1111",
        maker=house.maker,
        login=SecretStr(b64encode(f"studio:{wanted.key}".encode()).decode()),
        offers=house.offers(webui.CHECKPOINTS),
        look_every_s=0.02,
        check_within_s=wanted.check_within_s,
    )
    await client.close()


@contextlib.asynccontextmanager
async def _comfyui(wanted: Wanted) -> AsyncIterator[Provider]:
    client = Client()
    house = House(provider="comfyui", maker="ComfyUI", price_credits=0, timeout_s=80.0, idempotency="query")
    yield comfyui.ComfyUI(
        client,
        base_url=f"{wanted.base}/comfyui",
        maker=house.maker,
        offers=house.offers(comfyui_stand_in.CHECKPOINTS),
        ask_every_s=0.02,
        check_within_s=wanted.check_within_s,
        **_patience(wanted),
    )
    await client.close()


@contextlib.asynccontextmanager
async def _horde(wanted: Wanted) -> AsyncIterator[Provider]:
    client = Client()
    yield horde.Horde(
        client,
        base_url=f"{wanted.base}/horde",
        key=SecretStr(wanted.key),
        offers=horde_catalogue.OFFERS,
        ask_every_s=0.02,
        check_within_s=wanted.check_within_s,
        **_patience(wanted),
    )
    await client.close()


def _soon(offer: Any, wanted: Wanted) -> Any:
    return replace(offer, timeout_s=open_calls.ROOM_S + 1.0) if wanted.is_hasty else offer


def _patience(wanted: Wanted) -> dict[str, Any]:
    return {"asking": HASTY} if wanted.is_hasty else {}


_STREAMED: Mapping[str, Mapping[str, Any] | None] = {"failing_model": None, "picture_gone": None, "picture_late": None}
_QUEUED: Mapping[str, Mapping[str, Any] | None] = {
    "too_few_pictures": {"count": 0},
    "broken_json": {"fault": "garbage_json"},
    "endless": {"fault": "endless", "at": "picture"},
    "bomb": {"fault": "gzip_bomb", "at": "picture"},
    "cut_picture": {"picture": "truncated"},
}
_ONE_CALL = {**_STREAMED, "held_back": None, "moderation_blocked": None, "too_few_pictures": {"count": 0}}
_NO_MONEY = {"held_back": None, "moderation_blocked": None, "insufficient_quota": None, "too_few_pictures": {"count": 0}}
_AT_HISTORY: Mapping[str, Mapping[str, Any] | None] = {
    "broken_json": {"fault": "garbage_json", "at": "history"},
    "wrong_shape": {"fault": "wrong_shape", "at": "history"},
    "hotel_network": {"fault": "html", "at": "history"},
    "endless": {"fault": "endless", "at": "picture"},
    "bomb": {"fault": "gzip_bomb", "at": "picture"},
    "drip": {"fault": "drip", "at": "picture", "pause_s": 0.05},
    "cut_picture": {"picture": "truncated", "at": "picture"},
    "no_picture": {"picture": "html", "at": "picture"},
    "picture_gone": None,
    "picture_late": None,
}

ENTRIES = (
    Entry("sketch", _sketch, is_outside=False, charges=False),
    Entry("local", _local, is_outside=False, charges=False),
    Entry("courier", _courier, is_outside=False),  # the tests' own, so that what they prove of it holds for others
    Entry("openai", _openai, free=("/v1/models",), differs={**_STREAMED, "held_back": {"fault": "moderation_blocked", "stage": "output"}}),
    Entry("replicate", _replicate, streams=False, stops=True, free=("/predictions/", "/pictures/", "/account"), differs=_QUEUED),
    Entry("fal", _fal, streams=False, stops=True, free=("/requests/", "/pictures/", "/pricing"), differs=_QUEUED),
    Entry("stability", _stability, streams=False, is_silent=True, free=("/balance",), differs={**_STREAMED, "too_few_pictures": None}),
    Entry("huggingface", _huggingface, streams=False, is_silent=True, free=("/api/",), differs=_ONE_CALL),
    Entry(
        "a1111",
        _a1111,
        charges=False,
        marks=False,
        free=("/sd-models", "/progress", "/interrupt"),
        differs={**_STREAMED, **_NO_MONEY},
    ),
    Entry(
        "comfyui",
        _comfyui,
        charges=False,
        stops=True,
        has_key=False,
        hopeless=("failing_model", "wrong_shape", "too_few_pictures"),
        free=("/ws", "/history/", "/queue", "/view", "/interrupt", "/object_info/"),
        differs={**_NO_MONEY, **_AT_HISTORY},
    ),
    Entry(
        "horde",
        _horde,
        streams=False,
        stops=True,
        free=("/check/", "/status/", "/find_user"),
        differs={"too_few_pictures": {"count": 0}, "picture_gone": None, "picture_late": None},
    ),
)
BY_NAME = {entry.name: entry for entry in ENTRIES}
OUTSIDE = tuple(entry for entry in ENTRIES if entry.is_outside)


def wanted_at(stand_in: StandIn, **changes: Any) -> Wanted:
    """How to open a provider that asks the stand-in."""
    return Wanted(**{"base": stand_in.base, **changes})
