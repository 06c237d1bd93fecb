"""The arena from its page: the price first, the sets side by side, a vote that keeps."""

from __future__ import annotations

import pytest

from pixelstudio.features.generation.comparisons import comparisons_of
from pixelstudio.ui.arena.arena_state import ArenaState
from tests.factories import a_cookie, a_user
from tests.ui.driving import Tab

FORM = {"mode": "models", "prompt": "a quiet house", "size": "256x256", "seed": "7"}
GRID = {**FORM, "model": "sketch-silk", "across": "seed", "across_values": "1, 2", "down": "style", "down_values": "none, dusk"}


@pytest.fixture
async def ines(database):
    return await a_user(database)


@pytest.fixture
async def tab(open_studio, database, ines):
    async with Tab(await a_cookie(database, ines.id), "/arena") as opened:
        await opened.send(ArenaState, "begin")
        yield opened


async def test_the_price_is_there_before_anything_is_asked_for(tab):
    page = await tab.look(ArenaState)
    assert (page.price, page.hint, len(page.chosen)) == ("", "Type a prompt first.", 3)

    await tab.send(ArenaState, "reckon", form=FORM)
    assert (await tab.look(ArenaState)).price.startswith("3 pictures")
    for model in page.chosen[:2]:
        await tab.send(ArenaState, "toggle_model", model=model)
    page = await tab.look(ArenaState)
    assert (page.price, page.hint) == ("", "Choose 2 to 4 models.")
    await tab.send(ArenaState, "choose_mode", mode="grid")
    await tab.send(ArenaState, "reckon", form={**GRID, "across_values": "one"})
    assert "seed" in (await tab.look(ArenaState)).hint
    await tab.send(ArenaState, "reckon", form=GRID)
    assert (await tab.look(ArenaState)).price.startswith("4 pictures")


async def test_models_and_grids_are_compared_side_by_side(tab, open_studio, ines):
    await tab.send(ArenaState, "reckon", form=FORM)
    await tab.send(ArenaState, "compare", form=FORM)
    await tab.send(ArenaState, "choose_mode", mode="grid")
    await tab.send(ArenaState, "reckon", form=GRID)
    await tab.send(ArenaState, "compare", form=GRID)

    page = await tab.look(ArenaState)
    assert page.notice is None
    by_size = {len(card.cells): card for card in page.rounds}
    assert (by_size[3].is_grid, by_size[4].is_grid, by_size[3].is_open) == (False, True, True)
    assert [cell.label for cell in by_size[4].cells] == ["seed 1 · None", "seed 2 · None", "seed 1 · Dusk", "seed 2 · Dusk"]
    await tab.send(ArenaState, "vote", comparison_id=by_size[3].id, place=1)
    page = await tab.look(ArenaState)
    [voted] = [card for card in page.rounds if card.id == page.voted]
    assert (voted.id, voted.said, voted.won) == (by_size[3].id, f"Best: {by_size[3].cells[1].label}", "1 of 1 vote")
    assert page.wins[0].words == "1 of 1 vote"
    assert page.notice.sentence == "Your vote counts: this model has 1 of 1 vote. The picture is among your favourites."
    await tab.send(ArenaState, "vote", comparison_id=by_size[4].id, place=3)  # of one model: it says nothing of models
    page = await tab.look(ArenaState)
    assert page.notice.sentence == "Your vote counts. The picture is among your favourites."
    assert [line.words for line in page.wins if line.title == by_size[3].cells[1].label] == ["1 of 1 vote"]
    async with open_studio.db.reader() as reader:
        assert len(await comparisons_of(reader, open_studio, ines)) == 2


async def test_a_form_that_cannot_be_meant_asks_for_nothing(tab):
    for form in ({**FORM, "size": ""}, {**FORM, "seed": "x"}, {**FORM, "prompt": " "}):
        await tab.send(ArenaState, "compare", form=form)
        page = await tab.look(ArenaState)
        assert page.notice.kind == "error"
        assert page.rounds == []
