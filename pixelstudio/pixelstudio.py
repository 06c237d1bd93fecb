"""The application Reflex imports, to build the pages and to serve them. Importing it opens nothing."""

from __future__ import annotations

from pixelstudio.bootstrap.app import build_app

app = build_app()
