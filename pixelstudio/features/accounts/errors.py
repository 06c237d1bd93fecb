"""What can go wrong at the door, each with its own code and sentence."""

from __future__ import annotations

from pixelstudio.core.errors import Conflict, NotFound, NotSignedIn


class SignInRefused(NotSignedIn):
    """Unknown e-mail or wrong password: the same words for both, so that nobody learns who has an account."""

    default_code = "sign_in_refused"

    def __init__(self) -> None:
        super().__init__("The email or the password is not right. Check both and try again.")


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
        super().__init__("This link is no longer valid. Start the server again, or run the claim command, to get a new one.")


class AlreadyClaimed(Conflict):
    """There is a maintainer."""

    default_code = "already_claimed"

    def __init__(self) -> None:
        super().__init__("This studio already has a maintainer. Ask them for what you need.")
