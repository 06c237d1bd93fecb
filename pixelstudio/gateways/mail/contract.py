"""The contract of whoever sends mail, and how it fails: what was not sent can be sent again, what may have been must not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from pixelstudio.core.errors import Unavailable


class MailNotSent(Unavailable):
    """Nothing has left: the server was not reached, or said no."""

    default_code = "mail_not_sent"


class MailUncertain(Unavailable):
    """The letter was handed over and no answer came: it may arrive, so it is not sent again."""

    default_code = "mail_uncertain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One letter. `unsubscribe` is the address at which a plain POST ends such letters (RFC 8058); "" for those that come because of something one did."""

    to: str
    subject: str
    text: str
    html: str
    unsubscribe: str = ""


class Mailer(Protocol):
    """Sends letters. Neither verb holds up the event loop."""

    async def send(self, letter: Letter) -> None:
        """Send one letter. Raises `MailNotSent` or `MailUncertain`."""
        ...

    async def check(self) -> None:
        """Go as far as a letter would, and send none. Raises `MailNotSent`."""
        ...
