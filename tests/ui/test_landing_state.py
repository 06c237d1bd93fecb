"""/: a stranger's try, live, theirs alone, and bounded."""

from __future__ import annotations

import asyncio

from pixelstudio.features.generation.generations import job_of_slot, submit
from pixelstudio.features.generation.standing import sets_of
from pixelstudio.features.images.curation import throw_away
from pixelstudio.ui.art import WALL
from pixelstudio.ui.create.create_state import CreateState
from pixelstudio.ui.landing.landing_state import LandingState
from pixelstudio.ui.landing.views import left_words
from pixelstudio.ui.library.library_state import LibraryState
from pixelstudio.ui.visitor import Visitor
from tests.factories import a_cookie, a_guest, a_request, a_user, an_image, done
from tests.ui.driving import Tab


async def opened(tab):
    await tab.start(LandingState, "follow")
    await tab.wait_until(LandingState, lambda page: page.is_loaded)
    return await tab.look(LandingState)


async def test_a_stranger_sees_the_looks_and_draws_nothing_over_the_socket(open_studio):
    async with Tab("", "/") as tab:
        page = await opened(tab)
        assert (page.is_guest, page.left, page.tries, page.has_ai) == (False, 3, [], False)
        looks = {look.value: look.words for look in page.looks}
        assert [looks[art.look].partition(": ")[0] for art in WALL] == [art.model_title for art in WALL]
        assert looks["sketch-horizon"] == "Horizon: landscapes, sea and sky"
        await tab.send(LandingState, "draw", form={"prompt": "dunes"})

        assert "/login" in tab.said()


async def test_a_guest_draws_three_and_each_step_is_shown_without_asking_the_database(open_studio, database):
    guest = await a_guest(database)

    async with Tab(guest.cookie, "/") as tab:
        await opened(tab)
        for n in range(4):
            await tab.send(LandingState, "draw", form={"prompt": f"dunes {n}", "model": "sketch-paper"})
        page = await tab.look(LandingState)
        assert (len(page.tries), page.left, page.notice.code, page.chosen) == (3, 0, "trial_used_up", "sketch-paper")
        assert page.sentence == page.tries[0].title  # it stands in the composer, whenever one comes back

        async with database.reader() as reader:
            job = await job_of_slot(reader, guest.actor, page.tries[0].id, 0)
        open_studio.progress.begin(job, page.tries[0].id, guest.actor.id)
        await asyncio.sleep(0.3)  # what the submits told has been shown
        open_studio.progress.update(job, 2, 8, b"RIFF")
        await tab.wait_until(LandingState, lambda page: page.tries[0].step == 2)
        shown = (await tab.look(LandingState)).tries[0]
        assert (shown.state, shown.preview.startswith(f"/media/live/{shown.id}/0?n=")) == ("drawing", True)


async def test_guests_see_nothing_of_each_other_nor_of_members(open_studio, database):
    one, two, ines = await a_guest(database), await a_guest(database), await a_user(database)
    for somebody in (one.actor, ines):
        await an_image(open_studio, somebody, prompt="a canary of copper")

    async with Tab(two.cookie, "/") as tab:
        await opened(tab)
        async with database.transaction() as tx:
            await submit(tx, open_studio, a_request(prompt="a canary of copper"), one.actor)
        await tab.send(Visitor, "greet")

        assert "canary" not in tab.said()
        assert (await tab.look(LandingState)).tries == []


async def test_to_the_pages_of_members_a_guest_is_a_stranger(open_studio, database):
    guest = await a_guest(database)

    async with Tab(guest.cookie, "/create") as tab:
        await tab.send(CreateState, "follow")
        await tab.send(LibraryState, "follow")
        await tab.send(CreateState, "choose_count", count=3)
        await tab.send(Visitor, "load")

        assert tab.said().count("/login?next=/create") == 3
        visitor = await tab.look(Visitor)
        assert (visitor.handle, visitor.credits) == ("", 0)
    async with database.reader() as reader:
        assert await sets_of(reader, open_studio, guest.actor) == []


async def test_a_member_is_sent_on_and_a_guest_may_look_around(open_studio, database):
    ines, guest = await a_user(database), await a_guest(database)

    async with Tab(await a_cookie(database, ines.id), "/") as tab:
        await tab.send(Visitor, "greet")
        assert "/create" in tab.said()
    async with Tab(guest.cookie, "/register") as tab:
        await tab.send(Visitor, "greet")
        assert "/create" not in tab.said()
        visitor = await tab.look(Visitor)
        assert (visitor.is_guest, visitor.drawn) == (True, None)


async def test_at_the_door_a_guest_sees_the_last_of_the_very_pictures_that_come_along(open_studio, database, clock):
    guest, other = await a_guest(database), await a_guest(database)
    kept = []
    for _ in range(2):
        clock.advance(1)
        kept.append(await an_image(open_studio, guest.actor))
    await done(open_studio, throw_away, await an_image(open_studio, guest.actor), by=guest.actor)
    await an_image(open_studio, other.actor)

    async with Tab(guest.cookie, "/register") as tab, Tab("", "/register") as stranger:
        for somebody in (tab, stranger):
            await somebody.send(Visitor, "greet")
        visitor = await tab.look(Visitor)
        assert (visitor.drawn.id, visitor.drawn_besides) == (kept[-1], 1)
        assert (await stranger.look(Visitor)).drawn is None


async def test_who_came_as_a_guest_is_told_once_how_many_pictures_they_keep(open_studio, database):
    ines, guest = await a_user(database), await a_guest(database)

    async with Tab(f"{await a_cookie(database, ines.id)}; kept=2", "/create") as tab:
        await tab.send(Visitor, "load")
        assert (await tab.look(Visitor)).notice.sentence == "Your 2 pictures are in your library."

        await tab.send(Visitor, "dismiss_notice")
        await tab.send(Visitor, "load")
        assert (await tab.look(Visitor)).notice is None
    async with Tab(f"{guest.cookie}; kept=2", "/create") as tab:  # who is no member yet keeps nothing
        await tab.send(Visitor, "load")
        assert (await tab.look(Visitor)).notice is None


def test_what_is_left_is_said_in_words():
    assert [left_words(n) for n in (3, 2, 1, 0)] == [
        "Three tries, no account",
        "Two tries left",
        "One try left",
        "These were your three pictures",
    ]
