"""Reports: from a reason to a decision its author reads; nobody but the maintainer decides."""

from __future__ import annotations

from typing import Any

import pytest

from pixelstudio.core.errors import Conflict, Invalid, NotAllowed, NotFound
from pixelstudio.core.ids import new_id
from pixelstudio.features.gallery.comments import threads_of, write
from pixelstudio.features.images.pictures import image_for
from pixelstudio.features.moderation.reports import decide, open_reports, report
from pixelstudio.features.notifications.inbox import inbox_of
from tests.factories import a_maintainer, a_post, a_user, an_image, done


@pytest.fixture
async def people(studio):
    return {"keeper": await a_maintainer(studio.db), **{name: await a_user(studio.db, name) for name in ("ines", "omar", "mika")}}


async def waiting(studio, by) -> list[Any]:
    async with studio.db.reader() as reader:
        return await open_reports(reader, by=by)


async def test_a_picture_that_is_removed_is_its_owners_alone_who_reads_why(studio, people, clock):
    ines, omar, mika, keeper = (people[name] for name in ("ines", "omar", "mika", "keeper"))
    image_id = await a_post(studio, ines)
    for by in (omar, omar, mika):
        clock.advance(1)
        await done(studio, report, image_id, "stolen", "It is mine.", by=by)
    queue = await waiting(studio, keeper)
    assert [(r.reporter.handle, r.author.handle, r.reason, r.words) for r in queue] == [
        ("omar", "ines", "Somebody else's work", "It is mine."),
        ("mika", "ines", "Somebody else's work", "It is mine."),
    ]

    with pytest.raises(Invalid):
        await done(studio, decide, queue[0].id, "removed", " ", by=keeper)
    await done(studio, decide, queue[0].id, "removed", "Shown without leave.", by=keeper)

    assert await waiting(studio, keeper) == []
    async with studio.db.reader() as reader:
        with pytest.raises(NotFound):
            await image_for(reader, omar, image_id)
        assert (await image_for(reader, ines, image_id)).visibility == "private"
        assert [(line.kind, line.words, line.person) for line in (await inbox_of(reader, ines)).items] == [
            ("decision", "Shown without leave.", None)
        ]
    with pytest.raises(Conflict):
        await done(studio, decide, queue[1].id, "kept", "", by=keeper)


async def test_a_comment_is_removed_and_the_picture_stays(studio, people):
    ines, omar, keeper = (people[name] for name in ("ines", "omar", "keeper"))
    image_id = await a_post(studio, ines)
    comment_id = await done(studio, write, image_id, "rude words", by=omar)

    await done(studio, report, image_id, "hurtful", "", by=ines, comment_id=comment_id)
    (open_one,) = await waiting(studio, keeper)
    assert (open_one.quoted, open_one.author.handle) == ("rude words", "omar")
    await done(studio, decide, open_one.id, "removed", "Not here.", by=keeper)

    async with studio.db.reader() as reader:
        assert (await threads_of(reader, None, image_id)).items == []
        assert (await inbox_of(reader, omar)).items[0].words == "Not here."


async def test_what_is_kept_stays_and_nobody_is_told(studio, people):
    image_id = await a_post(studio, people["ines"])
    await done(studio, report, image_id, "other", "", by=people["omar"])

    await done(studio, decide, (await waiting(studio, people["keeper"]))[0].id, "kept", "", by=people["keeper"])

    async with studio.db.reader() as reader:
        assert await image_for(reader, None, image_id)
        assert (await inbox_of(reader, people["ines"])).items == []


async def test_a_stranger_reports_nothing_they_may_not_see_and_decides_nothing(studio, people):
    ines, omar = people["ines"], people["omar"]
    private, image_id = await an_image(studio, ines), await a_post(studio, ines)

    for what in (private, new_id(), "x"):
        with pytest.raises(NotFound):
            await done(studio, report, what, "spam", "", by=omar)
    with pytest.raises(Conflict):
        await done(studio, report, image_id, "spam", "", by=ines)
    with pytest.raises(Invalid):
        await done(studio, report, image_id, "dull", "", by=omar)
    await done(studio, report, image_id, "spam", "", by=omar)
    for by in (ines, omar):
        with pytest.raises(NotAllowed):
            await waiting(studio, by)
    report_id = (await waiting(studio, people["keeper"]))[0].id
    with pytest.raises(NotAllowed):
        await done(studio, decide, report_id, "removed", "x", by=omar)
    for what in (new_id(), "x"):
        with pytest.raises(NotFound):
            await done(studio, decide, what, "kept", "", by=people["keeper"])
