"""What Reflex is told: for a build through rxconfig.py, for a server directly, wherever that was started."""

from __future__ import annotations

from pathlib import Path

import reflex as rx
from reflex_base import config as loading
from reflex_base.environment import environment

from pixelstudio.core.errors import Unavailable


class UnderDevelopment(Unavailable):
    """Somebody started the application by other means than ours."""

    default_code = "under_development"


def ensure_production() -> None:
    """Raise `UnderDevelopment` unless this is a server for people: in development Reflex tells browsers what goes wrong, word for word."""
    if environment.REFLEX_ENV_MODE.get() != rx.constants.Env.PROD:
        raise UnderDevelopment("This is Reflex's mode for development, which is not for people. Use `python -m pixelstudio serve`.")


def configuration() -> rx.Config:
    """The configuration this product is built and served with."""
    return rx.Config(
        app_name="pixelstudio",
        telemetry_enabled=False,
        show_built_with_reflex=False,
        # State holds views and nothing else; a page left for two minutes loads them again from the database.
        state_manager_mode=rx.constants.StateManagerMode.MEMORY,
        redis_token_expiration=120,
        # The edge compares every Origin with the Host that was asked, for HTTP and sockets alike. Here an empty list means:
        # the socket library keeps out of it, and no cross-origin header is ever sent.
        cors_allowed_origins=(),
        # Pages are listed by people who publish them, not by the framework.
        disable_plugins=[rx.plugins.SitemapPlugin],
        default_color_mode="system",
        # The edge makes gzip itself, also of what is no file; this it cannot make.
        frontend_compression_formats=["brotli"],
    )


def configure() -> None:
    """Be the one place Reflex takes its configuration from. Called before anything imports the pages.

    By itself it would run an rxconfig.py of the current folder: an installed studio is started where there is none, or somebody else's.
    There is no public way in; the version is pinned.
    """
    loading._get_config = _load  # noqa: SLF001


def _load(_project_root: Path | None = None) -> rx.Config:
    return configuration()
