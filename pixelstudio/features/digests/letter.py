"""The letter of a digest: plain words and the same as a small page, with the way to end such letters."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from pixelstudio.core.text import clean_line, clip
from pixelstudio.features.digests.tokens import unsubscribe_token
from pixelstudio.features.notifications.words import in_words
from pixelstudio.gateways.mail.contract import Letter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.notifications.inbox import NotificationView
    from pixelstudio.studio import Studio

_TITLE_MAX: Final = 60


def digest_letter(
    studio: Studio, to: Actor, email: str, lines: Sequence[NotificationView], titles: Mapping[str, str], *, has_more: bool
) -> Letter:
    """What happened, a line each, the latest first."""
    origin = studio.settings.effective_public_url
    stop = f"{origin}/api/unsubscribe?token={unsubscribe_token(studio.keys, to.id)}"
    said = [_said(line, titles) for line in lines]
    count = f"{len(lines)}{' or more' if has_more else ''}"
    head = f"{count} new {'thing' if len(lines) == 1 and not has_more else 'things'} in your inbox"
    text = "\n".join(
        [f"Hello {to.handle},", "", *(f"- {line}" for line in said), "", f"Your inbox: {origin}/inbox", f"No more such letters: {stop}", ""]
    )
    items = "".join(f"<li>{escape(line)}</li>" for line in said)
    html = (
        f'<!DOCTYPE html><html lang="en"><body style="font-family:sans-serif"><p>Hello {escape(to.handle)},</p><ul>{items}</ul>'
        f'<p><a href="{escape(origin)}/inbox">Open your inbox</a></p>'
        f'<p style="font-size:small"><a href="{escape(stop)}">No more such letters</a></p></body></html>'
    )
    return Letter(to=email, subject=f"{head} · Pixel Studio", text=text, html=html, unsubscribe=stop)


def _said(line: NotificationView, titles: Mapping[str, str]) -> str:
    who = f"{clean_line(line.person.name)} " if line.person else ""
    title = titles.get(line.image_id, "")
    about = f" “{clip(clean_line(title), _TITLE_MAX)}”" if title else ""
    words = f": {clean_line(line.words)}" if line.words else ""
    return f"{who}{in_words(line.kind)}{about}{words}"
