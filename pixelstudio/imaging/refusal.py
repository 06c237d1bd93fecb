"""Why a picture is not taken in, in words a person can act on."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from pixelstudio.core.errors import Invalid
from pixelstudio.core.limits import PIXELS_MAX, RATIO_MAX, SIDE_DECODED_MAX, UPLOAD_MAX_BYTES

Reason: TypeAlias = Literal[
    "picture_unreadable", "picture_format", "picture_too_large", "picture_too_many_bytes", "picture_animated", "picture_too_complex"
]

_SENTENCES: Final[dict[Reason, str]] = {
    "picture_unreadable": "This picture is damaged or incomplete. Save it again and try once more.",
    "picture_format": "This is no PNG, JPEG, WebP or AVIF picture. Save it as one of these.",
    "picture_too_large": (
        f"This picture is too large: at most {PIXELS_MAX // 1_000_000} megapixels, {SIDE_DECODED_MAX:,} pixels a side, "
        f"and {RATIO_MAX} times as long as wide."
    ),
    "picture_too_many_bytes": f"This file is too large: at most {UPLOAD_MAX_BYTES // 1024 // 1024} MB.",
    "picture_animated": "This picture moves. Only still pictures can be used.",
    "picture_too_complex": "This picture is built in an unusual way that takes too much work. Save it again and try once more.",
}


class Refused(Invalid):
    """The picture cannot be used; the code says why, the sentence what to do. Trying the same bytes again ends the same."""

    default_code = "picture_unreadable"


def refused(reason: Reason, **fields: str | int) -> Refused:
    """The error for a reason, with its sentence; `fields` are for the log."""
    return Refused(_SENTENCES[reason], code=reason, field=None, **fields)
