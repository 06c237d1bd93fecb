"""The door: which requests and sockets get in."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest

from pixelstudio.core.ids import secret_digest
from pixelstudio.core.limits import MESSAGES_BURST, SOCKET_MESSAGE_MAX_BYTES
from pixelstudio.edge.bodies import Patience, body_bound
from pixelstudio.edge.crowd import Allowance
from pixelstudio.edge.door import Edge
from pixelstudio.edge.origins import parse_origin
from pixelstudio.edge.walls import HTTP_WALLS, SOCKET_WALLS, Rules, Wall
from tests.edge.caller import Inside, call, shake_hands

OWN = "http://localhost:3000"
PUBLIC = Rules(public=parse_origin("https://studio.example.org"), proxy_hops=1)


@pytest.fixture
def inside() -> Inside:
    return Inside()


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ((b"Accept-Encoding, Origin", b"Origin"), "Accept-Encoding"),
        ((b"Accept-Encoding, Cookie", b"Cookie, origin"), "Accept-Encoding, Cookie"),
        ((b"Origin", b"Origin"), None),
        ((b"*",), "*"),
    ],
)
async def test_no_answer_says_that_another_origin_would_get_another_one(said: tuple[bytes, ...], kept: str | None) -> None:
    answer = await call(Edge(Inside(vary=said), Rules()))

    assert answer.headers.get("vary") == kept


@pytest.mark.parametrize("host", ["localhost:3000", "127.0.0.1:3000", "192.168.1.20:3000", "[::1]:3000", "studio.localhost", "10.0.0.7"])
async def test_addresses_and_localhost_are_answered(inside: Inside, host: str) -> None:
    assert (await call(Edge(inside, Rules()), host=host)).status == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:3000", "studio.example.org"])
async def test_a_name_anybody_could_point_here_is_refused_with_a_sentence(inside: Inside, host: str) -> None:
    answer = await call(Edge(inside, Rules()), host=host)

    assert (answer.status, inside.scopes) == (421, [])
    assert b"PUBLIC_URL" in answer.body


@pytest.mark.parametrize(
    "host",
    [None, "", "local host", "user@localhost", "localhost:99999", "localhost/x", "x;script-src *;.localhost", "x'.localhost", "[::1"],
)
async def test_a_malformed_host_is_refused(inside: Inside, host: str | None) -> None:
    assert (await call(Edge(inside, Rules()), host=host)).status in {400, 421}
    assert inside.scopes == []


async def test_two_hosts_are_refused(inside: Inside) -> None:
    assert (await call(Edge(inside, Rules()), headers={"Host": "127.0.0.1"})).status == 400


async def test_the_public_name_is_answered(inside: Inside) -> None:
    assert (await call(Edge(inside, PUBLIC), host="studio.example.org")).status == 200


CLOSED = ["/_upload", "/_upload/a.svg", "/_all_routes", "/auth-codespace", "/ping", "/_health", "/_event", "//evil.example/", "/a\\b"]


@pytest.mark.parametrize("path", CLOSED)
async def test_what_reflex_opens_beside_its_pages_answers_as_whatever_is_not_there(inside: Inside, path: str) -> None:
    await call(Edge(inside, Rules()), "GET", path)

    assert (inside.scopes[0]["path"], inside.scopes[0]["raw_path"]) == ("/-/nowhere", b"/-/nowhere")


@pytest.mark.parametrize("path", [*CLOSED, "/", "/create", "/media/x/256", "/healthz"])
async def test_what_takes_no_body_is_not_there_for_changes(inside: Inside, path: str) -> None:
    answer = await call(Edge(inside, Rules()), "POST", path, headers={"Origin": OWN})

    assert (answer.status, inside.scopes, answer.headers["connection"]) == (404, [], "close")


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


@pytest.mark.parametrize("path", ["/auth/sign-in", "/api/x"])
async def test_an_endless_body_is_cut_off(inside: Inside, path: str) -> None:
    most = body_bound(path)
    assert most
    undeclared = await call(Edge(inside, Rules()), "POST", path, headers={"Origin": OWN}, body=[b"x" * (most // 2)] * 3)
    declared = await call(Edge(inside, Rules()), "POST", path, headers={"Origin": OWN, "Content-Length": str(most + 1)})

    assert (undeclared.status, declared.status, inside.scopes) == (413, 413, [])


@pytest.mark.parametrize(
    "patience", [Patience(grace_s=0.05, bytes_per_second=10, deadline_s=9), Patience(grace_s=9, bytes_per_second=1, deadline_s=0.05)]
)
async def test_a_body_that_drips_is_not_waited_for(inside: Inside, patience: Patience) -> None:
    edge = Edge(inside, Rules(), patience=patience)

    answer = await call(edge, "POST", "/auth/sign-in", headers={"Origin": OWN}, body=[b"x", *[b""] * 50], pause_s=0.02)

    assert (answer.status, inside.scopes) == (408, [])


@pytest.mark.parametrize("headers", [{"Content-Length": "5"}, {"Transfer-Encoding": "chunked"}])
async def test_who_reads_brings_no_body(inside: Inside, headers: dict[str, str]) -> None:
    assert (await call(Edge(inside, Rules()), headers=headers)).status == 400
    assert inside.scopes == []


async def test_programs_are_refused_in_json_and_people_in_a_sentence(inside: Inside) -> None:
    program = await call(Edge(inside, Rules()), "POST", "/api/x", headers={"Origin": "null"})
    script = await call(Edge(inside, Rules()), "POST", "/auth/sign-in", headers={"Accept": "application/json"})
    person = await call(Edge(inside, Rules()), "POST", "/auth/sign-in")

    for answer in (program, script):
        assert answer.headers["content-type"] == "application/json"
        assert json.loads(answer.body)["code"] == "origin_foreign"
    assert person.body == b"This can only be done from Pixel Studio's own pages.\n"


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/api/generate", {}, 200),
        ("/api/generate", {"Authorization": "Bearer x"}, 200),
        ("/api/generate", {"Origin": OWN, "Cookie": "sid=x"}, 200),
        ("/api/generate", {"Cookie": "sid=x"}, 403),
        ("/api/generate", {"Cookie": "other=x", "Authorization": "Bearer x"}, 403),
        ("/api/generate", {"Origin": "https://evil.example", "Authorization": "Bearer x"}, 403),
        ("/api/generate", {"Origin": "null"}, 403),
        ("/auth/sign-in", {}, 403),
        ("/auth/api/", {"Authorization": "Bearer x"}, 403),
    ],
)
async def test_programs_pass_without_origin_as_long_as_they_bring_no_cookie(
    inside: Inside, path: str, headers: dict[str, str], status: int
) -> None:
    assert (await call(Edge(inside, Rules()), "POST", path, headers=headers, body=[b"{}"])).status == status


async def test_an_address_that_asks_too_much_is_told_when_to_come_back(inside: Inside) -> None:
    edge = Edge(inside, Rules(allowance=Allowance(requests_per_second=0.1)))  # three at once, then one in ten seconds

    answers = [await call(edge) for _ in range(4)]

    assert [answer.status for answer in answers] == [200, 200, 200, 429]
    assert (answers[-1].headers["retry-after"], answers[-1].headers["cache-control"]) == ("10", "no-store")
    assert answers[-1].body.endswith(b"try again.\n")


async def test_claimed_addresses_do_not_help_and_trusted_ones_count_apart(inside: Inside) -> None:
    rules = Rules(allowance=Allowance(requests_per_second=0.1))
    alone, behind = Edge(inside, rules), Edge(inside, replace(rules, proxy_hops=1))
    claims = [{"X-Forwarded-For": f"198.51.100.{n}", "X-Real-IP": f"198.51.100.{n}", "Forwarded": f"for=198.51.100.{n}"} for n in range(8)]

    assert [(await call(alone, headers=claim)).status for claim in claims].count(429) == 5
    assert [(await call(behind, headers=claim)).status for claim in claims].count(429) == 0


async def test_an_address_holds_so_many_sockets_and_gets_one_back_when_one_closes(inside: Inside) -> None:
    edge = Edge(inside, Rules(allowance=Allowance(sockets=2)))
    async with asyncio.TaskGroup() as group:
        open_ = [group.create_task(shake_hands(edge, origin=OWN, holds_s=0.2)) for _ in range(2)]
        await asyncio.sleep(0.05)
        refused = await shake_hands(edge, origin=OWN, extended=True)

    assert [sent.result()[0]["type"] for sent in open_] == ["websocket.accept"] * 2
    assert (refused[0]["type"], refused[0]["status"]) == ("websocket.http.response.start", 429)
    assert dict(refused[0]["headers"])[b"retry-after"]
    assert edge._crowd._open.total() == 0


async def test_foreign_pages_do_not_use_up_an_addresses_sockets(inside: Inside) -> None:
    edge = Edge(inside, Rules(allowance=Allowance(sockets=2)))

    for _ in range(9):
        await shake_hands(edge, origin="https://evil.example")

    assert await shake_hands(edge, origin=OWN) == [{"type": "websocket.accept"}]


async def test_behind_a_proxy_that_writes_ports_an_address_is_one_all_the_same(inside: Inside) -> None:
    edge = Edge(inside, Rules(proxy_hops=1, allowance=Allowance(requests_per_second=1)))

    statuses = [(await call(edge, headers={"X-Forwarded-For": f"198.51.100.7:{port}"})).status for port in range(4_000, 4_031)]

    assert {scope["client"][0] for scope in inside.scopes} == {"198.51.100.7"}
    assert statuses[-1] == 429


ATTACKS: dict[str, tuple[dict[str, Any], ...]] = {
    "one_host": ({"host": None},),
    "known_host": ({"host": "evil.example"},),
    "within_rate": ({},) * 31,
    "known_method": ({"method": "OPTIONS", "path": "/api/x", "headers": {"Origin": OWN}},),
    "readable_address": ({"path": "/image/x\u2028"},),
    "reading_brings_nothing": ({"headers": {"Content-Length": "9"}},),
    "change_has_a_place": ({"method": "POST", "path": "/_upload", "headers": {"Origin": OWN}},),
    "own_pages": ({"method": "POST", "path": "/auth/sign-out"},),
}


@pytest.mark.parametrize("wall", HTTP_WALLS, ids=lambda wall: wall.__name__)
async def test_each_wall_stops_what_the_others_let_through(inside: Inside, wall: Wall) -> None:
    rules = Rules(allowance=Allowance(requests_per_second=1))
    whole, open_ = (Edge(inside, rules, http_walls=tuple(w for w in HTTP_WALLS if w is not without)) for without in (None, wall))

    stopped, through = [(await call(whole, **request), await call(open_, **request)) for request in ATTACKS[wall.__name__]][-1]

    assert stopped.status >= 400
    assert through.status == 200


SOCKET_ATTACKS: dict[str, tuple[dict[str, Any], ...]] = {
    "one_host": ({"host": "a b", "origin": OWN},),
    "known_host": ({"host": "evil.example", "origin": "http://evil.example"},),
    "one_socket": ({"path": "/media", "origin": OWN},),
    "own_pages": ({"origin": "https://evil.example"},),
    "room_for_socket": ({"origin": OWN},) * 3,
}


@pytest.mark.parametrize("wall", SOCKET_WALLS, ids=lambda wall: wall.__name__)
async def test_each_wall_before_the_socket_stops_what_the_others_let_through(inside: Inside, wall: Wall) -> None:
    rules = Rules(allowance=Allowance(sockets=2))
    # A malformed host has no origin that could be ours: both walls look at it.
    gone = {wall.__name__, *(["own_pages"] if wall.__name__ == "one_host" else [])}
    whole, open_ = (Edge(inside, rules, socket_walls=tuple(w for w in SOCKET_WALLS if w.__name__ not in out)) for out in ((), gone))

    attack = SOCKET_ATTACKS[wall.__name__]
    stopped, through = [(await shake_hands(whole, **handshake), await shake_hands(open_, **handshake)) for handshake in attack][-1]

    assert (stopped[0]["type"], through[0]["type"]) == ("websocket.close", "websocket.accept")


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "CONNECT", "PROPFIND"])
async def test_preflights_and_odd_methods_are_refused(inside: Inside, method: str) -> None:
    answer = await call(Edge(inside, Rules()), method, headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"})

    assert (answer.status, inside.scopes) == (405, [])
    assert not any(name.startswith("access-control") for name in answer.headers)


async def test_a_foreign_page_may_ask_but_its_scripts_may_not_read(inside: Inside) -> None:
    answer = await call(Edge(inside, Rules()), headers={"Origin": "https://evil.example"})

    assert answer.status == 200
    assert not any(name.startswith("access-control") for name in answer.headers)


async def test_the_socket_opens_for_our_own_pages(inside: Inside) -> None:
    assert await shake_hands(Edge(inside, Rules()), origin=OWN) == [{"type": "websocket.accept"}]


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example", "http://localhost:3001", "https://localhost:3000"])
async def test_the_socket_stays_shut_for_other_origins_and_for_none(inside: Inside, origin: str | None) -> None:
    headers: dict[str, Any] = {"origin": origin} if origin else {}

    sent = await shake_hands(Edge(inside, Rules()), **headers)

    assert ([message["type"] for message in sent], inside.scopes) == (["websocket.close"], [])


async def test_no_other_socket_is_opened(inside: Inside) -> None:
    assert (await shake_hands(Edge(inside, Rules()), "/media", origin=OWN))[0]["type"] == "websocket.close"


async def test_a_long_message_ends_the_socket(inside: Inside) -> None:
    await shake_hands(Edge(inside, Rules()), origin=OWN, message="x" * (SOCKET_MESSAGE_MAX_BYTES + 1))

    assert inside.bodies == [{"type": "websocket.disconnect", "code": 1009}]


async def test_one_message_too_many_ends_the_socket(inside: Inside) -> None:
    async def listening(scope: Any, receive: Any, send: Any) -> None:
        while (message := await receive())["type"] == "websocket.receive":
            inside.bodies.append(message["text"])
        inside.scopes.append(message)

    await shake_hands(Edge(listening, Rules()), origin=OWN, messages=MESSAGES_BURST + 100)

    assert MESSAGES_BURST <= len(inside.bodies) < MESSAGES_BURST + 50
    assert inside.scopes == [{"type": "websocket.disconnect", "code": 1008}]


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
