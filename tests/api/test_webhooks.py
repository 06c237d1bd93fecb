"""The doors of providers: what is signed comes in without an Origin, everything else is answered and moves nothing."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

import httpx
import pytest

from pixelstudio.api.webhooks import PROVIDERS
from pixelstudio.core.limits import WEBHOOK_MAX_BYTES
from pixelstudio.edge.bodies import body_bound
from pixelstudio.edge.crowd import Allowance, Crowd
from pixelstudio.edge.origins import parse_origin
from pixelstudio.edge.walls import Asked, Rules, own_pages
from pixelstudio.net.signatures import standard_key, standard_signature
from pixelstudio.providers.deliveries import StandardReader, relayed
from tests.api.serving import served

SECRET = "whsec_" + base64.b64encode(b"s" * 24).decode()
BODY = json.dumps({"id": "p1", "status": "done"}).encode()


@pytest.fixture
async def address(studio):
    reading = replace(studio, readers={"stability": StandardReader([standard_key(SECRET)], relayed)})
    async with served(reading) as address:
        yield address


async def post(address: str, path: str, body: bytes = BODY, *, headers: dict[str, str]) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False) as client:
        return await client.post(f"{address}{path}", content=body, headers=headers)


def signed(studio, body: bytes = BODY) -> dict[str, str]:
    timestamp = str(int(studio.clock.epoch()))
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": timestamp,
        "webhook-signature": standard_signature(standard_key(SECRET), "msg_1", timestamp, body),
    }


async def test_what_is_signed_is_taken_and_the_second_time_known(address, studio):
    answers = [await post(address, "/api/webhook/stability?call=word", headers=signed(studio)) for _ in range(2)]

    assert [(answer.status_code, answer.json()) for answer in answers] == [(200, {"outcome": "kept"}), (200, {"outcome": "known"})]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"webhook-signature": "v1,AAAA"}, "signature_wrong"),
        ({"webhook-signature": ""}, "signature_missing"),
        ({"webhook-timestamp": "1"}, "signature_untimely"),
    ],
)
async def test_what_is_not_genuine_is_answered_with_the_reason(address, studio, change, code):
    answer = await post(address, "/api/webhook/stability", headers={**signed(studio), **change})

    assert (answer.status_code, answer.json()["code"]) == (400, code)


@pytest.mark.parametrize("provider", [*sorted(set(PROVIDERS) - {"stability"}), "nobody"])
async def test_where_nobody_reads_there_is_nothing(address, studio, provider):
    answer = await post(address, f"/api/webhook/{provider}", headers=signed(studio))

    assert answer.status_code == 404


def asked(path: str, *headers: tuple[bytes, bytes], method: str = "POST") -> Asked:
    scope = {"type": "http", "method": method, "path": path, "headers": [(b"host", b"studio.example"), *headers]}
    return Asked(scope, parse_origin("https://studio.example"), Rules(), Crowd(Allowance()))


def test_the_edge_lets_a_provider_in_and_no_page_of_anybody():
    foreign, cookie = (b"origin", b"https://evil.example"), (b"cookie", b"sid=hers")

    assert own_pages(asked("/api/webhook/fal")) is None
    assert own_pages(asked("/api/webhook/fal", foreign)) is not None
    assert own_pages(asked("/api/webhook/fal", cookie)) is not None
    assert own_pages(asked("/api/library/zip", cookie)) is not None
    assert own_pages(asked("/auth/sign-out")) is not None
    assert body_bound("/api/webhook/fal") == WEBHOOK_MAX_BYTES
