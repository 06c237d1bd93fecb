"""Blocked words: whole words in any case and accent, named to whoever writes them; the list is the maintainer's."""

from __future__ import annotations

import pytest

from pixelstudio.core.errors import Invalid, NotAllowed
from pixelstudio.features.wording.blocked import block_word, blocked_words, refuse_blocked, unblock_word
from tests.factories import a_maintainer, a_user, done


async def test_a_blocked_word_is_refused_by_name_and_only_as_a_whole(studio):
    keeper = await a_maintainer(studio.db)
    for _ in range(2):
        assert await done(studio, block_word, " Ünfair  Play! ", by=keeper) == "unfair play"

    async with studio.db.reader() as reader:
        for text in ("unfair player", "unfairplay", "play unfair", ""):
            await refuse_blocked(reader, text, "title")
        with pytest.raises(Invalid, match="unfair play") as refused:
            await refuse_blocked(reader, "so UNFAIR, play", "title")
        assert (refused.value.field, await blocked_words(reader)) == ("title", ["unfair play"])
    for word in ("\x00", "unfair play"):
        await done(studio, unblock_word, word, by=keeper)
    async with studio.db.reader() as reader:
        assert await blocked_words(reader) == []


async def test_the_list_is_the_maintainers(studio):
    ines, keeper = await a_user(studio.db, "ines"), await a_maintainer(studio.db)

    for command in (block_word, unblock_word):
        with pytest.raises(NotAllowed):
            await done(studio, command, "word", by=ines)
    for text in ("", "!!", "x" * 61):
        with pytest.raises(Invalid):
            await done(studio, block_word, text, by=keeper)
