"""Comparisons: asked for together at a price that was seen first, voted on by their owner alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pixelstudio.core.errors import Conflict, Invalid, NotEnoughCredits, NotFound
from pixelstudio.core.ids import new_id
from pixelstudio.features.credits.ledger import balance_of
from pixelstudio.features.generation import comparisons
from pixelstudio.features.generation.comparisons import Axis, ComparisonView, arena, begin, comparisons_of, grid, price_of, vote, wins_of
from pixelstudio.features.generation.standing import sets_of
from pixelstudio.features.generation.views import SetView
from tests.factories import PricedSketch, a_request, a_studio, a_user

MODELS = ("sketch-paper", "sketch-silk", "sketch-orbs")


@pytest.fixture
def studio(database, clock, children):
    """Each picture costs two credits."""
    return a_studio(database, clock, children, PricedSketch(children))


@pytest.fixture
async def ines(studio):
    return await a_user(studio.db, credits=20)


async def begun(studio, by, plan, shown=None):
    async with studio.db.transaction() as tx:
        return await begin(tx, studio, plan, price_of(studio, plan) if shown is None else shown, by=by)


async def listed(studio, by):
    async with studio.db.reader() as reader:
        return await comparisons_of(reader, studio, by)


def there(view: ComparisonView) -> list[SetView]:
    """Its cells, none of which is gone."""
    cells = [cell for cell in view.cells if cell is not None]
    assert len(cells) == len(view.cells)
    return cells


async def test_one_prompt_stands_on_each_model_with_the_same_seed(studio, ines):
    plan = arena(studio, a_request(seed=None), MODELS)
    comparison_id = await begun(studio, ines, plan)

    [view] = await listed(studio, ines)
    assert (view.id, view.columns, view.rows, view.winner) == (comparison_id, ("Cut paper", "Silk", "Orbs"), ("",), None)
    cells = there(view)
    assert [cell.model for cell in cells] == list(MODELS)
    assert len({cell.seed for cell in cells}) == 1
    assert {cell.count for cell in cells} == {1}
    async with studio.db.reader() as reader:
        assert (await balance_of(reader, ines.id)).held == price_of(studio, plan) == 6


def test_a_grid_is_every_value_with_every_other(studio):
    plan = grid(studio, a_request(), Axis("style", ("none", "dusk")), Axis("seed", ("7", "8", "9")))

    assert (plan.columns, plan.rows) == (("None", "Dusk"), ("seed 7", "seed 8", "seed 9"))
    assert [(one.style, one.seed) for one in plan.requests] == [("", 7), ("dusk", 7), ("", 8), ("dusk", 8), ("", 9), ("dusk", 9)]
    words = grid(studio, a_request(prompt="a red door"), Axis("words", ("red", "blue")), Axis("size", ("256x256", "512")))
    assert [(one.prompt, one.width, one.height) for one in words.requests] == [
        ("a red door", 256, 256),
        ("a blue door", 256, 256),
        ("a red door", 512, 512),
        ("a blue door", 512, 512),
    ]


@pytest.mark.parametrize(
    "sides",
    [
        (Axis("seed", ()), None),
        (Axis("seed", ("seven",)), None),
        (Axis("style", ("cubist",)), None),
        (Axis("size", ("large",)), None),
        (Axis("words", ("green", "blue")), None),
        (Axis("seed", ("1",)), Axis("seed", ("2",))),
        (Axis("seed", tuple(map(str, range(7)))), Axis("size", ("256", "257", "258", "259", "260", "261"))),
        (Axis("model", ("nobody-draws",)), None),
    ],
)
def test_a_grid_that_cannot_be_meant_is_refused(studio, sides):
    with pytest.raises(Invalid):
        grid(studio, a_request(), *sides)


@pytest.mark.parametrize("models", [(), MODELS[:1], (*MODELS, "sketch-flow", "sketch-bloom"), ("sketch-silk", "sketch-silk")])
def test_two_to_four_models_are_compared(studio, models):
    with pytest.raises(Invalid):
        arena(studio, a_request(), models)


async def test_nothing_is_begun_at_another_price_or_without_the_credits_for_all(studio, ines):
    plan = grid(studio, a_request(), Axis("seed", tuple(map(str, range(6)))), Axis("size", ("256", "512", "768")))

    with pytest.raises(Conflict):
        await begun(studio, ines, plan, shown=35)
    with pytest.raises(NotEnoughCredits):
        await begun(studio, ines, plan)
    async with studio.db.reader() as reader:
        assert await sets_of(reader, studio, ines) == []
        assert (await balance_of(reader, ines.id)).held == 0
    assert await listed(studio, ines) == []


async def test_votes_count_for_models_and_the_last_one_holds(studio, ines, clock):
    first = await begun(studio, ines, arena(studio, a_request(), MODELS))
    clock.advance(1)
    await begun(studio, ines, replace(arena(studio, a_request(), MODELS[:2])))
    [_, older] = await listed(studio, ines)
    assert older.id == first

    for place in (0, 1):
        async with studio.db.transaction() as tx:
            assert await vote(tx, first, place, by=ines) == there(older)[place].id

    assert (await listed(studio, ines))[1].winner == there(older)[1].id
    async with studio.db.reader() as reader:
        wins = await wins_of(reader, ines)
    assert [(one.model, one.won, one.of) for one in wins] == [("sketch-silk", 1, 1), ("sketch-orbs", 0, 1), ("sketch-paper", 0, 1)]


async def test_a_stranger_sees_and_votes_on_nothing(studio, ines):
    bob = await a_user(studio.db, "bob")
    comparison_id = await begun(studio, ines, arena(studio, a_request(), MODELS))

    assert await listed(studio, bob) == []
    for by, which, place in ((bob, comparison_id, 0), (ines, new_id(), 0), (ines, "no id", 0), (ines, comparison_id, 3)):
        async with studio.db.transaction() as tx:
            with pytest.raises(NotFound):
                await vote(tx, which, place, by=by)


def test_a_draft_says_its_price_or_what_is_missing(studio):
    ready = comparisons.appraised(studio, lambda: arena(studio, a_request(), MODELS))
    unready = comparisons.appraised(studio, lambda: arena(studio, a_request(prompt=""), MODELS))

    assert (ready.total, ready.pictures, ready.missing) == (6, 3, "")
    assert (unready.total, "prompt" in unready.missing) == (None, True)


def test_there_is_something_to_choose_for_every_side_that_has_a_list(studio):
    assert {kind: bool(comparisons.choices(studio, kind)) for kind in ("model", "style", "size", "seed", "words")} == {
        "model": True,
        "style": True,
        "size": True,
        "seed": False,
        "words": False,
    }
