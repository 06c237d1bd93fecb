"""A server told secrets in every place that takes one: none of them in its log, its answers, or a table that is not its own."""

from __future__ import annotations

import asyncio
import secrets
import time
from typing import TYPE_CHECKING

import pytest
from socketio.exceptions import ConnectionError as SocketRefused
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

import pixelstudio.tables  # noqa: F401  # registers every table
from pixelstudio.cli.main import main
from pixelstudio.db.columns import metadata
from pixelstudio.db.engine import async_url
from tests.attacks.rawsocket import ROOT_STATE, a_socket
from tests.nursery import ended
from tests.serving import a_client, a_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx

    from tests.serving import Served
    from tests.standin.process import StandIn

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]

CREATE = f"{ROOT_STATE}.pixelstudio___ui___create___create_state____create_state"
IMAGE = f"{ROOT_STATE}.pixelstudio___ui___image___image_state____image_state"
MODEL = "gpt-image-2-medium"
NAMES = (
    "password",
    "wrong_password",
    "email",
    "prompt",
    "negative",
    "argument",
    "name",
    "query",
    "header",
    "cookie",
    "key",
    "database",
    "token",
)
# The tables that hold what a person wrote; no secret is at home anywhere.
AT_HOME = {"email": {"account"}, "prompt": {"generation", "image"}}
FAULTS = ("html_error", "unauthorised", "garbage_json", "redirect")


@pytest.fixture(scope="module")
def canaries() -> dict[str, str]:
    """One word for each place, found nowhere else."""
    return {name: f"canary{name.replace('_', '')}{secrets.token_hex(6)}" for name in NAMES}


@pytest.fixture
def database(postgres_server: str, canaries: dict[str, str]) -> Iterator[str]:
    """A fresh database whose address carries a password."""
    name = f"logs_{secrets.token_hex(4)}"
    admin = create_engine(async_url(postgres_server), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = make_url(postgres_server).set(database=name, password=canaries["database"])
    yield url.render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def served(tmp_path: Path, database: str, canaries: dict[str, str], stand_in: StandIn) -> Iterator[Served]:
    """A server that logs all it can."""
    settings = {"DATABASE_URL": database, "OPENAI_API_KEY": f"sk-{canaries['key']}", "OPENAI_BASE_URL": stand_in.base_url}
    with a_server(tmp_path, LOG_LEVEL="debug", LEASE_S="4", **settings) as server:
        yield server


def by_the_doors(client: httpx.Client, words: dict[str, str]) -> list[httpx.Response]:
    """Register, fail to sign in, sign in, and send what no form sends."""
    person = {"email": f"{words['email']}@example.org", "handle": "ines", "password": words["password"]}
    wrong = {"email": person["email"], "password": words["wrong_password"]}
    browser = {"Accept": "text/html"}
    return [
        client.post("/auth/register", data={**person, "handle": "x"}),
        client.post("/auth/register", data=person),
        client.post("/auth/register", data=person),
        client.post("/auth/sign-in", data=wrong),
        client.post("/auth/sign-in", data=wrong, headers=browser),
        client.post("/auth/sign-in", data={**person, "next": f"https://evil.example/{words['query']}"}),
        client.post("/auth/sign-in", content=f'{{"password": "{words["password"]}"', headers={"Content-Type": "application/json"}),
        client.post("/auth/sign-in", content=words["password"].encode() + b"\xff=\xfe"),
        client.post("/auth/claim", data={"token": words["token"]}),
        client.get(f"/claim?token={words['token']}"),
        client.get(f"/api/x?key={words['query']}", headers={"Authorization": f"Bearer {words['header']}", "X-Api-Key": words["header"]}),
        client.get(f"/media/{words['query']}/512?signature={words['query']}"),
        client.get(f"/media/live/{words['query']}/{words['query']}"),
        client.get(f"/image/{words['query']}", headers={"Cookie": f"sid={words['cookie']}"}),
        client.get("/", headers={"Host": "elsewhere.example"}),
    ]


async def by_the_socket(url: str, cookie: str, words: dict[str, str]) -> None:
    """Ask for pictures the provider fails at, and call handlers as no page does."""
    form = {"prompt": f"a boat {words['prompt']}", "model": MODEL, "size": "1024x1024", "images": "1"}
    async with a_socket(url, cookie=cookie, headers={"X-Internal": words["header"]}) as page:
        await page.load("/create")
        for _ in range(3):
            await page.send(f"{CREATE}.generate", {"form": form})
        for changed in (
            {"negative_prompt": words["negative"]},
            {"images": words["argument"]},
            {"size": words["argument"]},
            {"model": words["argument"]},
            {words["argument"]: "x"},
        ):
            await page.send(f"{CREATE}.generate", {"form": {**form, **changed}})
        await page.send(f"{CREATE}.choose_count", {"count": words["argument"]})
        await page.send(f"{CREATE}.cancel", {"generation_id": words["argument"], words["argument"]: 1})
        await page.send(f"{CREATE}.{words['name']}", {"x": words["argument"]})
        await page.send(words["name"], words["argument"])
        await page.send(f"{IMAGE}.set_favourite", {"favourite": words["argument"]}, f"/image/{words['query']}")
        await page.settle()
    with pytest.raises(SocketRefused):
        async with a_socket(url, cookie=words["cookie"], token=words["token"]):
            pass
    async with a_socket(url, cookie=words["cookie"]) as page:
        await page.load(f"/create?prompt={words['query']}")
        await page.client.emit(words["name"], words["argument"], namespace="/_event")
        await page.settle()


def rows(url: str) -> dict[str, str]:
    """Everything in every table, as text."""
    engine = create_engine(async_url(url))
    try:
        with engine.connect() as connection:
            return {table.name: repr(connection.execute(table.select()).all()) for table in metadata.sorted_tables}
    finally:
        engine.dispose()


def until_ended(url: str, sets: int) -> None:
    """Wait until every set that was asked for has ended."""
    engine, ends_at = create_engine(async_url(url)), time.monotonic() + 40
    question = text("SELECT count(*) FROM generation WHERE ended_at IS NOT NULL")
    try:
        while time.monotonic() < ends_at:
            with engine.connect() as connection:
                if connection.execute(question).scalar_one() >= sets:
                    return
            time.sleep(0.1)
    finally:
        engine.dispose()
    pytest.fail("the sets did not end")


async def test_no_secret_reaches_the_log_an_answer_or_another_table(served, database, canaries, stand_in):
    stand_in.script(*({"fault": fault, "retry_after": "1"} for fault in FAULTS))
    with a_client(served) as client:
        answers = by_the_doors(client, canaries)
        cookie = client.cookies["sid"]
        words = {**canaries, "session": cookie}
        await by_the_socket(served.url, cookie, words)
        await asyncio.to_thread(until_ended, database, 2)
        stored = rows(database)
    served.stop()

    log = served.log
    assert [event for event in ("provider.failed", "handler.refused", "request.refused") if event not in log] == []
    assert [name for name, word in words.items() if word in log] == []
    told = "".join(f"{answer.status_code} {answer.headers} {answer.text}" for answer in answers if answer.status_code != 200)
    assert len(told) > 1_000
    assert [name for name, word in words.items() if word in told and name != "session"] == []
    assert {answer.status_code for answer in answers} >= {200, 303, 401, 404, 409, 421, 422}
    strays = {name: {table for table, text in stored.items() if word in text} - AT_HOME.get(name, set()) for name, word in words.items()}
    assert {name: tables for name, tables in strays.items() if tables} == {}
    assert canaries["prompt"] in stored["generation"]
    assert stored["q_attempt"] != "[]"


def test_a_database_that_cannot_be_reached_is_not_told_with_its_password(tmp_path, canaries):
    environment = {"DATABASE_URL": f"postgresql://ines:{canaries['database']}@127.0.0.1:1/studio", "DATA_DIR": str(tmp_path), "PATH": ""}
    for command in (["migrate"], ["serve", "--port", "0"]):
        told = ended(main, command, environment=environment)

        assert told.returncode != 0
        assert told.stderr
        assert canaries["database"] not in told.stdout + told.stderr
