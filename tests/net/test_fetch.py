"""The one door for addresses that others name: where it leads, and everywhere it does not."""

from __future__ import annotations

import asyncio

import pytest

from pixelstudio.net.errors import AnswerUnfit, NetError, NoAnswer
from pixelstudio.net.fetch import BODIES_AT_ONCE, REDIRECTS_MAX, Fetcher, NotAllowed, NotFetched, is_public


@pytest.fixture
async def opened():
    fetchers = []

    def open_with(**options) -> Fetcher:
        fetchers.append(Fetcher(**options))
        return fetchers[-1]

    yield open_with
    for fetcher in fetchers:
        await fetcher.close()


async def answering(answer, requests=None, port=0):
    """A server on loopback that answers everything so; and its address."""

    async def accept(reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        if requests is not None:
            requests.append(head.decode())
        try:
            await answer(head.decode(), writer)
            await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(accept, "127.0.0.1", port)
    return server, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def whole(body: bytes, headers: str = ""):
    async def answer(_head, writer):
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode() + body)

    return answer


def as_named(*addresses: str):
    """A resolver that knows these addresses for every name, one after the other."""
    left = list(addresses)

    async def look_up(_host: str, _port: int) -> list[str]:
        return [left.pop(0)] if len(left) > 1 else left[:1]

    return look_up


# The spellings of the handbook: what the resolver makes of them is what counts, so none gets by.
INSIDE = [
    "https://127.0.0.1/x",
    "https://127.1/x",
    "https://0x7f000001/x",
    "https://2130706433/x",
    "https://①②⑦.⓪.⓪.①/x",
    "https://0/x",
    "https://localhost/x",
    "https://[::1]/x",
    "https://[::]/x",
    "https://[::ffff:127.0.0.1]/x",
    "https://[64:ff9b::7f00:1]/x",
    "https://[2002:7f00:1::]/x",
    "https://[2001:0:7f00:1::]/x",
    "https://[fe80::1]/x",
    "https://[fd00::1]/x",
    "https://10.0.0.1/x",
    "https://172.16.0.1/x",
    "https://192.168.1.1/x",
    "https://169.254.169.254/latest/meta-data",
    "https://100.64.0.1/x",
    "https://192.0.0.192/x",
    "https://224.0.0.1/x",
    "https://255.255.255.255/x",
    "https://198.18.0.1/x",
]


@pytest.mark.parametrize("url", INSIDE)
async def test_nothing_inside_is_fetched_however_it_is_spelt(opened, url) -> None:
    with pytest.raises(NotFetched):
        await opened().fetch(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/x",
        "https://example.org:8443/x",
        "ftp://example.org/x",
        "file:///etc/passwd",
        "https://user:password@example.org/x",
        "https://user@example.org/x",
        "https:///x",
        "https://exa\nmple.org/x",
        "https://example.org:99999/x",
        "data:image/png;base64,AAAA",
        "picture.png",
        "",
    ],
)
async def test_only_https_at_its_own_port_and_without_a_name_in_it(opened, url) -> None:
    with pytest.raises(NotAllowed):
        await opened(look_up=as_named("93.184.215.14")).fetch(url)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("fe80::1%eth0", False),
        ("nonsense", False),
        ("::", False),
    ],
)
def test_what_is_public(address, public) -> None:
    assert is_public(address) is public


async def test_one_private_answer_among_public_ones_is_enough_to_refuse(opened) -> None:
    async def look_up(_host, _port):
        return ["93.184.215.14", "10.0.0.1"]

    with pytest.raises(NotAllowed) as refusal:
        await opened(look_up=look_up).fetch("https://example.org/x")

    assert refusal.value.fields["reason"] == "private_address"


async def test_a_name_is_looked_up_once_and_that_very_address_is_asked_by_that_name(opened) -> None:
    requests: list[str] = []
    server, base = await answering(whole(b"picture"), requests)
    port = base.rsplit(":", 1)[1]

    async with server:
        fetcher = opened(allows_loopback=True, look_up=as_named("127.0.0.1", "10.0.0.1"))
        assert await fetcher.fetch(f"http://pictures.example:{port}/a.png?b=c") == b"picture"

    assert requests[0].startswith("GET /a.png?b=c HTTP/1.1\r\n")
    assert f"pictures.example:{port}" in requests[0]
    assert "ccept-Encoding: identity" in requests[0]
    assert "uthorization" not in requests[0]


async def test_a_redirect_is_looked_at_like_the_first_address(opened) -> None:
    async def away(_head, writer):
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: https://10.0.0.1/secret\r\nContent-Length: 0\r\n\r\n")

    server, base = await answering(away)
    async with server:
        with pytest.raises(NotAllowed):
            await opened(allows_loopback=True).fetch(f"{base}/x")


async def test_redirects_come_to_an_end(opened) -> None:
    requests: list[str] = []

    async def round_and_round(_head, writer):
        writer.write(b"HTTP/1.1 307 Temporary Redirect\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n")

    server, base = await answering(round_and_round, requests)
    async with server:
        with pytest.raises(NotFetched) as failure:
            await opened(allows_loopback=True).fetch(f"{base}/x")

    assert failure.value.fields["reason"] == "redirects"
    assert len(requests) == REDIRECTS_MAX + 1


async def test_only_the_providers_own_domain_where_it_has_one(opened) -> None:
    for url in ("https://evil.example/x", "https://replicate.delivery.evil.example/x", "https://notreplicate.delivery/x"):
        with pytest.raises(NotAllowed) as refusal:
            await opened(look_up=as_named("93.184.215.14")).fetch(url, within=("replicate.delivery",))
        assert refusal.value.fields["reason"] == "foreign_host"


async def test_too_much_packed_up_dripping_and_endless_are_given_up(opened) -> None:
    async def drip(_head, writer):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(100):
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.05)

    async def endless(_head, writer):
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x" * 65536)
            await writer.drain()

    for answer, kind in (
        (whole(b"x" * 2000), AnswerUnfit),
        (whole(b"x", "Content-Encoding: gzip\r\n"), AnswerUnfit),
        (endless, AnswerUnfit),
        (drip, NoAnswer),
    ):
        server, base = await answering(answer)
        async with server:
            with pytest.raises(kind):
                await opened(allows_loopback=True).fetch(f"{base}/x", max_bytes=1000, total_s=0.5)


async def test_so_many_bodies_at_a_time_and_no_more(opened) -> None:
    at_once, most = 0, 0

    async def slowly(_head, writer):
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0.03)
        at_once -= 1
        await whole(b"picture")(_head, writer)

    server, base = await answering(slowly)
    async with server:
        fetcher = opened(allows_loopback=True)
        found = await asyncio.gather(*(fetcher.fetch(f"{base}/{number}") for number in range(30)))

    assert (len(found), most) == (30, BODIES_AT_ONCE)


async def test_what_is_not_there_is_said_without_its_address(opened) -> None:
    async def nothing(_head, writer):
        writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")

    server, base = await answering(nothing)
    async with server:
        with pytest.raises(NotFetched) as failure:
            await opened(allows_loopback=True).fetch(f"{base}/canary-path")

    assert failure.value.fields == {"reason": "status_404"}
    with pytest.raises(NetError):
        await opened(allows_loopback=True).fetch("http://127.0.0.1:9/x")
