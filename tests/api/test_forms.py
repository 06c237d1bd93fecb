"""Where a form may lead."""

from __future__ import annotations

import pytest

from pixelstudio.api.forms import safe_next


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
