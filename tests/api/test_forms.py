"""What is taken for a form, and where one may lead."""

from __future__ import annotations

import pytest
from fastapi import Request

from pixelstudio.api.forms import fields_of, safe_next
from pixelstudio.core.errors import Invalid


def _posted(body: bytes, kind: str) -> Request:
    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    return Request({"type": "http", "method": "POST", "headers": [(b"content-type", kind.encode())]}, receive)


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded"])
async def test_a_form_is_read_however_it_was_sent(kind):
    body = b'{"prompt": "na\\u00efve \\ud83d\\ude00", "count": 4}' if "json" in kind else b"prompt=na%C3%AFve+%F0%9F%98%80"

    assert await fields_of(_posted(body, kind)) == {"prompt": "naïve 😀"}


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"password": "half a \\ud800 sign"}', "application/json"),
        (b'{"half a \\ud800 name": "x"}', "application/json"),
        (b"password=%ED%A0%80", "application/x-www-form-urlencoded"),
        (b'{"a":' * 8_000 + b"1" + b"}" * 8_000, "application/json"),
        (b"[]", "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"prompt=x", "text/plain"),
    ],
)
async def test_what_is_none_is_refused_before_anybody_reads_it(body, kind):
    with pytest.raises(Invalid) as refused:
        await fields_of(_posted(body, kind))

    assert refused.value.code == "form_unreadable"


@pytest.mark.parametrize("path", ["/", "/library", "/claim?token=abc", "/image/abc#recipe"])
def test_a_path_of_this_site_is_kept(path):
    assert safe_next(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/a\r\nSet-Cookie: x=1",
        "/a b",
        "/é",
        "library",
        "",
        "/" + "a" * 600,
    ],
)
def test_anything_else_leads_home(path):
    assert safe_next(path) == "/create"
