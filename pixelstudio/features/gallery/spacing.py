"""Spacing: on a wall of many people's pictures, those that one person drew from one prompt hang apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pixelstudio.features.gallery.views import PostView

NEAR: Final = 12
"""Of so many before it a picture wants to differ: two rows of the widest wall."""


def spaced(posts: Sequence[PostView]) -> list[PostView]:
    """The same pictures, the first of them still first; whichever comes too near one like it goes down, no further than it has to.

    Where there is too little else, what hangs longest comes again first.
    """
    waiting = [((post.person.id, post.image.prompt.casefold()), post) for post in posts]
    last: dict[tuple[str, str], int] = {}
    hung: list[PostView] = []
    for place in range(len(posts)):
        since = [place - last.get(sort, -NEAR - 1) for sort, _ in waiting]
        at = next((at for at, many in enumerate(since) if many > NEAR), since.index(max(since)))
        sort, post = waiting.pop(at)
        last[sort] = place
        hung.append(post)
    return hung
