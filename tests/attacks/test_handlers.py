"""R1-R5, R11, R13, R21, R25: what a raw socket may call, with which values, and what it is told."""

from __future__ import annotations

import asyncio
import math
import os
import time

import httpx
import pytest

from tests.attacks import development, exposed
from tests.attacks.rawsocket import ROOT_STATE, a_socket
from tests.attacks.walls import holds, without
from tests.nursery import ended
from tests.serving import TRUST, Served

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]

CREATE = f"{ROOT_STATE}.pixelstudio___ui___create___create_state____create_state"
STRAY = f"{ROOT_STATE}.tests___attacks___stray____stray"
UPDATE = f"{ROOT_STATE}.reflex___state____update_vars_internal_state.update_vars_internal"
CANARY = "hunter2-PLAINTEXT"


async def test_r1_a_members_handler_does_nothing_for_a_socket_without_a_session(proof):
    async def attack(server: Served) -> bool:
        async with a_socket(server.url) as page:
            await page.send(f"{CREATE}.choose_count", {"count": 3})
            return not await page.hears("/login?next=")

    await holds(proof, "guard", attack)


async def test_r2_a_public_method_nobody_declared_cannot_be_called(proof):
    async def attack(server: Served) -> bool:
        async with a_socket(server.url) as page:
            await page.send(f"{STRAY}.mint", {"n": 1_000})
            return await page.hears('"credits_rx_state_": 1000')

    await holds(proof, "names", attack)


@pytest.mark.parametrize("preface", ["", "from pixelstudio.ui import handlers\nhandlers._is_stray = lambda *_: False\n"])
def test_r2_a_server_that_carries_one_does_not_start(preface):
    """Nor one whose handler only Reflex was told of."""
    started = exposed.ask(f"{preface}import tests.attacks.stray\n")

    assert (started.returncode == 0) == bool(preface)
    for told in ("stray.mint", "stray.pay_in", "@guarded"):
        assert (told in started.stderr) != bool(preface)


async def test_r3_setvar_reaches_nothing(proof):
    async def attack(server: Served) -> bool:
        async with a_socket(server.url) as page:
            await page.send(f"{STRAY}.setvar", {"var_name": "plan", "value": "gold"})
            return await page.hears('"plan_rx_state_": "gold"')

    await holds(proof, "names", attack)


async def test_r4_no_var_is_set_by_the_first_message_of_a_page(proof):
    async def attack(server: Served) -> bool:
        async with a_socket(server.url) as page:
            await page.send(f"{ROOT_STATE}.hydrate_and_load", {"vars": {f"{STRAY}.theme_rx_state_": {"a": [1, 2, 3]}}}, "/")
            return await page.hears('{"a": [1, 2, 3]}')

    await holds(proof, "payloads", attack)


async def test_r4_nor_by_the_handler_made_for_it(proof):
    async def attack(server: Served) -> bool:
        async with a_socket(server.url) as page:
            await page.send(UPDATE, {"vars": {f"{STRAY}.theme_rx_state_": "purple"}}, "/")
            return await page.hears('"purple"')

    await holds(proof, "names", attack)


@pytest.mark.parametrize("count", [math.nan, True, {"n": 3}])
async def test_r5_a_value_of_another_type_reaches_no_handler(proof, nora, count):
    async def attack(server: Served) -> bool:
        async with a_socket(server.url, cookie=nora.cookie) as page:
            await page.load("/create")
            await page.send(f"{CREATE}.choose_count", {"count": count})
            return not await page.hears('"invalid_arguments"')

    await holds(proof, "arguments", attack)


async def test_r11_the_path_a_browser_claims_to_be_on_leads_nobody_away(proof):
    async def attack(server: Served) -> bool:
        async with a_socket(server.url) as page:
            await page.send(f"{CREATE}.choose_count", {"count": 3}, "//evil.example/\\x")
            return await page.hears("/login?next=//evil.example")

    await holds(proof, "path", attack)


async def test_r13_a_page_is_sent_the_listed_vars_and_no_others(server, proof):
    """The second server carries one state more than the product: its vars go to everybody at once, and the list sees them.

    What a name with an underscore hides stays here.
    """
    allowed = set(exposed.WIRE.read_text().split())
    sent = {}
    for name, running in (("real", server), ("with a stray", proof)):
        async with a_socket(running.url) as page:
            await page.load("/create")
            sent[name] = page.keys() - allowed
            assert "of nobody's business" not in page.heard()

    assert sent["real"] == set()
    assert {key.rpartition(".")[2] for key in sent["with a stray"]} == {"credits", "plan", "theme"}


async def test_r21_nobody_waits_for_anothers_handler(proof):
    async def attack(server: Served) -> bool:
        async with a_socket(server.url) as page, httpx.AsyncClient(base_url=server.url, trust_env=False, verify=TRUST) as other:
            await other.get("/healthz")
            await page.send(f"{STRAY}.block", {"seconds": 1.0})
            await asyncio.sleep(0.2)
            begun = time.perf_counter()
            await other.get("/healthz")
            return time.perf_counter() - begun > 0.5

    await holds(proof, "names", attack)


A_MINUTES_LAGS_S = 75.0
"""The log tells only so many lags of a minute, and a busy machine may have used them up: the next ones are told after that."""


@pytest.mark.timeout(150)
@pytest.mark.parametrize("wall", ["names", "names and alarm"])
async def test_r21_whoever_holds_up_everybody_is_told_to_the_log(proof, wall):
    """With the list of names out a handler that waits can be called; with the alarm out too, nobody hears of it."""
    before = proof.log.count("loop.lagged")
    until = time.monotonic() + (A_MINUTES_LAGS_S if wall == "names" else 0)
    with without(proof, wall):
        async with a_socket(proof.url) as page:
            await page.load("/")
            while True:
                await page.send(f"{STRAY}.block", {"seconds": 0.4})
                await page.settle()
                if proof.log.count("loop.lagged") > before or time.monotonic() > until:
                    break

    assert (proof.log.count("loop.lagged") > before) == (wall == "names")


@pytest.mark.parametrize("wall", ["names", "failures"])
async def test_r25_what_went_wrong_is_not_told_to_the_browser(proof, wall):
    """Our handling of failures tells the log. Without it Reflex's own, in development, shows the text."""
    with without(proof, wall):
        async with a_socket(proof.url) as page:
            await page.send(f"{STRAY}.explode", {"word": CANARY})
            heard = await page.hears(CANARY)

    assert heard == (wall == "failures")
    if wall == "names":
        assert "Traceback" not in page.heard()
        assert "reflex.failed" in proof.log


def test_r25_the_studio_does_not_open_in_development(tmp_path):
    """Whoever starts it by Reflex's own command. With the check out it goes on, as far as the database, which cannot be there."""
    environment = os.environ | {"DATABASE_URL": "sqlite:////dev/null/none.db", "DATA_DIR": str(tmp_path)}
    opened = ended(development.main, environment=environment)

    refused, served, unwalled = opened.stdout.split()
    assert refused == "UnderDevelopment"
    assert served == unwalled == "FileExistsError"
