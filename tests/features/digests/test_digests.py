"""Digests: chosen, sent once a period whatever happens, and ended by the link in each."""

from __future__ import annotations

import asyncio

import pytest

from pixelstudio.core.errors import Conflict, Invalid, NotFound
from pixelstudio.features.accounts.mutes import set_mute
from pixelstudio.features.digests.digests import choose_digest, digest_of, send_digests
from pixelstudio.features.digests.tokens import account_of, unsubscribe_token
from pixelstudio.features.gallery.comments import write
from pixelstudio.features.gallery.likes import set_like
from pixelstudio.features.notifications.inbox import read_all
from tests.api.serving import a_browser, served
from tests.factories import a_cookie, a_post, a_user, done

DAY_S = 24 * 60 * 60


@pytest.fixture
async def people(mailing):
    return [await a_user(mailing.db, name) for name in ("ines", "omar")]


async def chosen(mailing, by, every="daily"):
    await done(mailing, choose_digest, every, by=by, has_mail=True)
    mailing.clock.advance(1)


def text_of(letter):
    return letter.get_body(("plain",)).get_content()


async def test_a_digest_has_what_came_and_is_not_read_once_a_period(mailing, people, box, clock):
    ines, omar = people
    image_id = await a_post(mailing, ines, title="Dusk <i>")
    await done(mailing, set_like, image_id, True, by=omar)
    await chosen(mailing, ines)
    clock.advance(DAY_S)
    assert (await send_digests(mailing), box.letters) == (0, [])
    clock.advance(1)
    await done(mailing, write, image_id, "Look <b>here</b>", by=omar)
    clock.advance(DAY_S)

    assert [await send_digests(mailing) for _ in range(3)] == [1, 0, 0]

    ((to, letter),) = box.letters
    assert (to, letter["Subject"]) == ("ines@example.org", "1 new thing in your inbox · Pixel Studio")
    assert "- omar wrote under your picture “Dusk <i>”: Look <b>here</b>" in text_of(letter)
    assert "likes" not in text_of(letter)
    assert "<b>here" not in letter.get_body(("html",)).get_content()
    clock.advance(DAY_S)
    await done(mailing, set_like, image_id, False, by=omar)
    await done(mailing, write, image_id, "More", by=omar)
    await done(mailing, read_all, by=ines)
    assert await send_digests(mailing) == 0


async def test_however_many_send_at_once_each_letter_goes_once(mailing, people, box, clock):
    ines, omar = people
    for by in people:
        await chosen(mailing, by)
    for owner, by in ((ines, omar), (omar, ines)):
        await done(mailing, set_like, await a_post(mailing, owner), True, by=by)
    clock.advance(DAY_S)

    counts = await asyncio.gather(*(send_digests(mailing) for _ in range(6)))

    assert (sum(counts), sorted(to for to, _ in box.letters)) == (2, ["ines@example.org", "omar@example.org"])


async def test_what_did_not_leave_goes_an_hour_later_and_what_may_have_does_not(mailing, people, box, clock):
    ines, omar = people
    await chosen(mailing, ines)
    await done(mailing, set_like, await a_post(mailing, ines), True, by=omar)
    clock.advance(DAY_S)
    box.faults["RCPT"] = "450 later"
    assert [await send_digests(mailing) for _ in range(2)] == [0, 0]
    box.faults.clear()
    clock.advance(60 * 60)
    assert (await send_digests(mailing), len(box.letters)) == (1, 1)

    await done(mailing, set_like, await a_post(mailing, ines), True, by=omar)
    box.faults["end"] = ""
    clock.advance(DAY_S)
    assert await send_digests(mailing) == 0
    box.faults.clear()
    clock.advance(60 * 60)
    assert (await send_digests(mailing), len(box.letters)) == (0, 1)


async def test_it_is_for_whoever_asks_as_often_as_they_ask_and_not_without_a_mail_server(studio, mailing, people, box, clock):
    ines, omar = people
    for every, by in (("weekly", ines), ("daily", omar), ("", omar)):
        await chosen(mailing, by, every)
    for owner, by in ((ines, omar), (omar, ines)):
        await done(mailing, set_like, await a_post(mailing, owner), True, by=by)
    clock.advance(6 * DAY_S)
    assert (await send_digests(mailing), await send_digests(studio)) == (0, 0)
    clock.advance(DAY_S)
    assert await send_digests(mailing) == 1
    async with studio.db.reader() as reader:
        assert (await digest_of(reader, ines), await digest_of(reader, omar)) == ("weekly", "")
    with pytest.raises(Invalid):
        await chosen(mailing, ines, "hourly")
    with pytest.raises(Conflict):
        await done(studio, choose_digest, "daily", by=ines, has_mail=False)


async def test_nothing_by_somebody_muted_is_in_it(mailing, people, box, clock):
    ines, omar = people
    await chosen(mailing, ines)
    await done(mailing, set_like, await a_post(mailing, ines), True, by=omar)
    await done(mailing, set_mute, omar.id, True, by=ines)
    clock.advance(DAY_S)

    assert await send_digests(mailing) == 0


async def test_the_link_of_a_letter_ends_them_for_a_stranger_a_mail_program_and_nobody_else(mailing, people, box, clock):
    ines, omar = people
    for by in people:
        await chosen(mailing, by)
    await done(mailing, set_like, await a_post(mailing, ines), True, by=omar)
    clock.advance(DAY_S)
    await send_digests(mailing)
    address = box.letters[0][1]["List-Unsubscribe"].strip("<>")
    assert address in text_of(box.letters[0][1])
    path = address.removeprefix("http://localhost:3000")

    async def left():
        async with mailing.db.reader() as reader:
            return [await digest_of(reader, by) for by in people]

    async with served(mailing) as server, a_browser(server, await a_cookie(mailing.db, omar.id)) as browser:
        for wrong in (path[:-1], path.replace(ines.id, omar.id), "/api/unsubscribe", "/api/unsubscribe?token=x.y", f"{path}\u00e9"):
            for ask in (browser.get, browser.post):
                assert (await ask(wrong)).status_code == 404
        asked = await browser.get(path)
        assert (asked.status_code, 'method="post"' in asked.text, await left()) == (200, True, ["daily", "daily"])
        for _ in range(2):
            ended = await browser.post(path, data={"List-Unsubscribe": "One-Click"})
            assert (ended.status_code, await left()) == (200, ["", "daily"])


async def test_a_token_is_one_persons_and_one_studios(studio, people):
    ines, omar = people
    token = unsubscribe_token(studio.keys, ines.id)

    assert account_of(studio.keys, token) == ines.id
    for wrong in (unsubscribe_token(type(studio.keys).new(), ines.id), token.replace(ines.id, omar.id), ines.id, f"{ines.id}.", ""):
        with pytest.raises(NotFound):
            account_of(studio.keys, wrong)
