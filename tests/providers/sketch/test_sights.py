"""What Horizon and Cut paper draw of the things and the weather that words name."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from pixelstudio.providers.sketch.canvas import Canvas
from pixelstudio.providers.sketch.catalogue import MODELS
from pixelstudio.providers.sketch.drawing import picture, stages
from pixelstudio.providers.sketch.figures.catalogue import FIGURES
from pixelstudio.providers.sketch.portrayal import Placed, covered
from pixelstudio.providers.sketch.sights import Sights, sights_of

HORIZON = next(model for model in MODELS if model.id == "sketch-horizon")
# Pictures from before anything was named, as 16 x 12 mean colours: words that name nothing are drawn as they always were.
UNNAMED = Path(__file__).parents[2] / "golden" / "unnamed.json"
STILL_LIFE = next(model for model in MODELS if model.id == "sketch-product")
PAPER = next(model for model in MODELS if model.id == "sketch-paper")
DRAW_SIGHTS = ("sketch-horizon", "sketch-paper")
OLD = (
    ("quiet ocean at dusk", 1),
    ("a lake without wind at dusk, coral and sand", 2),
    ("Night over blue mountains, a mint moon", 21),
    ("Sunset over coral dunes", 89),
    ("a forest of pines", 7),
    ("invoice number seven", 3),
    ("Far dunes after the storm, green and slate", 5),
    ("夜の海", 4),
    ("", 0),
)


@pytest.mark.parametrize(
    ("prompt", "sights"),
    [
        ("a lighthouse at dusk", Sights(("lighthouse",), is_lit=True, is_at_sea=True)),
        ("Two BOATS on a quiet lake", Sights(afloat=("boat", "boat"))),
        ("a village in the snow", Sights(("village",), weather="snow", is_lit=True)),
        ("ein Schiff im Nebel", Sights(afloat=("ship",), weather="fog", is_lit=True, is_at_sea=True)),
        ("an oak", Sights(("tree",))),
        ("trees of a forest, birds", Sights(aloft=("bird",))),
        ("a castle, a church, a house", Sights(("castle", "church"))),
        ("far dunes after the storm", Sights()),
        ("quiet ocean", Sights()),
        ("", Sights()),
    ],
)
def test_things_and_weather_are_read_from_the_words(prompt, sights):
    assert sights_of(prompt) == sights


def _in_brief(look, prompt, seed):
    pixels = picture(look, prompt, seed, 256, 192)
    return cv2.resize(pixels.astype(np.float32), (16, 12), interpolation=cv2.INTER_AREA)


@pytest.mark.parametrize(("prompt", "seed"), OLD)
@pytest.mark.parametrize("look", DRAW_SIGHTS)
def test_words_that_name_nothing_are_drawn_as_they_always_were(look, prompt, seed):
    expected = np.array(json.loads(UNNAMED.read_text())[f"{look}: {prompt} #{seed}"]).reshape(12, 16, 3)

    assert np.abs(_in_brief(look, prompt, seed) - expected).max() <= 1  # a processor rounds; another chance moves whole ridges


@pytest.mark.parametrize("name", [name for name in FIGURES if name != "walker"] + ["wanderer", "rain", "storm", "snow", "fog", "overcast"])
@pytest.mark.parametrize(("width", "height"), [(120, 150), (320, 80), (80, 320)])
def test_whatever_is_named_is_seen_at_every_shape_and_repeats(name, width, height):
    named = picture("sketch-horizon", f"blue {name}", 5, width, height)

    assert np.array_equal(named, picture("sketch-horizon", f"blue {name}", 5, width, height))
    assert named.std() > 8


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_a_figure_stands_on_its_foot_and_has_its_height(name):
    canvas = Canvas(400, 400)
    cover, tone = covered(canvas, canvas.whole(), Placed(FIGURES[name](np.random.default_rng(1)), 0.0, 0.2, 0.3, 0.0, 1.0))
    rows = np.flatnonzero(cover.max(axis=1) > 0.5)

    assert cover.max() == 1.0
    assert cover.min() == 0.0
    assert tone.max() <= 1.0
    if name != "bird":
        assert abs(rows.min() - (200 + (0.2 - 0.3) * 400)) < 24
        assert rows.max() <= 200 + 0.27 * 400


@pytest.mark.parametrize(
    "prompt", ["a lighthouse and a ship in a storm at night", "a castle, birds and a balloon in the rain", "boats on a lake in snow"]
)
def test_however_much_is_named_the_steps_stay_within_the_row(prompt):
    for seed in range(4):
        *_, last = stages("sketch-horizon", prompt, seed, 64, 80)
        assert 8 <= last.step == last.steps <= HORIZON.steps


@pytest.mark.parametrize(
    "prompt",
    [
        "a lighthouse at dusk",
        "a lighthouse and a ship in a storm",
        "balloons and birds",
        "a castle at night in the snow",
        "a boat in the fog",
    ],
)
def test_cut_paper_cuts_out_what_is_named(prompt):
    shape = (160, 200)
    hills = picture("sketch-paper", prompt, 3, *shape)

    assert np.array_equal(hills, picture("sketch-paper", prompt, 3, *shape))
    for seed in range(4):
        *_, last = stages("sketch-paper", prompt, seed, 64, 80)
        assert 8 <= last.step == last.steps <= PAPER.steps


@pytest.mark.parametrize(
    ("fewer", "more"),
    [
        ("a lighthouse by the sea", "a lighthouse and a boat by the sea"),
        *(("blue hills", f"blue hills, {weather}") for weather in ("rain", "storm", "snow", "fog", "overcast")),
    ],
)
@pytest.mark.parametrize(("width", "height"), [(120, 150), (320, 80), (80, 320)])
def test_cut_paper_shows_a_second_thing_and_the_weather_at_every_shape(fewer, more, width, height):
    seen = picture("sketch-paper", more, 5, width, height).astype(int)

    assert np.abs(seen - picture("sketch-paper", fewer, 5, width, height)).mean() > 4


def test_bad_weather_hides_the_sun():
    def brightest(prompt):
        return max(float(picture("sketch-horizon", prompt, seed, 160, 200)[:110].mean(axis=2).max()) for seed in range(4))

    assert brightest("blue hills in the rain") < brightest("blue hills") - 15


def test_a_bowl_holds_the_fruit_that_is_named():
    def colours(prompt):
        heap = picture("sketch-product", prompt, 3, 240, 300)[110:180, 85:155].astype(int)
        *_, last = stages("sketch-product", prompt, 3, 64, 80)
        assert last.step == last.steps <= STILL_LIFE.steps
        return heap[..., 0] - heap[..., 2], heap[..., 1] - heap[..., 0]

    (lemons, _), (cherries, cherry_green), (_, pear_green) = (colours(f"a {kind} table, grey") for kind in ("lemon", "cherries", "pear"))
    assert np.median(lemons) > 100
    assert np.median(cherries) < np.median(lemons)
    assert np.percentile(pear_green, 75) > np.percentile(cherry_green, 75) + 20


def test_a_colour_is_no_fruit_and_more_than_one_of_it_is():
    """A bowl is much broader than a bottle of the same height: half way up, at the sides, stands nothing behind a bottle."""

    def breadth(prompt):
        shades = picture("sketch-product", prompt, 3, 240, 300)[192:212].astype(int).mean(axis=2)
        return int((np.abs(shades - np.median(shades[:, :20])) > 24).sum(axis=1).max())

    assert breadth("an orange serum") < breadth("serene oranges") - 20


def _whitest(sky):
    return int(sky.min(axis=2).max())


def _yellowest(sky):
    return int((sky[..., 0].astype(int) - sky[..., 2]).max())


@pytest.mark.parametrize(("look", "told"), [("sketch-horizon", _whitest), ("sketch-paper", _yellowest)])
def test_in_a_storm_there_is_a_flash(look, told):
    def least(prompt):
        return min(told(picture(look, prompt, seed, 320, 400)[:200]) for seed in range(4))

    assert least("blue hills in a thunderstorm at night") > least("blue hills in the rain at night") + 15


def test_a_paper_sun_is_the_warmest_of_a_sky_and_is_not_there_in_the_rain():
    def warmest(prompt):
        sky = [picture("sketch-paper", prompt, seed, 160, 200)[:80].astype(int) for seed in range(4)]
        return max(int((pixels[..., 0] - pixels[..., 2]).max()) for pixels in sky)

    assert warmest("blue hills in the rain") < warmest("blue hills") - 40


if __name__ == "__main__":
    briefs = {
        f"{look}: {prompt} #{seed}": _in_brief(look, prompt, seed).round().astype(int).ravel().tolist()
        for look in DRAW_SIGHTS
        for prompt, seed in OLD
    }
    UNNAMED.write_text(json.dumps(briefs) + "\n")
