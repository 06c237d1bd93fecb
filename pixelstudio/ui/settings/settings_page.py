"""/settings: one's own account."""

from __future__ import annotations

import reflex as rx

from pixelstudio.ui.components.notice import loading, notice, skeleton_rows
from pixelstudio.ui.settings.decisions_state import DecisionsState
from pixelstudio.ui.settings.keys_state import ApiKeys
from pixelstudio.ui.settings.parts import head, returned
from pixelstudio.ui.settings.people_state import HiddenPeople
from pixelstudio.ui.settings.sections import SECTIONS
from pixelstudio.ui.settings.settings_state import SettingsState
from pixelstudio.ui.shell import studio_page


def settings_page() -> rx.Component:
    """The page. A sentence about a field stands beside that field, not above the page as well."""
    return studio_page(
        head(),
        returned(),
        rx.cond(
            SettingsState.is_loaded,
            rx.el.div(*(section() for section in SECTIONS), class_name="sections"),
            loading("Loading your settings", *skeleton_rows(5), class_name="sections stack"),
        ),
        rx.cond(SettingsState.fault_field == "", notice(SettingsState, ApiKeys, HiddenPeople, DecisionsState)),
        state=None,
        here="/settings",
        class_name="settings-page",
    )
