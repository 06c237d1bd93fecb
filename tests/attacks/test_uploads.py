"""R17-R19, R24: bytes nobody asked for, paths that climb, files nobody may read, and values in the log."""

from __future__ import annotations

import contextlib

import httpx
import pytest

from pixelstudio.core.errors import NotFound
from pixelstudio.storage import local
from pixelstudio.storage.local import LocalStorage
from tests.attacks.rawsocket import ROOT_STATE, a_socket
from tests.attacks.walls import holds
from tests.attacks.wire import connection, raw_request
from tests.serving import TRUST, Served

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]

STRAY = f"{ROOT_STATE}.tests___attacks___stray____stray"
MIB = 1024 * 1024


async def accepted_bytes(server: Served, path: str, size: int) -> int:
    """How much of a body of `size` the server took before it answered or hung up."""
    reader, writer = await connection(server)
    writer.write(
        f"POST {path} HTTP/1.1\r\nHost: localhost:{server.port}\r\nOrigin: {server.url}\r\nContent-Length: {size}\r\n\r\n".encode()
    )
    sent = 0
    with contextlib.suppress(ConnectionError):
        while sent < size and not reader.at_eof():
            writer.write(b"x" * 65_536)
            await writer.drain()
            sent += 65_536
    writer.close()
    return sent


@pytest.mark.parametrize(("path", "wall"), [("/_upload", "place"), ("/auth/sign-in", "size")])
async def test_r17_nobody_fills_the_server_with_a_large_body(proof, path, wall):
    """What the client could send fits into the buffers on the way: the server read at most the first piece."""

    async def attack(server: Served) -> bool:
        return await accepted_bytes(server, path, 32 * MIB) >= 32 * MIB

    await holds(proof, wall, attack)


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/passwd",
        "/..%2f..%2fetc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/assets/..%2f..%2f..%2frxconfig.py",
        "/assets/....//rxconfig.py",
        "/..%5c..%5crxconfig.py",
        "/%00",
        "/media/..%2f..%2fpixelstudio.db/256",
        "/media/%2e%2e/original",
        "/art/%252e%252e/rxconfig.py",
    ],
)
async def test_r18_no_path_climbs_out_of_the_pages(server, path):
    """Uploads, where this was found, are closed; what serves files joins paths itself and is asked the same."""
    answer = await raw_request(server, f"GET {path} HTTP/1.1\r\nHost: localhost:{server.port}\r\n")

    assert answer.split(b" ", 2)[1] in {b"400", b"404"}
    assert b"root:" not in answer
    assert b"import" not in answer.partition(b"\r\n\r\n")[2][:200]


async def test_r18_no_name_climbs_out_of_the_folder_of_pictures(tmp_path, monkeypatch):
    """Bytes have names we made of them; a name that somebody made up is refused before it is a path."""
    secret = tmp_path / "secret.txt"
    secret.write_bytes(b"root:x:0:0")
    storage = LocalStorage(tmp_path / "objects")

    for name in (str(secret), "../../secret.txt", "..", "", "a" * 63 + "/", "A" * 64):
        with pytest.raises((NotFound, ValueError)):
            await storage.get(name)
    monkeypatch.setattr(local, "checked", lambda name: name)

    assert await storage.get(str(secret)) == b"root:x:0:0"


async def test_r19_what_lies_in_the_upload_folder_is_not_served(proof):
    async def attack(server: Served) -> bool:
        async with httpx.AsyncClient(trust_env=False, verify=TRUST) as client:
            return (await client.get(f"{server.url}/_upload/planted.svg")).status_code == 200

    await holds(proof, "closed", attack)


async def test_r24_a_value_that_does_not_fit_is_not_logged(proof):
    """Without the list of names, Reflex itself converts the value by its annotation, and warns with it."""
    calls = 0

    async def attack(server: Served) -> bool:
        nonlocal calls
        calls += 1
        secret = f"hunter2-PLAINTEXT-{calls}"
        async with a_socket(server.url) as page:
            await page.send(f"{STRAY}.mint", {"n": secret})
            await page.settle()
        return secret in server.log

    await holds(proof, "names", attack)
