"""The door: which requests and sockets get in."""

from __future__ import annotations

from pathlib import Path

import pytest

from pixelstudio.core.ids import secret_digest
from pixelstudio.core.limits import SOCKET_MESSAGE_MAX_BYTES
from pixelstudio.edge.bodies import BODY_MAX_BYTES
from pixelstudio.edge.door import Edge, Rules
from pixelstudio.edge.front_end import FrontEnd
from pixelstudio.edge.origins import parse_origin
from tests.edge.caller import Inside, call, shake_hands

OWN = "http://localhost:3000"
PUBLIC = Rules(public=parse_origin("https://studio.example.org"), proxy_hops=1)


@pytest.fixture
def inside() -> Inside:
    return Inside()


@pytest.mark.parametrize("host", ["localhost:3000", "127.0.0.1:3000", "192.168.1.20:3000", "[::1]:3000", "studio.localhost", "10.0.0.7"])
async def test_addresses_and_localhost_are_answered(inside: Inside, host: str) -> None:
    assert (await call(Edge(inside, Rules()), host=host)).status == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:3000", "studio.example.org"])
async def test_a_name_anybody_could_point_here_is_refused_with_a_sentence(inside: Inside, host: str) -> None:
    answer = await call(Edge(inside, Rules()), host=host)

    assert (answer.status, inside.scopes) == (421, [])
    assert b"PUBLIC_URL" in answer.body


@pytest.mark.parametrize("host", [None, "", "local host", "user@localhost", "localhost:99999", "localhost/x"])
async def test_a_malformed_host_is_refused(inside: Inside, host: str | None) -> None:
    assert (await call(Edge(inside, Rules()), host=host)).status in {400, 421}
    assert inside.scopes == []


async def test_two_hosts_are_refused(inside: Inside) -> None:
    assert (await call(Edge(inside, Rules()), headers={"Host": "127.0.0.1"})).status == 400


async def test_the_public_name_is_answered(inside: Inside) -> None:
    assert (await call(Edge(inside, PUBLIC), host="studio.example.org")).status == 200


@pytest.mark.parametrize(
    "path", ["/_upload", "/_upload/a.svg", "/_all_routes", "/auth-codespace", "/ping", "/_health", "/_event", "//evil.example/", "/a\\b"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_what_reflex_opens_beside_its_pages_is_closed(inside: Inside, path: str, method: str) -> None:
    answer = await call(Edge(inside, Rules()), method, path, headers={"Origin": OWN})

    assert (answer.status, inside.scopes) == (404, [])


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "https://evil.example",
        "http://localhost:3001",
        "https://localhost:3000",
        "http://localhost:3000.evil.example",
        "http://localhost:3000/x",
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_changes_are_only_taken_from_our_own_pages(inside: Inside, origin: str | None, method: str) -> None:
    headers = {"Origin": origin} if origin else {}

    assert (await call(Edge(inside, Rules()), method, "/auth/sign-in", headers=headers)).status == 403
    assert inside.scopes == []


async def test_a_form_of_our_own_is_taken_and_its_body_arrives(inside: Inside) -> None:
    answer = await call(Edge(inside, Rules()), "POST", "/auth/sign-in", headers={"Origin": OWN}, body=[b"email=a", b"&password=b"])

    assert (answer.status, inside.bodies) == (200, [b"email=a&password=b"])


async def test_an_endless_body_is_cut_off(inside: Inside) -> None:
    undeclared = await call(Edge(inside, Rules()), "POST", "/auth/sign-in", headers={"Origin": OWN}, body=[b"x" * 40_000] * 3)
    declared = await call(Edge(inside, Rules()), "POST", "/x", headers={"Origin": OWN, "Content-Length": str(BODY_MAX_BYTES + 1)})

    assert (undeclared.status, declared.status, inside.scopes) == (413, 413, [])


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "CONNECT", "PROPFIND"])
async def test_preflights_and_odd_methods_are_refused(inside: Inside, method: str) -> None:
    answer = await call(Edge(inside, Rules()), method, headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"})

    assert (answer.status, inside.scopes) == (405, [])
    assert not any(name.startswith("access-control") for name in answer.headers)


async def test_a_foreign_page_may_ask_but_its_scripts_may_not_read(inside: Inside) -> None:
    answer = await call(Edge(inside, Rules()), headers={"Origin": "https://evil.example"})

    assert answer.status == 200
    assert not any(name.startswith("access-control") for name in answer.headers)


async def test_every_answer_carries_the_safety_headers(inside: Inside) -> None:
    for answer in (await call(Edge(inside, Rules())), await call(Edge(inside, Rules()), host="evil.example")):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("path", "cache"), [("/assets/root-a1.js", "public, max-age=31536000, immutable"), ("/", "no-cache"), ("/app.css", "no-cache")]
)
async def test_only_hashed_assets_are_kept_for_ever(inside: Inside, path: str, cache: str) -> None:
    assert (await call(Edge(inside, Rules()), path=path)).headers["cache-control"] == cache


async def test_the_socket_opens_for_our_own_pages(inside: Inside) -> None:
    assert await shake_hands(Edge(inside, Rules()), origin=OWN) == [{"type": "websocket.accept"}]


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example", "http://localhost:3001", "https://localhost:3000"])
async def test_the_socket_stays_shut_for_other_origins_and_for_none(inside: Inside, origin: str | None) -> None:
    sent = await shake_hands(Edge(inside, Rules()), **({"origin": origin} if origin else {}))

    assert ([message["type"] for message in sent], inside.scopes) == (["websocket.close"], [])


async def test_no_other_socket_is_opened(inside: Inside) -> None:
    assert (await shake_hands(Edge(inside, Rules()), "/media", origin=OWN))[0]["type"] == "websocket.close"


async def test_a_long_message_ends_the_socket(inside: Inside) -> None:
    await shake_hands(Edge(inside, Rules()), origin=OWN, message="x" * (SOCKET_MESSAGE_MAX_BYTES + 1))

    assert inside.bodies == [{"type": "websocket.disconnect", "code": 1009}]


async def test_the_socket_gets_no_headers_it_could_show_to_a_browser(inside: Inside) -> None:
    await shake_hands(Edge(inside, Rules()), origin=OWN, x_internal_proxy="secret", cookie="sid=abc", x_forwarded_for="1.2.3.4")

    assert {name for name, _ in inside.scopes[0]["headers"]} == {b"host", b"origin", b"cookie"}


async def test_the_session_cookie_of_the_scheme_counts_and_the_other_is_dropped(inside: Inside) -> None:
    await call(Edge(inside, Rules()), headers={"Cookie": "theme=dark; __Host-sid=old; sid=new"})

    assert dict(inside.scopes[0]["headers"])[b"cookie"] == b"theme=dark; sid=new"
    assert inside.scopes[0]["state"]["session_digest"] == secret_digest("new")


async def test_claims_about_addresses_count_only_behind_trusted_proxies(inside: Inside) -> None:
    claims = {"X-Forwarded-For": "6.6.6.6, 198.51.100.7", "X-Forwarded-Proto": "https", "Origin": "https://studio.example.org"}

    await call(Edge(inside, Rules()), headers=claims)
    await call(Edge(inside, PUBLIC), headers=claims, host="studio.example.org")

    alone, behind = inside.scopes
    assert (alone["client"][0], alone["scheme"]) == ("203.0.113.9", "http")
    assert (behind["client"][0], behind["scheme"]) == ("198.51.100.7", "https")
    assert not any(name.startswith(b"x-forwarded") for scope in inside.scopes for name, _ in scope["headers"])


@pytest.fixture
def build(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "create").mkdir()
    for page in ("index", "create", "create/index", "404"):
        (tmp_path / f"{page}.html").write_text(page)
    (tmp_path / "assets" / "reflex-env-AbC_1-.js").write_text(
        "var e={PING:`http://localhost:8000/ping`,EVENT:`ws://localhost:8000/_event`};"
    )
    return tmp_path


@pytest.mark.parametrize(
    ("asked", "led"),
    [("/create", "/create.html"), ("/create/", "/create.html"), ("/", "/"), ("/image/abc", "/image/abc"), ("/assets/x.js", "/assets/x.js")],
)
async def test_a_page_is_served_without_a_redirect(inside: Inside, build: Path, asked: str, led: str) -> None:
    await call(Edge(inside, Rules(), FrontEnd(build)), path=asked)

    assert inside.scopes[0]["path"] == led


@pytest.mark.parametrize(
    ("host", "proto", "address"),
    [("192.168.1.20:8080", "http", "ws://192.168.1.20:8080/_event"), ("studio.example.org", "https", "wss://studio.example.org/_event")],
)
async def test_the_bundle_speaks_to_the_port_it_came_from(inside: Inside, build: Path, host: str, proto: str, address: str) -> None:
    answer = await call(
        Edge(inside, PUBLIC, FrontEnd(build)), path="/assets/reflex-env-AbC_1-.js", host=host, headers={"X-Forwarded-Proto": proto}
    )

    assert f"EVENT:`{address}`" in answer.body.decode()
    assert (answer.headers["cache-control"], inside.scopes) == ("no-cache", [])
