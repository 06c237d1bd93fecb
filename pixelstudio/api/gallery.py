"""The gallery as its pages read it: walls of what everybody may see, page by page, and which of some pictures still hang there."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from pixelstudio.api.identity import actor_of, member_of, studio_of
from pixelstudio.api.keeping import kept_by_browser
from pixelstudio.api.problems import ProblemRoute
from pixelstudio.core.limits import PAGE_SIZE_MAX, SEARCH_MAX
from pixelstudio.features.accounts.people import person_named
from pixelstudio.features.gallery.collections import pictures_of, those_in
from pixelstudio.features.gallery.filters import WallFilter, wall_filter
from pixelstudio.features.gallery.leanings import own_wall, those_on_own
from pixelstudio.features.gallery.lineage import lineage_of
from pixelstudio.features.gallery.links import pictures_shared
from pixelstudio.features.gallery.remixes import remix_in
from pixelstudio.features.gallery.spacing import spaced
from pixelstudio.features.gallery.suggestions import suggested
from pixelstudio.features.gallery.walls import those_on, wall
from pixelstudio.features.images.pictures import image_for
from pixelstudio.features.prompts.changes import shortened
from pixelstudio.imaging.placeholder import placeholder_data_url

if TYPE_CHECKING:
    from pixelstudio.caching.cache import Cache
    from pixelstudio.db.transaction import Reader
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.gallery.leanings import Weighed
    from pixelstudio.features.gallery.views import PostView

router = APIRouter(prefix="/api/gallery", route_class=ProblemRoute)

PAGE: Final = 40


@router.get("/explore")
async def get_explore(request: Request, before: str = "", limit: int = PAGE, only: str = "") -> Response:
    """What everybody shows, in the order that is asked for; or, with `q`, what is found. `only` names pictures to look at again.

    A member may ask for an order of their own (`sort=yours`); to everybody else that is what is trending. On a page of what is trending,
    pictures of one person from one prompt hang apart; which page follows is the same.
    """
    wanted = wall_filter(request.query_params)
    studio = studio_of(request)
    async with studio.db.reader() as reader:
        viewer = await actor_of(reader, request)
        if request.query_params.get("sort") == "yours" and viewer is not None and not viewer.is_guest and not wanted.words:
            return kept_by_browser(request, await _own_wall(reader, viewer, before, limit, only, studio.cache))
        found = await _wall(reader, viewer, wanted, before, limit, only, studio.cache, is_spaced=wanted == WallFilter(period=wanted.period))
        return kept_by_browser(request, found)


@router.get("/search")
async def get_search(request: Request, before: str = "", limit: int = PAGE, only: str = "") -> Response:
    """What is found by the words of `q`, the newest first; with `colours` or `similar` the nearest. Whatever is typed is answered."""
    wanted = wall_filter(request.query_params, "newest")
    studio = studio_of(request)
    async with studio.db.reader() as reader:
        viewer = await actor_of(reader, request)
        return kept_by_browser(request, await _wall(reader, viewer, wanted, before, limit, only, studio.cache))


@router.get("/suggestions")
async def get_suggestions(request: Request, field: str, typed: str = "") -> Response:
    """What may stand behind a field of the search, as far as it is typed."""
    studio = studio_of(request)
    models = [model.id for model in studio.providers.models()]
    async with studio.db.reader() as reader:
        viewer = await actor_of(reader, request)
        return kept_by_browser(request, {"values": await suggested(reader, viewer, field, typed[:SEARCH_MAX], models)})


@router.get("/feed")
async def get_feed(request: Request, before: str = "", limit: int = PAGE, only: str = "") -> Response:
    """What the people show whom the member follows, the newest first."""
    studio = studio_of(request)
    async with studio.db.reader() as reader:
        by = await member_of(reader, request)
        return kept_by_browser(
            request, await _wall(reader, by, WallFilter(sort="newest", followed_by=by.id), before, limit, only, studio.cache)
        )


@router.get("/likes")
async def get_likes(request: Request, before: str = "", limit: int = PAGE, only: str = "") -> Response:
    """What the member likes, the last liked first."""
    studio = studio_of(request)
    async with studio.db.reader() as reader:
        by = await member_of(reader, request)
        return kept_by_browser(request, await _wall(reader, by, WallFilter(liked_by=by.id), before, limit, only, studio.cache))


@router.get("/people/{handle}")
async def get_person(request: Request, handle: str, before: str = "", limit: int = PAGE, only: str = "") -> Response:
    """What one person shows to everybody, the newest first."""
    studio = studio_of(request)
    async with studio.db.reader() as reader:
        viewer = await actor_of(reader, request)
        person = await person_named(reader, handle)
        return kept_by_browser(
            request, await _wall(reader, viewer, WallFilter(sort="newest", person_id=person.id), before, limit, only, studio.cache)
        )


@router.get("/collections/{collection_id}")
async def get_collection(request: Request, collection_id: str, before: str = "", limit: int = PAGE, only: str = "") -> Response:
    """The pictures of one collection that whoever asks may see; `only` names pictures to look at again, wherever they hang in it."""
    async with studio_of(request).db.reader() as reader:
        viewer = await actor_of(reader, request)
        there = f"/media/collections/{collection_id}"
        if only:
            found = await those_in(reader, viewer, collection_id, only.split(",")[:PAGE_SIZE_MAX])
            return kept_by_browser(request, {"pictures": [card(post, there) for post in found]})
        page = await pictures_of(reader, viewer, collection_id, before=before, limit=limit)
        return kept_by_browser(request, {"pictures": [card(post, there) for post in page.items], "next": page.next_cursor})


@router.get("/shared/{secret}")
async def get_shared(request: Request, secret: str, before: str = "", limit: int = PAGE) -> Response:
    """The pictures of a collection for whoever has a link to it; no account is asked for."""
    async with studio_of(request).db.reader() as reader:
        page = await pictures_shared(reader, secret, before=before, limit=limit)
    shown = [card(post, f"/media/shared/{secret}") for post in page.items]
    return JSONResponse({"pictures": shown, "next": page.next_cursor}, headers={"Cache-Control": "private, no-store"})


@router.get("/remixes/{image_id}")
async def get_remix(request: Request, image_id: str) -> Response:
    """What a picture changed of the one it was made from, in short; nothing where whoever asks is led to none."""
    studio = studio_of(request)
    async with studio.db.reader() as reader:
        viewer = await actor_of(reader, request)
        image = await image_for(reader, viewer, image_id)
        changed = await remix_in(reader, viewer, await lineage_of(reader, viewer, image), image, studio.providers)
    told = (
        {}
        if changed is None
        else {"words": [asdict(one) for one in shortened(changed.words)], "settings": [asdict(one) for one in changed.settings]}
    )
    return kept_by_browser(request, told)


async def _wall(
    reader: Reader,
    viewer: Actor | None,
    wanted: WallFilter,
    before: str,
    limit: int,
    only: str,
    cache: Cache | None,
    *,
    is_spaced: bool = False,
) -> dict[str, Any]:
    if only:
        return {"pictures": [card(post) for post in await those_on(reader, viewer, wanted, only.split(",")[:PAGE_SIZE_MAX], cache)]}
    page = await wall(reader, viewer, wanted, before=before, limit=limit, cache=cache)
    return {"pictures": [card(post) for post in (spaced(page.items) if is_spaced else page.items)], "next": page.next_cursor}


async def _own_wall(reader: Reader, by: Actor, before: str, limit: int, only: str, cache: Cache | None) -> dict[str, Any]:
    if only:
        return {"pictures": [_weighed_card(found) for found in await those_on_own(reader, by, only.split(",")[:PAGE_SIZE_MAX], cache)]}
    page = await own_wall(reader, by, before=before, limit=limit, cache=cache)
    return {"pictures": [_weighed_card(found) for found in page.items], "next": page.next_cursor}


def _weighed_card(found: Weighed) -> dict[str, Any]:
    """As `card`, with what each term of its place came to, in points."""
    terms = found.terms
    points = {name: round(getattr(terms, name), 2) for name in ("fresh", "popular", "novel", "following")}
    return {**card(found.post), "why": {**points, "likedOfMaker": terms.liked_of_maker}}


def card(post: PostView, there: str = "") -> dict[str, Any]:
    """What a wall needs of one picture; `at` is what it is ordered by. A private one of somebody else has its bytes `there` alone; of one's own
    it says there what its owner may know.
    """
    image = post.image
    is_private = image.visibility != "public"
    return {
        **({"base": there} if there and is_private and not image.is_mine else {}),
        **({"private": is_private, "favourite": image.is_favourite} if there and image.is_mine else {}),
        "mine": image.is_mine,
        "id": image.id,
        "alt": post.alt,
        "title": post.title,
        "by": post.person.name,
        "handle": post.person.handle,
        "width": image.width,
        "height": image.height,
        "blur": placeholder_data_url(image.thumbhash),
        "spill": image.spill,
        "likes": post.likes,
        "comments": post.comments,
        "liked": post.is_liked,
        "at": post.place,
    }
