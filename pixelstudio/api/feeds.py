"""For programs that read: a feed of each person's pictures (RSS 2.0), the sitemap, and oEmbed. All of it is what everybody may see."""

from __future__ import annotations

import re
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import escape, quoteattr

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from pixelstudio.api.identity import studio_of
from pixelstudio.api.previews import SITE, VARIANT, origin_of
from pixelstudio.api.problems import ProblemRoute
from pixelstudio.core.errors import NotFound
from pixelstudio.core.ratings import GENERAL
from pixelstudio.features.accounts.people import person_named
from pixelstudio.features.gallery.filters import WallFilter
from pixelstudio.features.gallery.posts import post_for
from pixelstudio.features.gallery.walls import wall
from pixelstudio.features.images.renditions import rendition_for

if TYPE_CHECKING:
    from pixelstudio.features.gallery.views import PostView

router = APIRouter(route_class=ProblemRoute, include_in_schema=False)

FEED: Final = 40
SITEMAP_PAGES: Final = 10
"""Of a hundred pictures each: the newest thousand."""
EMBED_PX: Final = 1_024
ADDRESS_MAX: Final = 500
_PUBLIC: Final = {"Cache-Control": "public, max-age=300"}
_NO_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_IMAGE: Final = re.compile(r"\Ahttps?://[^/?#\s]+/image/([a-z2-7]{26})/?(?:[?#]|\Z)")


@router.get("/u/{handle}/feed.xml")
async def get_feed(request: Request, handle: str) -> Response:
    """The pictures one person shows to everybody, the newest first."""
    studio = studio_of(request)
    async with studio.db.reader() as reader:
        person = await person_named(reader, handle)
        page = await wall(reader, None, WallFilter(sort="newest", person_id=person.id), limit=FEED, cache=studio.cache)
    origin = origin_of(request)
    items = "".join(_item(post, origin) for post in page.items)
    title, link = _text(f"{person.name} · {SITE}"), f"{origin}/u/{person.handle}"
    own = f'<atom:link href={quoteattr(f"{link}/feed.xml")} rel="self" type="application/rss+xml"/>'
    head = f"<title>{title}</title><link>{link}</link><description>{_text(person.bio or f'Pictures by {person.name}')}</description>{own}"
    return _xml(
        f'<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>{head}{items}</channel></rss>', "application/rss+xml"
    )


@router.get("/sitemap.xml")
async def get_sitemap(request: Request) -> Response:
    """The pages everybody may see: the walls, the newest pictures, and who shows them."""
    posts: list[PostView] = []
    studio = studio_of(request)
    async with studio.db.reader() as reader:
        before = ""
        for _ in range(SITEMAP_PAGES):
            page = await wall(reader, None, WallFilter(sort="newest"), before=before, limit=100, cache=studio.cache)
            posts += page.items
            before = page.next_cursor
            if not before:
                break
    origin = origin_of(request)
    people = dict.fromkeys(post.person.handle for post in posts)
    pages = ["/", "/explore", *(f"/u/{handle}" for handle in people), *(f"/image/{post.image.id}" for post in posts)]
    urls = "".join(f"<url><loc>{_text(origin + path)}</loc></url>" for path in pages)
    return _xml(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>', "application/xml")


@router.get("/api/oembed")
async def get_oembed(request: Request, url: str, maxwidth: int = EMBED_PX, maxheight: int = EMBED_PX) -> Response:
    """A published picture that is for everybody as others may show it on their pages (oembed.com, version 1.0). Anything else is not there."""
    found = _IMAGE.search(url[:ADDRESS_MAX])
    if found is None:
        raise NotFound
    async with studio_of(request).db.reader() as reader:
        post = await post_for(reader, None, found[1])
        if post is None or post.image.rating != GENERAL:
            raise NotFound
        variant = next((side for side in ("1024", "512") if int(side) <= min(maxwidth, maxheight)), "256")
        stored = await rendition_for(reader, None, post.image.id, variant)
    origin = origin_of(request)
    said: dict[str, Any] = {
        "version": "1.0",
        "type": "photo",
        "title": post.title,
        "author_name": post.person.name,
        "author_url": f"{origin}/u/{post.person.handle}",
        "provider_name": SITE,
        "provider_url": origin,
        "url": f"{origin}/media/{post.image.id}/{variant}",
        "width": stored.width,
        "height": stored.height,
    }
    return JSONResponse(said, headers=_PUBLIC)


def _item(post: PostView, origin: str) -> str:
    link, picture = f"{origin}/image/{post.image.id}", f"{origin}/media/{post.image.id}/{VARIANT}"
    shown = f"<p><img src={quoteattr(picture)} alt={quoteattr(post.alt)}/></p><p>{escape(post.description or post.alt)}</p>"
    return (
        f"<item><title>{_text(post.title)}</title><link>{link}</link><guid>{link}</guid>"
        f"<pubDate>{format_datetime(post.published_at, usegmt=True)}</pubDate><description>{_text(shown)}</description></item>"
    )


def _text(text: str) -> str:
    return escape(_NO_XML.sub("", text))


def _xml(body: str, media_type: str) -> Response:
    return Response(f'<?xml version="1.0" encoding="UTF-8"?>\n{body}', headers=_PUBLIC, media_type=f"{media_type}; charset=utf-8")
