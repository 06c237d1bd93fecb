"""`Studio`: everything the product runs on, opened once by bootstrap and handed on as one frozen argument, never fetched."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pixelstudio.core.keyring import Keyring
from pixelstudio.core.tally import Tally
from pixelstudio.jobs.meter import Meter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pixelstudio.caching.cache import Cache
    from pixelstudio.core.clock import Clock
    from pixelstudio.core.events import Bus
    from pixelstudio.core.settings import Settings
    from pixelstudio.db.engine import Database
    from pixelstudio.gateways.mail.contract import Mailer
    from pixelstudio.imaging.children import ChildPool
    from pixelstudio.imaging.credentials import Credentials
    from pixelstudio.jobs.hands import Hands
    from pixelstudio.jobs.kind import JobKind
    from pixelstudio.jobs.progress import ProgressBoard
    from pixelstudio.providers.deliveries import DeliveryReader
    from pixelstudio.providers.registry import Registry
    from pixelstudio.providers.writer import Writer
    from pixelstudio.storage.contract import Storage


@dataclass(frozen=True, slots=True)
class Studio:
    """The open parts of one installation, as one process sees them."""

    settings: Settings
    clock: Clock
    db: Database
    bus: Bus
    storage: Storage
    providers: Registry
    children: ChildPool
    progress: ProgressBoard
    hands: Hands
    kinds: Mapping[str, JobKind]
    """Job kinds by name, as registered by bootstrap."""
    readers: Mapping[str, DeliveryReader] = field(default_factory=dict[str, "DeliveryReader"])
    """Who reads what a provider brings, by its name; nobody for a provider that is not configured."""
    meter: Meter = field(default_factory=Meter)
    """What the worker of this process, when it has one, has done."""
    keys: Keyring = field(default_factory=Keyring.new)
    """What tokens and recipes are signed with; made for this process alone when bootstrap gives none."""
    writer: Writer | None = None
    """The language model that writes prompts; None where the maintainer named none."""
    tally: Tally = field(default_factory=Tally)
    """What this process has counted of a day that is not written down yet."""
    cache: Cache | None = None
    """What was read a moment ago; None where everything is read anew."""
    mailer: Mailer | None = None
    """Who sends letters; None where the maintainer named no mail server."""
    credentials: Credentials | None = None
    """Who puts Content Credentials into downloads; None where they are off, or cannot be made."""
