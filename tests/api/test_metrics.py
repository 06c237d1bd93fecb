"""`/metrics`: everything that is measured for this machine and for whoever has the token; for everybody else nothing is there."""

from __future__ import annotations

import re
from dataclasses import replace

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from pixelstudio.api.app import make_api
from pixelstudio.features.generation.tables import ForecastRow
from pixelstudio.jobs.claim import Lane
from tests.architecture.reading import ROOT
from tests.jobs.floor import change, put, take

TOKEN = "a-token-of-the-house"


def a_reader(studio, *, peer="127.0.0.1", host="localhost:3000", **settings):
    api = make_api()
    api.state.studio = replace(studio, settings=studio.settings.model_copy(update=settings))
    transport = httpx.ASGITransport(api, client=(peer, 1234))
    return httpx.AsyncClient(transport=transport, base_url=f"http://{host}")


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


async def measured(reader):
    answer = await reader.get("/metrics")
    assert answer.status_code == 200
    return {(s.name, *s.labels.values()): s.value for family in text_string_to_metric_families(answer.text) for s in family.samples}


async def test_the_lanes_the_work_and_the_process_are_told(studio):
    lane = Lane("sketch", 2)
    for _ in range(3):
        await put(studio.db, lane="sketch")
    await take(studio.db, wanted=1, lane=lane)
    studio.meter.begun("sketch", 0.2)
    studio.meter.ended("sketch", "done", 3.0)
    studio.meter.rescued += 4

    async with a_reader(studio) as reader:
        found = await measured(reader)

    assert (found["pixelstudio_jobs_waiting", "sketch"], found["pixelstudio_jobs_running", "sketch"]) == (2, 1)
    assert found["pixelstudio_lane_places", "sketch"] == 2
    assert found["pixelstudio_oldest_wait_seconds", "sketch"] >= 0
    assert found["pixelstudio_job_wait_seconds_count", "sketch"] == 1
    assert (found["pixelstudio_job_run_seconds_bucket", "sketch", "2.5"], found["pixelstudio_job_run_seconds_bucket", "sketch", "5.0"]) == (
        0,
        1,
    )
    assert found["pixelstudio_job_attempts_total", "sketch", "done"] == 1
    assert found["pixelstudio_leases_rescued_total",] == 4
    assert ("pixelstudio_loop_lag_seconds",) in found
    assert found["process_resident_memory_bytes",] > 0


@pytest.mark.parametrize("peer", ["192.0.2.7", "10.0.0.4", "2001:db8::1", "not an address"])
async def test_to_a_stranger_it_is_as_if_nothing_were_there(studio, peer):
    async with a_reader(studio, peer=peer, metrics_token=SecretStr(TOKEN)) as stranger:
        for method, headers in (("GET", {}), ("HEAD", {}), ("POST", {}), ("GET", bearer("guessed")), ("GET", {"Authorization": TOKEN})):
            asked, missing = [await stranger.request(method, path, headers=headers) for path in ("/metrics", "/nothing-here")]

            assert asked.status_code == 404
            assert (asked.content, dict(asked.headers)) == (missing.content, dict(missing.headers))


async def test_the_token_opens_it_from_anywhere_and_an_empty_one_never_does(studio):
    async with a_reader(studio, peer="192.0.2.7", host="studio.example.org", metrics_token=SecretStr(TOKEN)) as machine:
        assert (await machine.get("/metrics", headers=bearer(TOKEN))).status_code == 200
    async with a_reader(studio, peer="192.0.2.7") as machine:
        assert (await machine.get("/metrics", headers=bearer(""))).status_code == 404


@pytest.mark.parametrize(
    ("host", "settings", "status"),
    [
        ("localhost:3000", {}, 200),
        ("127.0.0.1:3000", {}, 200),
        ("[::1]:3000", {}, 200),
        ("192.0.2.1:3000", {}, 404),
        ("127.0.0.1:3000", {"public_url": "https://studio.example.org", "trusted_proxy_hops": 1}, 200),
        ("127.0.0.1:3000", {"public_url": "https://studio.example.org"}, 404),
        ("studio.example.org", {"public_url": "https://studio.example.org", "trusted_proxy_hops": 1}, 404),
    ],
)
async def test_behind_a_proxy_of_this_machine_nobody_is_taken_for_the_machine(studio, host, settings, status):
    async with a_reader(studio, host=host, **settings) as somebody:
        assert (await somebody.get("/metrics")).status_code == status


async def test_the_reference_lists_everything_that_is_measured_and_nothing_else(studio):
    await put(studio.db, lane="sketch")
    await take(studio.db, wanted=0, lane=Lane("sketch", 2))
    await change(studio.db, "UPDATE q_lane SET rate=0.5, breaker='open'")
    async with studio.db.transaction() as tx:
        tx.add(ForecastRow(job_id=1, lane="sketch", low_s=2.0, high_s=9.0, asked_at=tx.now, took_s=5.0))
    studio.meter.ended("sketch", "done", 3.0)

    async with a_reader(studio) as reader:
        families = {
            f"{f.name}_total" if f.type == "counter" else f.name
            for f in text_string_to_metric_families((await reader.get("/metrics")).text)
        }

    listed = set(re.findall(r"^\| `(pixelstudio_\w+)", (ROOT / "docs/reference/metrics.md").read_text(), re.MULTILINE))
    assert {name for name in families if name.startswith("pixelstudio_")} == listed
