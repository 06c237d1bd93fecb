"""R6-R9, R26-R28: whose state tree a connection opens, what of it is ever written down, and what is left after a power cut."""

from __future__ import annotations

import pickletools
import uuid

import pytest
from socketio.exceptions import ConnectionError as SocketRefused

from tests.attacks import exposed
from tests.attacks.conftest import Person
from tests.attacks.rawsocket import ROOT_STATE, a_socket
from tests.attacks.walls import holds
from tests.serving import ROOT, Served, a_client, a_server, register

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]

CREATE = f"{ROOT_STATE}.pixelstudio___ui___create___create_state____create_state"
PROMPT = "a canary of copper over a quiet harbour"
STORE = "from reflex.istate.manager import StateManager\nfrom pixelstudio.pixelstudio import app\nprint(type(app.state_manager).__name__)\n"


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


def test_r26_no_state_is_ever_pickled():
    """Reflex's other stores load pickles, which run what they contain. Ours is the memory of the process."""
    assert exposed.ask(STORE).stdout.split()[0] == "StateManagerMemory"
    assert not (ROOT / ".states").exists()


async def test_r27_a_visit_writes_no_state_to_the_disk(server, marc):
    async with a_socket(server.url, cookie=marc.cookie) as page:
        await page.load("/create")
    written = [path for path in (server.folder / "data").rglob("*") if path.is_file()]

    assert {path.name.partition(".")[0] for path in written if "objects" not in path.parts} == {"pixelstudio"}
    assert not any(_is_pickle(path.read_bytes()[:64]) for path in written)


def _is_pickle(head: bytes) -> bool:
    try:
        return len(head) > 1 and next(pickletools.genops(head))[0].name == "PROTO"
    except ValueError:
        return False


async def test_r28_after_a_power_cut_people_are_still_signed_in(tmp_path):
    with a_server(tmp_path) as server:
        with a_client(server) as client:
            lena = Person("lena", register(client, "lena"))
        server.kill()
        server.start()
        async with a_socket(server.url, cookie=lena.cookie) as page:
            await page.load("/create")

            assert '"handle_rx_state_": "lena"' in page.heard()
