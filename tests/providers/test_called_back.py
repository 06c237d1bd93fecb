"""Pictures of providers that call back, from the press of the button to the wall: over real sockets, on both databases."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from pixelstudio.core.clock import SystemClock
from pixelstudio.features.credits.ledger import Balance
from pixelstudio.features.generation.generations import cancel
from pixelstudio.features.generation.jobs import RenderJob
from pixelstudio.features.generation.recalls import RecallJob
from pixelstudio.jobs.job import FINAL, JobState
from pixelstudio.jobs.kind import JobKind
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
from tests.paying import asked, balance, seen, until_settled

MODELS = {"replicate": "replicate-flux-schnell", "fal": "fal-flux-schnell"}
CREDITS = 25


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
    kinds: dict[str, JobKind] = {}
    studio = replace(a_studio(database, SystemClock(), children, replicate, fal), readers=readers, kinds=kinds)
    async with served(studio) as address:
        studio = replace(studio, settings=studio.settings.model_copy(update={"public_url": address}))
        kinds.update({kind.name: kind for kind in (RenderJob(studio), RecallJob(studio))})
        yield studio
    await fetcher.close()
    await client.close()


async def log_of(studio):
    async with studio.db.reader() as reader:
        rows = await reader.exec(text("SELECT placed,times FROM webhook_delivery ORDER BY received_at,placed"))
        return [tuple(row) for row in rows]


async def asked_for_all(studio, by, provider, stand_in, steps):
    """One picture for each step of the script, which is known by its name in the prompt."""
    stand_in.script(*({"pause_s": 0.3, "picture": "small", **step, "when": f"[{name}]"} for name, step in steps.items()))
    wish = {"model": MODELS[provider], "width": 1024, "height": 1024, "seed": 7}
    return {name: await asked(studio, by, prompt=f"a boat [{name}]", **wish) for name in steps}


async def slots_of(studio, by, views):
    return {name: (await seen(studio, by, view)).slots[0] for name, view in views.items()}


@pytest.mark.parametrize("provider", MODELS)
async def test_the_call_brings_what_came_of_it_and_nobody_asks_before(database, clock, children, stand_in, ines, provider):
    """The clock stands still: nothing but a call takes a job up. One answer is lost on its way, and found by the word in the address."""
    brings = {"plain": {}, "doubled": {"webhook": "doubled"}, "early": {"webhook": "early"}, "lost answer": {"fault": "reset_after"}}
    if provider == "replicate":  # fal tells of ends alone
        brings["begun"] = {"webhook": "begun"}
    refuses = {"held back": {"fault": "soft_refusal"}, "fails": {"fault": "model_failed"}, "refuses": {"fault": "moderation_blocked"}}
    async with a_house(database, children, stand_in) as studio:
        views = await asked_for_all(studio, ines, provider, stand_in, {**brings, **refuses})
        await until_settled(studio, clock, times=0.0, states=FINAL)
        slots = await slots_of(studio, ines, views)

        assert {name: slot.state for name, slot in slots.items()} == {**dict.fromkeys(brings, "done"), **dict.fromkeys(refuses, "failed")}
        said = {name: slots[name].sentence for name in refuses}
        assert ("safety" in said["held back"], "failed" in said["fails"], "refused" in said["refuses"]) == (True, True, True)
        price = studio.providers.model(MODELS[provider]).price_credits
        assert await balance(studio, ines) == Balance(available=CREDITS - price * len(brings), held=0)
        assert len(stand_in.charges()) == len(brings) + len(refuses) - 1


@pytest.mark.parametrize("provider", MODELS)
async def test_when_no_call_comes_that_can_be_believed_it_is_asked_for_at_its_deadline(database, clock, children, stand_in, ines, provider):
    async with a_house(database, children, stand_in) as studio:
        views = await asked_for_all(studio, ines, provider, stand_in, {name: {"webhook": name} for name in ("lost", "forged")})
        await until_settled(studio, clock, times=0.0, states=(JobState.PARKED,))
        await asyncio.sleep(0.6)  # until both are drawn
        async with studio.db.transaction() as tx:
            await tx.exec(text("UPDATE q_job SET run_at=0"))  # its deadline: Postgres goes by a clock of its own
        await until_settled(studio, clock, times=0.0, states=FINAL)

        assert {slot.state for slot in (await slots_of(studio, ines, views)).values()} == {"done"}
        assert len(stand_in.charges()) == len(views)
        assert await log_of(studio) == []


@pytest.mark.parametrize("provider", MODELS)
async def test_what_is_called_off_is_stopped_there_however_that_is_told(database, clock, children, stand_in, ines, provider):
    """The clock stands still: once the wish was heard its job asks, and what is called in besides changes nothing."""
    tells = {"once": {}, "doubled": {"webhook": "doubled"}, "lost": {"webhook": "lost"}}
    async with a_house(database, children, stand_in) as studio:
        views = await asked_for_all(studio, ines, provider, stand_in, {name: {"pause_s": 30, **step} for name, step in tells.items()})
        await until_settled(studio, clock, times=0.0, states=(JobState.PARKED,))
        for view in views.values():
            async with studio.db.transaction() as tx:
                assert await cancel(tx, studio, view.id, ines) == 1
        await until_settled(studio, clock, times=0.0, states=FINAL)

        assert {slot.state for slot in (await slots_of(studio, ines, views)).values()} == {"cancelled"}
        assert await balance(studio, ines) == Balance(available=CREDITS, held=0)
        assert len(stand_in.charges()) == len(views)
        verb = {"replicate": "POST", "fal": "PUT"}[provider]
        assert [request["method"] for request in stand_in.requests() if request["path"].endswith("/cancel")] == [verb] * len(views)


@pytest.mark.parametrize("provider", MODELS)
async def test_where_nobody_can_call_it_is_asked_for(database, clock, children, stand_in, ines, provider):
    async with a_house(database, children, stand_in, calls_back=False) as studio:
        view = await asked(studio, ines, model=MODELS[provider], width=1024, height=1024, seed=7, count=2)
        await until_settled(studio, clock, times=5.0, states=FINAL)

        assert [slot.state for slot in (await seen(studio, ines, view)).slots] == ["done", "done"]
        assert not any("webhook" in str(request) for request in stand_in.requests())
