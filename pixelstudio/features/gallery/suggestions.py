"""Suggestions: what may stand behind a field of the search, as far as it is typed. Of tags only those that hang on the walls for whoever asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select
from sqlmodel import col

from pixelstudio.core.text import words_of
from pixelstudio.features.accounts.people import people_beginning
from pixelstudio.features.gallery.search import MARKS
from pixelstudio.features.gallery.signs import SHAPES, beginning, field_sign, newest
from pixelstudio.features.gallery.tables import PostRow, PostTagRow
from pixelstudio.features.gallery.visibility import is_on_walls
from pixelstudio.features.generation.styles import STYLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pixelstudio.db.transaction import Reader
    from pixelstudio.features.accounts.actor import Actor

SHOWN: Final = 8
POSTS_LOOKED_AT: Final = 200
_SPANS: Final = ("today", "yesterday", "week", "month", "year")


async def suggested(reader: Reader, viewer: Actor | None, field: str, typed: str, models: Sequence[str] = ()) -> list[str]:
    """At most `SHOWN` values of a field that begin as typed; of models, of which a later part may begin so, those of `models`.

    None for a field that has no values to choose, and for one that is none of ours.
    """
    begun = "-".join(words_of(typed))
    match field:
        case "tag":
            return await _tags(reader, viewer, begun) if begun else []
        case "by":
            return await people_beginning(reader, typed.lower().lstrip("@"), SHOWN)
        case "model":
            return [model for model in models if f"-{begun}" in f"-{'-'.join(words_of(model))}"][:SHOWN]
        case _:
            return [value for value in _FIXED.get(field, ()) if value.startswith(begun)][:SHOWN]


_FIXED: Final = {"style": tuple(style.id for style in STYLES), "is": MARKS, "size": SHAPES, "date": _SPANS}


async def _tags(reader: Reader, viewer: Actor | None, begun: str) -> list[str]:
    """Those of the newest pictures that have any, the most frequent first."""
    numbers = await newest(reader, [[beginning(field_sign("tag", begun))]], at_most=POSTS_LOOKED_AT)
    tag: Any = col(PostTagRow.tag)
    of_posts = select(tag).join(PostRow, col(PostRow.image_id) == col(PostTagRow.image_id))
    hanging = of_posts.where(col(PostRow.number).in_(numbers), *is_on_walls(viewer), tag.startswith(begun, autoescape=True))
    return list((await reader.exec(hanging.group_by(tag).order_by(func.count().desc(), tag).limit(SHOWN))).scalars())
