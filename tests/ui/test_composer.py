"""What the composer sends, and what it begins with."""

from __future__ import annotations

import pytest
from sqlalchemy import update
from sqlmodel import col

from pixelstudio.core.errors import Invalid
from pixelstudio.core.ids import new_id
from pixelstudio.features.generation.generations import submit
from pixelstudio.features.generation.tables import GenerationRow
from pixelstudio.features.images.pictures import image_for
from pixelstudio.ui.create.composer import ComposerForm, asked, recipe_of_address, recipe_of_request
from tests.factories import a_request, a_studio, a_user, an_image, done

FORM = ComposerForm(prompt="a quiet house", model="sketch-paper", size="1024x1280", images="4", seed="")


def test_a_form_becomes_a_request():
    request = asked(FORM)

    assert (request.prompt, request.model, request.width, request.height, request.count, request.seed) == (
        "a quiet house",
        "sketch-paper",
        1024,
        1280,
        4,
        None,
    )


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("seed", "NaN", "seed_invalid"),
        ("seed", "-1", "seed_invalid"),
        ("seed", "1.5", "seed_invalid"),
        ("seed", "٤", "seed_invalid"),
        ("images", "", "count_invalid"),
        ("images", "1e3", "count_invalid"),
        ("size", "1024", "size_missing"),
        ("size", "", "size_missing"),
    ],
)
def test_what_is_no_number_is_refused_by_a_sentence_that_names_the_field(field, text, code):
    with pytest.raises(Invalid) as refusal:
        asked(ComposerForm(**{**FORM, field: text}))

    assert refusal.value.code == code
    assert refusal.value.sentence.endswith(".")


async def test_the_address_may_bring_a_sentence_and_what_it_goes_without(database, clock, children):
    ines, studio = await a_user(database), a_studio(database, clock, children)

    async with database.reader() as reader:
        recipe = await recipe_of_address(reader, studio, {"prompt": "a quiet house", "without": "people"}, ines)

    assert recipe is not None
    assert (recipe.prompt, recipe.negative_prompt) == ("a quiet house", "people")


async def test_the_address_may_name_a_set_of_ones_own_and_nobody_elses(database, clock, children):
    ines, bob = await a_user(database), await a_user(database, "bob")
    studio = a_studio(database, clock, children)
    view = await done(studio, submit, studio, a_request(count=3), ines)

    async with database.reader() as reader:
        recipe = await recipe_of_address(reader, studio, {"set": view.id}, ines)
        others = [await recipe_of_address(reader, studio, {"set": name}, bob) for name in (view.id, new_id(), "'; --")]

    assert recipe is not None
    assert (recipe.prompt, recipe.images, recipe.seed) == ("a red lighthouse at dusk", "3", "")
    assert others == [None] * 3


async def test_the_address_may_name_a_picture_and_gives_its_whole_recipe(database, clock, children):
    ines, studio = await a_user(database), a_studio(database, clock, children)
    image_id = await an_image(studio, ines, prompt="a red lighthouse")

    async with database.reader() as reader:
        recipe = await recipe_of_address(reader, studio, {"from": image_id}, ines)

    assert recipe is not None
    assert (recipe.prompt, recipe.seed, recipe.size, recipe.model) == ("a red lighthouse", "7", "256x256", "sketch-paper")


async def test_a_remixer_takes_up_all_but_the_picture_it_went_by_which_is_its_makers(database, clock, children):
    ines, bob = await a_user(database), await a_user(database, "bob")
    studio = a_studio(database, clock, children)
    reference, image_id = await an_image(studio, ines, is_public=True), await an_image(studio, ines, is_public=True)
    async with database.transaction() as tx:
        set_id = (await image_for(tx, ines, image_id)).generation_id
        tuned = {"steps": 28, "guidance": 4.5, "reference_id": reference, "strength": 0.35}
        await tx.exec(update(GenerationRow).where(col(GenerationRow.id) == set_id).values(tuned))

    async with database.reader() as reader:
        hers, his = [await recipe_of_address(reader, studio, {"from": image_id}, who) for who in (ines, bob)]

    assert hers is not None
    assert his is not None
    assert (hers.steps, hers.guidance, hers.reference, hers.strength) == ("28", "4.5", reference, "35")
    assert (his.steps, his.guidance, his.reference, his.strength) == ("28", "4.5", "", "")


async def test_a_stranger_learns_no_recipe_from_a_private_picture(database, clock, children):
    ines, bob = await a_user(database), await a_user(database, "bob")
    studio = a_studio(database, clock, children)
    image_id = await an_image(studio, ines)

    async with database.reader() as reader:
        assert await recipe_of_address(reader, studio, {"from": image_id}, bob) is None


@pytest.mark.parametrize(
    "chosen", [{}, {"steps": "28", "guidance": "7.5", "reference": "a-picture", "strength": "35"}], ids=["left", "chosen"]
)
def test_a_request_put_into_the_composer_loses_none_of_its_numbers(chosen):
    recipe = recipe_of_request(asked(ComposerForm(**FORM, **chosen)))

    named = ("steps", "guidance", "reference", "strength")
    assert {name: getattr(recipe, name) for name in named} == {name: chosen.get(name, "") for name in named}
