"""/queue: one's own jobs."""

from __future__ import annotations

import reflex as rx

from pixelstudio.ui.queue.parts import head, jobs
from pixelstudio.ui.queue.queue_state import QueueState
from pixelstudio.ui.shell import studio_page


def queue_page() -> rx.Component:
    """The page."""
    return studio_page(head(), jobs(), state=QueueState, here="/queue")
