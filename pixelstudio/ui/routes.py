"""Every page: its route, its component, its title, and what happens when it is opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Final

import reflex as rx

from pixelstudio.ui.accounts.claim_page import claim_page
from pixelstudio.ui.accounts.forgot_page import forgot_page
from pixelstudio.ui.accounts.login_page import login_page
from pixelstudio.ui.accounts.register_page import register_page
from pixelstudio.ui.accounts.reset_page import reset_page
from pixelstudio.ui.admin.admin_page import admin_page
from pixelstudio.ui.admin.admin_state import AdminState
from pixelstudio.ui.admin.footfall_state import FootfallState
from pixelstudio.ui.admin.logbook_state import LogbookState
from pixelstudio.ui.admin.moderation_state import ModerationState
from pixelstudio.ui.admin.providers_state import ProvidersState
from pixelstudio.ui.admin.webhooks_page import webhooks_page
from pixelstudio.ui.admin.webhooks_state import WebhooksState
from pixelstudio.ui.arena.arena_page import arena_page
from pixelstudio.ui.arena.arena_state import ArenaState
from pixelstudio.ui.collections.collections_page import collection_page, collections_page
from pixelstudio.ui.collections.collections_state import CollectionsState, CollectionState
from pixelstudio.ui.collections.shared_page import shared_page
from pixelstudio.ui.collections.shared_state import SharedState
from pixelstudio.ui.collections.sharing_state import SharingState
from pixelstudio.ui.create.create_page import create_page
from pixelstudio.ui.create.create_state import CreateState
from pixelstudio.ui.gallery.explore_page import explore_page, search_page
from pixelstudio.ui.gallery.feed_page import feed_page
from pixelstudio.ui.gallery.gallery_state import ExploreState, FeedState, LikesState
from pixelstudio.ui.gallery.likes_page import likes_page
from pixelstudio.ui.gallery.searches_state import SavedSearches
from pixelstudio.ui.image.image_page import image_page
from pixelstudio.ui.image.image_state import ImageState
from pixelstudio.ui.image.post_state import PostState
from pixelstudio.ui.inbox.inbox_page import inbox_page
from pixelstudio.ui.inbox.inbox_state import InboxState
from pixelstudio.ui.landing.landing_page import landing_page
from pixelstudio.ui.landing.landing_state import LandingState
from pixelstudio.ui.library.library_page import library_page
from pixelstudio.ui.library.library_state import LibraryState
from pixelstudio.ui.missing import missing_page
from pixelstudio.ui.person.person_page import person_page
from pixelstudio.ui.person.person_state import PersonState
from pixelstudio.ui.prompts.prompts_page import prompts_page
from pixelstudio.ui.prompts.prompts_state import PromptsState
from pixelstudio.ui.queue.queue_page import queue_page
from pixelstudio.ui.queue.queue_state import QueueState
from pixelstudio.ui.settings.decisions_state import DecisionsState
from pixelstudio.ui.settings.keys_state import ApiKeys
from pixelstudio.ui.settings.people_state import HiddenPeople
from pixelstudio.ui.settings.settings_page import settings_page
from pixelstudio.ui.settings.settings_state import SettingsState
from pixelstudio.ui.theme import sheets
from pixelstudio.ui.unread import Unread
from pixelstudio.ui.verify.verify_page import verify_page
from pixelstudio.ui.visitor import Visitor
from pixelstudio.ui.workbench.workbench_page import workbench_page
from pixelstudio.ui.workbench.workbench_state import WorkbenchState

DESCRIPTION: Final = "Type a sentence, hang the picture. A quiet studio for pictures made from words."


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the studio."""

    route: str
    component: Callable[[], rx.Component]
    title: Any
    on_load: list[Any] = field(default_factory=list)
    sheets: tuple[str, ...] = ()
    """What it wears besides the sheets of every page."""


PAGES: Final = (
    Page("/", landing_page, "Pixel Studio", [Visitor.greet, LandingState.follow], sheets=("landing",)),
    Page("/register", register_page, "Create account · Pixel Studio", [Visitor.greet]),
    Page("/login", login_page, "Sign in · Pixel Studio", [Visitor.greet]),
    Page("/forgot", forgot_page, "Forgot your password? · Pixel Studio", [Visitor.load]),
    Page("/reset", reset_page, "Choose a new password · Pixel Studio", [Visitor.load]),
    Page("/claim", claim_page, "Claim this installation · Pixel Studio", [Visitor.load]),
    Page(
        "/create",
        create_page,
        "Create · Pixel Studio",
        [Visitor.load, CreateState.begin, CreateState.follow],
        sheets=("create",),
    ),
    Page("/library", library_page, "Library · Pixel Studio", [Visitor.load, LibraryState.follow]),
    Page("/queue", queue_page, "Queue · Pixel Studio", [Visitor.load, QueueState.follow], sheets=("queue",)),
    Page(
        "/image/[image_id]",
        image_page,
        ImageState.title,
        [Visitor.load, ImageState.begin, PostState.begin, ImageState.follow, PostState.follow],
        sheets=("community", "overlay", "picture-page"),
    ),
    Page("/explore", explore_page, "Explore · Pixel Studio", [Visitor.load, ExploreState.follow], sheets=("community",)),
    Page(
        "/search",
        search_page,
        "Search · Pixel Studio",
        [Visitor.load, SavedSearches.list_searches, ExploreState.follow],
        sheets=("settings", "community"),
    ),
    Page("/feed", feed_page, "Feed · Pixel Studio", [Visitor.load, FeedState.follow], sheets=("community",)),
    Page("/likes", likes_page, "Likes · Pixel Studio", [Visitor.load, LikesState.follow], sheets=("community",)),
    Page("/u/[handle]", person_page, PersonState.title, [Visitor.load, PersonState.begin, PersonState.follow], sheets=("community",)),
    Page("/collections", collections_page, "Collections · Pixel Studio", [Visitor.load, CollectionsState.follow], sheets=("community",)),
    Page(
        "/collections/[collection_id]",
        collection_page,
        CollectionState.title,
        [Visitor.load, CollectionState.follow, SharingState.follow, SharingState.be_here],
        sheets=("community",),
    ),
    Page("/shared/[secret]", shared_page, SharedState.title, [SharedState.begin], sheets=("community",)),
    Page("/inbox", inbox_page, "Inbox · Pixel Studio", [Visitor.load, InboxState.follow], sheets=("community",)),
    Page("/arena", arena_page, "Arena · Pixel Studio", [Visitor.load, ArenaState.begin, ArenaState.follow], sheets=("prompts",)),
    Page("/prompts", prompts_page, "Prompts · Pixel Studio", [Visitor.load, PromptsState.begin], sheets=("prompts",)),
    Page("/verify", verify_page, "Verify · Pixel Studio", [Visitor.load], sheets=("prompts",)),
    Page(
        "/settings",
        settings_page,
        "Settings · Pixel Studio",
        [Visitor.load, ApiKeys.list_keys, HiddenPeople.list_people, DecisionsState.follow, SettingsState.follow],
        sheets=("settings", "community"),
    ),
    Page(
        "/admin",
        admin_page,
        AdminState.title,
        [
            Visitor.load,
            AdminState.follow,
            ModerationState.follow,
            LogbookState.follow,
            ProvidersState.list_providers,
            FootfallState.list_days,
        ],
        sheets=("queue", "settings", "admin", "community"),
    ),
    Page(
        "/admin/webhooks",
        webhooks_page,
        WebhooksState.title,
        [Visitor.load, WebhooksState.begin],
        sheets=("queue", "admin"),
    ),
    Page("/components", workbench_page, WorkbenchState.title, [Visitor.load, WorkbenchState.begin], sheets=("workbench",)),
    Page("/404", missing_page, "Nothing here · Pixel Studio"),
)


def add_pages(app: rx.App) -> None:
    """Register every page with the application."""
    for page in PAGES:
        heard = [Unread.follow] if Visitor.load in page.on_load else []
        app.add_page(dressed(page), route=page.route, title=page.title, description=DESCRIPTION, on_load=[*page.on_load, *heard])


def dressed(page: Page) -> Callable[[], rx.Component]:
    """The page with what it wears. It keeps its name: what the build makes of a page lies in a file called after where it comes from."""

    @wraps(page.component)
    def component() -> rx.Component:
        return rx.fragment(sheets(*page.sheets), page.component())

    return component
