"""Calling handlers on one thing, as everybody: the socket's half of the matrix."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

from pixelstudio.ui.arena.arena_state import ArenaState
from pixelstudio.ui.collections.collections_state import CollectionsState, CollectionState
from pixelstudio.ui.collections.shared_state import SharedState
from pixelstudio.ui.collections.sharing_state import SharingState
from pixelstudio.ui.create.create_state import CreateState
from pixelstudio.ui.create.remixing_state import Remixing
from pixelstudio.ui.create.review_state import Review
from pixelstudio.ui.create.shelf_state import Shelf
from pixelstudio.ui.gallery.gallery_state import ExploreState, FeedState, LikesState
from pixelstudio.ui.gallery.searches_state import SavedSearches
from pixelstudio.ui.handlers import declared_handlers
from pixelstudio.ui.image.image_state import ImageState
from pixelstudio.ui.image.overlay_state import OverlayState
from pixelstudio.ui.image.post_state import PostState
from pixelstudio.ui.library.library_state import LibraryState
from pixelstudio.ui.person.person_state import PersonState
from pixelstudio.ui.prompts.prompts_state import PromptsState
from pixelstudio.ui.queue.queue_state import QueueState
from pixelstudio.ui.settings.decisions_state import DecisionsState
from pixelstudio.ui.settings.keys_state import ApiKeys
from pixelstudio.ui.settings.settings_state import SettingsState
from tests.ui.driving import Tab
from tests.visibility.cast import (
    COLLECTIONS,
    COMMENTS,
    COMPARISONS,
    ENDED_SETS,
    KEYS,
    LINKS,
    PICTURES,
    PRESETS,
    RULINGS,
    SAVED_PROMPTS,
    SEARCHES,
    SECRET,
    SEEN_BY,
    SESSIONS,
    SETS,
    SIGNED_IN,
    TRASH_SEEN_BY,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from tests.visibility.cast import World

Outcome = Literal["done", "shown", "nothing", "not_found", "not_allowed", "sign_in", "collection_not_yours", "comment_not_yours"]
OVERLAY: Final = {"text": "Sale", "place": "top", "size": "30", "opacity": "90", "rotation": "0", "colour": "#ffffff"}
NOT_HERS: Final = "collection_not_yours"


@dataclass(frozen=True)
class Act:
    """A handler that takes an id: by argument (`{}` in `sent`) or by the address of its page."""

    state: type[Any]
    handler: str
    path: str
    things: tuple[str, ...]
    sent: Mapping[str, object] = field(default_factory=dict)
    members_only: bool = True
    changes: bool = False
    """Whether it is the owner's alone even where others may look."""
    unseen: Outcome = "not_found"
    refused: Outcome = "not_allowed"
    """What others are told of a thing they may look at and not change."""
    seen_by: Mapping[str, Collection[str]] = field(default_factory=lambda: SEEN_BY)
    beside: str = ""
    """A list of one's own that is sent along whatever was asked for: what stands there is looked for by its own test."""

    def expected(self, who: str, what: str) -> Outcome:
        """The outcome of one cell."""
        if self.members_only and who not in SIGNED_IN:
            return "sign_in"
        if who not in self.seen_by[what]:
            return self.unseen
        if self.changes:
            return "done" if who == "owner" else self.refused
        return "shown"


_NOBODYS: Final[Mapping[str, Collection[str]]] = dict.fromkeys((*COLLECTIONS, *PICTURES), ())
_HERS: Final[Mapping[str, Collection[str]]] = {"kept_collection": {"owner"}, "shown_collection": {"owner"}, "missing_collection": ()}


def _laying(state: type[Any], path: str) -> dict[str, tuple[Act, ...]]:
    """Moving collections, on both pages that show them; of somebody else's nobody is told where it might lie."""
    name = state.__name__.lower().replace("state", "_state")
    sent = {"collection_id": "{}"}
    return {
        f"{name}.move_to": (Act(state, "move_to", path, COLLECTIONS, {**sent, "into": ""}, changes=True, refused=NOT_HERS),),
        f"{name}.list_places": (Act(state, "list_places", path, COLLECTIONS, sent, seen_by=_HERS),),
    }


def _curating(what: str, *things: str) -> Act:
    """Of many pictures those that are one's own are changed; what is not is as if it were not there, though everybody may look at it."""
    sent = {"what": what, "image_ids": ["{}"], "wanted": {}}
    return Act(
        LibraryState,
        "curate",
        "/library",
        (*things, "missing"),
        sent,
        changes=True,
        seen_by={**dict.fromkeys(things, ("owner",)), "missing": ()},
    )


# Every handler that takes an id, in its argument or in the address. A handler missing here and in NO_ID fails the test.
_COLLECTING: Final = (
    (CreateState, "/create"),
    (ExploreState, "/explore"),
    (FeedState, "/feed"),
    (LikesState, "/likes"),
    (PersonState, "/u/owner"),
    (CollectionState, "/collections/x"),
    (LibraryState, "/library"),
    (PostState, "/image/{public}"),
)
"""Where a picture is collected."""
ACTS: Final[dict[str, tuple[Act, ...]]] = {
    "image_state.follow": (Act(ImageState, "follow", "/image/{}", PICTURES, members_only=False, unseen="nothing"),),
    "image_state.set_favourite": (
        Act(ImageState, "set_favourite", "/image/{}", PICTURES, {"favourite": True}, changes=True, refused="not_found"),
    ),
    "image_state.move_to_trash": (Act(ImageState, "move_to_trash", "/image/{}", PICTURES, changes=True, refused="not_found"),),
    "image_state.lift_veil": (Act(ImageState, "lift_veil", "/image/{}", PICTURES, unseen="nothing"),),
    "image_state.undo": (Act(ImageState, "undo", "/image/{}", ("deleted", "missing"), changes=True, seen_by=TRASH_SEEN_BY),),
    "overlay_state.lay_over": (Act(OverlayState, "lay_over", "/image/{}", PICTURES, {"form": OVERLAY}, changes=True, refused="not_found"),),
    "post_state.follow": (Act(PostState, "follow", "/image/{}", PICTURES, members_only=False, unseen="nothing"),),
    "post_state.publish": (
        Act(PostState, "publish", "/image/{}", PICTURES, {"form": {"title": "new", "showing": "public"}}, changes=True),
    ),
    # Who may see the picture may do these; here is who may not.
    **{
        f"post_state.{handler}": (Act(PostState, handler, "/image/{}", ("deleted", "missing"), sent),)
        for handler, sent in (
            ("like", {"liked": True}),
            ("write", {"form": {"words": "a word"}}),
            ("follow_maker", {"followed": True}),
            ("send_report", {"form": {"reason": "spam"}}),
        )
    },
    "post_state.show_answers": (
        Act(PostState, "show_answers", "/image/{public}", ("missing_comment",), {"comment_id": "{}"}, members_only=False),
    ),
    "post_state.edit_comment": (
        Act(
            PostState,
            "edit_comment",
            "/image/{public}",
            COMMENTS,
            {"form": {"comment_id": "{}", "words": "other words"}},
            changes=True,
            refused="comment_not_yours",
        ),
    ),
    "post_state.delete_comment": (Act(PostState, "delete_comment", "/image/{public}", COMMENTS[::2], {"comment_id": "{}"}, changes=True),),
    "post_state.like_comment": (
        Act(PostState, "like_comment", "/image/{public}", COMMENTS[::2], {"comment_id": "{}", "liked": True}, changes=True),
    ),
    **{
        f"{state.__name__.lower().replace('state', '_state')}.like": (
            Act(state, "like", path, ("deleted", "missing"), {"image_id": "{}", "liked": True}),
        )
        for state, path in (
            (ExploreState, "/explore"),
            (FeedState, "/feed"),
            (LikesState, "/likes"),
            (PersonState, "/u/owner"),
            (CollectionState, "/collections/x"),
        )
    },
    **{
        f"{state.__name__.lower().replace('state', '_state')}.collect": (
            Act(
                state,
                "collect",
                path,
                COLLECTIONS,
                {"collection_id": "{}", "image_ids": ["{public}"], "held": False},
                changes=True,
                refused=NOT_HERS,
            ),
        )
        for state, path in _COLLECTING
    },
    # Who may see the picture begins a collection with it; here is who may not.
    **{
        f"{state.__name__.lower().replace('state', '_state')}.collect_anew": (
            Act(state, "collect_anew", path, ("deleted", "missing"), {"form": {"shelf_title": "mine"}, "image_ids": ["{}"]}),
        )
        for state, path in _COLLECTING
    },
    "collection_state.follow": (Act(CollectionState, "follow", "/collections/{}", COLLECTIONS, members_only=False, unseen="nothing"),),
    **{
        f"collection_state.{handler}": (
            Act(CollectionState, handler, "/collections/{}", COLLECTIONS, sent, changes=True, refused=NOT_HERS),
        )
        for handler, sent in (
            ("change_collection", {"form": {"collection_title": "mine"}}),
            ("delete_this", {}),
            ("take_out", {"image_id": "{public}"}),
            ("put_in_front", {"image_id": "{public}"}),
            ("begin_inside", {"form": {"collection_title": "mine"}}),
            ("show_private", {"shows": True}),
        )
    },
    "collection_state.set_favourite": (
        Act(
            CollectionState,
            "set_favourite",
            "/collections/x",
            PICTURES,
            {"image_id": "{}", "favourite": True},
            changes=True,
            refused="not_found",
        ),
    ),
    "collection_state.throw_away": (
        Act(CollectionState, "throw_away", "/collections/x", PICTURES, {"image_id": "{}"}, changes=True, refused="not_found"),
    ),
    **_laying(CollectionState, "/collections/x"),
    **_laying(CollectionsState, "/collections"),
    # Not even who made it is invited; those who are have a test of their own, tests/features/gallery/test_collaborators.
    **{
        f"collection_state.{handler}": (Act(CollectionState, handler, "/collections/{}", COLLECTIONS, seen_by=_NOBODYS),)
        for handler in ("join_this", "leave_this")
    },
    "sharing_state.follow": (
        Act(SharingState, "follow", "/collections/{}", COLLECTIONS, members_only=False, unseen="nothing", seen_by=_HERS),
    ),
    **{
        f"sharing_state.{handler}": (Act(SharingState, handler, "/collections/{}", COLLECTIONS, sent, changes=True, refused=NOT_HERS),)
        for handler, sent in (
            ("invite_person", {"form": {"handle": "keeper"}}),
            ("remove_person", {"person_id": "{friend}"}),
            ("make_a_link", {"form": {"link_days": "7"}}),
        )
    },
    "sharing_state.revoke_a_link": (Act(SharingState, "revoke_a_link", "/collections/x", LINKS, {"link_id": "{}"}, changes=True),),
    "shared_state.judge": (
        Act(
            SharedState,
            "judge",
            "/shared/no-such-secret",
            ("public", "missing"),
            {"image_id": "{}", "loved": True, "verdict": "", "words": ""},
            members_only=False,
            seen_by=_NOBODYS,
        ),
    ),
    "library_state.curate": (
        *(_curating(what, "private", "public") for what in ("favourite", "unfavourite", "publish", "hide", "trash", "restore")),
        _curating("forget", "deleted"),
    ),
    "queue_state.cancel": (Act(QueueState, "cancel", "/queue", SETS, {"generation_id": "{}", "slot": 0}, changes=True),),
    **{
        f"queue_state.{handler}": (Act(QueueState, handler, "/queue", SETS, {"generation_id": "{}", "slot": 0}, changes=changes),)
        for handler, changes in (("pause", True), ("resume", False), ("put_first", False))
    },
    "queue_state.remove": (Act(QueueState, "remove", "/queue", ENDED_SETS, {"generation_id": "{}", "slot": 0}, changes=True),),
    "queue_state.retry": (Act(QueueState, "retry", "/queue", ENDED_SETS, {"generation_id": "{}", "slot": 0}, changes=True),),
    "queue_state.retry_set": (Act(QueueState, "retry_set", "/queue", ENDED_SETS, {"generation_id": "{}"}, changes=True),),
    "create_state.begin": (
        Act(CreateState, "begin", "/create?from={}", PICTURES, unseen="nothing", beside="references"),
        Act(CreateState, "begin", "/create?set={}", SETS, unseen="nothing", beside="references"),
    ),
    "create_state.cancel": (Act(CreateState, "cancel", "/create", SETS, {"generation_id": "{}"}, changes=True),),
    "create_state.draw_missing": (Act(CreateState, "draw_missing", "/create", ENDED_SETS, {"generation_id": "{}"}, changes=True),),
    "create_state.favour": (Act(CreateState, "favour", "/create", PICTURES, {"image_id": "{}"}, changes=True, refused="not_found"),),
    "create_state.throw_away": (
        Act(CreateState, "throw_away", "/create", PICTURES, {"image_id": "{}"}, changes=True, refused="not_found"),
    ),
    "create_state.reuse": (Act(CreateState, "reuse", "/create", SETS, {"generation_id": "{}"}),),
    "create_state.reuse_picture": (Act(CreateState, "reuse_picture", "/create", PICTURES, {"image_id": "{}"}),),
    "create_state.vary": (
        Act(CreateState, "vary", "/create", PICTURES, {"image_id": "{}", "kind": "subtle"}, changes=True, refused="not_found"),
    ),
    "remixing.consider": (Act(Remixing, "consider", "/create", PICTURES, {"form": {"parent": "{}"}}, unseen="nothing"),),
    "review.begin": (Act(Review, "begin", "/create", SETS, {"generation_id": "{}"}),),
    "shelf.apply_preset": (Act(Shelf, "apply_preset", "/create", PRESETS, {"preset_id": "{}"}),),
    "shelf.rename_preset": (Act(Shelf, "rename_preset", "/create", PRESETS, {"form": {"preset_id": "{}", "name": "x"}}, changes=True),),
    "shelf.delete_preset": (Act(Shelf, "delete_preset", "/create", PRESETS, {"preset_id": "{}"}, changes=True),),
    "prompts_state.fork": (Act(PromptsState, "fork", "/prompts", SAVED_PROMPTS, {"prompt_id": "{}"}, changes=True),),
    "prompts_state.delete": (Act(PromptsState, "delete", "/prompts", SAVED_PROMPTS, {"prompt_id": "{}"}, changes=True),),
    "prompts_state.save": (
        Act(PromptsState, "save", "/prompts", SAVED_PROMPTS, {"form": {"prompt_id": "{}", "prompt": "x"}}, changes=True),
    ),
    "api_keys.revoke_key": (Act(ApiKeys, "revoke_key", "/settings", KEYS, {"key_id": "{}"}, changes=True),),
    "arena_state.vote": (Act(ArenaState, "vote", "/arena", COMPARISONS, {"comparison_id": "{}", "place": 0}, changes=True),),
    "saved_searches.set_told": (Act(SavedSearches, "set_told", "/search", SEARCHES, {"search_id": "{}", "told": True}, changes=True),),
    "saved_searches.delete": (Act(SavedSearches, "delete", "/search", SEARCHES, {"search_id": "{}"}, changes=True),),
    "decisions_state.appeal": (
        Act(DecisionsState, "appeal", "/settings", RULINGS, {"form": {"ruling_id": "{}", "appeal": "mine"}}, changes=True),
    ),
    "settings_state.sign_out": (Act(SettingsState, "sign_out", "/settings", SESSIONS, {"session_id": "{}"}, changes=True),),
}
NO_ID: Final = {
    **{f"{state}.follow": "what everybody sees, see test_lists" for state in ("explore_state", "feed_state")},
    **{
        f"person_state.{handler}": "a person as everybody sees them"
        for handler in ("begin", "follow", "follow_person", "mute_person", "block_person")
    },
    "feed_state.follow_person": "a person as everybody sees them",
    **{f"collections_state.{handler}": "about whoever asks" for handler in ("follow", "begin_collection", "load_more")},
    **{f"inbox_state.{handler}": "about whoever asks" for handler in ("follow", "read_everything", "load_more", "want", "send_digest")},
    "unread.follow": "about whoever asks",
    **{
        f"{state}.open_shelf": "lists whoever asks"
        for state in (
            "create_state",
            "explore_state",
            "feed_state",
            "likes_state",
            "person_state",
            "collection_state",
            "library_state",
            "post_state",
        )
    },
    "library_state.open_shelf_found": "lists whoever asks",
    **{f"{state}.undo": "takes back what whoever asks moved last" for state in ("collection_state", "collections_state")},
    "sharing_state.be_here": "counts whoever asks in where they belong, see tests/features/gallery/test_presence",
    "sharing_state.put_link_away": "the page's own",
    **{f"shared_state.{handler}": "believes a secret and nobody, see tests/ui/test_shared_state" for handler in ("begin", "say_who")},
    **{f"likes_state.{handler}": "about whoever asks" for handler in ("follow", "undo")},
    **{f"moderation_state.{handler}": "for the maintainer alone" for handler in ("follow", "decide", "decide_appeal", "block", "unblock")},
    **{f"logbook_state.{handler}": "for the maintainer alone" for handler in ("follow", "load_more")},
    **{f"hidden_people.{handler}": "people as everybody sees them" for handler in ("mute", "block")},
    **{f"hidden_people.{handler}": "about whoever asks" for handler in ("list_people", "go_up_to")},
    **{f"providers_state.{handler}": "about the installation, for the maintainer" for handler in ("list_providers", "ask")},
    "footfall_state.list_days": "for the maintainer alone, and about nobody",
    "decisions_state.follow": "about whoever asks",
    "explore_state.weigh": "about whoever asks",
    **{f"saved_searches.{handler}": "about whoever asks" for handler in ("list_searches", "save", "undo")},
    "image_state.act_on_notice": "does what undo does, or leads to what the page was told of",
    **{f"overlay_state.{handler}": "lists whoever asks" for handler in ("open_overlay", "take_logo")},
    "post_state.begin": "does what follow does",
    "post_state.more_threads": "goes on where follow ended",
    **{f"post_state.{handler}": "the page's own" for handler in ("answer", "edit", "begin_report")},
    **{
        f"{state}.dismiss_notice": "the page's own"
        for state in (
            *(
                "explore_state",
                "feed_state",
                "likes_state",
                "person_state",
                "collection_state",
                "sharing_state",
                "shared_state",
                "collections_state",
                "inbox_state",
                "unread",
            ),
            *(
                "moderation_state",
                "post_state",
                "overlay_state",
                "logbook_state",
                "hidden_people",
                "decisions_state",
                "saved_searches",
                "footfall_state",
            ),
            "providers_state",
        )
    },
    "landing_state.follow": "about whoever asks",
    "landing_state.draw": "makes a set of whoever asks",
    **{
        f"settings_state.{handler}": "about whoever asks"
        for handler in ("follow", "save_profile", "take_avatar_away", "choose_model", "save_defaults", "sign_out_others", "load_more")
    },
    "image_state.begin": "does what follow does, once another picture is shown",
    "create_state.follow": "lists whoever asks, see test_lists",
    "create_state.generate": "makes a set of whoever asks",
    "create_state.choose_model": "the composer's own",
    "create_state.choose_count": "the composer's own",
    "create_state.choose_size": "the composer's own",
    "create_state.reuse_file": "fills the composer of whoever asks with what they send",
    "review.judge": "about pictures of one's own that `begin` has laid out, each looked up again",
    "review.undo": "as judge",
    "create_state.take_out": "about the picture one has thrown away oneself",
    "shelf.open_presets": "lists whoever asks",
    "shelf.find_prompts": "lists whoever asks",
    "shelf.save_preset": "makes a preset of whoever asks",
    "shelf.undo": "takes back what whoever asks deleted last",
    **{f"{state}.dismiss_notice": "the page's own" for state in ("review", "shelf", "landing_state", "settings_state")},
    **{
        f"{state}.{handler}": "the words of whoever asks, and nothing that is stored"
        for state in ("prompts_state", "enhancing")
        for handler in (
            *("describe", "choose_category", "choose_style", "toggle_angle", "choose_colour", "tell_context", "ask_writer"),
            "dismiss_notice",
        )
    },
    **{f"remixing.{handler}": "the composer of whoever asks" for handler in ("suit", "let_go", "dismiss_notice")},
    "enhancing.begin_enhancing": "the composer of whoever asks",
    "enhancing.take_words": "the composer of whoever asks",
    **{f"prompts_state.{handler}": "lists whoever asks" for handler in ("begin", "find", "choose_tag")},
    "prompts_state.keep_words": "keeps what whoever asks has written",
    **{
        f"prompts_state.{handler}": "the maintainer's alone, see tests/ui/test_prompts_state"
        for handler in ("change_template", "restore_template")
    },
    **{f"api_keys.{handler}": "about whoever asks" for handler in ("list_keys", "make_key", "put_away", "dismiss_notice")},
    **{
        f"arena_state.{handler}": "about whoever asks"
        for handler in ("begin", "follow", "choose_mode", "toggle_model", "reckon", "compare", "dismiss_notice")
    },
    "library_state.follow": "says only that something changed",
    "library_state.undo": "takes back what whoever asks did last",
    "queue_state.follow": "lists whoever asks, see test_lists",
    "queue_state.load_more": "lists whoever asks, see test_lists",
    "queue_state.show_more": "lists whoever asks, see test_lists",
    "queue_state.pause_all": "about whoever asks",
    "queue_state.resume_all": "about whoever asks",
    "queue_state.cancel_all": "about whoever asks",
    "queue_state.clear_ended": "about whoever asks",
    "queue_state.undo": "takes back what whoever asks did last",
    "admin_state.follow": "says something to the maintainer alone",
    "admin_state.hold": "about the installation, for the maintainer",
    "admin_state.release": "about the installation, for the maintainer",
    "admin_state.add_up": "about the installation, for the maintainer",
    "admin_state.dismiss_notice": "the page's own",
    "webhooks_state.begin": "shows the log to the maintainer alone",
    "webhooks_state.search": "about the installation, for the maintainer",
    "webhooks_state.replay": "about the installation, for the maintainer; its job asks the provider again, see tests/features/webhooks",
    "webhooks_state.dismiss_notice": "the page's own",
    "workbench_state.begin": "says whether whoever asks is the maintainer",
    **{
        f"workbench_state.{handler}": "the page's own examples, for the maintainer"
        for handler in ("say", "take_back", "choose_tab", "choose_size", "set_public", "press", "dismiss_notice")
    },
    "visitor.greet": "about whoever asks",
    "visitor.load": "about whoever asks",
    **{f"{state}.dismiss_notice": "the page's own" for state in ("image_state", "create_state", "library_state", "queue_state", "visitor")},
}


def handlers_of_the_product() -> dict[str, tuple[str, ...]]:
    """Every handler a browser may call, as `state.handler`, with its arguments. States that only tests make are left out."""
    found = ((name.rpartition("____")[2], name, declaration) for name, declaration in declared_handlers().items())
    return {short: declaration.arguments for short, name, declaration in found if ".pixelstudio___ui___" in name}


@dataclass(frozen=True)
class Told:
    """What one call came to, and everything that went over the wire, ids and tokens blanked out."""

    who: str
    what: str
    outcome: Outcome
    said: str


async def told(world: World, act: Act, who: str, what: str) -> Told:
    """Call a handler on one thing as somebody, in a page of their own."""
    thing = world.ids[what]
    sent = {name: _filled(value, thing, world) for name, value in act.sent.items()}
    async with Tab(world.cookies[who], act.path.format(thing, **world.ids)) as tab:
        running = await tab.start(act.state, act.handler, **sent)
        await _until_told(tab, act, running)
        page, said = await tab.look(act.state), tab.said(but=act.beside).replace(thing, "ID").replace(tab.token, "TOKEN")
        return Told(who, what, _outcome(act, page, said), said)


def _filled(value: Any, thing: str, world: World) -> Any:
    """What is sent, with the thing's id wherever `{}` stands, that of the public picture for `{public}`, that of her friend for `{friend}`."""
    match value:
        case "{}" | "{public}" | "{friend}":
            return value.format(thing, **world.ids)
        case list():
            return [_filled(part, thing, world) for part in value]
        case dict():
            return {name: _filled(part, thing, world) for name, part in value.items()}
        case _:
            return value


async def _until_told(tab: Tab, act: Act, running: asyncio.Future[Any]) -> None:
    """A listener goes on for ever: it has told when its page is loaded."""
    async with asyncio.timeout(10):
        while not running.done() and not (act.handler == "follow" and (await tab.look(act.state)).is_loaded):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    tab.leave()


def _outcome(act: Act, page: Any, said: str) -> Outcome:
    if "/login?next=" in said:
        return "sign_in"
    if page.notice and page.notice.kind == "error":
        return page.notice.code
    if act.changes:
        return "done"
    return "shown" if SECRET in said else "nothing"
