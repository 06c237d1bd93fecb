"""What a page says to the person about the last thing they did: one kind, one sentence."""

from __future__ import annotations

import time
from dataclasses import dataclass
from dataclasses import field as field_of
from typing import Final, Literal

OUR_FAULT: Final = "Something broke on our side. Nothing was charged. Try again in a moment."
STANDS_FOR_S: Final = 10.0
"""A page that is opened says what was said on it no longer ago than this: about what somebody just did, not about the last time they came by."""
ASKS_FOR_S: Final = 20.0
"""The same of one that can be taken back, or leads on: whoever looks elsewhere meanwhile finds it still. `feedback.css` lets it stand as long."""
OUT_OF_STEP: Final = "The page sent something it should not have. Reload it and try again."


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A sentence for the person. `error` asks them to do something, `note` tells them that something is done.

    `action` is the word of the one button that takes it back or does the next thing ("Undo"); the page's handler knows what that is.
    `way` are the words of a link to what came of it, at `href`.
    """

    kind: Literal["note", "error"]
    sentence: str
    code: str = ""
    action: str = ""
    way: str = ""
    href: str = ""
    field: str = ""
    """The field of the form that an error is about; a page that shows it there does not say it twice."""
    said_at: float = field_of(default_factory=time.monotonic, compare=False, repr=False)
    """In seconds of the clock that only goes on."""

    def is_old(self) -> bool:
        """Whether who opens the page now has had time to read it."""
        return time.monotonic() - self.said_at > (ASKS_FOR_S if self.action or self.way else STANDS_FOR_S)
