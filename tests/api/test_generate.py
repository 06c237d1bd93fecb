"""Generating over the API: asked with a key, waited for, listened to, called off; one's own alone."""

from __future__ import annotations

import asyncio
import contextlib
import json
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlmodel import select

from pixelstudio.api.generate import PRIORITIES, wait_of
from pixelstudio.bootstrap.working import make_runner
from pixelstudio.core import limits
from pixelstudio.core.ids import new_id
from pixelstudio.db.columns import metadata
from pixelstudio.features.accounts.api_keys import make_key, revoke_key
from pixelstudio.features.credits.ledger import balance_of
from pixelstudio.features.generation.generations import submit
from pixelstudio.jobs.fairness import Priority
from pixelstudio.jobs.job import JobState
from pixelstudio.providers.contract import Span
from tests.api.serving import a_browser
from tests.courier import Courier
from tests.factories import PricedSketch, a_request, a_studio, a_user

ASKED = {"description": "a red ceramic mug", "category": "home-decor", "style": "minimal", "settings": {"resolution": "512x512"}}
GUIDED = "sketch-silk"


class GuidedSketch(PricedSketch):
    """Each picture costs two credits, and silk can be told how closely to follow the words."""

    def __init__(self, children):
        super().__init__(children)
        self.models = tuple(replace(model, guidance_offered=Span(1, 10, 5)) if model.id == GUIDED else model for model in self.models)


def a_slow_courier(children):
    """Somebody who draws in their own time, is never done, and can be told to stop."""
    courier = Courier(children, stopped_by="the courier")
    courier.ready = False
    return courier


@pytest.fixture
def studio(request, database, clock, children):
    provider = getattr(request, "param", GuidedSketch)
    return a_studio(database, clock, children, provider(children))


@pytest.fixture
async def ines(studio):
    return await a_user(studio.db, credits=20)


@pytest.fixture
async def key(studio, ines):
    async with studio.db.transaction() as tx:
        return await make_key(tx, "Laptop", by=ines)


@pytest.fixture
async def program(studio, address, key):
    async with a_browser(address) as client:
        client.headers["Authorization"] = f"Bearer {key.secret}"
        yield client


@contextlib.asynccontextmanager
async def working(studio):
    runner = make_runner(studio)
    async with asyncio.TaskGroup() as group:
        group.create_task(runner.run())
        yield
        runner.stop()


async def asked(program, **changes):
    return await program.post("/api/generate", json={**ASKED, **changes})


async def test_what_is_asked_for_stands_in_line_with_its_price_and_place(program, studio, ines):
    answer = await asked(program, settings={"resolution": "512x512", "num_images": 2, "seed": 7})

    told = answer.json()
    assert answer.status_code == 202
    assert set(told) == {"id", "status", "images", "error", "processingTime", "price", "position", "notes"}
    assert (told["status"], told["images"], told["error"], told["processingTime"]) == ("processing", [], None, None)
    assert (told["price"], told["position"]) == (4, 1)
    assert any("cannot leave things out" in note for note in told["notes"])
    assert answer.headers["location"] == f"/api/generate/{told['id']}"
    shown = await program.get(answer.headers["location"])
    assert shown.json() == {name: told[name] for name in ("id", "status", "images", "error", "processingTime")}
    async with studio.db.reader() as reader:
        assert (await balance_of(reader, ines.id)).held == 4
        row = (await reader.exec(metadata.tables["generation"].select())).one()
    assert row.prompt.startswith("Professional product photography of a red ceramic mug, minimalist composition")
    assert (row.seed, row.width, row.height) == (7, 512, 512)


async def test_a_program_may_wait_for_its_pictures_and_fetch_them(program, studio):
    async with working(studio):
        answer = await program.post("/api/generate", json=ASKED, headers={"Prefer": "wait"})

    told = answer.json()
    assert (answer.status_code, told["status"], told["error"]) == (200, "completed", None)
    assert answer.headers["preference-applied"] == "wait"
    assert told["processingTime"] is not None
    [address] = told["images"]
    picture = await program.get(address)
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")
    assert (await program.get(address, headers={"Authorization": "Bearer psk_nobody"})).status_code == 401


async def test_a_wait_that_is_over_is_answered_as_it_stands(program):
    answer = await program.post("/api/generate", json=ASKED, headers={"Prefer": "respond-async, wait=1"})

    assert (answer.status_code, answer.json()["status"]) == (202, "processing")


async def test_guidance_goes_to_a_model_that_takes_it_and_only_as_far_as_it_goes(program, studio):
    taken = await asked(program, model=GUIDED, settings={"resolution": "512x512", "guidance_scale": 8})
    refused = await asked(program, model=GUIDED, settings={"resolution": "512x512", "guidance_scale": 12})

    assert (taken.status_code, refused.status_code, refused.json()["field"]) == (202, 422, "guidance")
    assert not any("guidance" in note for note in taken.json()["notes"])
    async with studio.db.reader() as reader:
        assert (await reader.exec(select(metadata.tables["generation"].c.guidance))).scalars().all() == [8]


async def test_the_same_picture_is_charged_again_only_when_it_is_to_be_drawn_anew(program, studio, ines):
    spent = []
    async with studio.db.reader() as reader:
        before = (await balance_of(reader, ines.id)).available

    async with working(studio):
        for anew in (False, False, True):
            same = {**ASKED, "settings": {"resolution": "512x512", "seed": 7}, "anew": anew}
            answer = await program.post("/api/generate", json=same, headers={"Prefer": "wait"})
            assert answer.json()["status"] == "completed"
            async with studio.db.reader() as reader:
                spent.append(before - (await balance_of(reader, ines.id)).available)

    assert spent == [2, 2, 4]


async def test_a_dry_run_tells_the_price_and_does_nothing(program, studio, ines):
    by_body = await asked(program, dry_run=True, settings={"num_images": 4, "guidance_scale": 8})
    by_query = await program.post("/api/generate?dry_run=true", json=ASKED)

    assert (by_body.status_code, by_body.json()["price"], by_query.json()["price"]) == (200, 8, 2)
    assert any("guidance_scale was left out" in note for note in by_body.json()["notes"])
    async with studio.db.reader() as reader:
        assert (await reader.exec(metadata.tables["generation"].select())).all() == []
        assert (await balance_of(reader, ines.id)).held == 0


async def test_what_was_called_off_has_failed_and_costs_nothing(program, studio, ines):
    told = (await asked(program)).json()

    answers = [await program.post(f"/api/generate/{told['id']}/cancel") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert (answers[0].json()["status"], answers[0].json()["error"]) == ("failed", "Cancelled. Nothing was charged.")
    assert answers[0].json()["notes"] == []
    async with studio.db.reader() as reader:
        assert (await balance_of(reader, ines.id)).held == 0


@pytest.mark.parametrize("studio", [a_slow_courier], indirect=True)
async def test_what_somebody_else_draws_is_asked_to_stop_and_the_answer_says_what_to_expect(program, studio, ines):
    async with working(studio):
        told = (await asked(program)).json()
        async with asyncio.timeout(30):
            while not await _is_parked(studio):  # noqa: ASYNC110  # rows are looked at: nothing sets an event for them
                await asyncio.sleep(0.02)
    answer = await program.post(f"/api/generate/{told['id']}/cancel")  # while nobody is there to ask
    async with working(studio):
        async with asyncio.timeout(30):
            while (ended := (await program.get(f"/api/generate/{told['id']}")).json())["status"] == "processing":  # noqa: ASYNC110  # as a program does
                await asyncio.sleep(0.05)

    assert (answer.status_code, answer.json()["status"], answer.json()["error"]) == (200, "processing", None)
    assert answer.json()["notes"] == ["Asking the courier to stop."]
    assert (ended["status"], ended["error"]) == ("failed", "Cancelled. Called off at the courier. Nothing was charged.")
    async with studio.db.reader() as reader:
        assert (await balance_of(reader, ines.id)).held == 0


async def _is_parked(studio):
    async with studio.db.reader() as reader:
        return (await reader.exec(text("SELECT count(*) FROM q_job WHERE state=:parked"), {"parked": int(JobState.PARKED)})).scalar_one()


async def test_the_stream_tells_every_change_and_ends_with_the_set(program, studio):
    told = (await asked(program)).json()
    names, last = [], {}
    async with working(studio), program.stream("GET", f"/api/generate/{told['id']}/events", timeout=60) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        async for line in stream.aiter_lines():
            names += [line.removeprefix("event: ")] if line.startswith("event: ") else []
            last = json.loads(line.removeprefix("data: ")) if line.startswith("data: ") else last

    assert (names[0], names[-1], names.count("end")) == ("update", "end", 1)
    assert (last["status"], last["progress"], len(last["images"])) == ("completed", 1.0, 1)


async def test_a_stream_ends_with_the_key_it_was_opened_by(program, studio, ines, key):
    told = (await asked(program)).json()
    async with program.stream("GET", f"/api/generate/{told['id']}/events", timeout=30) as stream:
        lines = stream.aiter_lines()
        assert await anext(lines) == "event: update"
        async with studio.db.transaction() as tx:
            await revoke_key(tx, key.view.id, by=ines)
        second = await asked_by_page(studio, ines)
        assert [line async for line in lines if line.startswith("event")] == []
    assert second == 1


async def asked_by_page(studio, by):
    """Something happens that the stream would tell of."""
    async with studio.db.transaction() as tx:
        return (await submit(tx, studio, a_request(), by)).count


async def test_an_address_asks_for_so_many_a_minute_and_dry_runs_are_free(program, clock):
    rich = limits.API_GENERATIONS_PER_MINUTE

    statuses = [(await asked(program, settings={"seed": seed})).status_code for seed in range(rich)]
    refused, dry = await asked(program), await asked(program, dry_run=True)
    clock.advance(61)

    assert statuses == [202] * rich
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_attempts")
    assert int(refused.headers["retry-after"]) <= 60
    assert dry.status_code == 200
    assert [(await asked(program)).status_code for _ in range(3)] == [202, 202, 402]  # let in again, as long as the credits last


async def test_priorities_are_the_classes_of_the_queue(program, studio):
    for priority in PRIORITIES:
        await asked(program, priority=priority)

    async with studio.db.reader() as reader:
        jobs = (await reader.exec(metadata.tables["q_job"].select())).all()
    assert sorted(job.prio for job in jobs) == [Priority.INTERACTIVE, Priority.NORMAL, Priority.BATCH]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"settings": {"num_images": 5}}, "settings.num_images"),
        ({"settings": {"num_images": True}}, "settings.num_images"),
        ({"settings": {"resolution": "4096x4096"}}, "settings.resolution"),
        ({"settings": {"seed": -1}}, "settings.seed"),
        ({"settings": {"guidance_scale": 100}}, "settings.guidance_scale"),
        ({"settings": {"style": "luxury"}}, "style"),
        ({"model": "nobody-draws"}, "model"),
        ({"priority": "urgent"}, "priority"),
        ({"owner_id": "somebody"}, "owner_id"),
        ({"description": "d" * 1_001}, "description"),
    ],
)
async def test_what_cannot_be_drawn_is_refused_by_its_field(program, changes, field):
    answer = await asked(program, **changes)

    assert (answer.status_code, answer.json()["field"]) == (422, field)


async def test_foreign_is_missing(program, studio, address):
    bob = await a_user(studio.db, "bob")
    told = (await asked(program)).json()
    async with studio.db.transaction() as tx:
        secret = (await make_key(tx, "his", by=bob)).secret
    async with a_browser(address) as his:
        his.headers["Authorization"] = f"Bearer {secret}"
        for tail in ("", "/events"):
            answers = [await his.get(f"/api/generate/{which}{tail}") for which in (told["id"], new_id(), "no-id")]
            assert {(answer.status_code, answer.text) for answer in answers} == {(404, answers[0].text)}
        cancelled = [await his.post(f"/api/generate/{which}/cancel") for which in (told["id"], new_id())]
        assert {(answer.status_code, answer.text) for answer in cancelled} == {(404, cancelled[0].text)}


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("", 0), ("wait", 60), ("wait=5", 5), ("respond-async, wait=10", 10), ("WAIT=900", 60), ("return=minimal", 0), ("awaiting", 0)],
)
def test_the_wait_is_read_from_the_header(header, seconds):
    assert wait_of([header]) == seconds
