"""The small pictures of the looks: each is there, and weighs next to nothing."""

from __future__ import annotations

from PIL import Image

from pixelstudio.providers.sketch.catalogue import MODELS
from tools.look_samples import BYTES_MAX, FOLDER, SIZES, sample


def test_every_look_has_its_sample_and_no_other_is_shipped():
    assert {path.stem for path in FOLDER.iterdir()} == {model.id for model in MODELS}
    for path in FOLDER.iterdir():
        assert path.stat().st_size <= BYTES_MAX
        with Image.open(path) as picture:
            assert (picture.format, picture.size in SIZES) == ("WEBP", True)


def test_a_sample_is_drawn_by_the_look_itself():
    assert len(sample("sketch-horizon")) <= BYTES_MAX
