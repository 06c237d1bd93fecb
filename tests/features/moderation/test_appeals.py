"""Appeals and strikes: what is decided is read with its reason, appealed once, and brought back when the appeal is granted."""

from __future__ import annotations

from typing import Any

import pytest

from pixelstudio.core import limits
from pixelstudio.core.errors import Conflict, Invalid, NotAllowed, NotFound
from pixelstudio.core.ids import new_id
from pixelstudio.features.accounts.preferences import Preferences, prefer
from pixelstudio.features.belongings.erasure import erase, finish
from pixelstudio.features.conduct.rulings import appeal, open_appeals, rulings_of
from pixelstudio.features.conduct.strikes import conduct_of
from pixelstudio.features.gallery.comments import threads_of, write
from pixelstudio.features.gallery.filters import WallFilter
from pixelstudio.features.gallery.posts import PostForm, post_for, publish, publish_many
from pixelstudio.features.gallery.walls import wall
from pixelstudio.features.generation.settlements import shows_new_ones
from pixelstudio.features.images.pictures import image_for, set_visibility
from pixelstudio.features.logbook.entries import entries_of
from pixelstudio.features.moderation.appeals import decide_appeal
from pixelstudio.features.moderation.reports import decide, open_reports, report
from pixelstudio.features.notifications.inbox import inbox_of
from tests.factories import a_maintainer, a_post, a_user, an_image, done

DAY_S = 24 * 60 * 60


@pytest.fixture
async def people(studio):
    return {"keeper": await a_maintainer(studio.db), **{name: await a_user(studio.db, name) for name in ("ines", "omar")}}


async def decided(studio, people, image_id, decision, because="Not here.", comment_id=""):
    """Reported by omar, decided by the keeper; returns the ruling as its author reads it."""
    by = people["ines"] if comment_id else people["omar"]
    await done(studio, report, image_id, "other", "", by=by, comment_id=comment_id)
    async with studio.db.reader() as reader:
        (waiting,) = await open_reports(reader, by=people["keeper"])
    await done(studio, decide, waiting.id, decision, because, by=people["keeper"])
    async with studio.db.reader() as reader:
        return (await rulings_of(reader, people["omar"] if comment_id else people["ines"]))[0]


async def conduct(studio, of):
    async with studio.db.reader() as reader:
        return await conduct_of(reader, of.id)


async def on_walls(studio, viewer=None):
    async with studio.db.reader() as reader:
        return [post.image.id for post in (await wall(reader, viewer, WallFilter(sort="newest"))).items]


async def shown(reader, image_id) -> Any:
    return await post_for(reader, None, image_id)


async def told(studio, by):
    async with studio.db.reader() as reader:
        return [(line.kind, line.words) for line in (await inbox_of(reader, by)).items]


async def test_a_picture_comes_back_as_it_was_when_its_appeal_is_granted(studio, people):
    ines, keeper = people["ines"], people["keeper"]
    image_id = await a_post(studio, ines, title="Dusk")
    ruling = await decided(studio, people, image_id, "removed", "Shown without leave.")
    assert (ruling.decision, ruling.because, ruling.quoted, ruling.outcome) == ("removed", "Shown without leave.", "a red lighthouse", "")
    assert await on_walls(studio) == []
    with pytest.raises(NotAllowed):
        await done(studio, publish, image_id, PostForm(), by=ines)

    await done(studio, appeal, ruling.id, "It is mine.", by=ines)
    async with studio.db.reader() as reader:
        (waiting,) = await open_appeals(reader, by=keeper)
        assert (waiting.person and waiting.person.handle, waiting.appeal) == ("ines", "It is mine.")
        assert (await image_for(reader, keeper, image_id)).id == image_id
        for viewer in (people["omar"], None):
            with pytest.raises(NotFound):
                await image_for(reader, viewer, image_id)
    assert (await conduct(studio, ines)).strikes == 1
    await done(studio, decide_appeal, ruling.id, "You are right.", is_granted=True, by=keeper)

    assert await on_walls(studio) == [image_id]
    assert (await conduct(studio, ines)).strikes == 0
    assert sorted(await told(studio, ines)) == [("appeal", "Granted. You are right."), ("decision", "Shown without leave.")]
    async with studio.db.reader() as reader:
        assert (await shown(reader, image_id)).title == "Dusk"
        assert await open_appeals(reader, by=keeper) == []


async def test_a_comment_comes_back_with_its_words_and_its_writer(studio, people):
    ines, omar, keeper = people["ines"], people["omar"], people["keeper"]
    image_id = await a_post(studio, ines)
    root = await done(studio, write, image_id, "rude words", by=omar)
    ruling = await decided(studio, people, image_id, "removed", comment_id=root)

    await done(studio, appeal, ruling.id, "I meant well.", by=omar)
    await done(studio, decide_appeal, ruling.id, "", is_granted=True, by=keeper)

    async with studio.db.reader() as reader:
        (thread,) = (await threads_of(reader, None, image_id)).items
        assert (thread.comment.words, thread.comment.person and thread.comment.person.handle, thread.comment.is_deleted) == (
            "rude words",
            "omar",
            False,
        )
        assert (await shown(reader, image_id)).comments == 1


async def test_a_rating_by_a_maintainer_holds_until_its_appeal_is_granted(studio, people):
    ines, keeper = people["ines"], people["keeper"]
    image_id = await a_post(studio, ines)
    with pytest.raises(Invalid):
        await decided(studio, people, image_id, "mature", " ")
    async with studio.db.reader() as reader:
        (waiting,) = await open_reports(reader, by=keeper)
    await done(studio, decide, waiting.id, "mature", "Skin.", by=keeper)
    async with studio.db.reader() as reader:
        ruling = (await rulings_of(reader, ines))[0]
    assert (ruling.decision, ruling.strike_until, await on_walls(studio)) == ("mature", None, [])
    for rating in ("general", "sensitive"):
        with pytest.raises(NotAllowed) as refused:
            await done(studio, publish, image_id, PostForm(rating=rating), by=ines)
        assert refused.value.code == "rating_held"
    await done(studio, publish, image_id, PostForm(rating="mature"), by=ines)

    await done(studio, appeal, ruling.id, "Marble.", by=ines)
    await done(studio, decide_appeal, ruling.id, "It is a statue.", is_granted=True, by=keeper)

    assert await on_walls(studio) == [image_id]
    await done(studio, publish, image_id, PostForm(rating="sensitive"), by=ines)
    assert await on_walls(studio) == []


async def test_an_appeal_that_is_turned_down_changes_nothing_and_is_the_last(studio, people):
    ines, omar, keeper = people["ines"], people["omar"], people["keeper"]
    image_id = await a_post(studio, ines)
    ruling = await decided(studio, people, image_id, "removed")

    for words in ("", " ", "x" * (limits.REASON_MAX + 1)):
        with pytest.raises(Invalid):
            await done(studio, appeal, ruling.id, words, by=ines)
    for whose, by in ((ruling.id, omar), (new_id(), ines), ("x", ines)):
        with pytest.raises(NotFound):
            await done(studio, appeal, whose, "Mine.", by=by)
    with pytest.raises(Conflict):
        await done(studio, decide_appeal, ruling.id, "No.", is_granted=False, by=keeper)
    await done(studio, appeal, ruling.id, "Mine.", by=ines)
    for by in (ines, omar):
        with pytest.raises(NotAllowed):
            await done(studio, decide_appeal, ruling.id, "Yes.", is_granted=True, by=by)
        async with studio.db.reader() as reader:
            with pytest.raises(NotAllowed):
                await open_appeals(reader, by=by)
            with pytest.raises(NotAllowed):
                await entries_of(reader, by=by)
    with pytest.raises(Invalid):
        await done(studio, decide_appeal, ruling.id, "", is_granted=False, by=keeper)
    await done(studio, decide_appeal, ruling.id, "It stands.", is_granted=False, by=keeper)

    assert ((await conduct(studio, ines)).strikes, await on_walls(studio)) == (1, [])
    assert ("appeal", "It stands.") in await told(studio, ines)
    with pytest.raises(Conflict):
        await done(studio, appeal, ruling.id, "Again.", by=ines)
    with pytest.raises(Conflict):
        await done(studio, decide_appeal, ruling.id, "x", is_granted=True, by=keeper)


async def test_so_many_strikes_pause_publishing_everywhere_until_the_pause_is_over(studio, people, clock):
    ines, keeper = people["ines"], people["keeper"]
    by_link = await a_post(studio, ines, showing="link")
    private = await an_image(studio, ines)
    await done(studio, prefer, Preferences(visibility="public"), studio.providers, by=ines)
    for _ in range(limits.STRIKES_TO_PAUSE - 1):
        clock.advance(DAY_S)
        await decided(studio, people, await a_post(studio, ines), "removed")
    clock.advance(DAY_S)
    ruling = await decided(studio, people, await a_post(studio, ines), "removed")
    paused = await conduct(studio, ines)
    assert paused.strikes == limits.STRIKES_TO_PAUSE
    assert (paused.paused_until - studio.clock.now()).days == limits.PAUSE_DAYS

    async def attempts():
        ways = (
            (publish, private, PostForm()),
            (publish, private, PostForm(showing="link")),
            (publish, by_link, PostForm()),
            (publish_many, [private], ""),
            (set_visibility, private, "public"),
        )
        for command, *arguments in ways:
            try:
                await done(studio, command, *arguments, by=ines)
                yield "done"
            except NotAllowed as refused:
                yield refused.code
        yield await done(studio, shows_new_ones, ines.id)

    assert [came async for came in attempts()] == ["publishing_paused"] * 5 + [False]
    await done(studio, publish, private, PostForm(showing="private", title="Hers"), by=ines)
    await done(studio, publish, by_link, PostForm(showing="link", title="As before"), by=ines)
    await done(studio, appeal, ruling.id, "No.", by=ines)
    await done(studio, decide_appeal, ruling.id, "", is_granted=True, by=keeper)
    assert (await conduct(studio, ines)).paused_until is None
    await decided(studio, people, await a_post(studio, ines), "removed")
    assert "publishing_paused" in [came async for came in attempts()]
    clock.advance(limits.PAUSE_DAYS * DAY_S)

    assert [came async for came in attempts()] == ["done"] * 5 + [True]
    clock.advance(limits.STRIKE_DAYS * DAY_S)
    assert (await conduct(studio, ines)).strikes == 0


async def test_every_act_of_a_maintainer_is_in_the_logbook(studio, people):
    ines, keeper = people["ines"], people["keeper"]
    ruling = await decided(studio, people, await a_post(studio, ines), "removed", "No leave.")
    await done(studio, appeal, ruling.id, "Mine.", by=ines)
    await done(studio, decide_appeal, ruling.id, "It stands.", is_granted=False, by=keeper)
    await decided(studio, people, await a_post(studio, ines, prompt="a boat"), "kept")

    async with studio.db.reader() as reader:
        entries = await entries_of(reader, by=keeper)
        assert [(e.person and e.person.handle, e.act, e.about, e.words) for e in entries] == [
            ("keeper", "kept what was reported", "a boat", "Not here."),
            ("keeper", "turned an appeal down", "a red lighthouse", "It stands."),
            ("keeper", "removed what was reported", "a red lighthouse", "No leave."),
        ]
        assert [e.number for e in await entries_of(reader, before=entries[1].number, by=keeper)] == [entries[2].number]
    await done(studio, erase, studio, keeper.id)
    assert await finish(studio, keeper.id)
    async with studio.db.reader() as reader:
        assert [e.person for e in await entries_of(reader, by=keeper)] == [None] * 3
