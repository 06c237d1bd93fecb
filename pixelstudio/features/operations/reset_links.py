"""Links to choose another password, made by whoever looks after the installation for people who cannot come in: handed over by hand, shown once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixelstudio.core.errors import NotFound
from pixelstudio.core.log import get_logger
from pixelstudio.features.accounts.people import person_named
from pixelstudio.features.accounts.resets import make_link, reset_link
from pixelstudio.features.logbook.entries import note

if TYPE_CHECKING:
    from pixelstudio.core.settings import Settings
    from pixelstudio.db.transaction import Transaction
    from pixelstudio.features.accounts.actor import Actor


async def link_of(tx: Transaction, settings: Settings, handle: str) -> str:
    """A fresh link for the person of this handle, for whoever is at the machine itself. Raises `NotFound`."""
    person = await person_named(tx, handle.strip().removeprefix("@"))
    token = await make_link(tx, person.id)
    if token is None:
        raise NotFound("Nobody here has this handle.", code="person_not_found")
    get_logger().info("account.link_made", account_id=person.id)
    return reset_link(settings, token)


async def hand_out_link(tx: Transaction, settings: Settings, handle: str, *, by: Actor) -> str:
    """The same for a maintainer, noted in the logbook. Raises `NotFound` for everybody else, and for a handle nobody has."""
    if not by.is_maintainer:
        raise NotFound
    link = await link_of(tx, settings, handle)
    await note(tx, "password.link", handle.strip().removeprefix("@").lower(), by=by)
    return link
