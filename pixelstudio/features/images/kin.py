"""What pictures show under other words: who looks for a mountain means the ridge and the peak as well, whatever the prompt called it."""

from __future__ import annotations

from typing import Final

from pixelstudio.core.text import forms, plural

_KINDS: Final = {
    "mountain": "ridge peak summit alps alpine berg",
    "hill": "dune slope knoll meadow",
    "sea": "ocean wave surf coast shore",
    "ocean": "sea wave surf",
    "beach": "shore coast sand",
    "coast": "shore beach cliff sea",
    "water": "lake river sea ocean pond stream wave",
    "lake": "pond lagoon loch",
    "river": "stream creek brook",
    "forest": "wood tree pine birch jungle",
    "wood": "forest pine birch",
    "tree": "oak pine birch willow maple palm forest",
    "flower": "bloom blossom bouquet petal rose tulip peony dahlia daisy lily poppy orchid lotus sunflower magnolia iris",
    "blossom": "bloom flower petal",
    "plant": "flower leaf fern cactus ivy garden",
    "fruit": "apple pear lemon orange grape cherry berry peach",
    "animal": "fox bear cat dog horse deer wolf owl bird whale",
    "bird": "gull seagull goose crow owl heron swan",
    "boat": "ship sail yacht canoe",
    "ship": "boat galleon schooner sail",
    "house": "cabin cottage hut chalet home villa",
    "building": "house tower castle church temple lighthouse",
    "castle": "fortress palace",
    "city": "skyline town street",
    "town": "village city",
    "village": "town hamlet",
    "person": "woman man girl boy child walker wanderer",
    "night": "midnight moon starry",
    "evening": "dusk sunset twilight",
    "morning": "dawn sunrise",
    "sunset": "dusk evening twilight",
    "sunrise": "dawn morning",
    "dusk": "sunset evening twilight",
    "dawn": "sunrise morning",
    "moon": "moonlight moonlit lunar",
    "star": "starry constellation",
    "sky": "cloud star sun moon",
    "space": "planet galaxy nebula cosmos cosmic orbit",
    "snow": "winter blizzard frost",
    "winter": "snow frost",
    "ice": "frost glacier frozen",
    "rain": "drizzle downpour storm",
    "storm": "thunder tempest lightning",
    "fog": "mist haze misty",
    "mist": "fog haze",
    "desert": "dune sand",
    "bottle": "vase jar jug flask",
    "vase": "jar jug bottle",
    "fire": "flame ember lava",
    "red": "crimson scarlet coral vermilion",
    "blue": "azure cobalt indigo navy teal",
    "green": "emerald moss olive jade mint",
    "yellow": "gold ochre amber",
    "purple": "violet lilac lavender",
    "grey": "gray slate",
    "gray": "grey slate",
}
_EXACT: Final = 3
"""A word this short stands alone or in the plural: too many others begin with it."""


def kin_in_text(word: str) -> tuple[str, ...]:
    """What to look for beside a word, as it stands in text that has a blank before it and behind: with the blank that begins a word, and after
    a short one with what ends it. Singular or plural, in any case; nothing for a word that is no kind of thing.
    """
    kin = [one for one in _family(word) if one != word.casefold()]
    return tuple(f" {one}{end}" for one in kin for end in (("",) if len(one) > _EXACT else (" ", ",", ".", "s ", "s,")))


def kin_as_words(word: str) -> tuple[str, ...]:
    """The same for an index that knows whole words alone: each of one and of many, and the word itself in the other number."""
    return tuple(form for one in _family(word) for form in (one, plural(one)) if form != word.casefold())


def _family(word: str) -> tuple[str, ...]:
    """The kind that a word says, as one, and what is of it."""
    kind = next((one for one in forms(word.casefold()) if one in _KINDS), None)
    return () if kind is None else (kind, *_KINDS[kind].split())
