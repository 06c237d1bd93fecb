"""The recipe of a picture, written into its file so that it travels with it: spliced in, read back, never re-encoding a pixel.

PNG carries the JSON as international text under `pixel-studio-recipe`; JPEG and WebP carry it inside the XMP packet. All three carry
the packet with the fields other programs show: description, creator tool, date, and the IPTC digital source type.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, cast

from pixelstudio.imaging import jpeg, png, webp
from pixelstudio.imaging.overlay import Overlay
from pixelstudio.imaging.refusal import Refused
from pixelstudio.imaging.structure import container_of

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY: Final = "pixel-studio-recipe"
VERSION: Final = 1
_PNG_XMP_KEY: Final = "XML:com.adobe.xmp"

# https://cv.iptc.org/newscodes/digitalsourcetype/: made by rules alone, and made by a trained model
ALGORITHMIC: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia"
TRAINED: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"

_NOT_IN_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_RECIPE_IN_XMP: Final = re.compile(r"<ps:recipe>(.*?)</ps:recipe>", re.DOTALL)
_PACKET: Final = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" \
xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" \
xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:ps="urn:pixel-studio:recipe:1">\
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{description}</rdf:li></rdf:Alt></dc:description>\
<xmp:CreatorTool>{tool}</xmp:CreatorTool><xmp:CreateDate>{date}</xmp:CreateDate>\
<Iptc4xmpExt:DigitalSourceType>{source}</Iptc4xmpExt:DigitalSourceType>{recipe}\
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>"""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What travels with the picture of how to make it again. `created_at` is aware; `width` and `height` are what was asked for.

    `seed` is None for a model that takes none, `steps` and `guidance` where they were left to the model. Of a picture it went by nothing is
    said: the file goes to people who may not know that there was one. The last three are "" until it is sealed (`seal`).
    """

    prompt: str
    negative_prompt: str
    model: str
    provider: str
    seed: int | None
    width: int
    height: int
    created_at: datetime
    generator: str = "Pixel Studio"
    digital_source_type: str = ALGORITHMIC
    steps: int | None = None
    guidance: float | None = None
    overlay: Overlay | None = None
    """What was laid over the picture once it was drawn."""
    content: str = ""
    """`content_of` the file it was written into."""
    signer: str = ""
    signature: str = ""

    def as_in_files(self) -> Recipe:
        """The same without the few characters that XML cannot carry: what is read back is what was written, in every container."""
        return replace(self, prompt=_NOT_IN_XML.sub("", self.prompt), negative_prompt=_NOT_IN_XML.sub("", self.negative_prompt))

    def to_json(self) -> dict[str, Any]:
        """As it is written into files: plain values and the version of this schema."""
        tuned = {"steps": self.steps, "guidance": self.guidance}
        sealed = {"content": self.content, "signer": self.signer, "signature": self.signature}
        return {
            "version": VERSION,
            "generator": self.generator,
            "provider": self.provider,
            "model": self.model,
            "prompt": self.prompt,
            "negative_prompt": self.negative_prompt,
            "seed": self.seed,
            "width": self.width,
            "height": self.height,
            "created_at": self.created_at.isoformat(),
            "digital_source_type": self.digital_source_type,
            **({"overlay": self.overlay.told()} if self.overlay else {}),
            **{name: value for name, value in tuned.items() if value is not None},
            **{name: value for name, value in sealed.items() if value},
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Recipe:
        """The reverse of `to_json`; raises ValueError, KeyError, TypeError or OverflowError when it is none of ours."""
        if value["version"] != VERSION:
            raise ValueError(f"recipe version {value['version']}")
        return cls(
            prompt=str(value["prompt"]),
            negative_prompt=str(value["negative_prompt"]),
            model=str(value["model"]),
            provider=str(value["provider"]),
            seed=None if value["seed"] is None else int(value["seed"]),
            width=int(value["width"]),
            height=int(value["height"]),
            created_at=datetime.fromisoformat(value["created_at"]),
            generator=str(value["generator"]),
            digital_source_type=str(value["digital_source_type"]),
            steps=None if value.get("steps") is None else int(value["steps"]),
            guidance=None if value.get("guidance") is None else float(value["guidance"]),
            content=str(value.get("content", "")),
            signer=str(value.get("signer", "")),
            signature=str(value.get("signature", "")),
            overlay=Overlay.from_json(value["overlay"]) if "overlay" in value else None,
        )


def embed(picture: bytes, recipe: Recipe) -> bytes:
    """PNG, JPEG or WebP -> the same pixels with this recipe and no other metadata. Safe to repeat.

    Raises Refused when the file is broken and ValueError for another container.
    """
    match container_of(picture):
        case "PNG":
            return splice(png.stripped(picture), recipe)
        case "JPEG":
            return splice(jpeg.stripped(picture), recipe)
        case "WEBP":
            return splice(webp.stripped(picture), recipe)
        case other:
            raise ValueError(f"no recipe can be written into {other}")


def splice(stripped: bytes, recipe: Recipe) -> bytes:
    """As `embed`, for bytes that have been stripped already."""
    text = json.dumps(recipe.to_json(), ensure_ascii=False, separators=(",", ":"))
    match container_of(stripped):
        case "PNG":
            return png.with_texts(stripped, {KEY: text, _PNG_XMP_KEY: _packet(recipe, "")})
        case "JPEG":
            return jpeg.with_xmp(stripped, _packet(recipe, text))
        case "WEBP":
            return webp.with_xmp(stripped, _packet(recipe, text))
        case other:
            raise ValueError(f"no recipe can be written into {other}")


def content_of(picture: bytes) -> str:
    """The sha256 of what makes the picture in a PNG, JPEG or WebP file, whatever is written beside it; "" for another container.

    Raises Refused when the file is broken.
    """
    match container_of(picture):
        case "PNG":
            parts = png.stripped(picture)
        case "JPEG":
            parts = jpeg.stripped(picture)
        case "WEBP":
            parts = webp.pixels_of(picture)
        case _:
            return ""
    return hashlib.sha256(parts).hexdigest()


def read(picture: bytes) -> Recipe | None:
    """The recipe inside a picture, or None when there is none of ours or the file is broken. Decodes no pixel."""
    try:
        text = _text_in(picture)
        value: object = json.loads(text) if text else None
        return Recipe.from_json(cast("dict[str, Any]", value)) if isinstance(value, dict) else None
    except (Refused, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None


def _text_in(picture: bytes) -> str | None:
    match container_of(picture):
        case "PNG":
            return png.text_of(picture, KEY)
        case "JPEG":
            packet = jpeg.xmp_of(picture)
        case "WEBP":
            packet = webp.xmp_of(picture)
        case _:
            return None
    found = _RECIPE_IN_XMP.search(packet or "")  # by pattern: an XML parser would expand what a stranger wrote
    return html.unescape(found[1]) if found else None


def _packet(recipe: Recipe, text: str) -> str:
    return _PACKET.format(
        description=_xml(recipe.prompt),
        tool=_xml(recipe.generator),
        date=recipe.created_at.isoformat(),
        source=_xml(recipe.digital_source_type),
        recipe=f"<ps:recipe>{_xml(text)}</ps:recipe>" if text else "",
    )


def _xml(text: str) -> str:
    return html.escape(_NOT_IN_XML.sub("", text), quote=False)
