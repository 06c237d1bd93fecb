"""The recipe in the file: it comes back as it went, and no pixel changes."""

import dataclasses
import io

import pytest
from PIL import Image

from pixelstudio.core.limits import NEGATIVE_PROMPT_MAX, PROMPT_MAX
from pixelstudio.imaging.recipe import TRAINED, embed, read
from tests.imaging.pictures import RECIPE, a_picture, encoded

CONTAINERS = ["PNG", "JPEG", "WEBP"]


def pixels(data):
    picture = Image.open(io.BytesIO(data))
    return picture.mode, picture.size, picture.tobytes()


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L"])
def test_a_recipe_comes_back_and_the_pixels_stay(container, mode):
    if (container, mode) == ("JPEG", "RGBA"):
        mode = "CMYK"
    picture = encoded(a_picture(mode=mode), container)

    written = embed(picture, RECIPE)

    assert read(written) == RECIPE
    assert pixels(written) == pixels(picture)


def test_a_lossless_webp_with_holes_keeps_them():
    picture = encoded(a_picture(mode="RGBA"), "WEBP", lossless=True)

    assert pixels(embed(picture, RECIPE)) == pixels(picture)


@pytest.mark.parametrize("container", CONTAINERS)
def test_embedding_again_replaces(container):
    other = dataclasses.replace(RECIPE, prompt="another", digital_source_type=TRAINED)

    written = embed(embed(encoded(a_picture(), container), RECIPE), other)

    assert read(written) == other
    assert written == embed(encoded(a_picture(), container), other)


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("character", ["&", '"', "<", "\\", "ä", "🦁", "\n", "\x01", "\ufffe"])
def test_the_longest_prompts_of_any_character_fit(container, character):
    recipe = dataclasses.replace(RECIPE, prompt=character * PROMPT_MAX, negative_prompt=character * NEGATIVE_PROMPT_MAX)

    written = embed(encoded(a_picture(), container), recipe)

    assert pixels(written) == pixels(encoded(a_picture(), container))
    if character != "\ufffe":  # XML has no place for it
        assert read(written) == recipe


@pytest.mark.parametrize("container", CONTAINERS)
def test_other_programs_find_description_and_source_type(container):
    picture = Image.open(io.BytesIO(embed(encoded(a_picture(), container), RECIPE)))
    picture.load()

    packet = picture.info.get("xmp") or picture.info["XML:com.adobe.xmp"]

    text = packet.decode() if isinstance(packet, bytes) else packet
    assert "ein Löwe im Schnee" in text
    assert "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia" in text


@pytest.mark.parametrize("container", CONTAINERS)
def test_a_picture_without_a_recipe_has_none(container):
    assert read(encoded(a_picture(), container)) is None


@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff", b"RIFF\4\0\0\0WEBP", b"\x89PNG\r\n\x1a\n", b"GIF89a"])
def test_a_broken_file_has_no_recipe(data):
    assert read(data) is None


def test_a_recipe_of_another_version_is_not_read():
    written = embed(encoded(a_picture(), "JPEG"), RECIPE)

    assert read(written.replace(b'"version":1', b'"version":9')) is None


def test_an_avif_cannot_carry_one():
    with pytest.raises(ValueError, match="AVIF"):
        embed(encoded(a_picture(), "AVIF"), RECIPE)
