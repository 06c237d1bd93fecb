"""The model this installation has in a folder, from its settings: none without one. Its child starts at the first drawing."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pixelstudio.core.log import get_logger
from pixelstudio.imaging.children import ChildPool
from pixelstudio.providers.local.catalogue import FAMILIES, UNSEEN, row_of
from pixelstudio.providers.local.folder import Unusable, model_in
from pixelstudio.providers.local.provider import LocalModel
from pixelstudio.providers.open_calls import ROOM_S
from pixelstudio.providers.self_hosted import slug_of

if TYPE_CHECKING:
    from pixelstudio.core.settings import Settings
    from pixelstudio.providers.contract import Provider

_DRAWINGS_MAX: Final = 1_000
"""After so many the child is replaced, and the model loaded anew."""


def local_workshop(settings: Settings) -> ChildPool:
    """One child that draws with the model and does nothing else. It starts when it is first asked; whoever opens the pool closes it."""
    return ChildPool(
        1,
        urgent_size=0,
        memory_mb=settings.local_model_memory_mb,
        cpu_s=int(settings.local_model_timeout_s) * (os.cpu_count() or 1),
        wall_s=max(settings.local_model_timeout_s - ROOM_S, 1.0),
        tasks_max=_DRAWINGS_MAX,
        growth_max_mb=settings.local_model_memory_mb,
        preload=(),
        python=str(Path(settings.local_model_python).absolute()) if settings.local_model_python else sys.executable,
    )


def local_models(settings: Settings, workshop: ChildPool) -> list[Provider]:
    """The model of the configured folder. Also one that cannot be used just now: what is asked of it says why, and so does `doctor`."""
    if not settings.local_model:
        return []
    folder = Path(settings.local_model).absolute()
    try:
        family = FAMILIES[model_in(folder).pipeline]
    except Unusable as error:
        get_logger().warning("provider.local_model_unusable", code=error.code, **error.fields)
        family = UNSEEN
    model = row_of(
        family,
        slug=slug_of(folder.name),
        title=settings.local_model_name,
        price_credits=settings.local_model_price_credits,
        timeout_s=settings.local_model_timeout_s,
    )
    return [LocalModel(workshop, folder, model)]
