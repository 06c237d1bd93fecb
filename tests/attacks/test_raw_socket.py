"""A raw socket client against a real server: it may call what it likes, and gets nothing by it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import time
from typing import Any

import httpx
import pytest
from socketio.exceptions import ConnectionError as SocketRefused

from pixelstudio.core.limits import EVENTS_BURST, EVENTS_PER_SECOND, SOCKETS_PER_MEMBER
from tests.attacks import exposed
from tests.attacks.conftest import Person, checksum, rows
from tests.attacks.rawsocket import NAMESPACE, ROOT_STATE, RawSocket, a_socket
from tests.serving import TRUST, Served, a_client

pytestmark = [pytest.mark.slow, pytest.mark.patient, pytest.mark.enable_socket]

CREATE = f"{ROOT_STATE}.pixelstudio___ui___create___create_state____create_state"
PROMPT = "a canary of copper over a quiet harbour"
WIRE_MAX_BYTES = 64 * 1024
NOBODYS: dict[str, list[str]] = {kind: ["a" * 26] for kind in ("generation", "image", "person", "job")}
ANSWER_WITH_WHAT_THEY_ARE_TOLD = {"describe", "choose_colour", "tell_context", "begin_enhancing", "find"}
"""Handlers that make words of words: somebody else's id among those would be heard again, and say nothing."""


@pytest.fixture(scope="session")
def handlers() -> dict[str, tuple[str, list[str]]]:
    return exposed.handlers()


@pytest.fixture(scope="session")
def allowed_keys() -> set[str]:
    return set(exposed.WIRE.read_text().split())


def models_told(page: RawSocket) -> list[str]:
    """The ids of the models that a page has said there are."""
    told = json.loads(page.heard())
    deltas = [delta for _, update in told if isinstance(update, dict) for delta in update.get("delta", {}).values()]
    return [model["id"] for delta in deltas for model in delta.get("models_rx_state_", [])]


@pytest.fixture(scope="session")
def foreign(server: Served, ines: Person) -> dict[str, list[str]]:
    """Ids of everything ines has: drawn for real, over a socket of hers."""

    async def draw() -> None:
        async with a_socket(server.url, cookie=ines.cookie) as page:
            await page.load("/create")
            async with asyncio.timeout(60):
                while not (models := models_told(page)):  # noqa: ASYNC110  # a busy server says them later than the page waits for
                    await asyncio.sleep(0.05)
            await page.send(
                f"{CREATE}.generate", {"form": {"prompt": PROMPT, "model": models[0], "size": "512x512", "images": "2", "seed": "7"}}
            )
            async with asyncio.timeout(60):
                while len(rows(server, "SELECT id FROM image")) < 2:  # noqa: ASYNC110  # another process writes
                    await asyncio.sleep(0.1)
            await nothing_more_is_written(server)

    asyncio.run(draw())
    return {
        "generation": [str(i) for (i,) in rows(server, "SELECT id FROM generation")],
        "image": [str(i) for (i,) in rows(server, "SELECT id FROM image")],
        "job": [str(i) for (i,) in rows(server, "SELECT id FROM q_job")],
        "person": [str(i) for (i,) in rows(server, "SELECT id FROM account WHERE handle='ynez'")],
    }


async def nothing_more_is_written(server: Served) -> None:
    """Whoever asked for pictures has them, and films of their making are cut: after each picture, when the machine has the time."""
    films_due, seen = time.monotonic() + 15, {}
    async with asyncio.timeout(60):
        while (  # noqa: ASYNC110  # another process writes
            rows(server, "SELECT id FROM generation WHERE ended_at IS NULL")
            or (time.monotonic() < films_due and rows(server, "SELECT id FROM image WHERE NOT has_film"))
            or seen != (seen := checksum(server))
        ):
            await asyncio.sleep(0.5)


def hostile_payloads(arguments: list[str], foreign: dict[str, list[str]]) -> list[Any]:
    """Nothing, wrong types, NaN, huge, deep, and other people's ids, for each argument; and what was never declared."""
    deep: Any = "x"
    for _ in range(40):
        deep = [deep]
    ids = [*foreign["generation"], *foreign["image"], *foreign["person"], foreign["job"][0]]
    values: list[Any] = [
        None,
        True,
        -1,
        0,
        2**31,
        2**63,
        1e308,
        math.nan,
        math.inf,
        "",
        "x",
        "NaN",
        "x" * 20_000,
        "\x00",
        [],
        {},
        deep,
        {"$gt": ""},
        *ids,
    ]
    forms = [
        {"prompt": p, "model": "sketch-paper", "size": s, "images": i, "seed": "1"}
        for p, s, i in (
            ("", "512x512", "1"),
            ("x" * 3_501, "512x512", "1"),
            ("x", "9x9", "1"),
            ("x", "512x512", "0"),
            ("x", "512x512", "11"),
        )
    ]
    declared = [{name: value} for name in arguments for value in [*values, *forms]]
    undeclared = [{}, {"self": 1}, {"studio": 1}, {"actor": {"id": foreign["person"][0], "is_maintainer": True}}, {"by": "ynez"}, {"_": 1}]
    return [*undeclared, *declared, [], "text", 5, {"args": [1]}]


def where_said(heard: str, known: str) -> str:
    """What stands around a word in what was heard; empty when it was not said."""
    found = heard.find(known)
    return heard[max(0, found - 400) : found + 200] if found >= 0 else ""


async def attack(page: RawSocket, events: list[tuple[str, Any]], path: str) -> None:
    """Send them all at once. None of them is dropped for being too many."""
    for name, payload in events:
        await page.send(name, payload, path)
    await page.settle()
    assert "slow_down" not in {event for event, _ in page.frames}


async def attack_everything(
    server: Served, cookie: str, handlers: dict[str, tuple[str, list[str]]], foreign: dict[str, list[str]]
) -> list[RawSocket]:
    """Every handler with every payload, as many as the door lets through at once and after a while again, standing on a page of ines."""
    pages: list[RawSocket] = []
    path = f"/image/{foreign['image'][0]}"

    async def one(portions: list[tuple[tuple[str, Any], ...]]) -> None:
        async with a_socket(server.url, cookie=cookie) as page:
            pages.append(page)
            await page.load(path)
            for portion in portions:
                await asyncio.gather(attack(page, list(portion), path), asyncio.sleep(len(portion) / EVENTS_PER_SECOND))

    events = [
        (name, payload)
        for name, (_, arguments) in handlers.items()
        for payload in hostile_payloads(arguments, NOBODYS if name.rpartition(".")[2] in ANSWER_WITH_WHAT_THEY_ARE_TOLD else foreign)
    ]
    portions, sockets = in_portions(events), SOCKETS_PER_MEMBER // 2
    await asyncio.gather(*(one(portions[start::sockets]) for start in range(sockets)))
    return pages


def in_portions(events: list[tuple[str, Any]]) -> list[tuple[tuple[str, Any], ...]]:
    """What one socket may send at once, after it has connected and loaded a page, or has been silent for long enough."""
    size = EVENTS_BURST - 4
    return [tuple(events[start : start + size]) for start in range(0, len(events), size)]


async def visit_everywhere(server: Served, cookie: str) -> None:
    """What a visit writes (the day's credit, the sign of life) is written before anybody attacks."""
    for path in ("/", "/create", "/library"):
        async with a_socket(server.url, cookie=cookie) as page:
            await page.load(path)


def test_browsers_may_call_exactly_what_is_listed() -> None:
    handlers, wire = exposed.lines()

    assert handlers == exposed.HANDLERS.read_text(), "renew with `python -m tests.attacks.exposed` and read the difference"
    assert wire == exposed.WIRE.read_text(), "renew with `python -m tests.attacks.exposed` and read the difference"


@pytest.mark.timeout(300)
async def test_a_stranger_changes_nothing_and_sees_only_what_is_meant_for_strangers(server, handlers, foreign, allowed_keys):
    before = checksum(server)

    pages = await attack_everything(server, "", handlers, foreign)

    assert checksum(server) == before
    for page in pages:
        assert page.keys() <= allowed_keys
        heard = page.heard()
        assert not any(known in heard for known in (PROMPT, "ynez", *foreign["generation"], *foreign["person"]))


@pytest.mark.timeout(300)
async def test_another_member_changes_nothing_either(server, marc, handlers, foreign, allowed_keys):
    await visit_everywhere(server, marc.cookie)
    before = checksum(server)

    pages = await attack_everything(server, marc.cookie, handlers, foreign)

    assert checksum(server) == before
    for page in pages:
        assert page.keys() <= allowed_keys
        heard = page.heard()
        assert [
            where for known in (PROMPT, "ynez", *foreign["generation"], *foreign["person"]) if (where := where_said(heard, known))
        ] == []


async def test_reflexs_own_handlers_and_unknown_names_lead_nowhere(server, foreign, handlers):
    states = {name.rpartition(".")[0] for name in handlers} | {ROOT_STATE}
    names = [
        f"{state}.{method}" for state in states for method in ("setvar", "reset", "_apply", "_snapshot", "follow", "get_state", "__init__")
    ]
    names += [f"{ROOT_STATE}.reflex___state____update_vars_internal_state.update_vars_internal", f"{ROOT_STATE}.set_is_hydrated", "", "x"]
    before = checksum(server)

    payload = {"var_name": "handle", "value": "ynez", "vars": {f"{ROOT_STATE}.pixelstudio___ui___visitor____visitor.handle": "ynez"}}

    async def one(events: tuple[tuple[str, Any], ...]) -> None:
        async with a_socket(server.url) as page:
            await page.load("/")
            seen = len(page.frames)
            await attack(page, list(events), "/")
            assert [frame for frame in page.frames[seen:] if "delta" in str(frame)] == []

    await asyncio.gather(*(one(some) for some in in_portions([(name, payload) for name in names])))
    async with a_socket(server.url) as page:
        for message in (None, 5, "text", [], "{" * 50, {"name": 5}, {"name": ["x"]}, {"payload": 1}):
            await page.client.emit("event", message, namespace=NAMESPACE)
        await page.settle()
        assert page.frames == []
    assert checksum(server) == before


async def test_a_stranger_is_told_little(server, allowed_keys):
    async with a_socket(server.url) as page:
        await page.load("/create")

        assert page.keys() <= allowed_keys
        assert len(page.heard().encode()) < WIRE_MAX_BYTES


async def test_another_person_hears_nothing_of_a_drawing(server, ines, marc, foreign):
    async with (
        a_socket(server.url, cookie=marc.cookie) as his,
        a_socket(server.url) as nobodys,
        a_socket(server.url, cookie=ines.cookie) as hers,
    ):
        for page in (his, nobodys, hers):
            await page.load("/create")
        before = len(rows(server, "SELECT id FROM image"))
        await hers.send(
            f"{CREATE}.generate",
            {"form": {"prompt": f"{PROMPT} two", "model": "sketch-paper", "size": "512x512", "images": "1", "seed": "8"}},
        )
        async with asyncio.timeout(60):
            while len(rows(server, "SELECT id FROM image")) == before:  # noqa: ASYNC110  # another process writes
                await asyncio.sleep(0.05)
        await hers.settle()

        secrets = {str(i) for table in ("generation", "image") for (i,) in rows(server, f"SELECT id FROM {table}")} | {PROMPT, "ynez"}
        assert PROMPT in hers.heard()
        for page in (his, nobodys):
            assert not [secret for secret in secrets if secret in page.heard()]
    await nothing_more_is_written(server)


async def test_a_stolen_token_opens_an_empty_page(server, ines, marc, foreign):
    async with a_socket(server.url, cookie=ines.cookie) as hers:
        await hers.load("/create")
        assert PROMPT in hers.heard()
        for cookie in ("", marc.cookie):  # while she is there
            async with a_socket(server.url, cookie=cookie, token=hers.token) as thief:
                await thief.load("/create")
                assert PROMPT not in thief.heard()
        token = hers.token
    for cookie in ("", marc.cookie):  # and after she left
        async with a_socket(server.url, cookie=cookie, token=token) as thief:
            await thief.load("/create")
            assert PROMPT not in thief.heard()


@pytest.mark.parametrize("token", ["", "fixed", "*", "a/b", "x" * 5_000, "../../etc", "00000000-0000-0000-0000-00000000000g"])
async def test_a_token_that_is_no_uuid_is_refused(server, token):
    page = a_socket(server.url)
    page.token = token

    with pytest.raises(SocketRefused):
        await page.__aenter__()


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example", "http://localhost:1", "http://evil.localhost"])
async def test_other_origins_get_no_socket(server, ines, origin):
    with pytest.raises(SocketRefused):
        await a_socket(server.url, cookie=ines.cookie, origin=origin).__aenter__()


async def test_upload_is_closed_and_takes_no_bytes(server):
    with a_client(server) as client:
        for method, path in (
            ("POST", "/_upload"),
            ("GET", "/_upload/x.svg"),
            ("GET", "/_all_routes"),
            ("GET", "/auth-codespace"),
            ("GET", "/ping"),
        ):
            assert client.request(method, path, content=b"x" * 1_000 if method == "POST" else None).status_code == 404


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example"])
async def test_a_foreign_form_signs_nobody_out(server, ines, origin):
    headers = {"Origin": origin} if origin else {}
    before = checksum(server)

    async with httpx.AsyncClient(cookies={"sid": ines.cookie}, trust_env=False, verify=TRUST) as client:
        answer = await client.post(f"{server.url}/auth/sign-out", headers=headers)

    assert (answer.status_code, checksum(server)) == (403, before)


async def test_a_flood_is_slowed_down_and_nobody_else_waits(server):
    async with a_socket(server.url) as flooder, a_socket(server.url) as other:
        await other.load("/")
        await asyncio.gather(*(flooder.send(f"{CREATE}.dismiss_notice") for _ in range(300)))
        async with asyncio.timeout(2):
            await other.load("/")

        assert 1 <= [event for event, _ in flooder.frames].count("slow_down") <= 10


async def test_a_message_of_100_kb_ends_the_socket(server):
    async with a_socket(server.url) as page:
        await page.send(f"{CREATE}.dismiss_notice", {"x": "x" * 100_000})

        async with asyncio.timeout(5):
            await page.is_closed.wait()
    assert server.is_ready()


BROKEN = (
    '2/_event,["event",' + "[" * 30_000,
    '2/_event,["event",{"name":' + "9" * 30_000 + "}]",
    "2/_event,[",
    "9",
    "\x00",
    "2/_event,[5]",
    '2/other,["event"]',
)


async def test_broken_frames_break_nothing(server):
    async with contextlib.AsyncExitStack() as stack:
        for text in BROKEN:
            page = await stack.enter_async_context(a_socket(server.url))
            await page.client.eio.send(text)
            other = await stack.enter_async_context(a_socket(server.url))
            await other.load("/")

            assert other.completions() == 1, text
    assert server.is_ready()


async def test_signing_out_reaches_an_open_page_within_a_second(server, marc):
    with a_client(server) as client:
        client.post("/auth/sign-in", data={"email": "marc@example.org", "password": "correct horse battery"}).raise_for_status()
        async with a_socket(server.url, cookie=client.cookies["sid"]) as page:
            await page.load("/library")
            seen = len(page.frames)
            await asyncio.to_thread(client.post, "/auth/sign-out")
            async with asyncio.timeout(1):
                while "/login" not in json.dumps(page.frames[seen:], default=str):  # noqa: ASYNC110  # another process sends
                    await asyncio.sleep(0.01)


async def test_the_log_holds_no_prompt_password_or_token(server, ines, foreign):
    for secret in (PROMPT, "correct horse battery", ines.cookie, "ynez@example.org"):
        assert secret not in server.log
