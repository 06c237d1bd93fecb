"""Comments: threads that keep together, who may do what, who is told."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from pixelstudio.core import limits
from pixelstudio.core.errors import Invalid, NotAllowed, NotFound, TooMany
from pixelstudio.core.ids import new_id
from pixelstudio.features.gallery.comments import answers_of, delete, edit, mentions_in, set_comment_like, threads_of, write
from pixelstudio.features.gallery.follows import block
from pixelstudio.features.gallery.posts import post_for
from pixelstudio.features.notifications.inbox import inbox_of
from pixelstudio.features.wording.blocked import block_word
from tests.factories import a_maintainer, a_post, a_user, an_image, done


def counts_of(post: Any) -> int:
    return post.comments


async def threads(studio, viewer, image_id, **more):
    async with studio.db.reader() as reader:
        return await threads_of(reader, viewer, image_id, **more)


async def told(studio, by):
    async with studio.db.reader() as reader:
        return [(line.kind, line.person and line.person.handle) for line in (await inbox_of(reader, by)).items]


async def test_a_thread_holds_its_answers_in_order_and_an_answer_to_an_answer_stays_in_it(studio, clock):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    image_id = await a_post(studio, ines)
    first = await done(studio, write, image_id, "How many layers?", by=omar)
    clock.advance(1)
    answer = await done(studio, write, image_id, "Nine.", by=ines, parent_id=first)
    for n in range(4):
        clock.advance(1)
        await done(studio, write, image_id, f"more {n}", by=omar, parent_id=answer)
    clock.advance(1)
    last = await done(studio, write, image_id, "Lovely.", by=omar)

    page = await threads(studio, None, image_id)

    assert [thread.comment.id for thread in page.items] == [last, first]
    assert [comment.words for comment in page.items[1].answers] == ["Nine.", "more 0", "more 1"]
    assert page.items[1].comment.answers == 5
    async with studio.db.reader() as reader:
        assert [comment.words for comment in await answers_of(reader, None, first)] == ["Nine.", "more 0", "more 1", "more 2", "more 3"]
        assert counts_of(await post_for(reader, None, image_id)) == 7


async def test_pages_of_threads_follow_each_other(studio, clock):
    ines = await a_user(studio.db, "ines")
    image_id = await a_post(studio, ines)
    ids = []
    for n in range(5):
        clock.advance(1)
        ids.append(await done(studio, write, image_id, f"word {n}", by=ines))

    one = await threads(studio, None, image_id, limit=3)
    two = await threads(studio, None, image_id, limit=3, before=one.next_cursor)

    assert [thread.comment.id for thread in (*one.items, *two.items)] == ids[::-1]
    assert two.next_cursor == ""


async def test_deleting_keeps_the_thread_and_takes_the_words_and_the_name(studio):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    image_id = await a_post(studio, ines)
    root = await done(studio, write, image_id, "secret words", by=omar)
    await done(studio, write, image_id, "an answer", by=ines, parent_id=root)
    alone = await done(studio, write, image_id, "alone", by=omar)

    await done(studio, delete, root, by=omar)
    await done(studio, delete, alone, by=ines)

    page = await threads(studio, ines, image_id)
    assert [(t.comment.is_deleted, t.comment.words, t.comment.person, len(t.answers)) for t in page.items] == [(True, "", None, 1)]
    async with studio.db.reader() as reader:
        assert counts_of(await post_for(reader, None, image_id)) == 1


async def test_deleting_twice_counts_once(studio):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    image_id = await a_post(studio, ines)
    root = await done(studio, write, image_id, "a question", by=omar)
    await done(studio, write, image_id, "an answer", by=ines, parent_id=root)

    for by in (ines, ines, omar):
        await done(studio, delete, root, by=by)

    async with studio.db.reader() as reader:
        assert counts_of(await post_for(reader, None, image_id)) == 1


async def test_deleting_at_once_counts_once(studio):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    image_id = await a_post(studio, ines)
    doomed = await done(studio, write, image_id, "a question", by=omar)
    await done(studio, write, image_id, "another", by=omar)

    async with studio.db.transaction() as tx:
        await delete(tx, doomed, by=omar)
        second = asyncio.create_task(done(studio, delete, doomed, by=ines))
        await asyncio.sleep(0.2)  # by now it has read the comment, or waits for it
    await asyncio.gather(second, return_exceptions=True)

    async with studio.db.reader() as reader:
        assert counts_of(await post_for(reader, None, image_id)) == 1


async def test_who_is_mentioned_answered_or_shows_the_picture_is_told_once(studio):
    ines, omar, mika = [await a_user(studio.db, handle) for handle in ("ines", "omar", "mika")]
    image_id = await a_post(studio, ines)

    root = await done(studio, write, image_id, "@ines and @MIKA, look; mail@omar.org is none, @nobody_here neither", by=omar)
    await done(studio, write, image_id, "thank you", by=ines, parent_id=root)

    assert await told(studio, ines) == [("mention", "omar")]
    assert await told(studio, mika) == [("mention", "omar")]
    assert await told(studio, omar) == [("answer", "ines")]
    page = await threads(studio, None, image_id)
    assert page.items[0].comment.mentioned == {"ines", "mika"}
    assert mentions_in("x@ines @a @ines, @ines_2! (@omar)") == ["ines", "ines_2", "omar"]


async def test_a_stranger_edits_and_deletes_nothing(studio):
    ines, omar, mika = [await a_user(studio.db, handle) for handle in ("ines", "omar", "mika")]
    keeper = await a_maintainer(studio.db)
    private, image_id = await an_image(studio, ines), await a_post(studio, ines)
    hers = await done(studio, write, image_id, "mine", by=ines)

    for command in (edit, delete):
        with pytest.raises(NotAllowed):
            await done(studio, command, hers, *(["new"] if command is edit else []), by=mika)
    with pytest.raises(NotFound):
        await done(studio, write, private, "hello", by=omar)
    for comment_id in (new_id(), "x", ""):
        with pytest.raises(NotFound):
            await done(studio, set_comment_like, comment_id, True, by=omar)
    with pytest.raises(NotFound):
        await done(studio, write, await a_post(studio, ines), "elsewhere", by=omar, parent_id=hers)
    with pytest.raises(NotFound):
        await threads(studio, omar, private)

    await done(studio, edit, hers, "mine, said better", by=ines)
    page = await threads(studio, keeper, image_id)
    assert (page.items[0].comment.words, page.items[0].comment.is_edited, page.items[0].comment.may_delete) == (
        "mine, said better",
        True,
        True,
    )
    await done(studio, delete, hers, by=keeper)
    assert (await threads(studio, None, image_id)).items == []


async def test_comments_have_bounds(studio):
    ines, keeper = await a_user(studio.db, "ines"), await a_maintainer(studio.db)
    image_id = await a_post(studio, ines)
    await done(studio, block_word, "Crème brûlée", by=keeper)

    hidden = [("\u200b\u3164", "comment_empty"), ("a cre\u200bme bru\u200dlee", "word_blocked")]
    plain = [("  ", "comment_empty"), ("x" * (limits.COMMENT_MAX + 1), "comment_too_long"), ("a CREME brulee!", "word_blocked")]
    for words, code in plain + hidden:
        with pytest.raises(Invalid) as refused:
            await done(studio, write, image_id, words, by=ines)
        assert refused.value.code == code
    await done(studio, write, image_id, "cremes brulee are another word", by=ines)
    for n in range(limits.COMMENTS_PER_MINUTE - 1):
        await done(studio, write, image_id, f"again {n}", by=ines)
    with pytest.raises(TooMany):
        await done(studio, write, image_id, "once more", by=ines)


async def test_a_comment_is_liked_once_by_each(studio):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    image_id = await a_post(studio, ines)
    comment_id = await done(studio, write, image_id, "word", by=ines)

    for is_liked in (True, True):
        await done(studio, set_comment_like, comment_id, is_liked, by=omar)
    found = (await threads(studio, omar, image_id)).items[0].comment
    await done(studio, set_comment_like, comment_id, False, by=omar)

    assert (found.likes, found.is_liked) == (1, True)
    assert (await threads(studio, omar, image_id)).items[0].comment.likes == 0


async def test_likes_at_once_are_all_counted(studio):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    image_id = await a_post(studio, ines)
    comment_id = await done(studio, write, image_id, "Lovely.", by=omar)

    async with studio.db.transaction() as tx:
        await set_comment_like(tx, comment_id, True, by=ines)
        other = asyncio.create_task(done(studio, set_comment_like, comment_id, True, by=omar))
        await asyncio.sleep(0.2)  # by now it has read the comment, or waits for it
    await other

    assert (await threads(studio, None, image_id)).items[0].comment.likes == 2


async def test_between_two_who_are_apart_no_words_pass(studio):
    ines, omar, mika = [await a_user(studio.db, handle) for handle in ("ines", "omar", "mika")]
    image_id = await a_post(studio, mika)
    hers = await done(studio, write, image_id, "hers", by=ines)
    await done(studio, block, omar.id, True, by=ines)

    with pytest.raises(NotAllowed):
        await done(studio, write, image_id, "an answer", by=omar, parent_id=hers)
    await done(studio, write, image_id, "@ines you", by=omar)

    assert [t.comment.words for t in (await threads(studio, omar, image_id)).items] == ["@ines you"]
    assert [t.comment.words for t in (await threads(studio, ines, image_id)).items] == ["hers"]
    assert await told(studio, ines) == []
