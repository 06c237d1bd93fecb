"""Previews of drawings under way: for their owner's eyes, and kept nowhere."""

from __future__ import annotations

from pixelstudio.features.generation.generations import job_of_slot, submit
from tests.api.serving import a_browser
from tests.factories import a_cookie, a_request, a_user


async def test_only_the_owner_sees_what_is_being_drawn(studio, address):
    owner, stranger = await a_user(studio.db, "owner"), await a_user(studio.db, "stranger")
    async with studio.db.transaction() as tx:
        view = await submit(tx, studio, a_request(), owner)
    async with studio.db.reader() as reader:
        job_id = await job_of_slot(reader, owner, view.id, 0)
    path = f"/media/live/{view.id}/0"
    async with (
        a_browser(address) as nobody,
        a_browser(address, await a_cookie(studio.db, stranger.id)) as strangers,
        a_browser(address, await a_cookie(studio.db, owner.id)) as owners,
    ):
        too_early = await owners.get(path)
        studio.progress.begin(job_id, view.id, owner.id)
        studio.progress.update(job_id, 1, 8, b"\x89PNG preview")
        seen = await owners.get(path)
        refused = [
            (await strangers.get(path)).status_code,
            (await nobody.get(path)).status_code,
            (await owners.get(path[:-1] + "1")).status_code,
        ]

    assert too_early.status_code == 404
    assert (seen.status_code, seen.content, seen.headers["content-type"]) == (200, b"\x89PNG preview", "image/png")
    assert seen.headers["cache-control"] == "no-store"
    assert refused == [404, 401, 404]
