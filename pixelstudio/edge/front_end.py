"""The built front end as the edge sees it: clean addresses without a redirect, and a bundle that works on any port.

Reflex bakes the port of the build into one small file; it is answered here with the origin the browser used. Prerendered pages lie
beside a folder of the same name, to which the static server would redirect; their addresses are led to the file instead.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from pixelstudio.edge.policy import script_hashes

_BAKED_ORIGIN: Final = re.compile(r"(http|ws)s?://[^/`\"']+")
_ENVIRONMENT: Final = re.compile(r"/assets/(reflex-env-[A-Za-z0-9_-]+\.js)")


class FrontEnd:
    """What one build contains. Read once: a build does not change under a running server."""

    def __init__(self, folder: Path) -> None:
        self._pages = frozenset(
            "/" + page.relative_to(folder).with_suffix("").as_posix() for page in folder.glob("**/*.html") if page.stem != "index"
        )
        self.script_hashes = frozenset[str]().union(*(script_hashes(page.read_text()) for page in folder.glob("**/*.html")))
        self._environments = {found.name: found.read_text() for found in folder.glob("assets/reflex-env-*.js")}

    def path_of(self, path: str) -> str:
        """The file path for a page's address; any other path as it is."""
        page = path.rstrip("/")
        return f"{page}.html" if page in self._pages else path

    def environment(self, path: str, origin: str) -> str | None:
        """The bundle's address file for a browser that came by `origin` (http or https), or None when `path` is something else."""
        found = _ENVIRONMENT.fullmatch(path)
        text = self._environments.get(found[1]) if found else None
        if text is None:
            return None
        scheme, _, host = origin.partition("://")
        secure = "s" if scheme == "https" else ""
        return _BAKED_ORIGIN.sub(lambda baked: f"{baked[1]}{secure}://{host}", text)
