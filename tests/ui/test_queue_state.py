"""/queue: one's own jobs, live, and only little over the wire."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pixelstudio.features.generation.generations import submit
from pixelstudio.features.generation.own_jobs import cancel_job
from pixelstudio.jobs.claim import Lane
from pixelstudio.jobs.endings import end_held
from pixelstudio.jobs.kind import Failed
from pixelstudio.jobs.rings import JobMoved
from pixelstudio.ui import session
from pixelstudio.ui.queue import queue_state
from pixelstudio.ui.queue.queue_state import QueueState
from tests.factories import PricedSketch, a_cookie, a_request, a_studio, a_user
from tests.jobs.floor import change, take
from tests.ui.driving import Tab


@pytest.fixture
async def ines(database):
    return await a_user(database)


@pytest.fixture
async def tab(open_studio, database, ines):
    async with Tab(await a_cookie(database, ines.id), "/queue") as page:
        yield page


async def asked(studio, by, **changes):
    async with studio.db.transaction() as tx:
        return await submit(tx, studio, a_request(**changes), by)


async def failed(studio, sentence="The provider refused this prompt."):
    (job,) = await take(studio.db, wanted=1, lane=Lane("sketch", 8))
    await end_held(studio.db, job, studio.kinds, Failed("refused", sentence))


async def opened(tab):
    await tab.start(QueueState, "follow")
    await tab.wait_until(QueueState, lambda page: page.is_loaded)
    return await tab.look(QueueState)


async def test_a_newcomer_sees_that_nothing_is_in_line(open_studio, tab):
    page = await opened(tab)

    assert page.is_empty
    assert (page.summary, page.waiting) == ("", 0)


async def test_each_job_has_its_place_in_words(open_studio, tab, ines):
    await asked(open_studio, ines, count=3)
    await take(open_studio.db, wanted=1, lane=Lane("sketch", 8))

    page = await opened(tab)

    places = [page.places[row.key] for row in page.rows]
    assert [(place.word, place.position) for place in places] == [("Drawing", ""), ("Waiting", "Next in line"), ("Waiting", "2nd in line")]
    assert page.rows[1].which == "picture 2 of 3"
    assert page.summary == "1 drawing, 2 waiting"


async def test_of_sets_that_end_row_by_row_each_stays_together(open_studio, tab, ines):
    for _ in range(3):
        await asked(open_studio, ines, count=10)  # the line as far as it is shown: what ends in it keeps its place
    one, other = await asked(open_studio, ines, count=2), await asked(open_studio, ines, count=2, prompt="another")
    await opened(tab)

    for view, slot in ((one, 1), (other, 0), (one, 0), (other, 1)):
        await tab.send(QueueState, "cancel", generation_id=view.id, slot=slot)

    page = await tab.look(QueueState)
    assert [(row.generation_id, row.slot) for row in page.recent] == [(other.id, 1), (other.id, 0), (one.id, 1), (one.id, 0)]


async def test_a_move_in_line_sends_places_and_leaves_rows_alone(open_studio, tab, ines):
    view = await asked(open_studio, ines, count=3)
    await opened(tab)
    tab.updates.clear()

    (job,) = await take(open_studio.db, wanted=1, lane=Lane("sketch", 8))
    open_studio.bus.publish(JobMoved(job_id=job.id, batch_id=view.id, audience=ines.id))
    await tab.wait_until(QueueState, lambda page: page.summary == "1 drawing, 2 waiting")

    assert "places" in tab.said()
    assert "red lighthouse" not in tab.said()


async def test_places_are_kept_true_while_others_move(open_studio, database, tab, ines, monkeypatch):
    monkeypatch.setattr(queue_state, "LOOK_AGAIN_S", 0.05)
    await asked(open_studio, await a_user(database, "bob"))
    await asked(open_studio, ines)
    page = await opened(tab)
    assert [place.position for place in page.places.values()] == ["2nd in line"]

    await take(open_studio.db, wanted=1, lane=Lane("sketch", 8))

    await tab.wait_until(QueueState, lambda page: [place.position for place in page.places.values()] == ["Next in line"])


async def test_what_ends_keeps_its_place_until_the_page_is_opened_again(open_studio, tab, ines):
    view = await asked(open_studio, ines, count=3)
    await opened(tab)

    await tab.send(QueueState, "cancel", generation_id=view.id, slot=1)

    page = await tab.look(QueueState)
    assert [row.slot for row in page.rows] == [0, 1, 2]
    assert [(row.slot, row.word, row.why) for row in page.kept.values()] == [(1, "Cancelled", "Nothing was charged.")]
    assert (page.recent, page.waiting) == ([], 2)
    async with Tab(tab.headers["cookie"].removeprefix("sid="), "/queue") as again:
        page = await opened(again)
    assert ([row.slot for row in page.rows], page.kept, [row.slot for row in page.pages[0]]) == ([0, 2], {}, [1])


async def test_what_ended_before_word_of_it_came_keeps_its_place_too(open_studio, database, tab, ines, monkeypatch):
    monkeypatch.setattr(queue_state, "LOOK_AGAIN_S", 0.05)
    view = await asked(open_studio, ines, count=3)
    await opened(tab)

    monkeypatch.setattr(open_studio.bus, "publish", lambda _: None)
    async with database.transaction() as tx:
        await cancel_job(tx, open_studio, view.id, 1, by=ines)

    await tab.wait_until(QueueState, lambda page: page.waiting == 2)
    page = await tab.look(QueueState)
    assert ([row.slot for row in page.rows], [row.slot for row in page.kept.values()]) == ([0, 1, 2], [1])


async def test_a_long_line_is_shown_in_part_until_asked_for_and_called_off_at_once(open_studio, tab, ines):
    for _ in range(4):
        await asked(open_studio, ines, count=10)
    page = await opened(tab)
    assert (len(page.rows), page.hidden) == (30, 10)
    await tab.send(QueueState, "show_more")
    assert len((await tab.look(QueueState)).rows) == 40

    await tab.send(QueueState, "cancel_all")

    page = await tab.look(QueueState)
    assert (page.rows, page.waiting, page.notice.sentence) == ([], 0, "40 waiting jobs were cancelled. Nothing was charged.")
    assert (len(page.pages[0]), page.has_more) == (30, True)


async def test_a_line_is_shown_step_by_step_however_long(database, clock, children, ines, monkeypatch):
    monkeypatch.setattr(queue_state, "MORE", 5)
    studio = a_studio(database, clock, children)
    session.install(studio)
    for _ in range(5):
        await asked(studio, ines, count=10)

    async with Tab(await a_cookie(database, ines.id), "/queue") as tab:
        await opened(tab)
        await tab.send(QueueState, "show_more")
        page = await tab.look(QueueState)
    session.uninstall()

    assert (len(page.rows), len(page.places), page.hidden, page.waiting) == (35, 35, 15, 50)


async def test_in_a_line_of_five_hundred_a_move_sends_little(database, clock, children, ines):
    studio = a_studio(database, clock, children)
    studio = replace(studio, settings=studio.settings.model_copy(update={"waiting_jobs_per_person": 500}))
    session.install(studio)
    sets = [await asked(studio, ines, count=10) for _ in range(50)]

    async with Tab(await a_cookie(database, ines.id), "/queue") as tab:
        page = await opened(tab)
        assert (len(page.rows), page.hidden, page.waiting) == (30, 470, 500)
        assert len(tab.said()) < 40_000
        tab.updates.clear()
        (job,) = await take(studio.db, wanted=1, lane=Lane("sketch", 8))
        studio.bus.publish(JobMoved(job_id=job.id, batch_id=sets[0].id, audience=ines.id))
        await tab.wait_until(QueueState, lambda page: page.summary == "1 drawing, 499 waiting", timeout_s=20.0)
        assert len(tab.said()) < 20_000
    session.uninstall()


async def test_one_job_or_all_are_put_aside_and_taken_up_again(open_studio, tab, ines):
    view = await asked(open_studio, ines, count=3)
    await opened(tab)

    await tab.send(QueueState, "pause", generation_id=view.id, slot=0)
    page = await tab.look(QueueState)
    assert [(row.slot, page.places[row.key].word, page.places[row.key].why) for row in page.rows][-1] == (
        0,
        "Put aside",
        "You put it aside.",
    )
    assert (page.summary, page.waiting, page.paused) == ("2 waiting, 1 put aside", 2, 1)
    await tab.send(QueueState, "resume", generation_id=view.id, slot=0)
    assert (await tab.look(QueueState)).summary == "3 waiting"

    await tab.send(QueueState, "pause_all")
    assert (await tab.look(QueueState)).summary == "3 put aside"
    await tab.send(QueueState, "resume_all")
    assert (await tab.look(QueueState)).summary == "3 waiting"


async def test_a_job_goes_before_ones_others(open_studio, tab, ines):
    view = await asked(open_studio, ines, count=3)
    await change(open_studio.db, "UPDATE q_job SET vft=id")
    page = await opened(tab)
    assert [page.places[row.key].may_go_first for row in page.rows] == [False, True, True]

    await tab.send(QueueState, "put_first", generation_id=view.id, slot=2)

    page = await tab.look(QueueState)
    assert [(row.slot, page.places[row.key].position) for row in page.rows] == [(2, "Next in line"), (0, "2nd in line"), (1, "3rd in line")]
    assert [page.places[row.key].may_go_first for row in page.rows] == [False, True, True]


async def test_pages_go_on_without_repeating(open_studio, tab, ines):
    for _ in range(4):
        await asked(open_studio, ines, count=10)
    await opened(tab)
    await tab.send(QueueState, "cancel_all")
    await tab.send(QueueState, "dismiss_notice")
    fresh = Tab(tab.headers["cookie"].removeprefix("sid="), "/queue")

    async with fresh as again:
        assert [len(rows) for rows in (await opened(again)).pages] == [30]
        await again.send(QueueState, "load_more")
        page = await again.look(QueueState)

    assert [len(rows) for rows in page.pages] == [30, 10]
    assert len({row.key for rows in page.pages for row in rows}) == 40
    assert not page.has_more


async def test_what_has_ended_is_taken_off_the_list_by_one_or_all_at_once_and_put_back(open_studio, tab, ines):
    view = await asked(open_studio, ines, count=3)
    await opened(tab)
    for slot in (0, 1):
        await tab.send(QueueState, "cancel", generation_id=view.id, slot=slot)
    page = await tab.look(QueueState)
    assert (sorted(row.slot for row in page.kept.values()), page.has_several_ended) == ([0, 1], True)

    await tab.send(QueueState, "remove", generation_id=view.id, slot=1)
    page = await tab.look(QueueState)
    assert ([row.slot for row in page.kept.values()], page.has_several_ended) == ([0], False)
    assert [row.slot for row in page.rows] == [0, 2]
    assert (page.notice.sentence, page.notice.action) == ("“a red lighthouse at dusk” is off this list.", "Undo")
    assert next(iter(page.kept.values())).set_retry == "Retry both"  # what its neighbour said is said by the one that is left
    await tab.send(QueueState, "undo")
    assert [[row.slot for row in rows] for rows in (await tab.look(QueueState)).pages] == [[1, 0]]

    await tab.send(QueueState, "clear_ended")
    page = await tab.look(QueueState)
    assert (page.pages, page.kept, [row.slot for row in page.rows]) == ([[]], {}, [2])
    await tab.send(QueueState, "undo")
    assert [[row.slot for row in rows] for rows in (await tab.look(QueueState)).pages] == [[1, 0]]
    await tab.send(QueueState, "clear_ended")
    await tab.send(QueueState, "cancel", generation_id=view.id, slot=2)
    page = await tab.look(QueueState)
    assert ([row.slot for row in page.kept.values()], page.pages) == ([2], [[]])
    await tab.send(QueueState, "remove", generation_id=view.id, slot=2)
    await tab.send(QueueState, "remove", generation_id=view.id, slot=2)
    assert (await tab.look(QueueState)).is_empty


async def test_what_is_under_way_is_not_taken_off_the_list(open_studio, tab, ines):
    view = await asked(open_studio, ines)
    await opened(tab)

    await tab.send(QueueState, "remove", generation_id=view.id, slot=0)
    await tab.send(QueueState, "clear_ended")

    assert [row.slot for row in (await opened(tab)).rows] == [0]


async def test_what_failed_is_asked_for_again_once_and_for_the_price_that_is_shown(database, clock, children, ines):
    studio = a_studio(database, clock, children, PricedSketch(children))
    session.install(studio)
    view = await asked(studio, ines)
    await failed(studio)

    async with Tab(await a_cookie(database, ines.id), "/queue") as tab:
        row = (await opened(tab)).pages[0][0]
        assert (row.word, row.retry_price, row.why) == ("Not drawn", "2 credits", "The provider refused this prompt. Nothing was charged.")

        await tab.send(QueueState, "retry", generation_id=view.id, slot=0)
        page = await tab.look(QueueState)
        assert (len(page.rows), page.pages[0][0].was_retried, page.pages[0][0].retry_price) == (1, True, "")

        await tab.send(QueueState, "retry", generation_id=view.id, slot=0)
        page = await tab.look(QueueState)
        assert (len(page.rows), page.notice) == (1, None)
    session.uninstall()


async def test_what_a_set_misses_is_asked_for_by_one_press_and_other_tabs_hear_of_it(database, clock, children, ines):
    studio = a_studio(database, clock, children, PricedSketch(children))
    session.install(studio)
    view = await asked(studio, ines, count=2)
    await failed(studio)
    await failed(studio)
    cookie = await a_cookie(database, ines.id)

    async with Tab(cookie, "/queue") as tab, Tab(cookie, "/queue") as other:
        rows = (await opened(tab)).pages[0]
        assert [(row.slot, row.set_retry, row.set_price) for row in rows] == [(1, "Retry both", "4 credits"), (0, "", "")]
        await opened(other)

        await tab.send(QueueState, "retry_set", generation_id=view.id)

        page = await tab.look(QueueState)
        assert ([row.which for row in page.rows], page.notice) == (["picture 1 of 2", "picture 2 of 2"], None)
        for one in (tab, other):
            await one.wait_until(QueueState, lambda page: all(row.was_retried and not row.set_retry for row in page.pages[0]))
        await other.send(QueueState, "retry_set", generation_id=view.id)
        page = await other.look(QueueState)
        assert (len(page.rows), page.notice) == (2, None)
    session.uninstall()


async def test_without_credits_asking_again_is_refused_in_words(database, clock, children, ines):
    studio = a_studio(database, clock, children, PricedSketch(children))
    session.install(studio)
    view = await asked(studio, ines)
    await failed(studio)
    await asked(studio, ines, count=2)

    async with Tab(await a_cookie(database, ines.id), "/queue") as tab:
        await opened(tab)
        await tab.send(QueueState, "retry", generation_id=view.id, slot=0)

        page = await tab.look(QueueState)
        assert page.notice.sentence.startswith("This costs 2 credits and you have")
        assert page.pages[0][0].retry_price == "2 credits"
    session.uninstall()


async def test_a_members_page_tells_nothing_of_others(open_studio, database, tab):
    await asked(open_studio, await a_user(database, "bob"), prompt="his alone", count=2)
    await failed(open_studio, "his reason")

    page = await opened(tab)

    assert page.is_empty
    assert "his alone" not in tab.said()
    assert "his reason" not in tab.said()


async def test_a_stranger_is_sent_to_sign_in(open_studio):
    async with Tab("", "/queue") as tab:
        assert "/login" in repr(await tab.send(QueueState, "follow"))
