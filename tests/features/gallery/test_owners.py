"""Everything of one person in the gallery: taken back from all it counted for when they leave."""

from __future__ import annotations

from pixelstudio.features.gallery.comments import threads_of, write
from pixelstudio.features.gallery.likes import set_like
from pixelstudio.features.gallery.owners import leave
from pixelstudio.features.gallery.posts import post_for
from tests.factories import a_post, a_user, done


async def test_whoever_leaves_takes_all_words_and_likes_back_and_nobody_elses(studio):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    much, little = await a_post(studio, ines), await a_post(studio, ines)
    root = await done(studio, write, much, "How many layers?", by=ines)
    for words in ("Nine.", "Or ten."):
        await done(studio, write, much, words, by=omar, parent_id=root)
    await done(studio, write, much, "Not so many.", by=ines, parent_id=root)
    own = await done(studio, write, much, "And whose is it?", by=omar)
    await done(studio, write, much, "Mine.", by=ines, parent_id=own)
    await done(studio, write, little, "Lovely.", by=omar)
    await done(studio, set_like, much, True, by=omar)

    for _ in range(2):
        async with studio.db.transaction() as tx:
            await leave(tx, omar.id)

    async with studio.db.reader() as reader:
        posts = [await post_for(reader, None, image_id) for image_id in (much, little)]
        threads = (await threads_of(reader, None, much)).items
    assert [(post.comments, post.likes) for post in posts if post] == [(3, 0), (0, 0)]
    assert {thread.comment.words: (thread.comment.answers, [one.words for one in thread.answers]) for thread in threads} == {
        "How many layers?": (1, ["Not so many."]),
        "": (1, ["Mine."]),
    }
