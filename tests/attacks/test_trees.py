"""R6-R9, R26-R28: whose state tree a connection opens, what of it is ever written down, and what is left after a power cut."""

from __future__ import annotations

import contextlib
import functools
import operator
import os
import pickletools
import sqlite3
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from socketio.exceptions import ConnectionError as SocketRefused

from pixelstudio.db import engine as engine_module
from pixelstudio.db.engine import make_engine
from tests.attacks.conftest import Person
from tests.attacks.rawsocket import ROOT_STATE, a_socket
from tests.attacks.walls import holds
from tests.serving import ROOT, Served, a_client, a_server, register

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]

CREATE = f"{ROOT_STATE}.pixelstudio___ui___create___create_state____create_state"
PROMPT = "a canary of copper over a quiet harbour"


async def leave_a_tree(server: Served, cookie: str, token: str) -> None:
    """Open a page with a recipe in its address, so that the tree knows something; then leave."""
    async with a_socket(server.url, cookie=cookie, token=token) as page:
        await page.load("/create")
        await page.send(
            f"{CREATE}.generate", {"form": {"prompt": PROMPT, "model": "sketch-paper", "size": "512x512", "images": "1", "seed": "7"}}
        )
        assert await page.hears(PROMPT)


async def test_r6_a_token_in_a_header_opens_nothing(proof, nora):
    async def attack(server: Served) -> bool:
        async with a_socket(server.url, cookie=nora.cookie) as hers:
            with a_client(server) as client:
                answer = client.post("/_upload", headers={"reflex-client-token": hers.token}, files={"files": ("x.svg", b"<svg/>")})
            return answer.status_code != 404

    await holds(proof, "place", attack)


@pytest.mark.parametrize("thief", ["a stranger", "another member"])
async def test_r7_a_token_that_was_stolen_opens_an_empty_tree(proof, nora, thief):
    with a_client(proof) as client:
        cookie = "" if thief == "a stranger" else register(client, f"thief{uuid.uuid4().hex[:8]}")

    async def attack(server: Served) -> bool:
        token = str(uuid.uuid4())
        await leave_a_tree(server, nora.cookie, token)
        async with a_socket(server.url, cookie=cookie, token=token) as his:
            await his.send(f"{ROOT_STATE}.hydrate", {}, "/")
            return await his.hears(PROMPT)

    await holds(proof, "tree", attack)


@pytest.mark.parametrize("token", ["fixed", "x" * 5_000])
async def test_r8_a_token_somebody_made_up_opens_nothing(proof, token):
    async def attack(server: Served) -> bool:
        try:
            async with a_socket(server.url, token=token):
                return True
        except SocketRefused:
            return False

    await holds(proof, "uuid", attack)


async def test_r9_no_log_line_has_a_token(proof):
    async def attack(server: Served) -> bool:
        async with a_socket(server.url) as page:
            await page.load("/")
            return page.token in server.log

    await holds(proof, "log", attack)


@pytest.fixture(scope="module")
def stores(tmp_path_factory) -> dict[str, list[str]]:
    """What becomes of a planted pickle and of a state that is kept: with the store we chose, and with Reflex's own."""
    found = {}
    for kind, other in (("ours", ""), ("reflex's", _DISK)):
        folder = tmp_path_factory.mktemp("store")
        command = [sys.executable, "-W", "ignore", "-c", f"from pixelstudio.ui import framework\n{other}{_KEEP}"]
        ran = subprocess.run(
            command, capture_output=True, text=True, check=True, timeout=60, cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), "REFLEX_STATES_WORKDIR": str(folder / ".states"), "REFLEX_STATE_MANAGER_DISK_DEBOUNCE_SECONDS": "0"},
        )  # fmt: skip
        found[kind] = ran.stdout.split()
    return found


_DISK = """
made = framework.configuration
def on_disk():
    config = made()
    config.state_manager_mode = framework.rx.constants.StateManagerMode.DISK
    return config
framework.configuration = on_disk
"""
_KEEP = """
import asyncio, hashlib, pathlib, pickle, reflex as rx
framework.configure()
from reflex.istate.manager import StateManager
from reflex.istate.manager.token import BaseStateToken
class Planted:
    def __reduce__(self):
        return print, ("planted-code-ran",)
class Tree(rx.State):
    n: int = 0
async def main():
    folder, manager = pathlib.Path(".states"), StateManager.create()
    folder.mkdir(exist_ok=True)
    tokens = [BaseStateToken(ident=name, cls=Tree) for name in ("one", "two")]
    root = tokens[0].with_cls(Tree.get_root_state())
    (folder / f"{hashlib.md5(str(root).encode()).hexdigest()}.pkl").write_bytes(pickle.dumps(Planted()))
    await manager.get_state(tokens[0])
    async with manager.modify_state(tokens[1]) as state:
        (await state.get_state(Tree)).n = 1
    await manager.close()
    print("kept-on-disk" if len(list(folder.iterdir())) > 1 else "kept-nowhere")
asyncio.run(main())
"""


def test_r26_no_state_is_ever_read_from_a_pickle(stores):
    """Reflex's other stores load pickles, which run what they contain. Ours is the memory of the process."""
    assert ("planted-code-ran" in stores["ours"], "planted-code-ran" in stores["reflex's"]) == (False, True)


def test_r26_what_is_written_belongs_to_one_user_alone(tmp_path, monkeypatch):
    """Without the wall others on the machine read the database. Pictures have modes of their own: tests/storage/test_local.py."""

    def rights_of_others(folder: Path) -> int:
        engine = make_engine(f"sqlite:///{folder / 'studio.db'}").sync_engine
        engine.dispose()
        with contextlib.closing(sqlite3.connect(folder / "studio.db")) as connection:
            connection.execute("CREATE TABLE kept (secret TEXT)")
        return functools.reduce(operator.or_, (path.stat().st_mode for path in (folder, *folder.iterdir()))) & 0o077

    assert rights_of_others(tmp_path / "walled") == 0
    monkeypatch.setattr(engine_module, "_make_private", lambda path: path.parent.mkdir())
    assert rights_of_others(tmp_path / "open") != 0


def test_r27_a_full_disk_takes_no_state_for_none_is_written(stores):
    assert ("kept-nowhere" in stores["ours"], "kept-on-disk" in stores["reflex's"]) == (True, True)


async def test_r27_a_visit_writes_no_state_to_the_disk(server, marc):
    async with a_socket(server.url, cookie=marc.cookie) as page:
        await page.load("/create")
    written = [path for path in (server.folder / "data").rglob("*") if path.is_file()]

    assert {path.name.partition(".")[0] for path in written if {"objects", "films"}.isdisjoint(path.parts)} == {
        "pixelstudio",
        "tokens",
        "recipes",
    }
    assert not any(_is_pickle(path.read_bytes()[:64]) for path in written)


def _is_pickle(head: bytes) -> bool:
    try:
        return len(head) > 1 and next(pickletools.genops(head))[0].name == "PROTO"
    except ValueError:
        return False


async def test_r28_after_a_power_cut_people_are_still_signed_in(tmp_path):
    """What a state tree holds is gone then. The row is what is left: without it she has to sign in again."""
    with a_server(tmp_path) as server:
        with a_client(server) as client:
            lena = Person("lena", register(client, "lena"))
        server.kill()
        server.start()
        assert await is_known(server, lena)

        with contextlib.closing(sqlite3.connect(tmp_path / "data" / "pixelstudio.db", timeout=5)) as connection, connection:
            connection.execute("DELETE FROM sign_in_session")
        assert not await is_known(server, lena)


async def is_known(server: Served, person: Person) -> bool:
    """Whether a page opened with their cookie greets them."""
    async with a_socket(server.url, cookie=person.cookie) as page:
        await page.load("/create")
        return f'"handle_rx_state_": "{person.handle}"' in page.heard()
