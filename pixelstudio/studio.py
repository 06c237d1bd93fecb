"""`Studio`: everything the product runs on, opened once by bootstrap and handed on as one frozen argument, never fetched."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pixelstudio.jobs.meter import Meter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pixelstudio.core.clock import Clock
    from pixelstudio.core.events import Bus
    from pixelstudio.core.settings import Settings
    from pixelstudio.db.engine import Database
    from pixelstudio.imaging.children import ChildPool
    from pixelstudio.jobs.hands import Hands
    from pixelstudio.jobs.kind import JobKind
    from pixelstudio.jobs.progress import ProgressBoard
    from pixelstudio.providers.deliveries import DeliveryReader
    from pixelstudio.providers.registry import Registry
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
