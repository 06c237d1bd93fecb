"""The job kind `account.letter`: writes a letter about an account and sends it. A link is made at the moment of sending, so that its token is stored nowhere."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from pixelstudio.core.ids import UserId
from pixelstudio.core.log import get_logger
from pixelstudio.features.accounts.letters import LETTER, TRIES, changed_letter, link_letter
from pixelstudio.features.accounts.resets import make_link, reset_link
from pixelstudio.features.accounts.tables import AccountRow
from pixelstudio.gateways.mail.contract import MailNotSent, MailUncertain
from pixelstudio.jobs.errors import GiveUp, RetryLater
from pixelstudio.jobs.kind import Failed

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Transaction
    from pixelstudio.gateways.mail.contract import Letter
    from pixelstudio.jobs.job import Job
    from pixelstudio.jobs.kind import JobContext, Outcome
    from pixelstudio.studio import Studio


class LetterJob:
    """Sends one letter: again while it certainly did not leave, and not again when it may have."""

    name = LETTER
    timeout_s = 120.0
    max_attempts = TRIES

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    async def run(self, context: JobContext) -> None:
        """Write and send. A letter to nobody, or with a link that is not wanted any more, is none. Each attempt has a link of its own."""
        if self._studio.mailer is None:
            raise GiveUp("This studio sends no mail.", "no_mail")
        letter = await self._written(context.job.params)
        if letter is None:
            return
        try:
            await self._studio.mailer.send(letter)
        except MailNotSent as error:
            raise RetryLater(error.sentence, error.code) from error
        except MailUncertain as error:
            raise GiveUp(error.sentence, error.code) from error

    async def ended(self, tx: Transaction, job: Job, outcome: Outcome) -> None:
        """Say in the log what did not leave."""
        if isinstance(outcome, Failed):
            get_logger().warning("letter.not_sent", account_id=job.params["account_id"], about=job.params["about"], code=outcome.code)

    async def _written(self, wish: dict[str, Any]) -> Letter | None:
        origin = self._studio.settings.effective_public_url
        async with self._studio.db.transaction() as tx:
            account = await tx.get(AccountRow, wish["account_id"])
            if account is None or account.closed_at is not None:
                return None
            if wish["about"] == "changed":
                return changed_letter(account.email, account.handle, origin)
            token = await make_link(tx, UserId(account.id), datetime.fromisoformat(wish["asked_at"]))
        return link_letter(account.email, account.handle, origin, reset_link(self._studio.settings, token)) if token else None
