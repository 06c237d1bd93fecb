"""Asking for one thing in every way a browser can, as everybody."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tests.api.serving import a_browser
from tests.visibility.cast import (
    AVATARS,
    COLLECTIONS,
    ENDED_SETS,
    IN_TRASH,
    PEOPLE,
    PICTURES,
    SEEN_BY,
    SETS,
    SIGNED_IN,
    TRASH_SEEN_BY,
    UPLOADS,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    import httpx

    from tests.visibility.cast import World


@dataclass(frozen=True)
class Way:
    """One way to ask: a method, what stands behind the path, headers, and the status of whoever may see it."""

    method: str
    tail: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True)
class Row:
    """How a route that takes an id answers. `template` is its path with `{}` for the id, and other things of the owner's by their names."""

    template: str
    things: tuple[str, ...]
    ways: tuple[Way, ...]
    refused: Callable[[str], int] = lambda _who: 404
    """The status for somebody who may not see the thing."""
    seen_by: Mapping[str, set[str]] = field(default_factory=lambda: SEEN_BY)

    def expected(self, who: str, what: str, way: Way) -> int:
        """The status of one cell."""
        return way.status if who in self.seen_by[what] else self.refused(who)


_ETAG: Final = "{etag}"
_PLAIN: Final = (Way("GET"), Way("HEAD"))
_CONDITIONS: Final = (
    ({}, 200),
    ({"Range": "bytes=0-3"}, 206),
    ({"Range": "bytes=9999-"}, 416),
    ({"If-None-Match": _ETAG}, 304),
    ({"If-None-Match": "*"}, 304),
    ({"If-Range": _ETAG, "Range": "bytes=0-0"}, 206),
)
_MEDIA: Final = (
    *(Way("GET", "/512", headers, status) for headers, status in _CONDITIONS),
    *(Way("HEAD", "/512", headers, status) for headers, status in _CONDITIONS[:4]),
    *(Way("GET", "/original", headers, status) for headers, status in _CONDITIONS[:4]),
    *(Way("GET", "/film", headers, status) for headers, status in _CONDITIONS[:4]),
    *(Way("GET", tail) for tail in ("/256", "/1024", "/original?download=1", "/film?download=1")),
    Way("GET", "/2048", status=404),
)

_TRASH_MEDIA: Final = (Way("GET", "/256"), Way("HEAD", "/512"), Way("GET", "/original"), Way("GET", "/2048", status=404))


def _unless_signed_in(who: str) -> int:
    return 404 if who in SIGNED_IN else 401


def _unless_somebody(who: str) -> int:
    return 404 if who in {*SIGNED_IN, "guest"} else 401


# Every route that takes an id, and how it answers. A route missing here and in NO_ID fails the test.
ROWS: Final[dict[str, Row]] = {
    "/media/avatars/{avatar_id}": Row("/media/avatars/{}", AVATARS, (*_PLAIN, Way("GET", headers={"If-None-Match": _ETAG}, status=304))),
    "/media/uploads/{upload_id}": Row(
        "/media/uploads/{}", UPLOADS, (*_PLAIN, Way("GET", headers={"If-None-Match": _ETAG}, status=304)), _unless_signed_in
    ),
    "/media/{image_id}/{variant}": Row("/media/{}", (*PICTURES, "forgotten"), _MEDIA),
    "/media/trash/{image_id}/{variant}": Row("/media/trash/{}", IN_TRASH, _TRASH_MEDIA, _unless_signed_in, TRASH_SEEN_BY),
    "/media/live/{generation_id}/{slot}": Row("/media/live/{}/0", SETS, (Way("GET"),), _unless_somebody),
    "/api/generate/{generation_id}": Row("/api/generate/{}", SETS, (Way("GET"),), _unless_signed_in),
    "/api/generate/{generation_id}/cancel": Row("/api/generate/{}", ENDED_SETS, (Way("POST", "/cancel"),), _unless_signed_in),
    "/api/generate/{generation_id}/events": Row("/api/generate/{}", ENDED_SETS, (Way("GET", "/events"),), _unless_signed_in),
    "/media/collections/{collection_id}/{image_id}/{variant}": Row("/media/collections/{}/{public}/512", COLLECTIONS, _PLAIN),
    "/image/{image_id}": Row("/image/{}", PICTURES, _PLAIN),
    "/image/{image_id}/": Row("/image/{}/", PICTURES, _PLAIN),
    "/collections/{collection_id}": Row("/collections/{}", COLLECTIONS, _PLAIN),
    "/collections/{collection_id}/": Row("/collections/{}/", COLLECTIONS, _PLAIN),
    "/api/gallery/remixes/{image_id}": Row("/api/gallery/remixes/{}", PICTURES, (Way("GET"),)),
    "/api/gallery/collections/{collection_id}": Row("/api/gallery/collections/{}", COLLECTIONS, (Way("GET"),)),
}
NO_ID: Final = {
    "/": "the first page, or the way on for a member",
    **dict.fromkeys(
        ("/create", "/library", "/queue", "/prompts", "/arena", "/settings"), "the page alone, or the way to the door for a stranger"
    ),
    **dict.fromkeys(("/login", "/register"), "the page alone, or the way on for a member"),
    **dict.fromkeys(("/collections", "/feed", "/likes", "/inbox"), "the page alone, or the way to the door for a stranger"),
    **dict.fromkeys(("/explore", "/search"), "the page alone"),
    **dict.fromkeys(("/u/{handle}", "/u/{handle}/"), "a person as everybody sees them; a handle is no secret"),
    **dict.fromkeys(("/u/{handle}/feed.xml", "/api/gallery/people/{handle}"), "what everybody sees of a person, see test_lists"),
    **dict.fromkeys(("/api/gallery/explore", "/api/gallery/search", "/sitemap.xml"), "what everybody sees, see test_lists"),
    "/api/gallery/suggestions": "words of what everybody sees, see tests/api/test_gallery",
    **dict.fromkeys(("/api/gallery/feed", "/api/gallery/likes"), "lists for whoever asks what everybody sees, see test_lists"),
    **dict.fromkeys(
        ("/shared/{secret}", "/shared/{secret}/", "/api/gallery/shared/{secret}", "/media/shared/{secret}/{image_id}/{variant}"),
        "believes a secret and nobody, see tests/api/test_collections",
    ),
    "/api/oembed": "what everybody sees, see tests/api/test_feeds",
    "/admin": "shows nobody's things; only the maintainer is told that it is there",
    "/admin/webhooks": "shows nobody's things; only the maintainer is told that it is there",
    "/components": "shows nobody's things; only the maintainer is told that it is there",
    "/auth/guest": "draws for whoever asks",
    "/auth/password": "is about whoever asks",
    "/auth/erase": "is about whoever asks",
    "/api/avatar": "is about whoever asks",
    "/api/uploads/logo": "is about whoever asks",
    "/api/uploads/mask": "takes its id in the query, see tests/api/test_uploads",
    "/api/export": "is about whoever asks",
    "/auth/register": "makes the account it is about",
    "/auth/sign-in": "proves who it is about",
    "/auth/sign-out": "ends the session of whoever asks",
    "/auth/claim": "is about whoever asks; the token is no id of anything",
    "/forgot": "the page alone",
    "/auth/forgot": "answers the same whoever has the address, see tests/api/test_auth",
    "/auth/reset": "believes a token and nobody, see tests/api/test_auth",
    "/auth/reset-link": "is for the maintainer, and takes a handle, which is no secret; see tests/api/test_reset_links",
    "/api/recipes/read": "reads the file it is sent, and nothing that is stored",
    "/api/recipes/story": "takes a file and shows pictures that whoever asks may see, see tests/features/images/test_stories",
    "/healthz": "the process",
    "/readyz": "the installation",
    "/metrics": "the installation; not there for people, see tests/api/test_metrics",
    "/api/unsubscribe": "believes a token, no id of anything; see tests/features/digests",
    "/api/live/changes": "is about whoever asks; its cursor is a time and leads to one's own alone",
    "/api/prompts": "is about whoever asks",
    "/api/library": "lists whoever asks, see test_lists",
    "/api/library/sets": "lists whoever asks, see test_lists",
    "/api/library/zip": "takes its ids in a form, see test_lists",
    **{f"/api/webhook/{name}": "believes a signature and nobody" for name in ("fal", "huggingface", "replicate", "stability")},
    "/api/auth/register": "makes the account it is about",
    "/api/auth/login": "proves who it is about",
    "/api/auth/refresh": "takes a token, no id of anything; see tests/features/accounts/test_tokens",
    "/api/prompt/generate": "makes words of what it is sent, for whoever asks",
    "/api/prompt/preview": "makes words of what it is sent",
    "/api/prompt/templates": "the installation's",
    "/api/generate": "draws for whoever asks",
    "/api/overlays": "takes its ids in the body, see tests/api/test_overlays",
    "/api/openapi.json": "the API itself",
    "/api/docs": "the API itself",
    "/api/{path:path}": "nothing is there",
}


@dataclass(frozen=True)
class Answer:
    """What came, without the date; ids blanked out."""

    who: str
    what: str
    way: Way
    status: int
    content: bytes
    headers: tuple[tuple[str, str], ...]

    @property
    def as_seen(self) -> tuple[object, ...]:
        """All that tells one answer from another."""
        return (self.status, self.content, self.headers)


async def answers(world: World, address: str, row: Row, people: Iterable[str] = PEOPLE) -> list[Answer]:
    """Every cell of a row: everybody asks for everything in every way."""
    etags = await _etags(world, address, row)
    found: list[Answer] = []
    for who in people:
        async with a_browser(address, world.cookies[who]) as browser:
            for what, way in _cells(row):
                headers = {name: value.format(etag=etags.get((what, way.tail), '"none"')) for name, value in way.headers.items()}
                path = row.template.format(world.ids[what], **world.ids) + way.tail
                found.append(_answer(who, what, way, await browser.request(way.method, path, headers=headers)))
    return found


def _cells(row: Row) -> Iterator[tuple[str, Way]]:
    return ((what, way) for what in row.things for way in row.ways)


async def _etags(world: World, address: str, row: Row) -> dict[tuple[str, str], str]:
    """The right validator of everything the owner may see: what a stranger could have guessed or kept."""
    async with a_browser(address, world.cookies["owner"]) as owner:
        return {
            (what, way.tail): (await owner.get(row.template.format(world.ids[what], **world.ids) + way.tail)).headers.get("etag", '"none"')
            for what, way in _cells(row)
            if _ETAG in way.headers.values()
        }


def _answer(who: str, what: str, way: Way, came: httpx.Response) -> Answer:
    headers = tuple(sorted((name, value) for name, value in came.headers.items() if name != "date"))
    return Answer(who, what, way, came.status_code, came.content, headers)
