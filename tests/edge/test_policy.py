"""What pages may load and run, the other headers browsers obey, and how long each kind of answer is kept."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest

from pixelstudio.edge.caching import TABLE, cache_of
from pixelstudio.edge.door import Edge
from pixelstudio.edge.front_end import FrontEnd
from pixelstudio.edge.origins import Origin, parse_origin
from pixelstudio.edge.policy import page_policy, script_hashes
from pixelstudio.edge.walls import Rules
from tests.edge.caller import Inside, call

PUBLIC = Rules(public=parse_origin("https://studio.example.org"), proxy_hops=1)
OVER_TLS = {"X-Forwarded-Proto": "https"}


def sha256(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def directives(policy: str) -> dict[str, set[str]]:
    return {words[0]: set(words[1:]) for part in policy.split(";") if (words := part.split())}


def test_every_script_in_a_page_is_hashed_and_none_beside_it():
    page = '<script>a &amp; "<b>"</script><script src="/x.js"></script><SCRIPT type=module async="">\nimport "/y"</SCRIPT><p>not me</p>'

    assert script_hashes(page) == {sha256('a &amp; "<b>"'), sha256('\nimport "/y"')}


def test_a_page_runs_its_own_scripts_and_nothing_is_evaluated():
    policy = directives(page_policy(Origin("https", "studio.example.org", 443), frozenset({"'sha256-x'"})))

    assert policy["script-src"] == {"'self'", "'sha256-x'"}
    assert policy["connect-src"] == {"'self'", "wss://studio.example.org"}
    assert policy["default-src"] == {"'self'"}
    assert policy["img-src"] == {"'self'", "data:", "blob:"}
    assert (policy["base-uri"], policy["object-src"], policy["frame-ancestors"], policy["form-action"]) == (
        {"'none'"},
        {"'none'"},
        {"'none'"},
        {"'self'"},
    )
    assert not any("unsafe-eval" in sources or "*" in sources for sources in policy.values())
    assert [name for name, sources in policy.items() if "'unsafe-inline'" in sources] == ["style-src"]


@pytest.mark.parametrize(
    ("host", "socket"),
    [("192.168.1.20:8080", "ws://192.168.1.20:8080"), ("[::1]:3000", "ws://[::1]:3000"), ("localhost", "ws://localhost")],
)
async def test_a_page_speaks_to_the_socket_it_came_from(tmp_path: Path, host: str, socket: str) -> None:
    (tmp_path / "index.html").write_text("<script>1</script>")

    answer = await call(Edge(Inside(), Rules(), FrontEnd(tmp_path)), host=host)

    policy = directives(answer.headers["content-security-policy"])
    assert (policy["connect-src"], policy["script-src"]) == ({"'self'", socket}, {"'self'", sha256("1")})


async def test_what_is_no_page_may_load_nothing() -> None:
    answer = await call(Edge(Inside(content_type=b"image/svg+xml"), Rules()))

    assert directives(answer.headers["content-security-policy"])["default-src"] == {"'none'"}


async def test_a_page_that_has_not_changed_keeps_the_policy_it_came_with() -> None:
    answer = await call(Edge(Inside(status=304, content_type=b""), Rules()))

    assert "content-security-policy" not in answer.headers
    assert answer.headers["cache-control"] == "no-cache"


async def test_every_answer_carries_the_safety_headers() -> None:
    for answer in (await call(Edge(Inside(), Rules())), await call(Edge(Inside(), Rules()), host="evil.example")):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert "camera=()" in answer.headers["permissions-policy"]
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


async def test_tls_is_insisted_on_only_where_it_is_spoken() -> None:
    plain = await call(Edge(Inside(), Rules()), headers=OVER_TLS)
    secure = await call(Edge(Inside(), PUBLIC), host="studio.example.org", headers=OVER_TLS)

    assert "strict-transport-security" not in plain.headers
    assert secure.headers["strict-transport-security"] == "max-age=63072000"


@pytest.mark.parametrize(
    ("host", "is_heeded"), [("localhost:3000", True), ("127.0.0.1", True), ("[::1]", True), ("192.168.1.20:3000", False)]
)
async def test_the_window_rule_is_sent_where_browsers_heed_it(host: str, is_heeded: bool) -> None:
    assert ("cross-origin-opener-policy" in (await call(Edge(Inside(), Rules()), host=host)).headers) == is_heeded


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/assets/root-a1.js", "public, max-age=31536000, immutable"),
        ("/fonts/instrument-sans-latin.woff2", "public, max-age=604800"),
        ("/art/dunes.webp", "public, max-age=86400"),
        ("/favicon.svg", "public, max-age=86400"),
        ("/app.css", "no-cache"),
        ("/studio.js", "no-cache"),
        ("/media/abc/256", "private, no-cache"),
        ("/auth/sign-in", "no-store"),
        ("/api/anything", "no-store"),
        ("/healthz", "no-store"),
        ("/", "no-cache"),
        ("/create", "no-cache"),
        ("/image/abc", "no-cache"),
    ],
)
@pytest.mark.parametrize("status", [200, 206, 304])
def test_each_kind_of_answer_is_kept_as_the_table_says(path: str, kept: str, status: int) -> None:
    assert cache_of(path, status) == kept


@pytest.mark.parametrize("status", [303, 307, 400, 404, 416, 429, 500, 503])
@pytest.mark.parametrize("path", ["/assets/gone.js", "/media/abc/256", "/", "/create"])
def test_what_went_wrong_or_led_elsewhere_is_not_kept(path: str, status: int) -> None:
    assert cache_of(path, status) == "no-store"


def test_every_row_of_the_table_is_reached():
    paths = ["/assets/a-1.js", "/fonts/a.woff2", "/art/a.webp", "/favicon.ico", "/app.css", "/media/a/1024", "/api/x"]

    assert [next(row.kind for row in TABLE if row.paths.fullmatch(path)) for path in paths] == [row.kind for row in TABLE]
