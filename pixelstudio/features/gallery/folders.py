"""Folders: collections that lie in others of the same person, a bounded number deep and never in a circle.

Where one lies says nothing of who sees it: each has its own visibility, and the way to it names only what the viewer may look into.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update
from sqlmodel import col

from pixelstudio.core import limits
from pixelstudio.core.errors import Conflict, Invalid, NotFound
from pixelstudio.core.ids import is_id
from pixelstudio.features.gallery.admission import is_open_to, own_collection
from pixelstudio.features.gallery.events import CollectionChanged
from pixelstudio.features.gallery.tables import CollectionRow
from pixelstudio.features.gallery.views import FolderView

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pixelstudio.db.transaction import Reader, Transaction
    from pixelstudio.features.accounts.actor import Actor


async def move(tx: Transaction, collection_id: str, into: str, *, by: Actor) -> str:
    """Lay an own collection into another own one, or with "" beside the outermost; returns where it lay before. Safe to repeat.

    Raises `NotFound` and `NotAllowed`, `Invalid` when it would lie in itself, and `Conflict` when it would lie too deep.
    """
    tree = await _tree(tx, by, is_locked=True)  # so that two moves at once never make a circle together
    row = await own_collection(tx, collection_id, by)
    if into and into not in tree:
        raise NotFound
    if row.id in _way(tree, into):
        raise Invalid("A collection cannot lie in itself. Choose another one.", code="collection_in_itself", field="into")
    _refuse_too_deep(len(_way(tree, into)) + _height(tree, row.id))
    before = row.parent_id or ""
    if before != into:
        row.parent_id = into or None
        tx.add(row)
        for changed in filter(None, (row.id, before, into)):
            await tx.publish(CollectionChanged(collection_id=changed, owner_id=by.id))
    return before


async def ensure_room_in(tx: Transaction, parent_id: str, *, by: Actor) -> None:
    """Raise unless a new collection may lie in this own one."""
    await own_collection(tx, parent_id, by)
    _refuse_too_deep(len(_way(await _tree(tx, by), parent_id)) + 1)


async def lift_out(tx: Transaction, row: CollectionRow) -> None:
    """What lies in a collection that goes lies from now on where that one lay."""
    await tx.exec(update(CollectionRow).where(col(CollectionRow.parent_id) == row.id).values(parent_id=row.parent_id))


async def way_to(reader: Reader, viewer: Actor | None, collection_id: str) -> list[FolderView]:
    """The collections in which one lies, the outermost first, as far as this viewer may look into them. One small query each."""
    found: list[FolderView] = []
    next_id: Any = collection_id
    while is_id(next_id) and len(found) <= limits.COLLECTION_DEPTH_MAX:
        columns: Any = (CollectionRow.id, CollectionRow.title, CollectionRow.parent_id)
        row = (await reader.exec(select(*columns).where(col(CollectionRow.id) == next_id, is_open_to(viewer)))).one_or_none()
        if row is None:
            break
        found.append(FolderView(row.id, row.title))
        next_id = row.parent_id
    return [FolderView(one.id, one.title, depth) for depth, one in enumerate(reversed(found[1:]))]


async def places_for(reader: Reader, by: Actor, collection_id: str) -> list[FolderView]:
    """The actor's own collections one of them may be laid into, as a tree in the order of its titles; one query."""
    tree = await _tree(reader, by)
    if collection_id not in tree:
        raise NotFound
    height = _height(tree, collection_id)
    ways = {row_id: _way(tree, row_id) for row_id in tree}
    places = [row_id for row_id, way in ways.items() if collection_id not in way and len(way) + height <= limits.COLLECTION_DEPTH_MAX]
    by_titles = sorted(places, key=lambda row_id: [(tree[step].title.casefold(), step) for step in reversed(ways[row_id])])
    return [FolderView(row_id, tree[row_id].title, len(ways[row_id]) - 1) for row_id in by_titles]


async def _tree(reader: Reader, by: Actor, *, is_locked: bool = False) -> dict[str, CollectionRow]:
    """All own collections, locked in the order of their ids when asked."""
    mine = select(CollectionRow).where(col(CollectionRow.account_id) == by.id).order_by(col(CollectionRow.id))
    rows: Any = (await reader.exec(mine.with_for_update(key_share=True) if is_locked else mine)).scalars()
    return {row.id: row for row in rows}


def _way(tree: Mapping[str, CollectionRow], row_id: str) -> list[str]:
    """A collection and those it lies in, the innermost first."""
    way: list[str] = []
    while row_id and row_id in tree and row_id not in way:
        way.append(row_id)
        row_id = tree[row_id].parent_id or ""
    return way


def _height(tree: Mapping[str, CollectionRow], row_id: str) -> int:
    """How deep what lies in a collection goes, itself counted."""
    return 1 + max(way.index(row_id) for way in (_way(tree, inner) for inner in tree) if row_id in way)


def _refuse_too_deep(depth: int) -> None:
    if depth > limits.COLLECTION_DEPTH_MAX:
        sentence = f"Collections lie in each other {limits.COLLECTION_DEPTH_MAX} deep at most. Choose one further up."
        raise Conflict(sentence, code="collection_too_deep", field="into")
