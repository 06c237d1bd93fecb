"""What can go wrong at the door, each with its own code and sentence."""

from __future__ import annotations

from pixelstudio.core.errors import Conflict, Invalid, NotFound, NotSignedIn, TooMany


class SignInRefused(NotSignedIn):
    """Unknown e-mail or wrong password: the same words for both, so that nobody learns who has an account."""

    default_code = "sign_in_refused"

    def __init__(self) -> None:
        super().__init__("The email or the password is not right. Check both and try again.", field="password")


class EmailTaken(Conflict):
    """Somebody, probably the same person, registered with this address."""

    default_code = "email_taken"

    def __init__(self) -> None:
        super().__init__("This email already has an account. Sign in instead, or use another email.", field="email")


class HandleTaken(Conflict):
    """The public name belongs to somebody."""

    default_code = "handle_taken"

    def __init__(self) -> None:
        super().__init__("This handle is taken. Choose another one.", field="handle")


class ClaimRefused(NotFound):
    """The link is wrong, replaced or used."""

    default_code = "claim_refused"

    def __init__(self) -> None:
        super().__init__("This link is no longer valid. Where nobody has claimed the studio yet, the claim command prints a new one.")


class AlreadyClaimed(Conflict):
    """There is a maintainer."""

    default_code = "already_claimed"

    def __init__(self) -> None:
        super().__init__("This studio already has a maintainer. Ask them for what you need.")


class NoMail(Conflict):
    """A link by mail was asked for where no mail is sent."""

    default_code = "no_mail_for_link"

    def __init__(self) -> None:
        super().__init__("This studio sends no mail. Ask whoever runs it: they can make you a link.")


class ResetRefused(NotFound):
    """The link is wrong, replaced, used or too old, or its account is gone: the same words for all of these."""

    default_code = "reset_refused"

    def __init__(self) -> None:
        super().__init__("This link does not work any more. Ask for a new one, and open the latest you were given.")


class PasswordRefused(Invalid):
    """A signed-in person was asked for their password again, and it was another one."""

    default_code = "password_refused"

    def __init__(self, field: str) -> None:
        super().__init__("That is not your password. Nothing was changed.", field=field)


class HandleRests(Conflict):
    """The handle was changed lately."""

    default_code = "handle_rests"

    def __init__(self, days: int) -> None:
        when = "tomorrow" if days <= 1 else f"in {days} days"
        super().__init__(f"You changed your handle lately. It can change again {when}.", field="handle")


class TooManyGuests(TooMany):
    """As many strangers are trying it as this installation draws for."""

    default_code = "too_many_guests"

    def __init__(self) -> None:
        sentence = "Many people are trying it just now. Create an account instead: it takes three fields."
        super().__init__(sentence, retry_after_s=600.0, field="prompt")
