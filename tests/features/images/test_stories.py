"""Stories of files: where they come from, whether they were changed, and what they are copies of, among what the viewer may see."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from PIL import Image

from pixelstudio.core.keyring import Keyring
from pixelstudio.features.images.pictures import delete
from pixelstudio.features.images.renditions import rendition_for
from pixelstudio.features.images.stories import story_of
from pixelstudio.imaging.recipe import embed, read
from pixelstudio.imaging.refusal import Refused
from tests.factories import a_true_image, a_user
from tests.imaging.test_fingerprints import a_scene


def encoded(picture, kind="PNG", **options):
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


async def original_of(studio, by, image_id):
    async with studio.db.reader() as reader:
        stored = await rendition_for(reader, by, image_id, "original")
    return await studio.storage.get(stored.digest)


@pytest.fixture
async def ines(studio):
    return await a_user(studio.db)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
async def test_a_file_of_ours_tells_its_whole_story(studio, ines, kind):
    image_id = await a_true_image(studio, ines, encoded(a_scene(1), kind), prompt="a quiet scene")

    story = await story_of(studio, await original_of(studio, ines, image_id), ines)

    assert (story.origin, story.is_unchanged, story.width, story.height) == ("ours", True, 640, 480)
    assert story.recipe is not None
    assert story.recipe.prompt == "a quiet scene"
    assert [(one.image.id, one.distance) for one in story.alike] == [(image_id, 0)]


async def test_what_was_done_to_a_file_shows(studio, ines):
    image_id = await a_true_image(studio, ines, encoded(a_scene(2)))
    original = await original_of(studio, ines, image_id)
    recipe = read(original)
    assert recipe is not None
    pixels = Image.open(io.BytesIO(original)).convert("RGB")
    files = {
        "other words": embed(original, replace(recipe, prompt="a forged scene")),
        "other picture": embed(encoded(a_scene(3)), recipe),
        "no signature": embed(original, replace(recipe, signature="", signer="", content="")),
        "stripped and re-encoded": encoded(pixels.resize((400, 300)), "JPEG", quality=40),
        "re-encoded with its recipe": embed(encoded(pixels, "JPEG", quality=60), recipe),
        "nothing of ours": encoded(a_scene(5)),
    }

    told = {name: await story_of(studio, data, ines) for name, data in files.items()}

    assert {name: (story.origin, story.is_unchanged, len(story.alike)) for name, story in told.items()} == {
        "other words": ("forged", False, 1),
        "other picture": ("ours", False, 0),
        "no signature": ("unsigned", False, 1),
        "stripped and re-encoded": ("unknown", False, 1),
        "re-encoded with its recipe": ("ours", False, 1),
        "nothing of ours": ("unknown", False, 0),
    }
    elsewhere = replace(studio, keys=Keyring.new())
    assert (await story_of(elsewhere, original, ines)).origin == "elsewhere"


async def test_a_copy_is_found_only_among_what_the_viewer_may_see(studio, ines):
    bob = await a_user(studio.db, "bob")
    private = await a_true_image(studio, ines, encoded(a_scene(1)))
    public = await a_true_image(studio, ines, encoded(a_scene(2)), is_public=True)
    gone = await a_true_image(studio, bob, encoded(a_scene(1), "JPEG"))
    async with studio.db.transaction() as tx:
        await delete(tx, gone, by=bob)

    async def found(seed, viewer):
        return [one.image.id for one in (await story_of(studio, encoded(a_scene(seed), "JPEG", quality=50), viewer)).alike]

    assert [await found(1, viewer) for viewer in (ines, bob, None)] == [[private], [], []]
    assert [await found(2, viewer) for viewer in (ines, bob, None)] == [[public]] * 3


@pytest.mark.parametrize("data", [b"no picture", b"\x89PNG\r\n\x1a\n broken", b"\xff\xd8\xff\xe0half"])
async def test_what_is_no_picture_is_refused_in_words(studio, ines, data):
    with pytest.raises(Refused) as refused:
        await story_of(studio, data, ines)

    assert refused.value.sentence.endswith(".")
