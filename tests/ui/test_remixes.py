"""What a remix changed, as it is shown, and as the composer reckons it."""

from __future__ import annotations

from pixelstudio.features.gallery.remixes import Remix, making_of, remix
from pixelstudio.features.generation.styles import composed, style_of
from pixelstudio.features.generation.views import Tuning
from pixelstudio.features.images.pictures import image_for
from pixelstudio.features.prompts.changes import changes
from pixelstudio.ui.create.composer import form_of, making_of_form, recipe_of_image
from pixelstudio.ui.prompts.remixes import Part, parts_of, remix_view, short_parts_of
from tests.factories import a_user, an_image

LONG = "one two three four five six seven eight nine ten"


def test_in_a_narrow_place_a_few_words_stand_around_each_change():
    changed = Remix(tuple(changes(LONG, f"{LONG} eleven")))

    assert remix_view(changed).parts == parts_of(LONG, f"{LONG} eleven") == [Part("same", LONG), Part("new", " eleven")]
    assert remix_view(changed, in_short=True).parts == short_parts_of(LONG, f"{LONG} eleven")
    assert short_parts_of(LONG, f"{LONG} eleven") == [Part("same", " … seven eight nine ten"), Part("new", " eleven")]
    assert short_parts_of(LONG, LONG) == []


async def test_a_picture_put_into_the_composer_differs_from_itself_in_nothing(open_studio, database):
    ines = await a_user(database)
    image_id = await an_image(open_studio, ines, prompt=composed("a quiet house", style_of("dusk")))
    models = {model.id: model for model in open_studio.providers.models()}
    async with database.reader() as reader:
        image = await image_for(reader, ines, image_id)
        form = form_of(await recipe_of_image(reader, image))

    before = making_of(image, Tuning(), models[image.model])

    assert (before.prompt, before.settings["Style"]) == ("a quiet house", "Dusk")
    assert remix(before, making_of_form(form, models)) == Remix()
