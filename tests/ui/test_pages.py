"""Every page stands: it compiles from plain elements, says what the doors may answer, and can be read in both lights."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest
import reflex as rx
from reflex_base.components.component import BaseComponent

from pixelstudio.core.errors import Invalid
from pixelstudio.features.accounts import errors
from pixelstudio.features.accounts.registration import checked
from pixelstudio.ui import theme
from pixelstudio.ui.failures import DOOR_FAILURES
from pixelstudio.ui.routes import PAGES, Page

ASSETS = Path(__file__).parents[2] / "assets"


def libraries_of(component: BaseComponent) -> set[str]:
    """Every JavaScript package a component tree imports."""
    return set(component._get_all_imports()) if isinstance(component, rx.Component) else set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.route)
def test_a_page_is_made_of_plain_elements(page):
    used = libraries_of(page.component())

    assert used
    assert not [library for library in used if "radix" in library or "sonner" in library or "lucide" in library]


@pytest.mark.parametrize("error", [errors.SignInRefused, errors.EmailTaken, errors.HandleTaken, errors.ClaimRefused, errors.AlreadyClaimed])
def test_the_doors_know_the_sentence_of_every_refusal(error):
    refusal = error()

    assert DOOR_FAILURES[refusal.code] == refusal.sentence


@pytest.mark.parametrize("form", [("x", "ines", "long enough"), ("a@b.org", "x", "long enough"), ("a@b.org", "ines", "short")])
def test_the_doors_know_the_sentence_of_every_wrong_field(form):
    with pytest.raises(Invalid) as refusal:
        checked(*form)

    assert DOOR_FAILURES[refusal.value.code] == refusal.value.sentence


def test_every_stylesheet_and_script_in_the_head_exists():
    of_pages = [f"styles/{name}.css" for page in PAGES for name in page.sheets]
    named = [*theme.STYLESHEETS, *of_pages, "forms.js", "studio.js", "favicon.svg", "favicon.ico", "apple-touch-icon.png"]

    assert [name for name in named if not (ASSETS / name).is_file()] == []


def selectors_of(name: str) -> list[frozenset[str]]:
    """The classes that must come together for each rule of a sheet to speak."""
    css = re.sub(r"/\*.*?\*/", "", (ASSETS / "styles" / f"{name}.css").read_text(), flags=re.DOTALL)
    one_of = re.compile(r":(is|has|not)\([^()]*(\([^()]*\)[^()]*)*\)")
    selectors = [one for found in re.findall(r"([^{}]+)\{", css) for one in one_of.sub("", found).split(",")]
    return [frozenset(re.findall(r"\.([a-zA-Z][\w-]*)", one)) for one in selectors if "." in one]


def scripts_of(component: BaseComponent) -> set[Path]:
    """The scripts that stand on a page or come to it later, with all that lie beside them."""
    assert isinstance(component, rx.Component)
    scripts = [ASSETS / library.removeprefix("$/public/") for library in component._get_all_imports() if library.startswith("$/public/")]
    folders = {script.parent for script in scripts} - {ASSETS}
    folders |= {
        ASSETS / beside
        for folder in folders
        for path in folder.glob("*.js")
        for beside in re.findall(r'from "\.\./(\w+)/', path.read_text())
    }
    return {*scripts, *(path for folder in folders for path in folder.glob("*.js"))}


def classes_of(page: Page) -> set[str]:
    """The classes of its elements, and of what the scripts draw that stand on it."""
    component = page.component()
    drawn = [str(component), *(path.read_text() for path in scripts_of(component))]
    return {word for text in drawn for said in re.findall(r"className:([^,\n]*)", text) for word in re.findall(r"[a-zA-Z][\w-]*", said)}


def worn(page: Page) -> set[str]:
    """The sheets it wears from the first, and those that scripts bring along which come to it later."""
    text = "".join(path.read_text() for path in scripts_of(page.component()))
    return {*page.sheets, *re.findall(r'^import "\.\./styles/(\w+)\.css";$', text, flags=re.MULTILINE)}


def test_a_page_wears_the_sheets_that_speak_of_it_and_no_others():
    of_all = set[str]().union(*(sheet for name in theme.STYLESHEETS[1:] for sheet in selectors_of(Path(name).stem)))
    own = {name: [one for one in selectors_of(name) if one - of_all] for page in PAGES for name in page.sheets}
    drawn = {page.route: classes_of(page) for page in PAGES}

    speaking = {route: {name for name, sheet in own.items() if any(one <= classes for one in sheet)} for route, classes in drawn.items()}

    assert speaking == {page.route: worn(page) for page in PAGES}


# Tokens: two inks on five walls, and what is drawn on the accent. By day and by night.

WALLS = ("bg", "surface", "raised", "hover")
STATUSES = ("good", "warn", "bad", "info")
# A pressed chip, a hint and the words about the connection are the wall on the ink.
TEXT_ON = [(ink, wall) for ink in ("text", "muted") for wall in WALLS] + [
    ("on-accent", "accent"),
    ("on-accent", "accent-hover"),
    ("bg", "text"),
]
STATUS_ON = [(status, wall) for status in STATUSES for wall in WALLS]
EDGES = [(edge, wall) for edge in ("edge", "accent", "muted") for wall in WALLS]


def tokens(light: int) -> dict[str, tuple[float, float, float]]:
    """Every colour token as linear sRGB; `light` is 0 by day, 1 by night."""
    sheet = (ASSETS / "app.css").read_text()
    numbers = dict(re.findall(r"--(accent-[hc]): ([\d.]+);", sheet))
    found = {}
    for part, number in numbers.items():
        sheet = sheet.replace(f"var(--{part})", number)
    sheet = re.sub(r"calc\(([\d.]+) ([+-]) ([\d.]+)\)", lambda m: str(float(m[1]) + float(m[2] + m[3])), sheet)
    for name, value in re.findall(r"--([\w-]+):\s*light-dark\((.*?)\);", sheet, re.DOTALL):
        colours = re.findall(r"oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)", value)
        if len(colours) == 2:
            found[name] = linear(*map(float, colours[light]))
    return found


def linear(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    """OKLCH to linear sRGB, clipped. Source: Bjorn Ottosson, https://bottosson.github.io/posts/oklab/"""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long, medium, short = (
        (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3,
        (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3,
        (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3,
    )
    rgb = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    return tuple(min(1.0, max(0.0, part)) for part in rgb)  # pyright: ignore[reportReturnType]


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """WCAG 2 contrast ratio."""
    bright, dark = sorted((0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in (one, other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("light", [0, 1], ids=["day", "night"])
@pytest.mark.parametrize(("ink", "wall"), TEXT_ON + STATUS_ON)
def test_text_can_be_read(ink, wall, light):
    colours = tokens(light)

    assert contrast(colours[ink], colours[wall]) >= 4.5


@pytest.mark.parametrize("light", [0, 1], ids=["day", "night"])
@pytest.mark.parametrize(("edge", "wall"), EDGES)
def test_the_edge_of_a_control_can_be_seen(edge, wall, light):
    colours = tokens(light)

    assert contrast(colours[edge], colours[wall]) >= 3


@pytest.mark.parametrize("light", [0, 1], ids=["day", "night"])
@pytest.mark.parametrize("status", STATUSES)
def test_a_note_can_be_read_on_its_tint(status, light):
    """The tint is a tenth of the status in the wall, a fifth under a button; mixed in OKLab, where linear light lies close enough above."""
    colours = tokens(light)

    for share in (0.1, 0.2):
        tint = tuple(share * mine + (1 - share) * wall for mine, wall in zip(colours[status], colours["bg"], strict=True))
        assert contrast(colours["text"], tint) >= 4.5
        assert contrast(colours[status], tint) >= 3


def test_words_over_a_picture_can_be_read_whatever_it_shows():
    """Dark glass over white, the worst there is."""
    alpha, ink, glass = 0.72, linear(0.98, 0, 0), linear(0.14, 0.006, 270)
    encoded = [alpha * value ** (1 / 2.4) + (1 - alpha) for value in glass]

    assert contrast(ink, tuple(value**2.4 for value in encoded)) >= 4.5
