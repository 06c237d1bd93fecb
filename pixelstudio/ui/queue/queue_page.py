"""/queue: one's own jobs."""

from __future__ import annotations

import reflex as rx

from pixelstudio.ui.components.notice import notice
from pixelstudio.ui.queue.parts import head, jobs
from pixelstudio.ui.queue.queue_state import QueueState
from pixelstudio.ui.shell import studio_page


def queue_page() -> rx.Component:
    """The page."""
    return rx.fragment(
        studio_page(head(), jobs(), state=None, here="/queue"),
        notice(QueueState, on_act=QueueState.undo),
    )
