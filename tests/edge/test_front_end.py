"""The built pages, served from memory."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from pixelstudio.edge.door import Edge
from pixelstudio.edge.front_end import FrontEnd
from pixelstudio.edge.origins import parse_origin
from pixelstudio.edge.walls import Rules
from tests.edge.caller import Answer, Inside, call

PUBLIC = Rules(public=parse_origin("https://studio.example.org"), proxy_hops=1)
LONG = "a" * 500


@pytest.fixture
def build(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "create").mkdir()
    for page in ("index", "create", "create/index", "404", "__spa-fallback"):
        (tmp_path / f"{page}.html").write_text(f"<script>{page}</script>{LONG}")
    (tmp_path / "create.html.gz").write_bytes(b"of whoever built it")
    (tmp_path / "app.css").write_text(LONG)
    (tmp_path / "assets" / "x-1.js").write_text("x")
    (tmp_path / "assets" / "reflex-env-AbC_1-.js").write_text(
        "var e={PING:`http://localhost:8000/ping`,EVENT:`ws://localhost:8000/_event`};"
    )
    return tmp_path


async def asked(front_end: FrontEnd, path: str, method: str = "GET", **headers: str) -> Answer:
    pages = front_end.serving(lambda path: path.startswith("/drawn/"))
    return await call(pages, method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.parametrize(
    ("path", "status", "page"),
    [
        *(("/", 200, "index"), ("/create", 200, "create"), ("/create/", 200, "create"), ("/drawn/by-scripts", 200, "404")),
        *((path, 404, "404") for path in ("/404", "/404.html", "/index", "/create.html", "/__spa-fallback", "/create.html.gz", "/nothing")),
        *((path, 404, "404") for path in ("/../secret", "/assets", "/assets/", "/assets/x-1.js/", "/create/index")),
    ],
)
async def test_a_page_has_one_address_and_what_has_none_is_missing(build: Path, path: str, status: int, page: str) -> None:
    answer = await asked(FrontEnd(build), path)

    assert (answer.status, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert answer.body.startswith(f"<script>{page}</script>".encode())


async def test_what_pages_load_has_its_own_type(build: Path) -> None:
    front_end = FrontEnd(build)

    found = {path: (await asked(front_end, path)).headers["content-type"] for path in ("/app.css", "/assets/x-1.js")}

    assert found == {"/app.css": "text/css; charset=utf-8", "/assets/x-1.js": "text/javascript; charset=utf-8"}


async def test_whoever_takes_it_packed_gets_it_packed(build: Path) -> None:
    front_end = FrontEnd(build)

    packed, plain = await asked(front_end, "/create", accept_encoding="br, gzip;q=0.5"), await asked(front_end, "/create")
    tiny, refused = (
        await asked(front_end, "/assets/x-1.js", accept_encoding="gzip"),
        await asked(front_end, "/create", accept_encoding="gzip;q=0"),
    )

    assert gzip.decompress(packed.body) == plain.body == refused.body
    assert (packed.headers["content-encoding"], packed.headers["vary"]) == ("gzip", "Accept-Encoding")
    assert packed.headers["etag"] != plain.headers["etag"]
    assert "content-encoding" not in tiny.headers


async def test_what_the_build_packed_tighter_is_sent_so_to_whoever_takes_it(build: Path) -> None:
    (build / "app.css.br").write_bytes(b"tight")

    tight, packed = [await asked(FrontEnd(build), "/app.css", accept_encoding=header) for header in ("gzip, br", "gzip")]
    by_name = await asked(FrontEnd(build), "/app.css.br")

    assert (tight.body, tight.headers["content-encoding"], packed.headers["content-encoding"]) == (b"tight", "br", "gzip")
    assert by_name.status == 404


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("path", ["/", "/create", "/app.css"])
async def test_whoever_has_it_is_not_sent_it_again(build: Path, method: str, path: str) -> None:
    front_end = FrontEnd(build)
    first = await asked(front_end, path, method, accept_encoding="gzip")

    again = await asked(front_end, path, method, accept_encoding="gzip", if_none_match=f'"other", W/{first.headers["etag"]}')
    other = await asked(front_end, path, method, if_none_match=first.headers["etag"])

    assert (first.status, again.status, again.body, other.status) == (200, 304, b"", 200)
    assert again.headers["etag"] == first.headers["etag"]
    assert not any(name.startswith("content-") for name in again.headers)


async def test_a_missing_page_is_never_the_same_as_before(build: Path) -> None:
    answer = await asked(FrontEnd(build), "/nothing", if_none_match="*")

    assert (answer.status, "etag" in answer.headers) == (404, False)


async def test_a_build_made_under_a_running_server_is_none_of_its_business(build: Path) -> None:
    """Otherwise its pages would run scripts that its policy does not name, or load files that are gone."""
    front_end = FrontEnd(build)
    before, hashes = await asked(front_end, "/create"), front_end.script_hashes
    (build / "create.html").write_text("<script>newer</script>")
    (build / "assets" / "x-1.js").unlink()

    after, script = await asked(front_end, "/create"), await asked(front_end, "/assets/x-1.js")

    assert (after.body, script.body, front_end.script_hashes) == (before.body, b"x", hashes)


@pytest.mark.parametrize(
    ("host", "proto", "address"),
    [("192.168.1.20:8080", "http", "ws://192.168.1.20:8080/_event"), ("studio.example.org", "https", "wss://studio.example.org/_event")],
)
async def test_the_bundle_speaks_to_the_port_it_came_from(build: Path, host: str, proto: str, address: str) -> None:
    inside = Inside()

    answer = await call(
        Edge(inside, PUBLIC, FrontEnd(build)), path="/assets/reflex-env-AbC_1-.js", host=host, headers={"X-Forwarded-Proto": proto}
    )

    assert f"EVENT:`{address}`" in answer.body.decode()
    assert (answer.headers["cache-control"], inside.scopes) == ("no-cache", [])


async def test_what_pages_load_is_answered_at_the_door_and_pages_are_not(build: Path) -> None:
    inside = Inside()
    edge = Edge(inside, PUBLIC, FrontEnd(build))

    answer = await call(edge, path="/app.css", headers={"X-Forwarded-Proto": "https"}, host="studio.example.org")
    behind = [(await call(edge, path=path)).body for path in ("/create", "/create.html", "/app.css/", "/nothing.css")]

    assert (answer.status, answer.body, answer.headers["x-content-type-options"]) == (200, LONG.encode(), "nosniff")
    assert behind == [b"inside"] * 4
    assert [scope["path"] for scope in inside.scopes] == ["/create", "/create.html", "/app.css/", "/nothing.css"]
