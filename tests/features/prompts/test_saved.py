"""Saved prompts: kept with tags, found by words and tags, forked, by their owner alone."""

from __future__ import annotations

import pytest

from pixelstudio.core import limits
from pixelstudio.core.errors import Conflict, Invalid, NotFound
from pixelstudio.core.ids import new_id
from pixelstudio.features.prompts import saved
from pixelstudio.features.prompts.saved import PromptForm
from tests.factories import a_user

HARBOUR = PromptForm("A quiet harbour\nat dusk", "people", " Sea,  evening light ,#SEA,, boats")


async def kept(database, by, form=HARBOUR):
    async with database.transaction() as tx:
        return await saved.save(tx, form, by=by)


async def found(database, by, words="", tag=""):
    async with database.reader() as reader:
        return [view.prompt for view in await saved.saved_prompts_of(reader, by, words, tag)]


async def test_what_is_kept_comes_back_with_each_tag_once(database):
    ines = await a_user(database)

    view = await kept(database, ines)

    async with database.reader() as reader:
        assert await saved.saved_prompts_of(reader, ines) == [view]
        assert await saved.tags_of(reader, ines) == ["boats", "evening light", "sea"]
    assert (view.prompt, view.negative_prompt, view.tags) == ("A quiet harbour\nat dusk", "people", ("sea", "evening light", "boats"))


async def test_it_is_found_by_any_of_its_words_and_by_whole_tags(database, clock):
    ines = await a_user(database)
    await kept(database, ines)
    clock.advance(1)
    await kept(database, ines, PromptForm("100% wool_scarf", tags="seaside"))

    assert await found(database, ines) == ["100% wool_scarf", "A quiet harbour\nat dusk"]
    assert await found(database, ines, "DUSK harbour") == await found(database, ines, "#boats") == ["A quiet harbour\nat dusk"]
    assert await found(database, ines, tag="sea") == ["A quiet harbour\nat dusk"]
    assert await found(database, ines, "100% wool_") == ["100% wool_scarf"]
    assert await found(database, ines, "l_s") == ["100% wool_scarf"]
    assert await found(database, ines, "l%s") == []


async def test_a_fork_remembers_where_it_comes_from_and_outlives_it(database):
    ines = await a_user(database)
    first = await kept(database, ines)
    async with database.transaction() as tx:
        second = await saved.fork(tx, first.id, by=ines)
        changed = await saved.change(tx, second.id, PromptForm("A loud harbour"), by=ines)
    assert (second.forked_from, second.tags) == (first.id, first.tags)
    assert (changed.prompt, changed.tags, changed.forked_from) == ("A loud harbour", (), first.id)

    async with database.transaction() as tx:
        await saved.delete(tx, first.id, by=ines)
    async with database.reader() as reader:
        [left] = await saved.saved_prompts_of(reader, ines)
    assert (left.id, left.forked_from) == (second.id, "")


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (PromptForm(" "), "prompt"),
        (PromptForm("p" * 3_501), "prompt"),
        (PromptForm("p", "n" * 1_001), "negative_prompt"),
        (PromptForm("p", tags=",".join(map(str, range(21)))), "tags"),
    ],
)
async def test_what_cannot_be_kept_says_why(database, form, field):
    with pytest.raises(Invalid) as refusal:
        await kept(database, await a_user(database), form)
    assert refusal.value.field == field


async def test_there_is_room_for_so_many_and_no_more(database, monkeypatch):
    monkeypatch.setattr(limits, "SAVED_PROMPTS_PER_PERSON", 1)
    ines = await a_user(database)
    await kept(database, ines)

    with pytest.raises(Conflict):
        await kept(database, ines)


async def test_a_stranger_finds_and_changes_nothing(database):
    ines, bob = await a_user(database), await a_user(database, "bob")
    view = await kept(database, ines)

    assert await found(database, bob) == []
    async with database.transaction() as tx:
        for prompt_id in (view.id, new_id(), "no id"):
            for act in (
                saved.fork(tx, prompt_id, by=bob),
                saved.delete(tx, prompt_id, by=bob),
                saved.change(tx, prompt_id, HARBOUR, by=bob),
            ):
                with pytest.raises(NotFound):
                    await act
