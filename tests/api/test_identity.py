"""The cookie by scheme."""

from __future__ import annotations

import pytest
from fastapi import Request, Response

from pixelstudio.api.identity import clear_session_cookie, set_session_cookie


def a_request(scheme):
    return Request({"type": "http", "scheme": scheme, "headers": []})


@pytest.mark.parametrize("change", [lambda q, r: set_session_cookie(q, r, "value"), clear_session_cookie])
def test_over_https_the_cookie_is_secure_and_bound_to_the_host(change):
    response = Response()

    change(a_request("https"), response)

    cookie = response.headers["set-cookie"]
    assert cookie.startswith("__Host-sid=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
