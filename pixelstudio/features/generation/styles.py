"""Styles: a few words put behind a prompt, as rows. The picture keeps the whole text, so its recipe needs nothing else to draw it again.

Composing and parting are each other's reverse: what a style added is recognised at the end of a prompt, wherever that comes from.
The words name colours and moods as well as materials, so that models of any kind have something to go by.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pixelstudio.core.errors import Invalid

_JOINT: Final = ", "


@dataclass(frozen=True, slots=True)
class Style:
    """One style: `words` are put behind the prompt."""

    id: str
    title: str
    words: str


NONE: Final = Style("", "None", "")
STYLES: Final = (
    Style("dusk", "Dusk", "at dusk, warm low light, long soft shadows"),
    Style("night", "Moonlit night", "at night, moonlight, deep blue, mysterious"),
    Style("misty", "Morning mist", "misty morning, soft pale light, quiet"),
    Style("pastel", "Pastel", "pastel colours, airy, gentle light"),
    Style("vintage", "Vintage print", "vintage print, faded inks, grain of old paper"),
    Style("neon", "Neon", "neon glow, vivid colours, dark background"),
    Style("minimal", "Minimal", "minimal, few shapes, calm, much empty space"),
    Style("autumn", "Autumn", "autumn colours, amber and rust, dry leaves"),
    Style("winter", "Winter", "winter light, snow and ice, muted colours"),
    Style("coral", "Coral reef", "coral and teal, bright water, vibrant"),
    Style("forest", "Deep forest", "deep forest greens, moss, dappled light, moody"),
    Style("ink", "Ink wash", "black ink wash on paper, muted, bold brush strokes"),
)
_BY_ID: Final = {style.id: style for style in (NONE, *STYLES)}


def style_of(style_id: str) -> Style:
    """The style with this id, "" being none. Raises `Invalid`."""
    found = _BY_ID.get(style_id)
    if found is None:
        raise Invalid("There is no such style. Choose one of the list.", code="style_unknown", field="style")
    return found


def composed(prompt: str, style: Style) -> str:
    """The prompt with the words of a style behind it. Safe to repeat."""
    if not style.words or not prompt or prompt.endswith(_JOINT + style.words):
        return prompt
    return prompt + _JOINT + style.words


def parted(prompt: str) -> tuple[str, Style]:
    """A prompt without the words a style put behind it, and that style; the prompt itself and none when there is none."""
    for style in STYLES:
        if prompt.endswith(_JOINT + style.words):
            return prompt.removesuffix(_JOINT + style.words), style
    return prompt, NONE
