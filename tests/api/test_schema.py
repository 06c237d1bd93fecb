"""The API as a whole: FastAPI's own pages are not there, only ours, and no request of any shape breaks a route."""

from __future__ import annotations

import json
from typing import Any, Final
from urllib.parse import quote

import httpx
import pytest
from fastapi.routing import APIRoute
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pixelstudio.api.app import make_api
from pixelstudio.core.ids import new_id
from tests.api.pages import SHELLS
from tests.api.serving import a_browser, served
from tests.factories import a_cookie, a_user

FIELDS: Final = ("email", "handle", "password", "next", "token")
KINDS: Final = ("", "application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", "é".encode())
METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
HEADERS: Final = ("Range", "If-Range", "If-None-Match", "Accept", "Accept-Encoding", "Cookie", "User-Agent", "X-Forwarded-For")

texts = st.text(max_size=60) | st.sampled_from(["", ".", "..", "\x00", "/", "%", "a" * 300, "\u2028", "0", "-1", "9" * 30, "live"])
leaves = st.none() | st.booleans() | st.integers() | st.floats() | texts
values = st.recursive(leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3), max_leaves=6)
objects = st.dictionaries(st.sampled_from(FIELDS) | texts, values, max_size=6)
bodies = st.binary(max_size=80) | st.builds(lambda made: json.dumps(made).encode(), objects | values)
printable = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60)
validators = printable | st.from_regex(r"\Abytes=[0-9]{0,20}-[0-9]{0,20}\Z") | st.from_regex(r'\A(W/)?"[a-z]{0,5}"\Z')


def paths_of(routes: Any) -> list[str]:
    """Every path of the app, its ids still in braces."""
    found = [getattr(route, "effective_candidates", lambda: None)() or [route] for route in routes]
    return [route.path for group in found for route in group if isinstance(getattr(route, "original_route", route), APIRoute)]


PATHS: Final = tuple(paths_of(make_api().routes))


@st.composite
def requests(draw: Any) -> dict[str, Any]:
    """A request to one of our routes that no page would make."""
    path = draw(st.sampled_from(PATHS))
    while "{" in path:
        before, _, rest = path.partition("{")
        path = before + quote(draw(texts), safe="") + rest.partition("}")[2]
    query = quote(draw(texts), safe="=&")
    headers = {name: draw(validators) for name in draw(st.lists(st.sampled_from(HEADERS), unique=True, max_size=3))}
    kind = draw(st.sampled_from(KINDS))
    method = draw(st.sampled_from(METHODS))
    content = {"content": draw(bodies)} if method not in {"GET", "HEAD"} else {}
    return {"method": method, "url": f"{path}?{query}", "headers": {**headers, **({"Content-Type": kind} if kind else {})}, **content}


@pytest.fixture
async def cookie(studio):
    """Of a member: what is asked by nobody ends at the first question."""
    return await a_cookie(studio.db, (await a_user(studio.db)).id)


@pytest.fixture
async def address(studio):
    async with served(studio, SHELLS) as where:
        yield where


def test_the_requests_are_made_to_every_route():
    assert len(PATHS) > 8
    assert {"/auth/register", "/media/{image_id}/{variant}", "/media/live/{generation_id}/{slot}", "/image/{image_id}"} <= {*PATHS}


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(asked=requests())
@example(asked={"method": "GET", "url": "/media/live/%00/0"})
@example(asked={"method": "GET", "url": f"/media/live/{new_id()}/{'9' * 30}"})
async def test_no_request_of_any_shape_breaks_a_route(address, cookie, asked):
    async with a_browser(address, cookie) as browser:
        try:
            answer = await browser.request(**asked)
        except (httpx.InvalidURL, httpx.LocalProtocolError):  # no client would send it
            return

    assert answer.status_code < 500, (asked, answer.text)
    if answer.status_code >= 400 and answer.content and answer.headers["content-type"] == "application/json":
        is_of_no_route = answer.status_code in {404, 405}  # the framework's own words
        assert {*answer.json()} == ({"detail"} if is_of_no_route and "detail" in answer.text else {"code", "sentence", "field", "status"})


async def test_fastapis_own_description_and_pages_are_not_there(address):
    async with a_browser(address) as browser:
        answers = [await browser.get(path) for path in ("/openapi.json", "/docs", "/redoc")]

    assert [answer.status_code for answer in answers] == [404] * 3
