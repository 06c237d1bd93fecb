"""R10, R12, R14, R29, R30: foreign pages, names and paths that lead elsewhere, and the headers of every answer."""

from __future__ import annotations

import re

import httpx
import pytest
from socketio.exceptions import ConnectionError as SocketRefused

from pixelstudio.edge.policy import script_hashes
from tests.attacks.rawsocket import a_socket
from tests.attacks.walls import holds
from tests.attacks.wire import raw_request
from tests.serving import TRUST, Served, a_client

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]

PAGES = ["/", "/register", "/login", "/claim", "/forgot", "/reset", "/create", "/library", "/image/abc", "/nothing-here"]


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example"])
async def test_r10_no_other_origin_opens_the_socket(proof, nora, origin):
    async def attack(server: Served) -> bool:
        try:
            async with a_socket(server.url, cookie=nora.cookie, origin=origin):
                return True
        except SocketRefused:
            return False

    await holds(proof, "origin", attack)


@pytest.mark.parametrize("path", ["/auth/sign-out", "/auth/forgot", "/auth/reset"])
@pytest.mark.parametrize("origin", [None, "null", "https://evil.example", "http://localhost:1"])
async def test_r10_no_other_origin_changes_anything(proof, origin, path):
    async def attack(server: Served) -> bool:
        async with httpx.AsyncClient(trust_env=False, verify=TRUST) as client:
            headers = {"Origin": origin} if origin else {}
            answer = await client.post(f"{server.url}{path}", headers=headers)
        return answer.status_code == 303

    await holds(proof, "origin", attack)


@pytest.mark.parametrize("method", ["GET", "OPTIONS", "POST"])
@pytest.mark.parametrize("path", ["/", "/_upload", "/auth/sign-in", "/api/x", "/healthz"])
def test_r10_no_other_origin_may_read_an_answer(server, method, path):
    """Two walls: Reflex is told of no origin, and the edge takes off every such header; tests/edge shows the second by itself."""
    asks = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x"}

    answer = httpx.request(method, f"{server.url}{path}", headers=asks, trust_env=False, verify=TRUST)

    assert [name for name in answer.headers if name.startswith("access-control")] == []


@pytest.mark.parametrize("path", ["/", "/healthz", "/auth/whatever"])
async def test_r10_no_other_origin_may_read_though_reflex_would_let_everybody(proof, path):
    """On this server Reflex is told what it is told by default: every origin, with credentials."""

    async def attack(server: Served) -> bool:
        async with httpx.AsyncClient(trust_env=False, verify=TRUST) as client:
            answer = await client.get(f"{server.url}{path}", headers={"Origin": "https://evil.example", "Cookie": "sid=x"})
        return answer.headers.get("access-control-allow-origin") in {"*", "https://evil.example"}

    await holds(proof, "foreign readers", attack)


async def test_r12_headers_of_proxies_are_not_shown_to_the_browser(proof):
    async def attack(server: Served) -> bool:
        async with a_socket(server.url, headers={"X-Internal-Proxy": "secret-of-the-house"}) as page:
            await page.load("/")
            return await page.hears("secret-of-the-house")

    await holds(proof, "handshake", attack)


@pytest.mark.parametrize("wanted", ["javascript:alert('R1')", "https://evil.example", "//evil.example", "/\\evil.example", "/ok\r\nX: y"])
async def test_r14_signing_in_leads_nowhere_else(proof, nora, wanted):
    async def attack(server: Served) -> bool:
        with a_client(server) as client:
            form = {"email": f"{nora.handle}@example.org", "password": "correct horse battery", "next": wanted}
            answer = client.post("/auth/sign-in", data=form)
        assert answer.status_code == 200, answer.text
        return answer.json()["next"] == wanted

    await holds(proof, "next", attack)


@pytest.mark.parametrize("path", ["//evil.example/%2f..", "//evil.example", "/\\evil.example/..", "/create//evil.example/"])
async def test_r29_no_path_leads_to_another_host(server, path):
    answer = await raw_request(server, f"GET {path} HTTP/1.1\r\nHost: evil.example:1\r\n")
    asked_here = await raw_request(server, f"GET {path} HTTP/1.1\r\nHost: localhost:{server.port}\r\n")

    assert answer.startswith(b"HTTP/1.1 421")
    assert b"\r\nlocation:" not in asked_here.lower()


async def test_r29_a_path_with_two_meanings_is_not_there(proof):
    async def attack(server: Served) -> bool:
        answer = await raw_request(server, f"GET // HTTP/1.1\r\nHost: localhost:{server.port}\r\n")
        return not answer.startswith(b"HTTP/1.1 404")

    await holds(proof, "closed", attack)


async def test_r29_no_page_is_made_for_a_name_that_is_not_ours(proof):
    """Otherwise its links would lead there: what a page says of itself begins with the name it was asked by."""

    async def attack(server: Served) -> bool:
        return b"http://evil.example:1/" in await raw_request(server, "GET / HTTP/1.1\r\nHost: evil.example:1\r\n")

    await holds(proof, "host", attack)


async def test_r30_pages_carry_every_header(proof):
    wanted = {
        "content-security-policy", "x-frame-options", "x-content-type-options", "referrer-policy", "permissions-policy",
        "cross-origin-opener-policy", "cross-origin-resource-policy", "cache-control",
    }  # fmt: skip

    async def attack(server: Served) -> bool:
        async with httpx.AsyncClient(base_url=server.url, trust_env=False, verify=TRUST) as client:
            answers = [await client.get(path) for path in PAGES]
        return any(not wanted <= set(answer.headers) for answer in answers)

    await holds(proof, "headers", attack)


@pytest.mark.parametrize("path", PAGES)
def test_r30_every_script_of_a_page_is_named_by_its_policy_and_nothing_else_may_run(server, path):
    page = httpx.get(f"{server.url}{path}", trust_env=False, verify=TRUST, follow_redirects=True)
    policy = {words[0]: set(words[1:]) for part in page.headers["content-security-policy"].split(";") if (words := part.split())}

    assert script_hashes(page.text)
    assert script_hashes(page.text) <= policy["script-src"]
    assert not {"'unsafe-inline'", "'unsafe-eval'", "*", "data:", "blob:"} & policy["script-src"]
    assert re.findall(r"<\w+[^>]*\son\w+=", page.text) == []


KEPT = {
    "/": "no-cache",
    "/claim": "no-cache",
    "/forgot": "no-cache",
    "/reset": "no-cache",
    "/create": "private, no-store",
    "/app.css": "no-cache",
    "/studio.js": "no-cache",
    "/fonts/instrument-sans-latin.woff2": "public, max-age=604800",
    "/art/coral-dunes.webp": "public, max-age=86400",
    "/favicon.svg": "public, max-age=86400",
    "/healthz": "no-store",
    "/api/nothing": "no-store",
    "/media/abc/256": "no-store",
    "/nothing-here": "no-store",
    "/assets/nothing.js": "no-store",
    "/_upload": "no-store",
}


@pytest.mark.parametrize("path", KEPT)
def test_each_kind_of_answer_says_how_long_it_is_kept(server, path):
    assert httpx.get(f"{server.url}{path}", trust_env=False, verify=TRUST).headers["cache-control"] == KEPT[path]


def test_the_bundle_is_kept_for_ever_but_for_the_file_that_names_the_server(server):
    page = httpx.get(server.url, trust_env=False, verify=TRUST).text
    files = set(re.findall(r"/assets/[\w.-]+\.(?:js|css)", page))
    kept = {path: httpx.get(f"{server.url}{path}", trust_env=False, verify=TRUST).headers["cache-control"] for path in files}

    assert {cache for path, cache in kept.items() if "reflex-env" in path} == {"no-cache"}
    assert {cache for path, cache in kept.items() if "reflex-env" not in path} == {"public, max-age=31536000, immutable"}


@pytest.mark.parametrize(
    "path", ["/_upload", "/_upload/x", "/_all_routes", "/auth-codespace", "/ping", "/_health", "/admin", "/docs", "/openapi.json", "/redoc"]
)
def test_a_debug_route_answers_like_whatever_is_not_there(server, path):
    unknown, closed = (
        httpx.get(f"{server.url}{p}", trust_env=False, verify=TRUST, follow_redirects=False) for p in ("/nothing-here", path)
    )

    assert (closed.status_code, closed.text) == (404, unknown.text)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_whoever_talks_json_is_answered_in_json(server, method):
    with a_client(server) as client:
        answer = client.request(method, "/api/no/such/thing")

    assert (answer.status_code, answer.json()["status"]) == (404, 404)
