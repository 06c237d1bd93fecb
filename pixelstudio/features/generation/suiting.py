"""Which look suits a sentence: what it names is read as a person would, so that nobody asks why a lighthouse became a bottle."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from zlib import crc32

from pixelstudio.core.text import forms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pixelstudio.providers.contract import ImageModel

_WORD: Final = re.compile(r"[^\W\d_]+")
_Rows = tuple[tuple[str, str], ...]

# What can be touched. English first; German, French and Spanish where a word is common.
_THINGS: Final[_Rows] = (
    ("sketch-poster", "poster affiche cartel plakat flyer logo typography lettering abstract geometric geometry bauhaus"),
    (
        "sketch-product",
        (
            "bottle jar jug perfume flask vase pot pottery teapot cup teacup mug bowl plate glass candle honey oil wine coffee tea cocktail product"
            " fruit apple pear lemon banana grape strawberry cherry peach plum oranges limes tasse becher flasche obst apfel fruta taza botella bouteille"
        ),
    ),
    ("sketch-glass", "stained mosaic window rosette kaleidoscope fenster mosaik vitrail mosaico"),
    (
        "sketch-bloom",
        (
            "bloom blossom flower petal bouquet garden plant leaf lotus dahlia peony rose tulip sunflower daisy lily poppy orchid magnolia"
            " hydrangea lavender iris cactus succulent wildflower mandala"
            " blume blumen blüte strauß garten rosen tulpe pflanze fleur jardin pivoine flor flores jardín planta rosa"
        ),
    ),
    (
        "sketch-arches",
        (
            "arch archway architecture courtyard cloister colonnade column corridor door doorway hall hallway niche room stair staircase temple"
            " museum wall tür treppe porte escalier puerta escalera"
        ),
    ),
    ("sketch-orbs", "ball bubble marble orb pearl planet sphere globe kugel seifenblase bulle boule burbuja"),
    ("sketch-silk", "cloth curtain drapery dress fabric ribbon satin scarf silk veil velvet seide samt stoff vorhang soie rideau seda"),
    (
        "sketch-horizon",
        (
            "lighthouse boat sailboat ship yacht sail harbour harbor port barn cabin chalet cottage house home hut farm village town church chapel"
            " cathedral castle fortress palace tower windmill mill bridge viaduct balloon bird seagull gull goose tree oak city skyline"
            " traveller traveler wanderer hiker walker pilgrim person figure hamlet galleon schooner sailing geese crow"
            " leuchtturm boot segelboot schiff hafen hütte haus häuser dorf kirche burg schloss turm windmühle brücke bauernhof ballon vogel vögel baum stadt"
            " phare bateau voilier navire port cabane maison village église château chateau ferme tour moulin pont montgolfière oiseau arbre ville"
            " faro barco velero puerto cabaña casa pueblo iglesia castillo granja torre molino puente globo pájaro árbol ciudad 灯台 城 家 船"
        ),
    ),
    ("sketch-paper", "paper papercut origami papier papel"),
)
# Where it is, and what moves there.
_PLACES: Final[_Rows] = (
    ("sketch-orbs", "astronaut cosmos galaxy moons nebula solar space universe weltall espace espacio"),
    (
        "sketch-paper",
        "canyon desert dune field hill island meadow pyramid savanna valley volcano wüste wiese hügel dune désert colline desierto",
    ),
    (
        "sketch-flow",
        "current creek flame fire flow ink lava river smoke stream swirl whirl whirlpool waterfall wind fluss rauch fleuve río humo",
    ),
    (
        "sketch-horizon",
        (
            "alp bay beach cliff coast fjord forest glacier horizon lagoon lake landscape mountain ocean path peak pine ridge road sea seaside"
            " seascape shore sky star summit surf water wave wood woodland"
            " berg berge küste meer strand straße strasse wald wasser weg welle himmel sterne"
            " chemin ciel côte étoiles forêt lac mer montagne plage route vague"
            " bosque camino cielo costa estrellas lago mar montaña ola playa"
        ),
    ),
)
# In which light, in which weather, and last of all who is there: somebody walks there, small.
_LIGHTS: Final[_Rows] = (
    (
        "sketch-paper",
        "sun sunrise sunset sonne sonnenuntergang soleil sol autumn fall spring summer herbst frühling sommer automne printemps",
    ),
    ("sketch-flow", "storm thunderstorm hurricane tornado sturm tempête tormenta"),
    (
        "sketch-horizon",
        (
            "aurora blizzard cloud dawn daybreak dusk evening fog frost haze lightning mist misty foggy moon moonlight morning night northern"
            " overcast rain rainy snow snowy snowfall thunder twilight weather winter man woman girl boy child people"
            " abend dämmerung mond morgen nacht nebel regen schnee wolke aube brume crépuscule hiver lune matin neige nuage nuit pluie soir"
            " amanecer atardecer invierno lluvia luna niebla nieve noche nube"
        ),
    ),
)
_IMPLIES_A_THING: Final = frozenset(("sketch-bloom", "sketch-poster", "sketch-product"))
"""Looks that draw a thing, or set a word, whatever a sentence says: never taken by chance."""

_LANDS: Final = frozenset(("sketch-flow", "sketch-horizon", "sketch-paper"))
"""Looks that draw land, sea and sky, and much of what stands there, each in its way."""


def _index(rows: _Rows) -> dict[str, str]:
    return {word: look for look, names in reversed(rows) for word in names.split()}


_TIERS: Final = tuple(_index(rows) for rows in (_THINGS, _PLACES, _LIGHTS))


def suiting(prompt: str, models: Sequence[ImageModel]) -> ImageModel:
    """One of `models`, not empty: what suits the first thing that is named; or else the place; or else the light; or else by chance,
    the same for the same words, among those that please under any words.
    """
    by_id = {model.id: model for model in models}
    words = _WORD.findall(prompt.casefold())
    named = (model for tier in _TIERS if (model := by_id.get(_first(words, tier))))
    return next(named, None) or _by_chance(prompt, models)


def better_suited(prompt: str, chosen: ImageModel, models: Sequence[ImageModel]) -> ImageModel | None:
    """One of `models` that draws what the prompt names where `chosen`, one of them too, draws nothing of it; None where that suits as well."""
    words = _WORD.findall(prompt.casefold())
    named = [tier[form] for tier in _TIERS[:2] for word in words for form in forms(word) if form in tier]
    is_land = chosen.id in _LANDS and not _LANDS.isdisjoint(named)
    if not named or chosen.id in named or is_land:
        return None
    suited = suiting(prompt, models)
    return suited if suited.id in named else None


def _by_chance(prompt: str, models: Sequence[ImageModel]) -> ImageModel:
    pleasing = [model for model in models if model.id not in _IMPLIES_A_THING] or models
    return pleasing[crc32(prompt.encode(errors="replace")) % len(pleasing)]


def _first(words: list[str], tier: dict[str, str]) -> str:
    """The look of the first word that is known; of several that follow each other, of the last, as in "rose window" or "glass bottle"."""
    look = ""
    for word in words:
        found = next((tier[form] for form in forms(word) if form in tier), "")
        if look and not found:
            break
        look = found or look
    return look
