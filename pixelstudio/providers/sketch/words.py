"""What words mean in colour: ramps from dark to light, who names them, and moods that push a ramp about."""

from __future__ import annotations

import hashlib
import re
from typing import Final, NamedTuple

# Five sRGB colours each, dark to light, mixed by eye to hang together.
RAMPS: Final[dict[str, str]] = {
    "aurora": "0a1230 2a2f78 1a8f8c 7fdca0 f0f8de",
    "autumn": "2c120a 7a2c10 c4601c e8a545 f7e4ba",
    "bauhaus": "16213a 1f5f8b d8412f f0b23e f4ead5",
    "berry": "1c0a22 53205a 9c3f86 d98ab0 f8e2e6",
    "blossom": "3a1424 8f3f5c d98aa0 f5c6cd fdf2ee",
    "candy": "4a1458 b83a8c f27ba8 f7b7b4 fdf0e4",
    "cloud": "2b3440 5d6f80 9db0bd d3dce0 f9f8f5",
    "coffee": "20120b 4e2f1d 8d6142 cba982 f4e8d6",
    "coral": "3b1420 9c3340 e5675a f6a98b fdeadb",
    "dawn": "2f2a4f 7c4a6e d98a86 f5bf93 fdebd0",
    "desert": "3a1b12 8a4220 cf7f45 e9b985 f8e8cc",
    "dusk": "171a38 3f2f63 8d4b84 dd8a8f f6cfb4",
    "emerald": "03211b 0b5a46 1f9a74 86d3ac eef8e4",
    "fire": "240808 7d1410 d63a16 f78f28 fde7a3",
    "forest": "0e1f17 24452f 4c7449 9bb172 ecedc9",
    "galaxy": "0b0820 2c1458 6d2c96 c763b8 f6cfe3",
    "gold": "2a1806 71480f c08a24 e6c46a fbf1d2",
    "ice": "0f2438 33658a 7fb2d0 c3e0ec f5fafc",
    "ink": "0b0d12 24282f 555b63 9b9f9f eceae2",
    "jungle": "0a2013 1c5230 3f8f48 a3c95a f1f2c4",
    "lagoon": "062b3a 0a6374 14a3a0 7ddcc4 f0f7df",
    "lavender": "231a3a 57458a 937fc0 cdbfe0 f6f0f4",
    "lemon": "3f2408 96640f dcb322 f3e27a fdf9df",
    "linen": "2b2824 6f675c aba191 d8d0c2 f8f4ec",
    "matcha": "1a220f 46582a 84964f c2c98a f3f1da",
    "mint": "0d2b2a 1f6a60 58ab95 a9dcc4 f2f8ea",
    "moon": "0d1119 2a3546 5f7187 a9b6c2 eef0ee",
    "mountain": "121c2c 34506b 6f8fa0 c0c7b8 f5e9d2",
    "neon": "12062b 4b11a8 d41fb0 46cfe6 f0fbe4",
    "night": "080c1c 16234a 2f4a86 7d93c4 dfe4f2",
    "ocean": "06202f 0d4a63 1d86a0 6cc3c9 dcf1ea",
    "peach": "4a1f1a a3523f e8946f f8c7a0 fdf0df",
    "rose": "2b0a18 7c1a3a c94a63 ef9aa0 fbe6e0",
    "royal": "0c1033 1f2f86 3f63c8 93aee8 eef1fa",
    "ruby": "22060c 6e0f1d b8262f e57f6c f8dfd0",
    "sky": "123a66 3a78b4 7fb3dc c2dff0 fbf6ea",
    "spring": "234026 5c8f4d a8cc6f f4c6c2 fdf3e6",
    "storm": "11161c 323e49 66757f a7b1b3 ecebe4",
    "summer": "0d3b53 1b8a9b 7cc4a8 f7cf72 fff4dc",
    "sunset": "2a1a3e 7a2748 d4503e f2955a fbe0b4",
    "terracotta": "2e130c 7e3722 bf6743 e3a680 f7e6d6",
    "tulip": "2a1030 862a5c e2506a f6a25e fbeac4",
    "vintage": "2b2118 6d3a2b b9743c 9db08f f2e6c9",
    "violet": "1a0f38 4a2490 8350c8 c3a0e8 f6eefa",
    "wine": "200811 5a0f26 9c2440 d2707c f4d6cf",
}

# Where a ramp likes to be when two words share a picture: 1 above and light, -1 below and dark.
_ABOVE: Final = frozenset(
    ("aurora", "blossom", "cloud", "dawn", "dusk", "fire", "gold", "lemon", "moon", "peach", "sky", "sunset", "coral", "candy", "tulip")
)
_BELOW: Final = frozenset(
    ("coffee", "desert", "emerald", "forest", "ink", "jungle", "lagoon", "matcha", "mountain", "night", "ocean", "storm", "terracotta")
)

_NAMES: Final[dict[str, str]] = {
    "aurora": "polar northern lights 極光",
    "autumn": "fall harvest pumpkin maple october november herbst automne otoño 秋",
    "bauhaus": "poster geometric modern midcentury primary",
    "berry": "plum grape fig magenta fuchsia boysenberry mulberry beere",
    "blossom": "cherry sakura petal magnolia peony pink flower blume fleur flor rosa 桜 花",
    "candy": "bubblegum sweet sugar cupcake unicorn toy birthday",
    "cloud": "cloudy heaven angel feather white wolke nuage weiß blanc blanco 白 雲",
    "coffee": "espresso chocolate cocoa brown mocha wood walnut bear leather kaffee braun brun marrón 茶",
    "coral": "flamingo salmon reef shrimp koralle",
    "dawn": "sunrise morning daybreak aube amanecer morgen",
    "desert": "dune sand sahara camel savanna canyon mesa safari wüste desierto 砂",
    "dusk": "twilight evening crepuscule dämmerung atardecer",
    "emerald": "green jade malachite grün vert verde зеленый 緑",
    "fire": "flame lava volcano ember inferno dragon burning phoenix feuer feu fuego 火",
    "forest": "tree wood woodland pine fir fern moss hill meadow wald forêt bosque 森",
    "galaxy": "space cosmos cosmic nebula star universe planet milky astronaut alien 宇宙",
    "gold": "golden honey amber bee brass treasure saffron mustard or oro gelb 金",
    "ice": "glacier frost frozen arctic crystal penguin iceberg eis glace hielo 氷",
    "ink": "black charcoal noir raven calligraphy monochrome schwarz negro 黒 墨",
    "jungle": "rainforest tropical parrot leaf palm monstera lime dschungel",
    "lagoon": "turquoise teal tropic caribbean aqua cyan pool mermaid island beach plage strand playa",
    "lavender": "lilac wisteria provence heather lavendel lavande",
    "lemon": "yellow citrus banana sunflower canary duck zitrone jaune amarillo 黄",
    "linen": "ivory cream beige wool pearl minimalist stone marble rabbit",
    "matcha": "tea olive sage bamboo avocado zen",
    "mint": "pistachio eucalyptus spearmint peppermint menthe minze",
    "moon": "moonlight moonlit silver lunar grey gray wolf steel robot mond lune luna gris grau 月",
    "mountain": "alps peak ridge summit cliff himalaya fjord berg montagne montaña 山",
    "neon": "cyberpunk synthwave vaporwave electric laser disco arcade",
    "night": "midnight nocturne owl navy dark nacht nuit noche ночь 夜",
    "ocean": "sea wave water river lake deep marine whale fish ship sail meer mer mar море 海",
    "peach": "apricot cantaloupe nectarine skin pfirsich",
    "rose": "valentine love heart romance blush liebe amour amor 薔薇 愛",
    "royal": "blue cobalt sapphire indigo azure lapis blau bleu azul синий 青",
    "ruby": "red crimson scarlet strawberry apple poppy ladybird rot rouge rojo красный 赤",
    "sky": "air bird balloon kite flight himmel ciel cielo 空",
    "spring": "april easter garden bud grass printemps frühling primavera 春",
    "storm": "rain thunder slate concrete lightning elephant regen pluie lluvia 雨",
    "summer": "holiday vacation picnic surf sommer été verano 夏",
    "sunset": "sun sundown horizon mango orange tangerine fox tiger sonne soleil sol sonnenuntergang 夕",
    "terracotta": "clay brick rust adobe pottery ceramic copper ton",
    "tulip": "carnival fiesta rainbow festival colourful colorful bunt",
    "vintage": "retro antique old nostalgic seventies sepia",
    "violet": "purple amethyst orchid iris wizard magic magical lila violett pourpre morado 紫",
    "wine": "burgundy maroon velvet pomegranate vino wein bordeaux",
}
_EXTRA: Final[dict[str, tuple[str, ...]]] = {
    "cat": ("coffee", "peach"),
    "kitten": ("coffee", "peach"),
    "dog": ("linen", "desert"),
    "city": ("dusk", "storm"),
    "skyline": ("dusk", "storm"),
    "tokyo": ("neon", "night"),
    "paris": ("peach", "storm"),
    "snow": ("cloud", "ice"),
    "winter": ("cloud", "ice"),
    "christmas": ("ruby", "forest"),
    "halloween": ("autumn", "night"),
}


class Mood(NamedTuple):
    """Pushes on a ramp: lightness added, chroma multiplied, how much of the darkest third is lifted away."""

    light: float = 0.0
    chroma: float = 1.0
    lift: float = 0.0


MOODS: Final[dict[str, Mood]] = {
    "dark": Mood(-0.10, 1.0),
    "gloomy": Mood(-0.09, 0.75),
    "moody": Mood(-0.08, 0.85),
    "night": Mood(-0.08, 1.0),
    "dramatic": Mood(-0.06, 1.15),
    "mysterious": Mood(-0.08, 0.95),
    "pastel": Mood(0.06, 0.62, 0.22),
    "soft": Mood(0.04, 0.78, 0.14),
    "gentle": Mood(0.04, 0.8, 0.12),
    "dreamy": Mood(0.04, 0.85, 0.14),
    "pale": Mood(0.06, 0.6, 0.16),
    "airy": Mood(0.06, 0.8, 0.18),
    "bright": Mood(0.04, 1.15, 0.04),
    "neon": Mood(0.0, 1.25),
    "vivid": Mood(0.0, 1.25),
    "vibrant": Mood(0.0, 1.25),
    "bold": Mood(0.0, 1.18),
    "muted": Mood(0.0, 0.62, 0.05),
    "calm": Mood(0.02, 0.78, 0.05),
    "quiet": Mood(0.02, 0.72, 0.05),
    "minimal": Mood(0.03, 0.6, 0.1),
    "vintage": Mood(0.0, 0.78, 0.06),
    "faded": Mood(0.03, 0.6, 0.12),
    "misty": Mood(0.04, 0.7, 0.12),
    "foggy": Mood(0.04, 0.65, 0.14),
}

_RAMP_OF: Final[dict[str, tuple[str, ...]]] = {
    **{name: (ramp,) for ramp, names in _NAMES.items() for name in (ramp, *names.split())},
    **_EXTRA,
}
_SMALL_WORDS: Final = "a an and at by for from in into is its my of on or over the their to under with das der die ein la le les un une y"
_TITLE_WORDS_MAX: Final = 24
_WIDE: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


def tokens(prompt: str) -> list[str]:
    """The words of a prompt, folded; scripts that write without spaces give single characters."""
    return [part for word in re.findall(r"\w+", prompt.casefold()) for part in (word if _WIDE.search(word) else (word,))]


def ramps_of(prompt: str) -> list[str]:
    """Names of the ramps the prompt speaks of, each once, in order; at most three."""
    found = [ramp for word in tokens(prompt) for ramp in _RAMP_OF.get(word) or _RAMP_OF.get(_singular(word), ())]
    return list(dict.fromkeys(found))[:3]


def mood_of(prompt: str) -> Mood:
    """All moods of the prompt together, kept within reason."""
    moods = [MOODS[word] for word in dict.fromkeys(tokens(prompt)) if word in MOODS]
    light, chroma, lift = sum(m.light for m in moods), 1.0, max((m.lift for m in moods), default=0.0)
    for mood in moods:
        chroma *= mood.chroma
    return Mood(min(max(light, -0.14), 0.1), min(max(chroma, 0.45), 1.4), lift)


def title_words(prompt: str) -> list[str]:
    """What a poster or a label would say of a prompt: its words as typed, without the small ones, unless there are no others."""
    small = _SMALL_WORDS.split()
    words = re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", prompt)[:_TITLE_WORDS_MAX]
    return [word for word in words if word.casefold() not in small] or words


def ramp_by_chance(prompt: str) -> str:
    """A ramp for a prompt that names no colour: the same for the same words, whatever their case and spacing."""
    digest = hashlib.sha256(" ".join(tokens(prompt)).encode()).digest()
    return sorted(RAMPS)[int.from_bytes(digest[:4], "big") % len(RAMPS)]


def height_of(ramp: str) -> int:
    """1 when the ramp belongs above (sky, light), -1 when it belongs below (ground, deep), else 0."""
    return int(ramp in _ABOVE) - int(ramp in _BELOW)


def _singular(word: str) -> str:
    for ending, instead in (("ies", "y"), ("ves", "f"), ("s", ""), ("es", ""), ("y", "")):
        if word.endswith(ending) and word[: -len(ending)] + instead in _RAMP_OF:
            return word[: -len(ending)] + instead
    return word
