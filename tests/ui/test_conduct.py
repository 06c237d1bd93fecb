"""What one comes across and what was decided, on the pages: muted and blocked with the way back, ratings and veils, decisions and appeals."""

from __future__ import annotations

import pytest

from pixelstudio.core import limits
from pixelstudio.features.accounts.sessions import actor_for
from pixelstudio.features.accounts.wishes import go_up_to
from pixelstudio.features.conduct.rulings import Ruling, rule
from pixelstudio.features.gallery.follows import block
from pixelstudio.features.moderation.reports import report
from pixelstudio.ui.admin.logbook_state import LogbookState
from pixelstudio.ui.admin.moderation_state import ModerationState
from pixelstudio.ui.image.image_state import ImageState
from pixelstudio.ui.image.post_state import PostState
from pixelstudio.ui.inbox.inbox_state import InboxState
from pixelstudio.ui.person.person_state import PersonState
from pixelstudio.ui.settings.decisions_state import DecisionsState
from pixelstudio.ui.settings.people_state import HiddenPeople
from pixelstudio.ui.unread import Unread
from tests.factories import a_cookie, a_maintainer, a_post, a_user, done
from tests.ui.driving import Tab


async def opened(tab, state):
    await tab.start(state, "follow")
    await tab.wait_until(state, lambda page: getattr(page, "is_loaded", True))


async def test_a_person_is_muted_on_their_page_and_heard_again_in_the_settings_with_undo(open_studio, database):
    ines, omar = await a_user(database, "ines"), await a_user(database, "omar")
    await done(open_studio, block, (await a_user(database, "mika")).id, True, by=ines)
    await a_post(open_studio, omar)
    cookie = await a_cookie(database, ines.id)
    async with Tab(cookie, "/u/omar") as page, Tab(cookie, "/settings") as settings:
        await page.send(PersonState, "mute_person", muted=True)
        assert (await page.look(PersonState)).is_muted
        await settings.send(HiddenPeople, "list_people")

        async def shown():
            return [(line.person.handle, line.how, line.is_hidden) for line in (await settings.look(HiddenPeople)).people]

        assert await shown() == [("omar", "muted", True), ("mika", "blocked", True)]
        await settings.send(HiddenPeople, "mute", handle="omar", muted=False)
        assert await shown() == [("omar", "muted", False), ("mika", "blocked", True)]
        await page.send(PersonState, "begin")
        assert not (await page.look(PersonState)).is_muted
        await settings.send(HiddenPeople, "mute", handle="omar", muted=True)
        await settings.send(HiddenPeople, "block", handle="mika", blocked=False)
        assert await shown() == [("omar", "muted", True), ("mika", "blocked", False)]
        await settings.send(HiddenPeople, "list_people")
        assert await shown() == [("omar", "muted", True)]


@pytest.mark.parametrize("who", ["stranger", "member", "willing", "owner"])
async def test_a_marked_picture_is_sent_to_nobody_who_has_not_asked_for_it(open_studio, database, who):
    ines = await a_user(database, "ines")
    image_id = await a_post(open_studio, ines, rating="mature", prompt="only for few")
    other = ines if who == "owner" else await a_user(database, "omar")
    if who == "willing":
        await done(open_studio, go_up_to, "mature", by=other)
    async with Tab("" if who == "stranger" else await a_cookie(database, other.id), f"/image/{image_id}") as tab:
        await opened(tab, ImageState)
        page = await tab.look(ImageState)
        is_shown = who in {"willing", "owner"}
        assert ((page.picture is not None), page.veil) == (is_shown, "" if is_shown else "mature")
        assert ("only for few" in tab.said()) == is_shown

        await tab.send(ImageState, "lift_veil")

        assert ((await tab.look(ImageState)).picture is not None) == (who != "stranger")


async def test_ones_wishes_are_kept_and_nonsense_is_refused(open_studio, database):
    ines = await a_user(database, "ines")
    cookie = await a_cookie(database, ines.id)
    async with Tab(cookie, "/settings") as tab:
        await tab.send(HiddenPeople, "list_people")
        assert (await tab.look(HiddenPeople)).sees == "general"
        await tab.send(HiddenPeople, "go_up_to", rating="sensitive")
        await tab.send(HiddenPeople, "go_up_to", rating="x")
        page = await tab.look(HiddenPeople)
        assert (page.sees, page.notice.code) == ("sensitive", "rating_invalid")
        async with database.reader() as reader:
            actor = await actor_for(reader, cookie)
            assert actor
            assert actor.sees == "sensitive"


async def test_a_decision_is_read_appealed_and_decided_before_everybodys_eyes(open_studio, database):
    keeper, ines, omar = await a_maintainer(database), await a_user(database, "ines"), await a_user(database, "omar")
    image_id = await a_post(open_studio, ines, title="Dusk")
    await done(open_studio, report, image_id, "stolen", "", by=omar)
    hers, his = await a_cookie(database, ines.id), await a_cookie(database, keeper.id)
    async with Tab(hers, "/settings") as settings, Tab(hers, "/inbox") as inbox, Tab(his, "/admin") as admin:
        await opened(settings, DecisionsState)
        await opened(inbox, InboxState)
        await opened(admin, ModerationState)
        await opened(admin, LogbookState)
        await admin.wait_until(ModerationState, lambda page: len(page.queue.reports) == 1)
        report_id = (await admin.look(ModerationState)).queue.reports[0].id
        await settings.wait_until(DecisionsState, lambda page: page.standing == "Nothing counts against you.")

        await admin.send(ModerationState, "decide", form={"report_id": report_id, "decision": "removed", "because": "Not yours."})
        await settings.wait_until(DecisionsState, lambda page: len(page.decisions) == 1)
        card = (await settings.look(DecisionsState)).decisions[0]
        assert (card.what, card.because, card.may_appeal) == ("Your picture was taken out of the gallery", "Not yours.", True)
        assert (await settings.look(DecisionsState)).standing.startswith("You have 1 strike, the last one until ")
        await inbox.wait_until(InboxState, lambda page: [line.href for line in page.lines] == ["/settings#decisions"])

        await settings.send(DecisionsState, "appeal", form={"ruling_id": card.id, "appeal": "It is mine."})
        await admin.wait_until(ModerationState, lambda page: [one.appeal for one in page.queue.appeals] == ["It is mine."])
        await admin.send(ModerationState, "decide_appeal", form={"ruling_id": card.id, "outcome": "granted", "because": "Sorry."})
        await settings.wait_until(DecisionsState, lambda page: page.standing == "Nothing counts against you.")
        card = (await settings.look(DecisionsState)).decisions[0]
        assert (card.outcome, card.outcome_because, card.may_appeal) == (
            "Your appeal was granted: it is as it was before.",
            "Sorry.",
            False,
        )
        await inbox.wait_until(InboxState, lambda page: "Your appeal was decided" in {line.said for line in page.lines})
        await admin.wait_until(
            LogbookState, lambda page: [e.act for e in page.entries] == ["granted an appeal", "removed what was reported"]
        )


async def test_a_paused_person_is_told_beside_the_button_and_in_the_settings(open_studio, database):
    ines = await a_user(database, "ines")
    image_id = await a_post(open_studio, ines, showing="private")
    for _ in range(limits.STRIKES_TO_PAUSE):
        await done(open_studio, rule, Ruling(account_id=ines.id, image_id=image_id, decision="removed", because="No."))
    async with Tab(await a_cookie(database, ines.id), f"/image/{image_id}") as tab:
        await opened(tab, PostState)
        await opened(tab, DecisionsState)
        said = (await tab.look(PostState)).paused
        assert said.startswith("Your publishing is paused until ")
        await tab.wait_until(DecisionsState, lambda page: page.standing == said)

        await tab.send(PostState, "publish", form={"showing": "public"})
        assert (await tab.look(PostState)).notice.sentence == said


async def test_the_logbook_is_sent_to_maintainers_alone(open_studio, database):
    ines = await a_user(database, "ines")
    async with Tab(await a_cookie(database, ines.id), "/admin") as tab:
        await opened(tab, LogbookState)
        await tab.start(Unread, "follow")
        await tab.send(LogbookState, "load_more")
        page = await tab.look(LogbookState)
        assert (page.entries, page.notice.kind) == ([], "error")
