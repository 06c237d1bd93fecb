"""What a remix changed, as it is shown."""

from __future__ import annotations

import pytest

from pixelstudio.features.generation.styles import composed, style_of
from pixelstudio.features.generation.views import Tuning
from pixelstudio.features.images.pictures import image_for
from pixelstudio.ui.create.composer import form_of, making_of_form, recipe_of_image
from pixelstudio.ui.prompts.remixes import ChangedSetting, Making, Part, making_of, remix, short_parts_of
from tests.factories import a_user, an_image

SETTINGS = {"Without": "", "Style": "Dusk", "Seed": "7", "Goes by": "one", "Strength": "60 %"}


def changed(**settings):
    return remix(Making("a quiet house", SETTINGS), Making("a quiet house", {**SETTINGS, **settings})).settings


def test_words_that_stayed_are_told_only_beside_what_changed():
    assert remix(Making("a quiet house", SETTINGS), Making("a quiet house", SETTINGS)).parts == []
    assert remix(Making("a red mug", SETTINGS), Making("a blue mug", SETTINGS)).parts == [
        Part("same", "a"),
        Part("gone", " red"),
        Part("new", " blue"),
        Part("same", " mug"),
    ]
    assert short_parts_of("a red mug", "a red mug") == []


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({}, []),
        ({"Seed": "", "Style": ""}, [("Style", "Dusk", "none"), ("Seed", "7", "new")]),
        ({"Without": "people"}, [("Without", "nothing", "people")]),
        ({"Goes by": "other"}, [("Goes by", "a picture", "another picture")]),
        ({"Strength": ""}, [("Strength", "60 %", "usual")]),
        ({"Goes by": "", "Strength": ""}, [("Goes by", "a picture", "no picture")]),
    ],
)
def test_settings_are_told_as_they_were_and_as_they_are(settings, told):
    assert changed(**settings) == [ChangedSetting(*one) for one in told]


async def test_a_picture_put_into_the_composer_differs_from_itself_in_nothing(open_studio, database):
    ines = await a_user(database)
    image_id = await an_image(open_studio, ines, prompt=composed("a quiet house", style_of("dusk")))
    models = {model.id: model for model in open_studio.providers.models()}
    async with database.reader() as reader:
        image = await image_for(reader, ines, image_id)
        form = form_of(await recipe_of_image(reader, image))

    before = making_of(image, Tuning(), models[image.model])

    assert (before.prompt, before.settings["Style"]) == ("a quiet house", "Dusk")
    assert remix(before, making_of_form(form, models)) == remix(before, before)
