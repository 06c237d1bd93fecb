"""Pictures of providers that call back, from the press of the button to the wall: over real sockets, on both databases."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from dataclasses import replace

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from pixelstudio.core.clock import SystemClock
from pixelstudio.features.credits.ledger import Balance
from pixelstudio.features.generation.events import GenerationEnded, SlotUnknown
from pixelstudio.features.generation.jobs import RENDER, RenderJob
from pixelstudio.imaging.children import ChildPool
from pixelstudio.net.client import Client
from pixelstudio.net.fetch import Fetcher
from pixelstudio.providers.fal import catalogue as fal_catalogue
from pixelstudio.providers.fal.deliveries import FalReader
from pixelstudio.providers.fal.provider import Account as FalAccount
from pixelstudio.providers.fal.provider import Fal
from pixelstudio.providers.replicate import catalogue as replicate_catalogue
from pixelstudio.providers.replicate.deliveries import replicate_reader
from pixelstudio.providers.replicate.provider import Account as ReplicateAccount
from pixelstudio.providers.replicate.provider import Replicate
from tests.api.serving import served
from tests.factories import a_studio, a_user
from tests.paying import asked, balance, seen, time_passing, working

MODELS = {"replicate": "replicate-flux-schnell", "fal": "fal-flux-schnell"}
FULL = Balance(available=25, held=0)


@pytest.fixture
async def children():
    pool = ChildPool(size=1)
    yield pool
    await pool.close()


@pytest.fixture
async def ines(database):
    """Somebody with 25 credits."""
    return await a_user(database, credits=20)


@contextlib.asynccontextmanager
async def a_house(database, children, stand_in, *, calls_back=True):
    """A studio at an address the stand-in can call, whose providers are the stand-in."""
    client, fetcher = Client(), Fetcher(allows_loopback=True)
    delivery = "webhook" if calls_back else "poll"
    replicate = Replicate(
        client,
        fetcher,
        ReplicateAccount(base_url=f"{stand_in.base}/replicate/v1", key=SecretStr("r8_canary"), delivery=delivery),
        replicate_catalogue.OFFERS,
    )
    at_fal = FalAccount(
        queue_url=f"{stand_in.base}/fal", platform_url=f"{stand_in.base}/fal/v1", key=SecretStr("canary:key"), delivery=delivery
    )
    fal = Fal(client, fetcher, at_fal, fal_catalogue.OFFERS)
    readers = {
        "replicate": replicate_reader([], replicate.webhook_secret),
        "fal": FalReader(client, f"{stand_in.base}/fal/.well-known/jwks.json"),
    }
    studio = replace(a_studio(database, SystemClock(), children, replicate, fal), readers=readers)
    async with served(studio) as address:
        studio = replace(studio, settings=studio.settings.model_copy(update={"public_url": address}))
        studio.kinds[RENDER] = RenderJob(studio)
        yield studio
    await fetcher.close()
    await client.close()


async def until_ended(studio, by, clock, view, *, times):
    with studio.bus.subscribe(f"user:{by.id}", capacity=10_000) as heard:
        facts: list[object] = []
        async with asyncio.timeout(60), time_passing(clock, times), working(studio):
            while not any(isinstance(fact, GenerationEnded | SlotUnknown) for fact in facts):
                facts += await heard.get_batch(0.02)
    return await seen(studio, by, view)


async def log_of(studio):
    async with studio.db.reader() as reader:
        rows = await reader.exec(text("SELECT placed,times FROM webhook_delivery ORDER BY received_at,placed"))
        return [tuple(row) for row in rows]


def wanted(provider, **changes):
    return {"model": MODELS[provider], "width": 1024, "height": 1024, "seed": 7, **changes}


@pytest.mark.parametrize(
    ("provider", "webhook"),
    [*itertools.product(MODELS, ["", "doubled", "early"]), ("replicate", "begun")],  # fal tells of ends alone
)
async def test_the_call_brings_the_picture_and_nobody_asks_before(database, clock, children, stand_in, ines, provider, webhook):
    stand_in.always(pause_s=0.3, webhook=webhook)
    async with a_house(database, children, stand_in) as studio:
        view = await asked(studio, ines, **wanted(provider))
        view = await until_ended(studio, ines, clock, view, times=0.0)

        assert [slot.state for slot in view.slots] == ["done"]
        assert await balance(studio, ines) == Balance(available=25 - studio.providers.model(MODELS[provider]).price_credits, held=0)
        assert len(stand_in.charges()) == 1
        assert all(times >= 1 for _, times in await log_of(studio))


@pytest.mark.parametrize("webhook", ["lost", "forged"])
@pytest.mark.parametrize("provider", MODELS)
async def test_when_no_call_comes_that_can_be_believed_it_is_asked_for_at_its_deadline(
    database, clock, children, stand_in, ines, provider, webhook
):
    stand_in.always(pause_s=0.2, webhook=webhook)
    async with a_house(database, children, stand_in) as studio:
        view = await asked(studio, ines, **wanted(provider))
        view = await until_ended(studio, ines, clock, view, times=60.0)

        assert [slot.state for slot in view.slots] == ["done"]
        assert len(stand_in.charges()) == 1


@pytest.mark.parametrize("provider", MODELS)
async def test_where_nobody_can_call_it_is_asked_for(database, clock, children, stand_in, ines, provider):
    stand_in.always(pause_s=0.2)
    async with a_house(database, children, stand_in, calls_back=False) as studio:
        view = await asked(studio, ines, **wanted(provider, count=2))
        view = await until_ended(studio, ines, clock, view, times=5.0)

        assert [slot.state for slot in view.slots] == ["done", "done"]
        assert await log_of(studio) == []
        assert not any("webhook" in str(request) for request in stand_in.requests())


@pytest.mark.parametrize(
    ("step", "word"),
    [({"fault": "soft_refusal"}, "safety"), ({"fault": "model_failed"}, "failed"), ({"fault": "moderation_blocked"}, "refused")],
    ids=["held back", "failed", "refused"],
)
@pytest.mark.parametrize("provider", MODELS)
async def test_who_is_refused_reads_why_and_pays_nothing(database, clock, children, stand_in, ines, provider, step, word):
    stand_in.always(pause_s=0.1, **step)
    async with a_house(database, children, stand_in) as studio:
        view = await asked(studio, ines, **wanted(provider))
        view = await until_ended(studio, ines, clock, view, times=0.0)

        assert [slot.state for slot in view.slots] == ["failed"]
        assert word in view.slots[0].sentence
        assert await balance(studio, ines) == FULL


@pytest.mark.parametrize("provider", MODELS)
async def test_an_answer_that_was_lost_is_found_by_the_word_in_the_address(database, clock, children, stand_in, ines, provider):
    stand_in.always(pause_s=0.2, fault="reset_after")
    async with a_house(database, children, stand_in) as studio:
        view = await asked(studio, ines, **wanted(provider))
        with studio.bus.subscribe(f"user:{ines.id}", capacity=10_000) as heard:
            facts: list[object] = []
            async with asyncio.timeout(60), time_passing(clock, 0.0), working(studio):
                while not any(isinstance(fact, GenerationEnded) for fact in facts):
                    facts += await heard.get_batch(0.02)
        view = await seen(studio, ines, view)

        assert [slot.state for slot in view.slots] == ["done"]
        assert len(stand_in.charges()) == 1
