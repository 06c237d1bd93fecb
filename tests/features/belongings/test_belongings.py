"""Everything of one person: carried over to an account, and erased without a trace but the ledger."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from pixelstudio.core.errors import NotFound, NotSignedIn
from pixelstudio.core.limits import GUEST_IDLE_HOURS
from pixelstudio.db.columns import metadata
from pixelstudio.features.accounts.api_keys import make_key
from pixelstudio.features.accounts.avatars import set_avatar
from pixelstudio.features.accounts.preferences import Preferences, prefer
from pixelstudio.features.accounts.sessions import actor_for, mark_seen
from pixelstudio.features.accounts.tokens import open_family
from pixelstudio.features.belongings.erasure import erase, finish, finish_closed, forget_idle_guests
from pixelstudio.features.belongings.export import exported
from pixelstudio.features.belongings.handover import carry_over
from pixelstudio.features.credits.audit import audit
from pixelstudio.features.gallery.collections import CollectionForm, create, set_collected
from pixelstudio.features.gallery.follows import set_follow
from pixelstudio.features.gallery.likes import set_like
from pixelstudio.features.generation.comparisons import arena, begin, price_of
from pixelstudio.features.generation.generations import job_of_slot, submit
from pixelstudio.features.generation.standing import sets_of
from pixelstudio.features.images.pictures import image_for
from pixelstudio.features.presets.presets import Settings
from pixelstudio.features.presets.presets import save as save_preset
from pixelstudio.features.prompts.saved import PromptForm, fork
from pixelstudio.features.prompts.saved import save as save_prompt
from tests.factories import PricedSketch, a_guest, a_post, a_request, a_studio, a_user, an_image

HOUR = 60 * 60


async def rows_naming(database, *words):
    """Where any of these words stands in any column of any table."""
    async with database.reader() as reader:
        return {
            t.name for t in metadata.sorted_tables for row in (await reader.exec(select(t))).all() if any(w in repr(row) for w in words)
        }


async def test_what_a_guest_drew_becomes_the_pictures_of_the_account_they_sign_in_to(studio, database):
    guest, ines = await a_guest(database), await a_user(database)
    image_id = await an_image(studio, guest.actor)
    async with database.transaction() as tx:
        waiting = await submit(tx, studio, a_request(), guest.actor)

    async with database.transaction() as tx:
        assert await carry_over(tx, guest.actor, ines.id) == 1

    async with database.transaction() as tx:
        assert (await image_for(tx, ines, image_id)).is_mine
        assert {view.id for view in await sets_of(tx, studio, ines)} >= {waiting.id}
        assert await job_of_slot(tx, ines, waiting.id, 0)
        assert await actor_for(tx, guest.cookie) is None
        assert await carry_over(tx, guest.actor, ines.id) == 0
    assert await rows_naming(database, guest.actor.id) <= {"outbox"}


async def objects_in(storage):
    """How many objects are stored."""
    return len([digest async for digest in storage.digests()])


async def test_an_erased_account_leaves_nothing_but_its_ledger(database, clock, children):
    studio = a_studio(database, clock, children, PricedSketch(children))
    ines, marc = await a_user(database, credits=10), await a_user(database, "marc")
    hers, his = await an_image(studio, ines, is_public=True, prompt="copper"), await an_image(studio, marc, original=b"his")
    await a_post(studio, ines, title="Kettle")
    async with database.transaction() as tx:
        await set_avatar(tx, b"face", by=ines)
        await prefer(tx, Preferences(visibility="public"), studio.providers, by=ines)
        await submit(tx, studio, a_request(prompt="copper"), ines)
    stored = await objects_in(studio.storage)

    async with database.transaction() as tx:
        await erase(tx, studio, ines.id)

    async with database.transaction() as tx:
        with pytest.raises(NotFound):
            await image_for(tx, marc, hers)
        with pytest.raises(NotSignedIn):
            await erase(tx, studio, ines.id)
    assert await rows_naming(database, "copper", "face", "'ines'", "ines@") == set()
    assert "image" not in await rows_naming(database, "Kettle")
    assert not await finish(studio, ines.id)  # her bytes are too fresh to be told from somebody else's
    clock.advance(2 * HOUR)
    await finish_closed(studio)

    assert await rows_naming(database, ines.id) - {"outbox", "q_job"} == {"account", "credit_entry"}
    assert await objects_in(studio.storage) == stored - 4
    async with database.transaction() as tx:
        assert (await audit(tx)).faults == {}
        assert await image_for(tx, marc, his)
    await finish_closed(studio)


async def test_idle_guests_are_forgotten_after_a_day_and_those_who_came_back_are_not(studio, database, clock):
    idle, here = await a_guest(database), await a_guest(database)
    pictures = [await an_image(studio, guest.actor, original=guest.cookie.encode()) for guest in (idle, here)]
    clock.advance((GUEST_IDLE_HOURS - 1) * HOUR)
    async with database.transaction() as tx:
        await mark_seen(tx, here.actor.session_digest)
    clock.advance(2 * HOUR)

    await forget_idle_guests(studio)

    assert await rows_naming(database, idle.actor.id, pictures[0]) <= {"outbox"}
    async with database.reader() as reader:
        assert await actor_for(reader, here.cookie)
        assert await image_for(reader, here.actor, pictures[1])
    assert await objects_in(studio.storage) == 4


async def test_every_table_of_an_account_is_emptied_by_the_erasure():
    """A table added later that names accounts in another column needs its own way of going."""
    named = {
        (table.name, column.name)
        for table in metadata.sorted_tables
        for column in table.c
        if any(key.column.table.name == "account" for key in column.foreign_keys)
    }

    assert {(name, column) for name, column in named if column != "account_id"} == {
        ("image", "owner_id"),
        *(("follow", side) for side in ("follower_id", "followed_id")),
        *(("report", role) for role in ("reporter_id", "author_id")),
        ("post_like", "liker_id"),
        ("comment_like", "liker_id"),
        ("comment", "writer_id"),
        ("block", "blocked_id"),
        ("notification", "from_id"),
        ("mute", "muted_id"),
        ("logbook_entry", "maintainer_id"),
    }


async def test_the_export_has_saved_prompts_and_the_names_of_keys_and_never_a_key(studio):
    ines = await a_user(studio.db)
    async with studio.db.transaction() as tx:
        await save_prompt(tx, PromptForm("a {red|blue} door", tags="doors"), by=ines)
        key = await make_key(tx, "Laptop", by=ines)

    files = {file.name: b"".join([piece async for piece in file.pieces]) async for file in exported(studio, ines)}

    assert [(one["prompt"], one["tags"]) for one in json.loads(files["prompts.json"])] == [("a {red|blue} door", ["doors"])]
    assert json.loads(files["account.json"])["api_keys"][0]["name"] == "Laptop"
    assert key.secret.encode() not in b"".join(files.values())


async def test_the_export_has_presets_collections_likes_and_whom_one_follows(studio):
    ines, omar = await a_user(studio.db), await a_user(studio.db, "omar")
    shown, hidden = await a_post(studio, omar), await an_image(studio, ines)
    async with studio.db.transaction() as tx:
        await save_preset(tx, "Wide", Settings("a harbour", "", "sketch-paper", "none", 256, 256, 2), by=ines)
        inner, _ = [await create(tx, CollectionForm(title=title), by=by) for title, by in (("Harbours", ines), ("Dunes", omar))]
        for image_id in (shown, hidden):
            await set_collected(tx, inner, image_id, is_in=True, by=ines)
        await set_like(tx, shown, is_liked=True, by=ines)
        await set_follow(tx, omar.id, is_followed=True, by=ines)

    files = {file.name: b"".join([piece async for piece in file.pieces]) async for file in exported(studio, ines)}
    presets, collections, likes, account = (json.loads(files[f"{name}.json"]) for name in ("presets", "collections", "likes", "account"))

    assert [(one["name"], one["settings"]["prompt"]) for one in presets] == [("Wide", "a harbour")]
    assert [(one["title"], one["seen_by"], one["pictures"]) for one in collections] == [("Harbours", "private", [shown, hidden])]
    assert [one["image_id"] for one in likes] == [shown]
    assert account["follows"] == ["omar"]
    assert all(f"{name}.json" in files["README.txt"].decode() for name in ("presets", "collections", "likes"))


async def test_nothing_of_prompts_keys_tokens_and_comparisons_outlives_an_account(studio, database):
    ines = await a_user(database)
    async with database.transaction() as tx:
        first = await save_prompt(tx, PromptForm("a secret door"), by=ines)
        await fork(tx, first.id, by=ines)
        await make_key(tx, "a secret key", by=ines)
        await open_family(tx, studio.keys, ines.id)
        plan = arena(studio, a_request(prompt="a secret house"), ("sketch-paper", "sketch-silk"))
        await begin(tx, studio, plan, price_of(studio, plan), by=ines)

    async with database.transaction() as tx:
        await erase(tx, studio, ines.id)
    await finish(studio, ines.id)

    assert await rows_naming(database, "a secret") == set()
    async with database.reader() as reader:
        for name in ("saved_prompt", "api_key", "token_family", "comparison", "compared_set"):
            assert (await reader.exec(select(metadata.tables[name]))).all() == [], name
