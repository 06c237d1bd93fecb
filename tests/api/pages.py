"""Built pages in small, and what programs read in a page: its title and what its meta elements say."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

from pixelstudio.api.previews import Shells

EMPTY = "<!DOCTYPE html><html><head><script>a()</script></head><body><script>b()</script></body></html>"
HOME = (
    "<!DOCTYPE html><html><head><title>The &amp; studio</title>"
    '<meta content="Type a sentence &amp; hang it." name="description"/><meta content="favicon.ico" property="og:image"/>'
    "</head><body><h1>Type a sentence.</h1></body></html>"
)


MEMBERS = ("/create", "/library", "/queue", "/prompts", "/arena", "/settings", "/collections", "/feed", "/likes", "/inbox")
OPEN = ("/explore", "/search")
DOORS = ("/login", "/register")
FORGOT = "/forgot"
SHELLS = Shells(
    {
        "/": HOME,
        **{
            path: f"<!DOCTYPE html><html><head><title>{path}</title></head><body></body></html>"
            for path in (*MEMBERS, *DOORS, *OPEN, FORGOT)
        },
    },
    EMPTY,
)


@dataclass
class Read:
    """What a program understands of a page."""

    titles: list[str] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    elements: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    """Every element with the names of its attributes: what is only text adds none."""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.read = Read()
        self._inside = ""

    def handle_starttag(self, tag, attrs):
        self._inside = tag
        pairs = dict(attrs)
        self.read.elements.append((tag, tuple(sorted(pairs))))
        if tag == "title":
            self.read.titles.append("")
        elif tag == "meta" and "media" not in pairs and (name := pairs.get("property") or pairs.get("name")):
            assert name not in self.read.meta, f"{name} is said twice"
            self.read.meta[name] = pairs["content"] or ""

    def handle_endtag(self, tag):
        self._inside = ""

    def handle_data(self, data):
        if self._inside == "title":
            self.read.titles[-1] += data


def read(page: str) -> Read:
    """What a program understands of `page`."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.read
