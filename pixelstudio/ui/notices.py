"""What a page says to the person about the last thing they did: one kind, one sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

OUR_FAULT: Final = "Something broke on our side. Nothing was charged."
OUT_OF_STEP: Final = "The page sent something it should not have. Reload it and try again."


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A sentence for the person. `error` asks them to do something, `note` tells them that something is done.

    `action` is the word of the one button that takes it back or does the next thing ("Undo"); the page's handler knows what that is.
    """

    kind: Literal["note", "error"]
    sentence: str
    code: str = ""
    action: str = ""
    field: str = ""
    """The field of the form that an error is about; a page that shows it there does not say it twice."""
