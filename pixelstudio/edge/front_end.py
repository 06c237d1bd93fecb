"""The built front end, served from memory: clean addresses without a redirect, and a bundle that works on any port.

All of it is read when the server starts, under the lock of whoever builds: pages, what they load, and the hashes of their scripts are
of one build, also when another is made under a running server. It is a megabyte and a half. Reflex bakes the port of the build into
one small file; that one is answered with the origin the browser used.
"""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pixelstudio.api.ranges import matches
from pixelstudio.core.encoded import Encoded
from pixelstudio.edge.asgi import Receive, Scope, Send, headers_of, values_of
from pixelstudio.edge.policy import script_hashes
from pixelstudio.edge.waking import painted_first

_BAKED_ORIGIN: Final = re.compile(r"(http|ws)s?://[^/`\"']+")
_ENVIRONMENT: Final = re.compile(r"/assets/(reflex-env-[A-Za-z0-9_-]+\.js)")
_PACKED: Final = frozenset({".gz", ".br", ".zst"})
_HOME, _MISSING, _EMPTY = "index", "404", "__spa-fallback"
_TYPES: Final = {".js": "text/javascript; charset=utf-8", ".woff2": "font/woff2", ".webp": "image/webp"}


@dataclass(frozen=True, slots=True)
class File:
    """One file of the build as it is sent."""

    media_type: str
    encoded: Encoded

    @classmethod
    def at(cls, path: Path) -> File:
        """Read it."""
        guessed = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        is_text = guessed.startswith("text/") and "charset" not in guessed
        brotli = path.with_name(f"{path.name}.br")
        encoded = Encoded.of(path.read_bytes(), brotli.read_bytes() if brotli.is_file() else None)
        return cls(f"{guessed}; charset=utf-8" if is_text else guessed, encoded)

    @classmethod
    def page(cls, html: str) -> File:
        """A page as it is sent, not as it was built: it is packed from here on."""
        return cls("text/html; charset=utf-8", Encoded.of(html.encode()))


class FrontEnd:
    """What one build contains, and the application that serves it."""

    def __init__(self, folder: Path) -> None:
        paths = [path for path in folder.rglob("*") if path.is_file() and path.suffix not in _PACKED]
        pages = {path.stem: painted_first(path.read_text()) for path in paths if path.parent == folder and path.suffix == ".html"}
        self._files = {f"/{path.relative_to(folder).as_posix()}": File.at(path) for path in paths if path.suffix != ".html"}
        self.drawn = {f"/{'' if stem == _HOME else stem}": html for stem, html in pages.items() if stem not in {_MISSING, _EMPTY}}
        self._pages = {address: File.page(html) for address, html in self.drawn.items()}
        self._missing = File.page(pages[_MISSING]) if _MISSING in pages else None
        self.empty = pages.get(_EMPTY, "")
        self.script_hashes = frozenset[str]().union(*map(script_hashes, pages.values()))
        self._environments = {found.name: found.read_text() for found in folder.glob("assets/reflex-env-*.js")}

    def environment(self, path: str, origin: str) -> str | None:
        """The bundle's address file for a browser that came by `origin` (http or https), or None when `path` is something else."""
        found = _ENVIRONMENT.fullmatch(path)
        text = self._environments.get(found[1]) if found else None
        if text is None:
            return None
        scheme, _, host = origin.partition("://")
        secure = "s" if scheme == "https" else ""
        return _BAKED_ORIGIN.sub(lambda baked: f"{baked[1]}{secure}://{host}", text)

    def loaded(self, path: str) -> File | None:
        """What a page loads from an address, by its own name; None for a page's, which may be drawn for whoever asks."""
        return self._files.get(path)

    def found(self, path: str) -> File | None:
        """The file at an address: a page by its clean name, with or without a last slash, anything else by its own."""
        return self._files.get(path) or self._pages.get(path.rstrip("/") or "/")

    def serving(self, draws_itself: Callable[[str], bool]) -> Pages:
        """The application. `draws_itself` says which addresses without a file are pages all the same: scripts draw them."""
        return Pages(self, self._missing, draws_itself)


@dataclass(frozen=True, slots=True)
class Pages:
    """ASGI: the files of a build. What is not there is answered by the page that says so."""

    front_end: FrontEnd
    missing: File | None
    draws_itself: Callable[[str], bool]

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer one request."""
        path = scope["path"]
        file = self.front_end.found(path)
        status = 200 if file or self.draws_itself(path) else 404
        await send_file(file or self.missing, status, scope, send)


async def send_file(file: File | None, status: int, scope: Scope, send: Send) -> None:
    """Answer with a file in the form this browser takes, or that it has it already."""
    body, own = file.encoded.form_for(",".join(values_of(headers_of(scope), b"accept-encoding"))) if file else (b"", {})
    headers = {**own, "Content-Length": str(len(body)), "Content-Type": file.media_type if file else "text/plain; charset=utf-8"}
    if status != 200:
        headers.pop("ETag", None)
    elif "ETag" in headers and matches(",".join(values_of(headers_of(scope), b"if-none-match")) or None, headers["ETag"]):
        status, body = 304, b""
        headers = {name: value for name, value in headers.items() if not name.startswith("Content-")}
    pairs = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
