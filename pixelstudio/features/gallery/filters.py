"""`WallFilter`: which pictures that everybody may see are meant, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from pixelstudio.core import limits
from pixelstudio.features.gallery.heat import PERIODS
from pixelstudio.imaging.looks import COLOURS, Colour, colour_of

if TYPE_CHECKING:
    from collections.abc import Mapping

Sort = Literal["trending", "liked", "newest"]
SORTS: Final = ("trending", "liked", "newest")
PERIOD: Final = "7d"


@dataclass(frozen=True, slots=True, kw_only=True)
class WallFilter:
    """Which pictures that everybody may see; an empty field asks for nothing."""

    sort: Sort = "trending"
    period: str = PERIOD
    """Of `heat.PERIODS`; matters to what is trending."""
    words: str = ""
    """As typed into the search field, with its filters."""
    palette: tuple[Colour, ...] = ()
    """Pictures of these colours, the nearest first, whatever `sort` says."""
    like: str = ""
    """Pictures that look like this one, the nearest first, whatever `sort` says."""
    person_id: str = ""
    followed_by: str = ""
    """Of the people this account follows."""
    liked_by: str = ""


def wall_filter(fields: Mapping[str, str], sort: Sort = "trending") -> WallFilter:
    """The filter an address names, ordered by `sort` when it names no order. What is not understood asks for nothing."""
    named: Any = fields.get("sort", "")
    period = fields.get("period", "")
    colours = (colour_of(text) for text in fields.get("colours", "").split("-")[:COLOURS])
    return WallFilter(
        sort=named if named in SORTS else sort,
        period=period if period in PERIODS else PERIOD,
        words=fields.get("q", "")[: limits.SEARCH_MAX],
        palette=tuple(colour for colour in colours if colour is not None),
        like=fields.get("similar", ""),
    )
