"""Calls going out: limits of time and bytes, what is known when one fails, and secrets that stay out of every text."""

from __future__ import annotations

import asyncio
import logging
import traceback

import psutil
import pytest
from pydantic import SecretStr

from pixelstudio.net.client import Call, Client, Patience
from pixelstudio.net.errors import AnswerUnfit, NetError, NoAnswer, NotSent

KEY = SecretStr("canary-key-4f1b")
WISH = {"model": "gpt-image-2", "prompt": "a lighthouse"}
SHORT = Patience(connect_s=1, first_byte_s=2, silence_s=2, total_s=2)


@pytest.fixture
async def client():
    opened = Client()
    yield opened
    await opened.close()


def a_call(base: str, **changes) -> Call:
    return Call(**{"method": "POST", "url": f"{base}/v1/images/generations", "bearer": KEY, "json": WISH, "patience": SHORT, **changes})


async def ask(client: Client, call: Call) -> bytes:
    async with client.call(call) as exchange:
        return await exchange.body(50_000_000)


async def test_a_call_brings_status_headers_and_body(client, stand_in) -> None:
    async with client.call(a_call(stand_in.base)) as exchange:
        body = await exchange.body(50_000_000)

    assert exchange.status == 200
    assert exchange.headers["content-type"] == "application/json"
    assert b"b64_json" in body


async def test_no_encoding_is_offered_and_the_key_goes_out_as_bearer(client, stand_in) -> None:
    await ask(client, a_call(stand_in.base))

    (request,) = stand_in.requests("authorization")
    assert request["headers"]["accept-encoding"] == "identity"
    assert request["headers"]["authorization"] == "Bearer canary-key-4f1b"


async def test_nobody_listening_means_not_sent(client) -> None:
    with pytest.raises(NotSent):
        await ask(client, a_call("http://127.0.0.1:9"))


async def test_a_name_that_does_not_exist_means_not_sent(client, monkeypatch) -> None:
    async def nowhere(*_args, **_kwargs):
        raise OSError("no such name")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", nowhere)
    with pytest.raises(NotSent):
        await ask(client, a_call("http://nowhere.invalid"))


@pytest.mark.parametrize("fault", ["reset_before", "reset_after"])
async def test_a_reset_after_sending_means_no_answer(client, stand_in, fault) -> None:
    stand_in.script({"fault": fault})

    with pytest.raises(NoAnswer):
        await ask(client, a_call(stand_in.base))


async def test_silence_ends_at_the_first_byte_limit(client, stand_in) -> None:
    stand_in.script({"fault": "silent"})
    started = asyncio.get_running_loop().time()

    with pytest.raises(NoAnswer):
        await ask(client, a_call(stand_in.base, patience=Patience(first_byte_s=0.3)))

    assert 0.25 < asyncio.get_running_loop().time() - started < 1.5


async def test_a_drip_ends_at_the_total_deadline_however_regular_it_is(client, stand_in) -> None:
    stand_in.script({"fault": "drip", "pause_s": 0.01})
    started = asyncio.get_running_loop().time()

    with pytest.raises(NoAnswer):
        await ask(client, a_call(stand_in.base, patience=Patience(total_s=0.6)))

    assert 0.5 < asyncio.get_running_loop().time() - started < 1.5


async def test_what_we_wait_for_ourselves_counts_for_nothing_of_its_time(client, stand_in) -> None:
    async with client.call(a_call(stand_in.base)) as exchange:
        ends_at = exchange._ends_at
        await exchange.meanwhile(asyncio.sleep(0.2))

        assert exchange._ends_at >= ends_at + 0.2
        assert await exchange.body(50_000_000)


async def test_an_endless_body_stops_at_its_cap_and_costs_no_more_memory(client, stand_in) -> None:
    stand_in.script({"fault": "endless"})
    before = psutil.Process().memory_info().rss

    with pytest.raises(AnswerUnfit):
        async with client.call(a_call(stand_in.base, patience=Patience())) as exchange:
            await exchange.body(8_000_000)

    assert psutil.Process().memory_info().rss - before < 40_000_000


async def test_a_compressed_answer_is_refused_unread(client, stand_in) -> None:
    stand_in.script({"fault": "gzip_bomb"})
    before = psutil.Process().memory_info().rss

    with pytest.raises(AnswerUnfit):
        await ask(client, a_call(stand_in.base, patience=Patience(first_byte_s=20)))

    assert psutil.Process().memory_info().rss - before < 20_000_000


async def test_redirects_are_answers_and_not_followed(client, stand_in) -> None:
    stand_in.script({"fault": "redirect"})

    async with client.call(a_call(stand_in.base)) as exchange:
        assert exchange.status == 302


async def test_the_mark_is_set_when_connected_and_before_a_byte_left(client, stand_in) -> None:
    seen: list[int] = []

    async def mark() -> None:
        await asyncio.sleep(0.1)
        seen.append(len(stand_in.requests()))

    await ask(client, a_call(stand_in.base, before_sending=mark))

    assert seen == [0]
    assert len(stand_in.requests()) == 1


async def test_no_mark_is_set_when_there_is_no_connection(client) -> None:
    marks: list[str] = []

    async def mark() -> None:
        marks.append("sent")

    with pytest.raises(NotSent):
        await ask(client, a_call("http://127.0.0.1:9", before_sending=mark))
    assert marks == []


class Overtaken(Exception):
    pass


@pytest.mark.parametrize("error", [Overtaken, OSError, TimeoutError])
async def test_nothing_is_sent_when_the_mark_is_refused(client, stand_in, error) -> None:
    async def refuse() -> None:
        raise error("somebody else has this job")

    with pytest.raises(error, match="somebody else"):
        await ask(client, a_call(stand_in.base, before_sending=refuse))

    await asyncio.sleep(0.05)
    assert stand_in.requests() == []


async def test_nothing_is_sent_when_the_process_was_frozen_after_the_mark(client, stand_in) -> None:
    async def slow_mark() -> None:
        await asyncio.sleep(0.6)

    with pytest.raises(NotSent):
        await ask(client, a_call(stand_in.base, before_sending=slow_mark))

    await asyncio.sleep(0.05)
    assert stand_in.requests() == []


async def test_every_call_has_a_connection_of_its_own_though_the_other_side_would_keep_it(client) -> None:
    accepted: list[object] = []

    async def keep_alive(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepted.append(writer)
        while await reader.read(65_536):
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        writer.close()

    server = await asyncio.start_server(keep_alive, "127.0.0.1", 0)
    base = "http://{}:{}".format(*server.sockets[0].getsockname())
    async with server:
        for _ in range(2):
            await ask(client, a_call(base))

    assert len(accepted) == 2


async def test_closing_under_a_reader_ends_its_wait(client, stand_in) -> None:
    stand_in.script({"fault": "drip", "pause_s": 5})
    patience = Patience(total_s=30)
    async with client.call(a_call(stand_in.base, patience=patience)) as exchange:
        reading = asyncio.create_task(exchange.body(1000))
        await asyncio.sleep(0.1)

        await exchange.close()

        with pytest.raises(NoAnswer):
            await asyncio.wait_for(reading, 1)


async def test_a_key_that_cannot_be_written_is_in_no_text(client, stand_in, caplog) -> None:
    caplog.set_level(logging.DEBUG)

    for key in ("canary-key\nx", "canary-key-\u2603", "canary-key\r\nX-Injected: 1"):
        with pytest.raises(NetError) as failure:
            await ask(client, a_call(stand_in.base, bearer=SecretStr(key)))
        assert "canary" not in "".join(traceback.format_exception(failure.value))

    assert "canary" not in caplog.text
    assert stand_in.requests() == []


@pytest.mark.parametrize("fault", ["", "reset_after", "unauthorised", "gzip_bomb"])
async def test_the_key_is_in_no_log_and_no_error_even_at_debug(client, stand_in, caplog, fault) -> None:
    caplog.set_level(logging.DEBUG)
    stand_in.script({"fault": fault})
    told = ""

    try:
        await ask(client, a_call(stand_in.base, patience=Patience()))
    except NetError as error:
        told = "".join(traceback.format_exception(error)) + repr(error.fields)

    assert "canary" not in told
    assert "canary" not in caplog.text
    assert "canary" not in repr(a_call(stand_in.base))


async def test_a_proxy_of_the_environment_is_not_used_towards_this_machine(monkeypatch, stand_in) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    client = Client()

    assert await ask(client, a_call(stand_in.base))

    await client.close()
