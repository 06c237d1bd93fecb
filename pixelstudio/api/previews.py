"""Link previews: the built page of an address, with what programs read who show a link: title, description and picture.

Whoever follows the link gets the same page, and it goes on as any other. It is answered for the person who asks: a stranger's
private picture is the same 404 as one that never was.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from html import escape, unescape
from typing import TYPE_CHECKING, Any, Final, TypeGuard, cast
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from pixelstudio.api.forms import HOME, safe_next
from pixelstudio.api.identity import actor_of, cookie_of, studio_of
from pixelstudio.api.problems import guarded_route, problem
from pixelstudio.api.ranges import matches
from pixelstudio.core.encoded import encoded_page
from pixelstudio.core.errors import PixelStudioError, Unavailable
from pixelstudio.core.ratings import GENERAL
from pixelstudio.core.text import clean_line, clip
from pixelstudio.features.accounts.people import person_named
from pixelstudio.features.gallery.collections import collection_for
from pixelstudio.features.gallery.links import shared_by
from pixelstudio.features.gallery.posts import post_for
from pixelstudio.features.generation.standing import has_asked
from pixelstudio.features.images.filters import PictureFilter
from pixelstudio.features.images.library import count_in
from pixelstudio.features.images.pictures import image_for
from pixelstudio.features.images.renditions import rendition_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.gallery.views import PostView
    from pixelstudio.features.images.views import ImageView, StoredBytes

SITE: Final = "Pixel Studio"
MISSING_TITLE: Final = f"Nothing here · {SITE}"
TITLE_MAX: Final = 90
DESCRIPTION_MAX: Final = 200
VARIANT: Final = "1024"

HOME_PICTURE: Final = "/art/coral-dunes.webp"
_HOME_PICTURE_FACTS: Final = (("og:image:type", "image/webp"), ("og:image:width", "960"), ("og:image:height", "1200"))
# What a page that is made once cannot know: Reflex names its icon as the picture of every page.
_BUILT_PICTURE: Final = re.compile(r'<meta\b[^>]*\bproperty="og:image"[^>]*>')
_BUILT_TITLE: Final = re.compile(r"<title>([^<]*)</title>")
_BUILT_DESCRIPTION: Final = re.compile(r'<meta content="([^"]*)" name="description"')
NEWCOMER: Final = '<html data-new=""'
"""Of a page for somebody who has nothing yet: the sheets show how to begin instead of places for what is being loaded."""
WITHOUT_MAIL: Final = '<html data-no-mail=""'
"""Of a page that offers to send a letter, where no mail is sent: the sheets show who can help instead."""
GUEST: Final = '<html data-drew=""'
"""Of a door for somebody who has drawn something: the sheets show no picture of the house where theirs is about to hang."""
_IN_SCRIPT: Final = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
_NOINDEX: Final = '<meta name="robots" content="noindex"/>'


@dataclass(frozen=True, slots=True)
class Shells:
    """The pages of the build: by address those that are drawn already, and the one that draws itself for any address."""

    drawn: Mapping[str, str]
    empty: str


def as_page(request: Request, error: PixelStudioError) -> Response:
    """The page says by itself what went wrong; its status says so to programs."""
    shells = _shells_of(request)
    if shells is None:
        return problem(error)
    title = MISSING_TITLE if error.status == 404 else SITE
    answer = _page(request, tagged(shells.empty, [_title(title), _NOINDEX]), error.status, "no-store")
    if isinstance(error, Unavailable):
        answer.headers["Retry-After"] = problem(error).headers["Retry-After"]
    return answer


router = APIRouter(route_class=guarded_route(as_page), include_in_schema=False)


@router.api_route("/", methods=["GET", "HEAD"])
async def get_home(request: Request) -> Response:
    """The first page, for strangers and guests; a member is led on to their own before anything is drawn."""
    home = _drawn(request)
    if _is_member(await _viewer(request)):
        return _led_to(HOME)
    title, description = _built(_BUILT_TITLE, home), _built(_BUILT_DESCRIPTION, home)
    origin = origin_of(request)
    tags = [*_card(title, description, f"{origin}/"), *_picture(f"{origin}{HOME_PICTURE}", title), *map(_property, _HOME_PICTURE_FACTS)]
    return _page(request, tagged(_BUILT_PICTURE.sub("", home), tags), 200, "no-cache")


@router.api_route("/explore", methods=["GET", "HEAD"])
@router.api_route("/search", methods=["GET", "HEAD"])
async def get_open_page(request: Request) -> Response:
    """The walls everybody may see."""
    return _page(request, _drawn(request), 200, "no-cache")


@router.api_route("/create", methods=["GET", "HEAD"])
@router.api_route("/collections", methods=["GET", "HEAD"])
@router.api_route("/feed", methods=["GET", "HEAD"])
@router.api_route("/inbox", methods=["GET", "HEAD"])
@router.api_route("/library", methods=["GET", "HEAD"])
@router.api_route("/likes", methods=["GET", "HEAD"])
@router.api_route("/queue", methods=["GET", "HEAD"])
@router.api_route("/prompts", methods=["GET", "HEAD"])
@router.api_route("/arena", methods=["GET", "HEAD"])
@router.api_route("/settings", methods=["GET", "HEAD"])
async def get_members_page(request: Request) -> Response:
    """The pages of members: whoever is none is led to the door before anything is drawn, and who is new need not wait to be told so."""
    drawn, viewer = _drawn(request), await _viewer(request)
    if not _is_member(viewer):
        return _led_to(f"/login?{urlencode({'next': request.url.path})}")
    async with studio_of(request).db.reader() as reader:
        is_new = not await has_asked(reader, viewer)
    return _page(request, drawn.replace("<html", NEWCOMER, 1) if is_new else drawn, 200, "private, no-cache")


@router.api_route("/login", methods=["GET", "HEAD"])
@router.api_route("/register", methods=["GET", "HEAD"])
async def get_door(request: Request) -> Response:
    """The doors, for strangers and guests; a member is inside already and goes on to where the door would have led."""
    drawn, viewer = _drawn(request), await _viewer(request)
    if _is_member(viewer):
        return _led_to(safe_next(request.query_params.get("next", HOME)))
    if viewer is None:
        return _page(request, drawn, 200, "no-cache")
    async with studio_of(request).db.reader() as reader:
        has_drawn = await count_in(reader, viewer, PictureFilter()) > 0
    return _page(request, drawn.replace("<html", GUEST, 1) if has_drawn else drawn, 200, "private, no-cache")


@router.api_route("/forgot", methods=["GET", "HEAD"])
async def get_forgot_page(request: Request) -> Response:
    """The way back in, by mail or by whoever runs the studio."""
    drawn = _drawn(request)
    has_mail = studio_of(request).mailer is not None
    return _page(request, drawn if has_mail else drawn.replace("<html", WITHOUT_MAIL, 1), 200, "no-cache")


@router.api_route("/admin", methods=["GET", "HEAD"])
async def get_admin_page(request: Request) -> Response:
    """The page of how the installation runs."""
    return await _for_the_maintainer(request, "Operations")


@router.api_route("/admin/webhooks", methods=["GET", "HEAD"])
async def get_webhooks_page(request: Request) -> Response:
    """The page of what providers brought."""
    return await _for_the_maintainer(request, "Webhooks")


@router.api_route("/components", methods=["GET", "HEAD"])
async def get_components_page(request: Request) -> Response:
    """The page of all components."""
    return await _for_the_maintainer(request, "Components")


@router.api_route("/image/{image_id}", methods=["GET", "HEAD"])
@router.api_route("/image/{image_id}/", methods=["GET", "HEAD"])
async def get_image_page(request: Request, image_id: str) -> Response:
    """The page of one picture, for those who may see it. Only a public picture has a preview: who shows a link has no session.

    Of one that is marked the preview says so, and nothing else.
    """
    shells = _needed_shells(request)
    async with studio_of(request).db.reader() as reader:
        viewer = await actor_of(reader, request)
        image = await image_for(reader, viewer, image_id)
        stored = await rendition_for(reader, viewer, image_id, VARIANT)
        post = await post_for(reader, viewer, image_id)
    if post is not None and post.showing == "public" and image.rating == GENERAL:
        return _page(request, tagged(shells.empty, _post_tags(origin_of(request), post, stored)), 200, "no-cache")
    title = f"{clip(clean_line(image.prompt), TITLE_MAX)} · {SITE}"
    if image.visibility == "public" and image.rating != GENERAL:
        said = f"A picture marked as {image.rating}."
        tags = [_title(SITE), _name("description", said), *_card(SITE, said, f"{origin_of(request)}/image/{image.id}"), _NOINDEX]
        return _page(request, tagged(shells.empty, tags), 200, "no-cache")
    if image.visibility != "public":
        return _page(request, tagged(shells.empty, [_title(title), _NOINDEX]), 200, "private, no-cache")
    return _page(request, tagged(shells.empty, [_title(title), *_image_tags(origin_of(request), image, stored)]), 200, "no-cache")


@router.api_route("/u/{handle}", methods=["GET", "HEAD"])
@router.api_route("/u/{handle}/", methods=["GET", "HEAD"])
async def get_person_page(request: Request, handle: str) -> Response:
    """The page of one person, with what programs read of them."""
    shells = _needed_shells(request)
    async with studio_of(request).db.reader() as reader:
        person = await person_named(reader, handle)
    address = f"{origin_of(request)}/u/{person.handle}"
    said = clip(clean_line(person.bio) or f"Pictures by {person.name}", DESCRIPTION_MAX)
    feed = f'<link rel="alternate" type="application/rss+xml" title="{escape(person.name)}" href="{escape(address)}/feed.xml"/>'
    facts = {"@type": "ProfilePage", "mainEntity": {"@type": "Person", "name": person.name, "alternateName": person.handle, "url": address}}
    tags = [_title(f"{person.name} · {SITE}"), _name("description", said), *_card(person.name, said, address), feed, _structured(facts)]
    return _page(request, tagged(shells.empty, tags), 200, "no-cache")


@router.api_route("/collections/{collection_id}", methods=["GET", "HEAD"])
@router.api_route("/collections/{collection_id}/", methods=["GET", "HEAD"])
async def get_collection_page(request: Request, collection_id: str) -> Response:
    """The page of one collection, for those who may see it; programs are told of those that everybody sees."""
    shells = _needed_shells(request)
    async with studio_of(request).db.reader() as reader:
        found = await collection_for(reader, await actor_of(reader, request), collection_id)
    title = _title(f"{found.title} · {SITE}")
    if found.visibility != "public":
        return _page(request, tagged(shells.empty, [title, _NOINDEX]), 200, "private, no-cache")
    said = clip(clean_line(found.description) or f"A collection by {found.person.name}", DESCRIPTION_MAX)
    tags = [title, _name("description", said), *_card(found.title, said, f"{origin_of(request)}/collections/{found.id}")]
    return _page(request, tagged(shells.empty, tags), 200, "private, no-cache")


@router.api_route("/shared/{secret}", methods=["GET", "HEAD"])
@router.api_route("/shared/{secret}/", methods=["GET", "HEAD"])
async def get_shared_page(request: Request, secret: str) -> Response:
    """The page of a link to a collection. Programs are told nothing of it: whoever shows a link must not show what it leads to."""
    shells = _needed_shells(request)
    async with studio_of(request).db.reader() as reader:
        await shared_by(reader, secret)
    return _page(request, tagged(shells.empty, [_title(SITE), _NOINDEX]), 200, "private, no-store")


def _is_member(viewer: Actor | None) -> TypeGuard[Actor]:
    """Whether it is a member who asks; a guest is still looking around."""
    return viewer is not None and not viewer.is_guest


def _led_to(address: str) -> Response:
    return RedirectResponse(address, 303, headers={"Cache-Control": "private, no-store", "Vary": "Cookie"})


async def _for_the_maintainer(request: Request, title: str) -> Response:
    """A page for whoever looks after this installation; everybody else gets what an address gets at which nothing is, to the byte."""
    shells, viewer = _needed_shells(request), await _viewer(request)
    if viewer is None or not viewer.is_maintainer:
        nothing = _page(request, shells.empty, 404, "no-store")
        nothing.headers["Vary"] = "Accept-Encoding"
        return nothing
    return _page(request, tagged(shells.empty, [_title(f"{title} · {SITE}"), _NOINDEX]), 200, "private, no-store")


async def _viewer(request: Request) -> Actor | None:
    """Who asks; a stranger without a cookie costs no look into the database."""
    if cookie_of(request) is None:
        return None
    async with studio_of(request).db.reader() as reader:
        return await actor_of(reader, request)


def tagged(shell: str, tags: Iterable[str]) -> str:
    """`shell` with `tags`, which are escaped already, at the end of its head."""
    head, end, rest = shell.partition("</head>")
    return f"{head}{''.join(tags)}{end}{rest}"


def origin_of(request: Request) -> str:
    """What absolute addresses begin with: PUBLIC_URL, or the name the browser used, which the edge has checked."""
    return studio_of(request).settings.public_url or f"{request.scope['scheme']}://{request.headers.get('host', '')}"


def _image_tags(origin: str, image: ImageView, stored: StoredBytes) -> list[str]:
    said = clean_line(image.prompt)
    title, description = clip(said, TITLE_MAX), clip(said, DESCRIPTION_MAX)
    facts = (("og:image:type", stored.media_type), ("og:image:width", str(stored.width)), ("og:image:height", str(stored.height)))
    return [
        _name("description", description),
        *_card(title, description, f"{origin}/image/{image.id}"),
        *_picture(f"{origin}/media/{image.id}/{VARIANT}", description),
        *map(_property, facts),
    ]


def _post_tags(origin: str, post: PostView, stored: StoredBytes) -> list[str]:
    """Of a published picture: its own words, and the same once more as structured data (schema.org)."""
    address, picture = f"{origin}/image/{post.image.id}", f"{origin}/media/{post.image.id}/{VARIANT}"
    description = clip(clean_line(post.description) or post.alt, DESCRIPTION_MAX)
    facts = (("og:image:type", stored.media_type), ("og:image:width", str(stored.width)), ("og:image:height", str(stored.height)))
    embed = f"{origin}/api/oembed?{urlencode({'url': address})}"
    said = {
        "@type": "ImageObject",
        "name": post.title,
        "description": description,
        "contentUrl": picture,
        "url": address,
        "keywords": list(post.tags),
        "datePublished": post.published_at.isoformat(timespec="seconds"),
        "creator": {"@type": "Person", "name": post.person.name, "url": f"{origin}/u/{post.person.handle}"},
    }
    return [
        _title(f"{post.title} · {SITE}"),
        _name("description", description),
        *_card(post.title, description, address),
        *_picture(picture, post.alt),
        *map(_property, facts),
        f'<link rel="alternate" type="application/json+oembed" title="{escape(post.title)}" href="{escape(embed)}"/>',
        _structured(said),
    ]


def _structured(facts: Mapping[str, Any]) -> str:
    """JSON-LD: data, which no browser runs; nothing in it can end its element."""
    said = json.dumps({"@context": "https://schema.org", **facts}, ensure_ascii=False)
    return f'<script type="application/ld+json">{said.translate(_IN_SCRIPT)}</script>'


def _card(title: str, description: str, address: str) -> list[str]:
    pairs = (("site_name", SITE), ("type", "website"), ("title", title), ("description", description), ("url", address))
    return [
        *(_property((f"og:{key}", text)) for key, text in pairs),
        _name("twitter:title", title),
        _name("twitter:description", description),
    ]


def _picture(address: str, words: str) -> list[str]:
    shown = [_property(("og:image", address)), _property(("og:image:alt", words))]
    return [*shown, _name("twitter:card", "summary_large_image"), _name("twitter:image", address), _name("twitter:image:alt", words)]


def _title(text: str) -> str:
    return f"<title>{escape(text)}</title>"


def _property(pair: tuple[str, str]) -> str:
    return f'<meta property="{escape(pair[0])}" content="{escape(pair[1])}"/>'


def _name(name: str, text: str) -> str:
    return f'<meta name="{escape(name)}" content="{escape(text)}"/>'


def _built(pattern: re.Pattern[str], shell: str) -> str:
    found = pattern.search(shell)
    return unescape(found[1]) if found else SITE


def _page(request: Request, html: str, status: int, cache: str) -> Response:
    """The page as the static ones are sent: compressed for whoever takes that, and not again to whoever has it.

    A page that is not there has no validator: it is not kept.
    """
    body, headers = encoded_page(html).form_for(request.headers.get("accept-encoding", ""))
    headers |= {"Cache-Control": cache, "Vary": "Accept-Encoding, Cookie"}
    if status != 200:
        del headers["ETag"]
    elif matches(request.headers.get("if-none-match"), headers["ETag"]):
        return Response(None, 304, {name: value for name, value in headers.items() if name != "Content-Encoding"})
    return Response(body, status, headers, "text/html; charset=utf-8")


def _drawn(request: Request) -> str:
    """The page of the address that is asked for."""
    page = _needed_shells(request).drawn.get(request.url.path)
    if page is None:
        raise Unavailable("This server has no pages.", code="no_pages")
    return page


def _needed_shells(request: Request) -> Shells:
    shells = _shells_of(request)
    if shells is None:
        raise Unavailable("This server has no pages.", code="no_pages")
    return shells


def _shells_of(request: Request) -> Shells | None:
    return cast("Shells | None", getattr(request.app.state, "shells", None))
