"""Letters about an account: the link to choose another password, and that the password has changed. Put in as a job, in the commit of what they are about."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Final, Literal

from pixelstudio.core.limits import RESET_LINK_S
from pixelstudio.gateways.mail.contract import Letter
from pixelstudio.jobs.claim import Lane
from pixelstudio.jobs.queue import enqueue

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Transaction
    from pixelstudio.studio import Studio

LETTER: Final = "account.letter"
LANE: Final = Lane(LETTER, 2)
"""A line of its own: a mail server that is slow to answer keeps nobody's picture waiting."""
TRIES: Final = 10
"""With the pauses between them about ten minutes: servers that turn strangers away at first take them after five."""

About = Literal["link", "changed"]


async def write_to(tx: Transaction, studio: Studio, account_id: str, about: About) -> None:
    """Have a letter written once this is committed, to nobody when `account_id` is "". Does nothing where no mail is sent."""
    if studio.mailer is None:
        return
    params: dict[str, Any] = {"about": about, "account_id": account_id, "asked_at": tx.now.isoformat()}
    await enqueue(tx, kind=LETTER, lane=LETTER, params=params, max_attempts=TRIES)


def link_letter(to: str, handle: str, origin: str, link: str) -> Letter:
    """The way back in."""
    minutes = RESET_LINK_S // 60
    return _letter(
        to,
        "Choose a new password",
        f"Hello {handle},",
        f"Somebody, probably you, asked for a new password at {origin}. Choose one here:",
        ("Choose a new password", link),
        f"The link works once, within {minutes} minutes, and takes the place of earlier ones.",
        "If it was not you, do nothing: your password stays as it is.",
    )


def changed_letter(to: str, handle: str, origin: str) -> Letter:
    """So that nobody changes it unnoticed."""
    return _letter(
        to,
        "Your password has changed",
        f"Hello {handle},",
        f"The password of your account at {origin} has changed, and other devices were signed out.",
        "API keys go on working. They are listed here:",
        ("Your API keys", f"{origin}/settings#keys"),
        "If it was not you, take the account back at once:",
        ("Choose a new password", f"{origin}/forgot"),
    )


def _letter(to: str, subject: str, *lines: str | tuple[str, str]) -> Letter:
    """Lines of words and, as pairs, of links with their names; plain, and the same as a small page."""
    text = "\n\n".join(line if isinstance(line, str) else line[1] for line in lines)
    said = "".join(f"<p>{escape(line)}</p>" if isinstance(line, str) else f"<p>{_anchor(*line)}</p>" for line in lines)
    html = f'<!DOCTYPE html><html lang="en"><body style="font-family:sans-serif">{said}</body></html>'
    return Letter(to=to, subject=f"{subject} · Pixel Studio", text=f"{text}\n", html=html)


def _anchor(name: str, address: str) -> str:
    return f'<a href="{escape(address)}">{escape(name)}</a>'
