"""Letters by SMTP (RFC 5321), in a thread of their own: `smtps://` is encrypted from the start, `smtp://` as soon as the server offers it.

A name and a password are never said in plain text to a server outside the house.
"""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime, make_msgid, parseaddr
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from pixelstudio.core.hosts import is_near
from pixelstudio.gateways.mail.contract import MailNotSent, MailUncertain

if TYPE_CHECKING:
    from pixelstudio.core.clock import Clock
    from pixelstudio.core.settings import Settings
    from pixelstudio.gateways.mail.contract import Letter, Mailer

TIMEOUT_S: Final = 15.0
"""For each step; a letter has about six."""
_PORTS: Final = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """One server, spoken to anew for each letter."""

    host: str
    port: int
    is_encrypted: bool
    sender: str
    clock: Clock
    user: str = ""
    password: str = field(default="", repr=False)

    async def send(self, letter: Letter) -> None:
        """Send one letter. Raises `MailNotSent` or `MailUncertain`."""
        await asyncio.to_thread(self._send, self._message(letter), letter.to)

    async def check(self) -> None:
        """Sign in and name the sender, and send nothing. Raises `MailNotSent`."""
        await asyncio.to_thread(self._check)

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.sender, letter.to, letter.subject
        message["Date"] = format_datetime(self.clock.now())
        message["Message-ID"] = make_msgid(domain=parseaddr(self.sender)[1].rpartition("@")[2] or "localhost")
        if letter.unsubscribe:
            message["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text)
        message.add_alternative(letter.html, subtype="html")
        return message

    def _send(self, message: EmailMessage, to: str) -> None:
        server = self._opened(to)
        try:
            code, said = server.data(message.as_bytes(policy=SMTP if to.isascii() else SMTPUTF8))
        except smtplib.SMTPDataError as error:
            _goodbye(server)
            raise MailNotSent("The mail server does not take the letter.", answer=_answer(error.smtp_code, error.smtp_error)) from error
        except OSError as error:  # of which every error of smtplib is one
            server.close()
            raise MailUncertain("The mail server took the letter and did not answer.") from error
        _goodbye(server)
        if code != 250:
            raise MailNotSent("The mail server does not take the letter.", answer=_answer(code, said))

    def _check(self) -> None:
        _goodbye(self._opened(""))

    def _opened(self, to: str) -> smtplib.SMTP:
        """As far as the words of a letter: nothing said up to here sends anything."""
        try:
            server = self._connected()
        except OSError as error:
            raise MailNotSent(f"The mail server {self.host}:{self.port} is not reached, or does not let this studio in.") from error
        try:
            beyond = [] if to.isascii() else ["SMTPUTF8"]  # RFC 6531
            for code, said in (server.mail(parseaddr(self.sender)[1], beyond), *([server.rcpt(to)] if to else [])):
                if code not in {250, 251}:
                    _goodbye(server)
                    raise MailNotSent("The mail server refuses the letter.", answer=_answer(code, said))
        except (smtplib.SMTPNotSupportedError, UnicodeEncodeError) as error:
            _goodbye(server)
            raise MailNotSent("The mail server takes no address with letters beyond ASCII.") from error
        except OSError as error:
            server.close()
            raise MailNotSent("The mail server went away before the letter was sent.") from error
        return server

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.is_encrypted:
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT_S, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_S)
        try:
            server.ehlo()
            if not self.is_encrypted and server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo()
            elif not self.is_encrypted and self.user and not is_near(self.host):
                raise MailNotSent("The mail server offers no encryption, so it is told no password. Use smtps://.")
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server


def smtp_mailer(settings: Settings, clock: Clock) -> Mailer | None:
    """The mail server the settings name; None when they name none."""
    address = settings.smtp_url.get_secret_value()
    if not address:
        return None
    url = urlsplit(address)
    return SmtpMailer(
        host=url.hostname or "",
        port=url.port or _PORTS[url.scheme],
        is_encrypted=url.scheme == "smtps",
        sender=settings.effective_mail_from,
        clock=clock,
        user=unquote(url.username or ""),
        password=unquote(url.password or ""),
    )


def _answer(code: int, said: bytes | str) -> str:
    """What a server says, for the log and for doctor."""
    words = said if isinstance(said, str) else said.decode(errors="replace")
    return f"{code} {words[:200]}"


def _goodbye(server: smtplib.SMTP) -> None:
    try:
        server.quit()
    except OSError:
        server.close()
