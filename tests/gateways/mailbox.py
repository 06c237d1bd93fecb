"""A mail server on loopback that keeps what it is sent, and can misbehave: in one step it says no, or hangs up."""

from __future__ import annotations

import asyncio
import base64
import contextlib
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import TYPE_CHECKING

from pydantic import SecretStr

from pixelstudio.features.accounts.jobs import LetterJob
from pixelstudio.features.accounts.letters import LETTER
from pixelstudio.gateways.mail.smtp import smtp_mailer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from pixelstudio.core.settings import Settings
    from pixelstudio.studio import Studio


@dataclass
class Mailbox:
    """What came: letters with whom they were for, and every line a client said. `faults` name a command and its answer, "" hangs up."""

    port: int = 0
    letters: list[tuple[str, EmailMessage]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)
    login: str = ""
    is_worldly: bool = False
    """Takes addresses with letters beyond ASCII."""

    def set_into(self, settings: Settings, sender: str = "Pixel Studio <studio@example.org>") -> Settings:
        """The settings with this mailbox as their mail server."""
        user = f"{self.login}@" if self.login else ""
        url = SecretStr(f"smtp://{user}127.0.0.1:{self.port}")
        return settings.model_copy(update={"smtp_url": url, "mail_from": sender})

    def given_to(self, studio: Studio) -> Studio:
        """The studio with this mailbox as its mail server."""
        settings = self.set_into(studio.settings)
        kinds = dict(studio.kinds)
        mailing = replace(studio, settings=settings, mailer=smtp_mailer(settings, studio.clock), kinds=kinds)
        kinds[LETTER] = LetterJob(mailing)
        return mailing

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client, until it goes or is hung up on."""
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await self._talk(reader, writer)
        writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to, is_open = "", await self._answer(writer, "greeting", "220 here")
        while is_open and (line := (await reader.readline()).decode().strip()):
            self.said.append(line)
            command = line.split(" ", 1)[0].upper()
            match command:
                case "EHLO":
                    extras = ("250-AUTH PLAIN\r\n" if self.login else "") + ("250-SMTPUTF8\r\n" if self.is_worldly else "")
                    is_open = await self._answer(writer, command, f"250-here\r\n{extras}250 8BITMIME")
                case "AUTH":
                    _, user, password = base64.b64decode(line.split(" ")[2]).decode().split("\x00")
                    is_right = f"{user}:{password}" == self.login
                    is_open = await self._answer(writer, command, "235 in" if is_right else "535 wrong")
                case "RCPT":
                    to = line.partition("<")[2].partition(">")[0]
                    is_open = await self._answer(writer, command, "250 ok")
                case "DATA":
                    if not await self._answer(writer, command, "354 go on"):
                        return
                    if command in self.faults:
                        continue
                    body = (await reader.readuntil(b"\r\n.\r\n"))[:-5].replace(b"\r\n..", b"\r\n.")
                    if self.faults.get("end", "250").startswith("250"):
                        letter = message_from_bytes(body, EmailMessage, policy=policy.default)
                        self.letters.append((to, letter))
                    is_open = await self._answer(writer, "end", "250 kept")
                case "QUIT":
                    await self._answer(writer, command, "221 bye")
                    return
                case _:
                    is_open = await self._answer(writer, command, "250 ok")

    async def _answer(self, writer: asyncio.StreamWriter, command: str, usual: str) -> bool:
        """Whether the line is still open."""
        words = self.faults.get(command, usual)
        if not words:
            writer.close()
            return False
        writer.write(f"{words}\r\n".encode())
        await writer.drain()
        return True


@contextlib.asynccontextmanager
async def a_mailbox(login: str = "") -> AsyncIterator[Mailbox]:
    """A mail server for the time of the block."""
    box = Mailbox(login=login)
    server = await asyncio.start_server(box.serve, "127.0.0.1", 0)
    box.port = server.sockets[0].getsockname()[1]
    try:
        yield box
    finally:
        server.close()
        await server.wait_closed()
