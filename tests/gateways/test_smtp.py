"""Letters over a real socket: what arrives, what is certainly not sent, what may have been, and that nobody waits for it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from pixelstudio.core.clock import FrozenClock
from pixelstudio.core.settings import Settings
from pixelstudio.gateways.mail import smtp
from pixelstudio.gateways.mail.contract import Letter, MailNotSent, MailUncertain
from pixelstudio.gateways.mail.smtp import SmtpMailer, smtp_mailer
from tests.gateways.mailbox import a_mailbox

LETTER = Letter(
    to="ines@example.org",
    subject="3 new things · Pixel Studio",
    text="Hello ines,\n.\n- omar likes “Dusk”\n",
    html="<p>Hello</p>",
    unsubscribe="https://studio.example.org/api/unsubscribe?token=t",
)


def a_mailer(box, **more):
    mailer = smtp_mailer(box.set_into(Settings(_env_file=None), **more), FrozenClock())  # pyright: ignore[reportCallIssue]
    assert mailer
    return mailer


async def test_a_letter_arrives_whole_with_the_way_to_end_such_letters():
    async with a_mailbox() as box:
        await a_mailer(box).send(LETTER)

        ((to, letter),) = box.letters
    assert (to, letter["From"], letter["To"]) == ("ines@example.org", "Pixel Studio <studio@example.org>", "ines@example.org")
    assert letter["Subject"] == "3 new things · Pixel Studio"
    assert letter["List-Unsubscribe"] == f"<{LETTER.unsubscribe}>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["Message-ID"].endswith("@example.org>")
    assert [part.get_content().replace("\r\n", "\n") for part in letter.iter_parts()] == [LETTER.text, "<p>Hello</p>\n"]


async def test_a_name_and_a_password_are_said_to_a_server_in_the_house_and_a_wrong_one_is_refused():
    async with a_mailbox("ines:p%40ss") as box:
        with pytest.raises(MailNotSent):
            await a_mailer(box).send(LETTER)
        box.login = "ines:p@ss"
        mailer = SmtpMailer("127.0.0.1", box.port, False, "studio@example.org", FrozenClock(), "ines", "p@ss")
        await mailer.send(LETTER)

        assert len(box.letters) == 1
        assert "p@ss" not in repr(mailer)


@pytest.mark.parametrize(
    ("step", "answer", "error"),
    [
        ("greeting", "", MailNotSent),
        ("greeting", "554 go away", MailNotSent),
        ("EHLO", "", MailNotSent),
        ("MAIL", "550 not you", MailNotSent),
        ("RCPT", "550 nobody here", MailNotSent),
        ("RCPT", "", MailNotSent),
        ("DATA", "451 later", MailNotSent),
        ("end", "552 too large", MailNotSent),
        ("end", "", MailUncertain),
    ],
)
async def test_what_went_wrong_says_whether_the_letter_may_have_left(step, answer, error):
    async with a_mailbox() as box:
        box.faults[step] = answer

        with pytest.raises(error) as refused:
            await a_mailer(box).send(LETTER)

    assert type(refused.value) is error
    if answer.startswith("55") and step != "greeting":
        assert refused.value.fields["answer"] == answer
    assert [letter for _, letter in box.letters] == []


async def test_an_address_with_other_letters_is_written_to_where_the_server_takes_it_and_told_apart_where_not():
    letter = replace(LETTER, to="ïnes@dünen.example")
    async with a_mailbox() as box:
        with pytest.raises(MailNotSent, match="beyond ASCII"):
            await a_mailer(box).send(letter)
        box.is_worldly = True
        await a_mailer(box).send(letter)

        ((to, came),) = box.letters
    assert (to, came["Subject"]) == ("ïnes@dünen.example", LETTER.subject)


async def test_a_check_goes_as_far_as_a_letter_and_sends_none():
    async with a_mailbox() as box:
        await a_mailer(box).check()
        assert (box.letters, [line.split(" ")[0].upper() for line in box.said]) == ([], ["EHLO", "MAIL", "QUIT"])
        box.faults["MAIL"] = "550 not you"
        with pytest.raises(MailNotSent):
            await a_mailer(box).check()
    with pytest.raises(MailNotSent):
        await a_mailer(box).check()


async def test_a_server_that_says_nothing_is_given_up_and_holds_nobody_up(monkeypatch):
    monkeypatch.setattr(smtp, "TIMEOUT_S", 0.3)
    held = asyncio.Event()

    async def silent(reader, writer):
        await held.wait()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    mailer = SmtpMailer("127.0.0.1", server.sockets[0].getsockname()[1], False, "studio@example.org", FrozenClock())
    sending = asyncio.ensure_future(mailer.send(LETTER))
    turns = 0
    while not sending.done():
        turns += 1
        await asyncio.sleep(0.005)
    held.set()
    server.close()

    assert turns > 10
    with pytest.raises(MailNotSent):
        sending.result()
