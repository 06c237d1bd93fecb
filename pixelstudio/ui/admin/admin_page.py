"""/admin: what should worry somebody, reports, forgotten passwords, the lanes, the providers, the books and the logbook; for maintainers."""

from __future__ import annotations

import reflex as rx

from pixelstudio.ui.admin.admin_state import AdminState
from pixelstudio.ui.admin.footfall import footfall
from pixelstudio.ui.admin.logbook import logbook
from pixelstudio.ui.admin.logbook_state import LogbookState
from pixelstudio.ui.admin.moderation import moderation
from pixelstudio.ui.admin.moderation_state import ModerationState
from pixelstudio.ui.admin.parts import alerts, books, head, lanes
from pixelstudio.ui.admin.passwords import passwords
from pixelstudio.ui.admin.providers import providers
from pixelstudio.ui.admin.providers_state import ProvidersState
from pixelstudio.ui.components.notice import notice
from pixelstudio.ui.missing import missing_page
from pixelstudio.ui.shell import studio_page


def admin_page() -> rx.Component:
    """The page; for whoever may not see it the same as at an address that leads nowhere."""
    shown = studio_page(
        head(),
        alerts(),
        moderation(),
        passwords(),
        lanes(),
        providers(),
        books(),
        footfall(),
        logbook(),
        notice(AdminState, ModerationState, LogbookState, ProvidersState),
        state=None,
        class_name="admin",
    )
    return rx.cond(AdminState.is_open, shown, missing_page())
