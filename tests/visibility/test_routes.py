"""The matrix of routes: everybody asks for everything in every way, and what somebody may not see is as if it were not."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from fastapi.routing import APIRoute

from pixelstudio.api.app import make_api
from pixelstudio.features.images.pictures import delete, set_visibility
from tests.api.serving import a_browser
from tests.visibility.asking import NO_ID, ROWS, answers
from tests.visibility.cast import PEOPLE, PREVIEW, SECRET

TURNS, TURNS_MAX = 25, 500
DIFFERENCE_S = 0.002


def paths_of(routes):
    """Every path, however deep its router; fails for a kind of route it does not know."""
    for route in routes:
        if hasattr(route, "effective_candidates"):
            yield from paths_of(route.effective_candidates())
        else:
            assert isinstance(getattr(route, "original_route", route), APIRoute), f"{route} is asked for by nobody here"
            yield route.path


def test_every_route_has_a_row_or_takes_no_id():
    found = list(paths_of(make_api().routes))

    assert len(found) > 8
    assert set(found) == {*ROWS, *NO_ID}
    assert not {*ROWS} & {*NO_ID}
    assert [path for path in NO_ID if "{" in path and "{handle}" not in path and "{secret}" not in path] == ["/api/{path:path}"]


@pytest.mark.parametrize("path", ROWS)
async def test_everybody_gets_what_they_may_see_and_the_rest_is_as_if_it_never_was(world, address, path):
    row, before = ROWS[path], await world.records()

    found = await answers(world, address, row)

    assert len(found) == len(PEOPLE) * len(row.things) * len(row.ways)
    assert [(a.who, a.what, a.way, a.status) for a in found if a.status != row.expected(a.who, a.what, a.way)] == []
    refused = [a for a in found if a.who not in row.seen_by[a.what]]
    assert {(a.who, a.way.status) for a in refused if len({b.as_seen for b in refused if (b.who, b.way) == (a.who, a.way)}) > 1} == set()
    assert {a.what for a in refused} >= {"private", "deleted", "missing"} or {a.what for a in refused} in (
        {"theirs", "missing_set"},
        {"called_off", "missing_set"},
        {"missing_avatar"},
        {"upload", "missing_upload"},
        {"kept_collection", "missing_collection"},
    )
    told = b"".join(a.content for a in refused) + repr([a.headers for a in refused]).encode()
    secrets = (b"original", PREVIEW, SECRET.encode(), *(thing.encode() for thing in world.ids.values()))
    assert [word for word in secrets if word in told] == []
    assert await world.records() == before


@pytest.mark.parametrize("path", [path for path, row in ROWS.items() if "public" in row.things])
async def test_what_was_public_is_gone_at_once_though_everybody_has_just_seen_it(world, address, path):
    row = replace(ROWS[path], things=("public",), ways=(*ROWS[path].ways[:4], *ROWS[path].ways[-3:-1]))

    async def statuses(who):
        return [a.status for a in await answers(world, address, row, [who])]

    async def turned(visibility):
        async with world.studio.db.transaction() as tx:
            await set_visibility(tx, world.ids["public"], visibility, by=world.owner)

    seen, gone = [way.status for way in row.ways], [404] * len(row.ways)
    people = ("nobody", "other", "owner")
    assert [await statuses(who) for who in people] == [seen, seen, seen]
    await turned("private")
    assert [await statuses(who) for who in people] == [gone, gone, seen]
    await turned("public")
    assert [await statuses(who) for who in people] == [seen, seen, seen]
    async with world.studio.db.transaction() as tx:
        await delete(tx, world.ids["public"], by=world.owner)
    assert [await statuses(who) for who in people] == [gone, gone, gone]


@pytest.mark.parametrize("path", [path for path, row in ROWS.items() if "private" in row.things])
async def test_a_private_thing_takes_no_longer_to_refuse_than_a_missing_one(world, address, path):
    """Asked in turns, and the quickest of each compared: whatever else the machine does slows both, and what is truly longer stays so."""
    row = ROWS[path]
    quickest = dict.fromkeys(("private", "missing"), 9.0)

    async with a_browser(address, world.cookies["other"]) as browser:
        for turn in range(TURNS_MAX):
            if turn >= TURNS and abs(quickest["private"] - quickest["missing"]) < DIFFERENCE_S:
                break
            for what in quickest:
                begun = time.perf_counter()
                await browser.get(row.template.format(world.ids[what]) + row.ways[0].tail)
                quickest[what] = min(quickest[what], time.perf_counter() - begun)

    assert abs(quickest["private"] - quickest["missing"]) < DIFFERENCE_S
