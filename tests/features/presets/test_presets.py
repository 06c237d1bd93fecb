"""Presets: kept under a name, by their owner alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pixelstudio.core import limits
from pixelstudio.core.errors import Conflict, Invalid, NotFound
from pixelstudio.core.ids import new_id
from pixelstudio.features.generation.views import Tuning
from pixelstudio.features.presets import presets
from pixelstudio.features.presets.presets import Settings
from tests.factories import a_user

TUNING = Tuning(28, 4.5, new_id(), 0.35)
SETTINGS = Settings("a quiet house", "people", "sketch-paper", "dusk", 1024, 1280, 4, 7, TUNING)


async def saved(database, by, name="Evenings", settings=SETTINGS):
    async with database.transaction() as tx:
        return await presets.save(tx, name, settings, by=by)


async def names(database, by):
    async with database.reader() as reader:
        return [view.name for view in await presets.presets_of(reader, by)]


async def test_what_is_kept_comes_back_whole(database):
    ines = await a_user(database)

    kept = await saved(database, ines, "  Quiet\n evenings ")

    async with database.reader() as reader:
        assert await presets.preset_of(reader, ines, kept.id) == kept
    assert (kept.name, kept.settings) == ("Quiet evenings", SETTINGS)


async def test_they_are_listed_by_name_renamed_and_deleted(database):
    ines = await a_user(database)
    b, _ = await saved(database, ines, "b"), await saved(database, ines, "A")
    assert await names(database, ines) == ["A", "b"]

    async with database.transaction() as tx:
        await presets.rename(tx, b.id, "0", by=ines)
    assert await names(database, ines) == ["0", "A"]

    async with database.transaction() as tx:
        await presets.delete(tx, b.id, by=ines)
    assert await names(database, ines) == ["A"]


async def test_a_name_is_given_once_and_says_so(database):
    ines, bob = await a_user(database), await a_user(database, "bob")
    first, other = await saved(database, ines), await saved(database, ines, "Other")
    await saved(database, bob)

    with pytest.raises(Conflict):
        await saved(database, ines)
    async with database.transaction() as tx:
        with pytest.raises(Conflict):
            await presets.rename(tx, other.id, first.name, by=ines)
        assert (await presets.rename(tx, first.id, first.name, by=ines)).name == first.name


@pytest.mark.parametrize("name", ["", " \n\u202e", "x" * (limits.PRESET_NAME_MAX + 1)])
async def test_a_name_that_is_none_is_refused(database, name):
    with pytest.raises(Invalid) as refusal:
        await saved(database, await a_user(database), name)

    assert refusal.value.field == "name"


@pytest.mark.parametrize(
    "wrong",
    [{"prompt": "x" * 3_501}, {"negative_prompt": "x" * 1_001}, {"width": 8}, {"count": 11}, {"seed": -1}, {"model": "m" * 81}],
    ids=str,
)
async def test_settings_nobody_can_mean_are_refused(database, wrong):
    with pytest.raises(Invalid):
        await saved(database, await a_user(database), settings=replace(SETTINGS, **wrong))


async def test_somebody_elses_is_as_if_it_were_not_there(database):
    kept, bob = await saved(database, await a_user(database)), await a_user(database, "bob")

    for preset_id in (kept.id, new_id(), "x"):
        async with database.transaction() as tx:
            for act in (
                presets.preset_of(tx, bob, preset_id),
                presets.rename(tx, preset_id, "y", by=bob),
                presets.delete(tx, preset_id, by=bob),
            ):
                with pytest.raises(NotFound):
                    await act
    assert await names(database, bob) == []


async def test_there_is_room_for_so_many(database, monkeypatch):
    monkeypatch.setattr(limits, "PRESETS_PER_PERSON", 1)
    ines = await a_user(database)
    await saved(database, ines)

    with pytest.raises(Conflict) as refusal:
        await saved(database, ines, "one more")

    assert "Delete one" in refusal.value.sentence
