"""`Serving`: how a process serves, said by whoever starts it before anything is opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event

from pixelstudio.core.settings import Settings
from pixelstudio.edge.crowd import Allowance
from pixelstudio.edge.front_end import FrontEnd
from pixelstudio.edge.origins import parse_origin
from pixelstudio.edge.walls import Rules


@dataclass(frozen=True, slots=True)
class Serving:
    """How this process serves: with which settings, with or without a worker of its own, and where the built pages are."""

    settings: Settings
    with_worker: bool = True
    pages: FrontEnd | None = None
    announce: Callable[[str], None] = print
    """Says the claim link to whoever started the server. It must not go to the log: it makes a maintainer."""
    hurrying: list[Callable[[], None]] = field(default_factory=list[Callable[[], None]])
    """What the server calls, in its loop, when it is told to stop once more."""
    draining: Event = field(default_factory=Event)
    """Set once the server has been told to stop: it still answers, and says that it is not ready."""

    @property
    def rules(self) -> Rules:
        """What its door lets in."""
        settings = self.settings
        allowance = Allowance(settings.requests_per_second, settings.sockets_per_address)
        return Rules(public=parse_origin(settings.public_url), proxy_hops=settings.trusted_proxy_hops, allowance=allowance)
