"""The matrix of handlers: everybody calls everything on everything, past any page; and what lists show to whom."""

from __future__ import annotations

import itertools

import pytest

from pixelstudio.ui.create.create_state import CreateState
from pixelstudio.ui.handlers import check_handlers
from pixelstudio.ui.queue.queue_state import QueueState
from pixelstudio.ui.routes import PAGES
from tests.ui.driving import Tab
from tests.visibility.acting import ACTS, NO_ID, handlers_of_the_product, told
from tests.visibility.cast import PEOPLE, SECRET, SIGNED_IN

# A page whose address carries an id must be one of those the acts are called on.
PAGES_WITHOUT_ID = {"/", "/register", "/login", "/claim", "/forgot", "/reset", "/create", "/arena", "/prompts", "/verify", "/library", "/settings", "/queue", "/admin", "/admin/webhooks", "/components", "/404", "/explore", "/search", "/feed", "/likes",
    "/collections", "/inbox", "/u/[handle]", "/shared/[secret]"}  # fmt: skip
PAGES_WITH_ID = {"/image/[image_id]": "/image/{}", "/collections/[collection_id]": "/collections/{}"}
NO_IDS = ("\x00", "'; --", "a" * 26 + "\x00", "9" * 400)


def test_every_handler_has_a_row_or_takes_no_id():
    found = handlers_of_the_product()

    assert len(found) > 15
    assert set(found) == {*ACTS, *NO_ID}
    assert not {*ACTS} & {*NO_ID}
    assert [name for name in NO_ID if any(argument == "id" or argument.endswith("_id") for argument in found[name])] == []
    assert check_handlers()


def test_every_page_is_one_the_acts_know():
    assert {page.route for page in PAGES} == PAGES_WITHOUT_ID | set(PAGES_WITH_ID)
    assert set(PAGES_WITH_ID.values()) <= {act.path for acts in ACTS.values() for act in acts}


@pytest.mark.parametrize("who", [who for who in PEOPLE if who != "owner"])
async def test_a_stranger_reaches_nothing_and_cannot_tell_what_there_is(world, who):
    before = await world.records()
    for name, acts in ACTS.items():
        for act in acts:
            found = [await told(world, act, who, what) for what in act.things]

            assert [(name, t.what, t.outcome) for t in found] == [(name, what, act.expected(who, what)) for what in act.things]
            assert (name, await world.records()) == (name, before)
            unseen = [t for t in found if who not in act.seen_by[t.what]]
            assert len({t.said for t in unseen}) == 1
            assert SECRET not in unseen[0].said


@pytest.mark.parametrize("name", ACTS)
async def test_the_owner_reaches_their_own_and_nothing_that_is_gone(world, name):
    for act in ACTS[name]:
        before = await world.records()
        found = [await told(world, act, "owner", what) for what in act.things]

        assert [(t.what, t.outcome) for t in found] == [(what, act.expected("owner", what)) for what in act.things]
        assert (await world.records() != before) == act.changes
        assert len({t.said for t in found if "owner" not in act.seen_by[t.what]}) == 1


@pytest.mark.parametrize(("state", "path"), [(CreateState, "/create"), (QueueState, "/queue")])
@pytest.mark.parametrize("who", PEOPLE)
async def test_a_list_shows_what_is_ones_own_and_not_deleted(world, state, path, who):
    async with Tab(world.cookies[who], path) as tab:
        following = await tab.start(state, "follow")
        if who not in SIGNED_IN:
            await following
            assert f"/login?next={path}" in tab.said()
        else:
            await tab.wait_until(state, lambda page: page.is_loaded)
        tab.leave()
        said = tab.said()

    own = {"theirs", "called_off"} if who == "owner" else set()
    assert {what for what, thing in world.ids.items() if thing in said} == own
    assert (SECRET in said) == (who == "owner")


async def test_what_is_no_id_is_answered_like_what_never_was(world):
    for act in itertools.chain(*ACTS.values()):
        expected = await told(world, act, "owner", next(what for what in act.things if what.startswith("missing")))
        for word in NO_IDS:
            world.ids["word"] = word
            found = await told(world, act, "owner", "word")

            assert (act, word, found.outcome) == (act, word, expected.outcome)
