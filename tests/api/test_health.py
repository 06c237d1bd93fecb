"""Health: alive without asking anybody, ready only when everything that serving needs is there."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from threading import Event

import pytest
from sqlalchemy import text

from pixelstudio.api import readiness
from pixelstudio.core.errors import Unavailable
from pixelstudio.storage.memory import MemoryStorage
from tests.api.serving import a_browser, served


class FullStorage(MemoryStorage):
    """A place with no room left."""

    async def put(self, data: bytes) -> str:
        raise Unavailable("There is no room left.", code="storage_full")


@asynccontextmanager
async def a_visitor(studio):
    async with served(studio) as where, a_browser(where) as browser:
        yield browser


async def test_health_asks_nobody(studio):
    async with a_visitor(replace(studio, db=None, storage=None)) as browser:
        answer = await browser.get("/healthz")

        assert (answer.status_code, answer.json(), answer.headers["cache-control"]) == (200, {"ok": True}, "no-store")
        assert (await browser.get("/readyz")).status_code == 503


async def test_a_whole_studio_is_ready_and_leaves_nothing_behind(studio):
    async with a_visitor(studio) as browser:
        assert (await browser.get("/readyz")).json() == {"ok": True, "database": studio.db.dialect, "loop_lag_ms": 0}

    assert [digest async for digest in studio.storage.digests()] == []


async def test_without_room_for_pictures_it_is_not_ready(studio):
    async with a_visitor(replace(studio, storage=FullStorage())) as browser:
        answer = await browser.get("/readyz")

        assert (answer.status_code, answer.json()["code"]) == (503, "storage_full")
        assert (await browser.get("/healthz")).status_code == 200


async def test_on_another_schema_it_is_not_ready(studio, clock):
    async with a_visitor(studio) as browser:
        async with studio.db.transaction() as tx:
            await tx.exec(text("UPDATE alembic_version SET version_num = '9999' || version_num"))
        try:
            answer = await browser.get("/readyz")
        finally:
            async with studio.db.transaction() as tx:
                await tx.exec(text("UPDATE alembic_version SET version_num = substr(version_num, 5)"))

        assert (answer.status_code, answer.json()["code"]) == (503, "not_migrated")
        clock.advance(readiness.FRESH_S)
        assert (await browser.get("/readyz")).status_code == 200


async def test_one_look_serves_everybody_who_asks_within_two_seconds(studio, clock, monkeypatch):
    looks: list[bytes] = []
    put = studio.storage.put

    async def counted(data: bytes) -> str:
        looks.append(data)
        return await put(data)

    monkeypatch.setattr(studio.storage, "put", counted)
    async with a_visitor(studio) as browser:
        for _ in range(5):
            await browser.get("/readyz")
        assert len(looks) == 1

        clock.advance(readiness.FRESH_S)
        await browser.get("/readyz")
        assert len(looks) == 2


async def test_told_to_stop_it_is_not_ready(studio):
    readied = readiness.Readiness(draining=Event())
    await readied.ensure(studio)

    readied.draining.set()

    with pytest.raises(Unavailable) as refused:
        await readied.ensure(studio)
    assert refused.value.code == "draining"
