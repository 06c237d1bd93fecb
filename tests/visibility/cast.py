"""Who asks and what for: six people and the things of one of them, each beside one that never was."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Final

from pixelstudio.core.ids import GenerationId, new_id
from pixelstudio.db.columns import metadata
from pixelstudio.features.accounts.api_keys import make_key
from pixelstudio.features.accounts.avatars import set_avatar
from pixelstudio.features.accounts.claiming import claim, issue_claim_token
from pixelstudio.features.accounts.sessions import ABSOLUTE, open_session, sessions_of
from pixelstudio.features.conduct.rulings import Ruling, rule
from pixelstudio.features.gallery.collaborators import invite, join
from pixelstudio.features.gallery.collections import CollectionForm, create, set_collected
from pixelstudio.features.gallery.comments import write
from pixelstudio.features.gallery.links import LinkForm, make_link
from pixelstudio.features.gallery.posts import PostForm, publish
from pixelstudio.features.gallery.proofs import Opinion, give
from pixelstudio.features.gallery.searches import save_search
from pixelstudio.features.generation.comparisons import arena, begin, price_of
from pixelstudio.features.generation.generations import cancel, job_of_slot, submit
from pixelstudio.features.images.curation import forget, throw_away
from pixelstudio.features.images.renditions import StoredFile
from pixelstudio.features.images.uploads import keep_upload
from pixelstudio.features.presets.presets import Settings, save
from pixelstudio.features.prompts.saved import PromptForm
from pixelstudio.features.prompts.saved import save as save_prompt
from tests.factories import a_cookie, a_film, a_guest, a_request, a_set, a_user, an_image
from tests.visibility.copies import Copy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Table

    from pixelstudio.core.clock import FrozenClock
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.studio import Studio

PEOPLE: Final = ("nobody", "guest", "other", "owner", "maintainer", "expired")
PICTURES: Final = ("private", "public", "deleted", "missing")
IN_TRASH: Final = ("private", "deleted", "forgotten", "missing")
SETS: Final = ("theirs", "missing_set")
ENDED_SETS: Final = ("called_off", "missing_set")
PRESETS: Final = ("preset", "missing_preset")
SESSIONS: Final = ("session", "missing_session")
SAVED_PROMPTS: Final = ("saved_prompt", "missing_saved_prompt")
KEYS: Final = ("key", "missing_key")
COMPARISONS: Final = ("comparison", "missing_comparison")
AVATARS: Final = ("avatar", "missing_avatar")
COLLECTIONS: Final = ("kept_collection", "shown_collection", "missing_collection")
LINKS: Final = ("link", "missing_link")
SEARCHES: Final = ("search", "missing_search")
RULINGS: Final = ("ruling", "missing_ruling")
UPLOADS: Final = ("upload", "missing_upload")
COMMENTS: Final = ("hidden_comment", "shown_comment", "missing_comment")
PREVIEW: Final = b"\x89PNG of a drawing under way"
SECRET: Final = "only she has read this"
SEEN_BY: Final = {
    "private": {"owner"},
    "public": set(PEOPLE),
    "deleted": set[str](),
    "forgotten": set[str](),
    "missing": set[str](),
    "theirs": {"owner"},
    "called_off": {"owner"},
    "missing_set": set[str](),
    "preset": {"owner"},
    "missing_preset": set[str](),
    "saved_prompt": {"owner"},
    "missing_saved_prompt": set[str](),
    "key": {"owner"},
    "missing_key": set[str](),
    "comparison": {"owner"},
    "missing_comparison": set[str](),
    "avatar": set(PEOPLE),
    "session": {"owner"},
    "kept_collection": {"owner"},
    "shown_collection": set(PEOPLE),
    "missing_collection": set[str](),
    "link": {"owner"},
    "missing_link": set[str](),
    "hidden_comment": {"owner"},
    "shown_comment": set(PEOPLE),
    "missing_comment": set[str](),
    "missing_session": set[str](),
    "search": {"owner"},
    "missing_search": set[str](),
    "ruling": {"owner"},
    "missing_ruling": set[str](),
    "missing_avatar": set[str](),
    "upload": {"owner"},
    "missing_upload": set[str](),
}
# What the trash shows: "deleted" is in it, and nothing else is.
TRASH_SEEN_BY: Final = {"private": set[str](), "deleted": {"owner"}, "forgotten": set[str](), "missing": set[str]()}
SIGNED_IN: Final = {"other", "owner", "maintainer"}
# What any act on somebody's things would change.
_RECORDS: Final = (
    *("image", "rendition", "upload", "generation", "generation_slot", "q_job", "credit_entry", "account", "preset", "outbox"),
    *("post", "post_tag", "post_like", "comment", "comment_like", "follow", "block", "creator", "collection", "collection_picture"),
    *("collaborator", "collection_link", "presence", "proof"),
    *("notification", "notification_choice", "report", "blocked_word"),
    *("saved_prompt", "prompt_template", "api_key", "comparison", "mute", "saved_search", "leaning", "digest", "ruling", "logbook_entry"),
)


@cache
def _recorded(dialect: str) -> str:
    return " UNION ALL ".join(_rows_of(metadata.tables[name], dialect) for name in _RECORDS)


def _rows_of(table: Table, dialect: str) -> str:
    if dialect == "postgresql":
        return f"SELECT '{table.name}', string_agg(row::text, chr(10) ORDER BY row::text) FROM {table.name} AS row"
    columns = " || ',' || ".join(f"quote({column.name})" for column in table.columns)
    return f"SELECT '{table.name}', group_concat(line, char(10)) FROM (SELECT {columns} AS line FROM {table.name} ORDER BY 1)"


@dataclass(frozen=True)
class World:
    """The cookie of everybody in PEOPLE, and the id of everything in PICTURES and SETS."""

    studio: Studio
    owner: Actor
    cookies: dict[str, str]
    ids: dict[str, str]

    async def records(self) -> list[str]:
        """Every row of what people have made, table by table: put into words by the database, in one question."""
        async with self.studio.db.reader() as reader:
            return [f"{name}: {rows}" for name, rows in await reader.rows(_recorded(self.studio.db.dialect), {})]


@dataclass(frozen=True)
class _Kept:
    """A world as it was when it had just been made."""

    world: World
    copy: Copy
    age: timedelta


_kept: dict[str, _Kept] = {}
"""The first one on each kind of database."""


async def a_world(studio: Studio, clock: FrozenClock) -> World:
    """A set of the owner's with a preview under way, and three pictures of theirs: the first by commands of the product, others by its rows."""
    if kept := _kept.get(studio.db.dialect):
        return await _copy_of(kept, studio, clock)
    began = clock.now()
    world = await _founded(studio, clock)
    # A test may write into what it was given.
    kept = replace(world, cookies=dict(world.cookies), ids=dict(world.ids))
    _kept[studio.db.dialect] = _Kept(kept, await Copy.of(studio), clock.now() - began)
    return world


async def _copy_of(kept: _Kept, studio: Studio, clock: FrozenClock) -> World:
    clock.advance(kept.age.total_seconds())
    await kept.copy.give(studio)
    world = replace(kept.world, studio=studio, cookies=dict(kept.world.cookies), ids=dict(kept.world.ids))
    await _show_a_preview(world.studio, world.owner, world.ids["theirs"])
    return world


async def _founded(studio: Studio, clock: FrozenClock) -> World:
    owner = await a_user(studio.db, "owner")
    expired = await a_cookie(studio.db, owner.id)
    clock.advance((ABSOLUTE + timedelta(days=1)).total_seconds())
    other, maintainer = await a_user(studio.db, "other"), await a_user(studio.db, "keeper")
    async with studio.db.transaction() as tx:
        await claim(tx, await issue_claim_token(tx) or "", by=maintainer)
    cookies = {"nobody": "", "expired": expired, "guest": (await a_guest(studio.db)).cookie}
    for name, actor in (("owner", owner), ("other", other), ("maintainer", maintainer)):
        cookies[name] = await a_cookie(studio.db, actor.id)
    return World(studio, owner, cookies, await _things(studio, owner))


async def _things(studio: Studio, owner: Actor) -> dict[str, str]:
    names = ("private", "public", "deleted", "forgotten")
    both = await a_set(studio, owner, 2)
    asked = {"private": both, "public": both}
    ids = {
        name: await an_image(studio, owner, is_public=name == "public", prompt=SECRET, asked=asked.get(name), slot=slot)
        for slot, name in enumerate(names)
    }
    for image_id in ids.values():
        await a_film(studio, image_id)
    shown, digest = await _shown(studio, owner, ids), await studio.storage.put(SECRET.encode())
    async with studio.db.transaction() as tx:
        await throw_away(tx, [ids["deleted"], ids["forgotten"]], by=owner)
        await forget(tx, ids["forgotten"], by=owner)
        called_off = await submit(tx, studio, a_request(prompt=SECRET), owner)
        await cancel(tx, studio, called_off.id, owner)
        view = await submit(tx, studio, a_request(prompt=SECRET), owner)
        avatar = await set_avatar(tx, b"a face", by=owner)
        known = {view.id for view in await sessions_of(tx, owner)}
        await open_session(tx, owner.id)
        elsewhere = next(view.id for view in await sessions_of(tx, owner) if view.id not in known)
        saved_prompt = await save_prompt(tx, PromptForm(SECRET), by=owner)
        key = await make_key(tx, "hers", by=owner)
        plan = arena(studio, a_request(prompt=SECRET), ("sketch-paper", "sketch-silk"))
        comparison = await begin(tx, studio, plan, price_of(studio, plan), by=owner)
        search = await save_search(tx, SECRET, SECRET, by=owner)
        ruling = await rule(tx, Ruling(account_id=owner.id, image_id=ids["public"], decision="removed", because=SECRET))
        upload = await keep_upload(tx, "logo", StoredFile(digest, "image/png", 8, 8, len(SECRET)), by=owner)
        preset = await save(tx, "hers", Settings(SECRET, "", "sketch-paper", "", 1024, 1024, 4), by=owner)
    await _show_a_preview(studio, owner, view.id)
    return {
        **ids,
        **shown,
        "theirs": view.id,
        "called_off": called_off.id,
        "missing": new_id(),
        "missing_set": new_id(),
        "saved_prompt": saved_prompt.id,
        "missing_saved_prompt": new_id(),
        "key": key.view.id,
        "missing_key": new_id(),
        "comparison": comparison,
        "missing_comparison": new_id(),
        "search": search.id,
        "missing_search": new_id(),
        "ruling": ruling,
        "missing_ruling": new_id(),
        "preset": preset.id,
        "missing_preset": new_id(),
        "upload": upload,
        "missing_upload": new_id(),
        "avatar": avatar,
        "session": elsewhere,
        "missing_session": new_id(),
        "missing_avatar": new_id(),
        "missing_collection": new_id(),
        "missing_link": new_id(),
        "missing_comment": new_id(),
    }


async def _show_a_preview(studio: Studio, owner: Actor, set_id: str) -> None:
    async with studio.db.reader() as reader:
        job_id = await job_of_slot(reader, owner, GenerationId(set_id), 0)
    studio.progress.begin(job_id, set_id, owner.id)
    studio.progress.update(job_id, 1, 8, PREVIEW)


async def _shown(studio: Studio, owner: Actor, ids: Mapping[str, str]) -> dict[str, str]:
    """What the owner made of the pictures while all of them were public: words under two of them, collections of all.

    A friend has joined both collections, which lie in a third, and a guest has said by a link what they think of a picture.
    """
    friend = await a_user(studio.db, "friend")
    found: dict[str, str] = {"friend": friend.id}
    async with studio.db.transaction() as tx:
        for image_id in ids.values():
            await publish(tx, image_id, PostForm(title=SECRET), by=owner)
        outer = await create(tx, CollectionForm(title="outer"), by=owner)
        for name in ("kept_collection", "shown_collection"):
            form = CollectionForm(title=SECRET, visibility="public" if name == "shown_collection" else "private")
            found[name] = await create(tx, form, by=owner, inside=outer)
            await invite(tx, found[name], "friend", by=owner)
            await join(tx, found[name], by=friend)
            for image_id in ids.values():
                await set_collected(tx, found[name], image_id, is_in=True, by=owner)
            link = await make_link(tx, found[name], LinkForm(is_proofing=True), by=owner)
            await give(tx, link.secret, ids["public"], "a guest", Opinion(words=SECRET))
            found["link"] = link.view.id
        found["shown_comment"] = await write(tx, ids["public"], SECRET, by=owner)
        found["hidden_comment"] = await write(tx, ids["private"], SECRET, by=owner)
        await publish(tx, ids["private"], PostForm(title=SECRET, showing="private"), by=owner)
    return found
