"""What words name that can be drawn as a shape: a few things that stand, float or fly, and the weather."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from pixelstudio.providers.sketch.words import tokens

Weather = Literal["", "rain", "storm", "snow", "fog", "overcast"]

STANDING: Final[dict[str, str]] = {
    "lighthouse": "leuchtturm phare faro 灯台",
    "castle": "fortress palace burg schloss château chateau castillo 城",
    "windmill": "mill windmühle moulin molino",
    "church": "chapel cathedral kirche église iglesia",
    "village": "town hamlet dorf pueblo",
    "farm": "barn bauernhof ferme granja",
    "city": "skyline stadt ville ciudad",
    "tower": "turm torre",
    "house": "home cabin cottage chalet hut hütte haus häuser maison cabane casa cabaña 家",
    "tree": "oak baum arbre árbol",
    "walker": "wanderer hiker traveller traveler pilgrim person figure man woman girl boy child",
}
AFLOAT: Final[dict[str, str]] = {
    "ship": "galleon schooner schiff navire 船",
    "boat": "sailboat sailing yacht sail segelboot boot bateau voilier barco velero harbour harbor hafen puerto",
}
ALOFT: Final[dict[str, str]] = {
    "balloon": "ballon montgolfière globo",
    "bird": "seagull gull goose geese crow vogel vögel oiseau pájaro",
}
_WEATHER: Final[dict[Weather, str]] = {
    "storm": "stormy thunder thunderstorm tempest sturm gewitter orage tempête tormenta 嵐",
    "snow": "snowy snowing snowfall blizzard winter wintry schnee neige hiver nieve invierno 雪 冬",
    "rain": "rainy raining rainfall drizzle downpour regen pluie lluvia 雨",
    "fog": "foggy mist misty haze nebel brouillard brume niebla 霧",
    "overcast": "cloudy bewölkt nuageux nublado",
}
_LIT: Final = frozenset(
    [
        "dusk",
        "twilight",
        "evening",
        "night",
        "midnight",
        "dämmerung",
        "abend",
        "nacht",
        "crépuscule",
        "soir",
        "nuit",
        "atardecer",
        "noche",
        "lamp",
        "lit",
        "lights",
        "夕",
        "夜",
    ]
)
_FLEETS: Final = frozenset(
    [
        "boats",
        "ships",
        "yachts",
        "sailboats",
        "sails",
        "schiffe",
        "boote",
        "segelboote",
        "bateaux",
        "voiliers",
        "barcos",
        "veleros",
        "harbour",
        "harbor",
        "hafen",
    ]
)
_STILL_WATER: Final = frozenset(["lake", "pond", "river", "fjord", "mountain", "forest", "see", "lac", "lago", "湖"])
_WOODS: Final = frozenset(("forest", "wood", "woods", "jungle", "wald", "trees", "pine"))


@dataclass(frozen=True, slots=True)
class Sights:
    """What is named, each kind once, in the order of how much it asks of a picture."""

    standing: tuple[str, ...] = ()
    afloat: tuple[str, ...] = ()
    aloft: tuple[str, ...] = ()
    weather: Weather = ""
    is_lit: bool = False
    """Whether lamps burn."""
    is_at_sea: bool = False
    """Whether what floats, or the lighthouse, has the open sea before it and not a lake."""

    @property
    def is_nothing(self) -> bool:
        return not (self.standing or self.afloat or self.aloft or self.weather)


def sights_of(prompt: str) -> Sights:
    """What a prompt names. After a storm, or after the rain, the sky is clear."""
    words = tokens(prompt)
    known = frozenset(words) | {word.removesuffix("s") for word in words}
    weather = _weather_of(words, known)
    standing = _named(STANDING, known)
    if not _WOODS.isdisjoint(words):
        standing = tuple(name for name in standing if name != "tree")
    afloat = _named(AFLOAT, known)
    return Sights(
        standing[:2],
        afloat[:1] * (1 if _FLEETS.isdisjoint(words) else 2),
        _named(ALOFT, known),
        weather,
        is_lit=not known.isdisjoint(_LIT) or weather in {"storm", "rain", "snow", "fog"},
        is_at_sea=bool(afloat or "lighthouse" in standing) and known.isdisjoint(_STILL_WATER),
    )


def _named(kinds: dict[str, str], known: frozenset[str]) -> tuple[str, ...]:
    return tuple(kind for kind, names in kinds.items() if not known.isdisjoint((kind, *names.split())))


def _weather_of(words: list[str], known: frozenset[str]) -> Weather:
    for kind, names in _WEATHER.items():
        called = {kind, *names.split()}
        if not known.isdisjoint(called) and not any(
            word in called and "after" in words[max(0, at - 2) : at] for at, word in enumerate(words)
        ):
            return kind
    return ""
