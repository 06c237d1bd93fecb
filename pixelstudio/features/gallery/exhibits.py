"""Exhibits: pictures as walls show them. What everybody would see of one is kept in the cache; one's own are read anew.

Whether somebody sees a picture at all is not decided here: a query has found it on the wall for this very viewer.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from pixelstudio.caching.contract import Kind
from pixelstudio.features.accounts.events import PersonChanged, WishesChanged
from pixelstudio.features.accounts.views import PersonView
from pixelstudio.features.gallery.events import PostCounted, PostPublished
from pixelstudio.features.gallery.follows import COUNTS
from pixelstudio.features.gallery.posts import liked_among, post_views, rows_shown
from pixelstudio.features.gallery.views import PostView
from pixelstudio.features.images.events import ImageDeleted, ImageForgotten, ImageRated, ImageRestored, ImageVisibilityChanged
from pixelstudio.features.images.pictures import images_by_id
from pixelstudio.features.images.views import ImageView

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pixelstudio.caching.cache import Cache
    from pixelstudio.core.events import Event
    from pixelstudio.db.transaction import Reader
    from pixelstudio.features.accounts.actor import Actor

KEPT_S: Final = 60.0


async def exhibited(reader: Reader, viewer: Actor | None, places: Mapping[str, float], cache: Cache | None) -> list[PostView]:
    """These pictures, each at its place, in their order. Five queries for those that are not kept, one for all."""
    kept = await cache.known(POSTS, places) if cache else {}
    posts = {image_id: post for image_id, post in kept.items() if viewer is None or post.person.id != viewer.id}
    read = await _read(reader, viewer, [image_id for image_id in places if image_id not in posts])
    if cache:
        await cache.keep(POSTS, {i: post for i, post in read.items() if _is_for_everybody(post)}, since=reader.heard)
    posts |= read
    liked = await liked_among(reader, viewer, list(posts))
    return [replace(posts[i], is_liked=i in liked, place=place) for i, place in places.items() if i in posts]


async def _read(reader: Reader, viewer: Actor | None, image_ids: list[str]) -> dict[str, PostView]:
    if not image_ids:
        return {}
    rows = await rows_shown(reader, image_ids)
    images = await images_by_id(reader, viewer, image_ids)
    return {post.image.id: post for post in await post_views(reader, None, rows, images)}


def _is_for_everybody(post: PostView) -> bool:
    return post.image.visibility == "public" and not post.image.is_mine


def _stale(fact: Event) -> Iterable[str] | None:
    match fact:
        case (
            PostPublished() | PostCounted() | ImageVisibilityChanged() | ImageRated() | ImageDeleted() | ImageRestored() | ImageForgotten()
        ):
            return (fact.image_id,)
        case PersonChanged():
            return None
        case _:
            return ()


def _packed(post: PostView) -> dict[str, Any]:
    values = asdict(post)
    image, person = values["image"], values["person"]
    image |= {"thumbhash": base64.b64encode(post.image.thumbhash).decode("ascii")}
    image |= {"created_at": post.image.created_at.isoformat(), "stands_at": post.image.stands_at.isoformat()}
    person["created_at"] = post.person.created_at.isoformat()
    return {**values, "published_at": post.published_at.isoformat()}


def _unpacked(values: Mapping[str, Any]) -> PostView:
    image: dict[str, Any] = {**values["image"]}
    image |= {"thumbhash": base64.b64decode(image["thumbhash"])}
    image |= {moment: datetime.fromisoformat(image[moment]) for moment in ("created_at", "stands_at")}
    person: dict[str, Any] = {**values["person"], "created_at": datetime.fromisoformat(values["person"]["created_at"])}
    post: dict[str, Any] = {**values, "image": ImageView(**image), "person": PersonView(**person), "tags": tuple(values["tags"])}
    post["published_at"] = datetime.fromisoformat(values["published_at"])
    return PostView(**post)


_SHAPE: Final = hashlib.sha256(repr([field.name for kind in (PostView, ImageView, PersonView) for field in fields(kind)]).encode())
POSTS: Final[Kind[PostView]] = Kind(f"post-{_SHAPE.hexdigest()[:8]}", KEPT_S, 4_096, _stale, _packed, _unpacked)
"""Posts as whoever did not make them sees them, by the ids of their pictures."""


def _stale_places(fact: Event) -> Iterable[str] | None:
    """Whatever may come onto a wall, or make one that was likened to another out of sight, makes all that was found old."""
    match fact:
        case PostCounted() | PersonChanged() | ImageForgotten():
            return ()
        case PostPublished() | ImageVisibilityChanged() | ImageRated() | ImageDeleted() | ImageRestored() | WishesChanged():
            return None
        case _:
            return ()


def _as_it_is(places: dict[str, float]) -> dict[str, float]:
    return places


PLACES: Final[Kind[dict[str, float]]] = Kind("places", KEPT_S, 128, _stale_places, _as_it_is, _as_it_is)
"""How far pictures are from what somebody wished for, by whom and what; whether they hang there still is asked each time."""
KINDS: Final = (POSTS, PLACES, COUNTS)
"""All of the gallery that is kept."""
