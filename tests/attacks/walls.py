"""Taking walls out of a running server, and what it proves."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import TYPE_CHECKING

from tests.attacks.unwalled import ANSWERED, ASKED, KNOCK

if TYPE_CHECKING:
    from tests.serving import Served

Attack = Callable[["Served"], Awaitable[bool]]
_PATIENCE_S = 5.0


@contextlib.contextmanager
def without(server: Served, wall: str) -> Iterator[None]:
    """The server without one wall, while the block runs."""
    _take_out(server, wall)
    try:
        yield
    finally:
        _take_out(server, "")


async def holds(server: Served, wall: str, attack: Attack) -> None:
    """The attack, which says whether it succeeded, fails on the whole server and succeeds when the wall is out."""
    assert not await attack(server), "the attack succeeded"
    with without(server, wall):
        went_through = await attack(server)
    assert went_through, f"the attack fails without {wall!r} too: it proves nothing about it"


def _take_out(server: Served, wall: str) -> None:
    asked, answered = server.folder / "data" / ASKED, server.folder / "data" / ANSWERED
    answered.unlink(missing_ok=True)
    asked.write_text(wall)
    assert server.process is not None
    server.process.send_signal(KNOCK)
    deadline = time.monotonic() + _PATIENCE_S
    while not answered.exists():
        assert time.monotonic() < deadline, f"there is no wall {wall!r}:\n{server.log[-2000:]}"
        time.sleep(0.005)
