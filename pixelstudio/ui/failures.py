"""What the doors may answer after a plain post, by the code in the address. The sentences of the features, said once more."""

from __future__ import annotations

from typing import Final

from pixelstudio.core import limits
from pixelstudio.features.accounts import resets

DOOR_FAILURES: Final = {
    "sign_in_refused": "The email or the password is not right. Check both and try again.",
    "too_many_attempts": "Too many attempts. Wait a quarter of an hour and try again.",
    "email_invalid": "Enter an email address such as ines@example.org.",
    "email_taken": "This email already has an account. Sign in instead, or use another email.",
    "handle_invalid": f"Choose a handle of {limits.HANDLE_MIN} to {limits.HANDLE_MAX} letters a-z, digits or underscores, without spaces.",
    "handle_taken": "This handle is taken. Choose another one.",
    "password_invalid": f"Choose a password of {limits.PASSWORD_MIN} to {limits.PASSWORD_MAX} characters.",
    "claim_refused": "This link is no longer valid. Where nobody has claimed the studio yet, the claim command prints a new one.",
    "already_claimed": "This studio already has a maintainer. Ask them for what you need.",
    "not_signed_in": "Sign in first.",
    "no_mail_for_link": "This studio sends no mail. Ask whoever runs it: they can make you a link.",
    "reset_refused": "This link does not work any more. Ask for a new one, and open the latest you were given.",
}
DOOR_OUTCOMES: Final = {"asked": resets.ASKED, "reset": resets.DONE}

NO_SUCH_PICTURE: Final = "This picture does not exist, or is not shared with you."

SETTINGS_FAILURES: Final = {
    "too_many_attempts": "Too many attempts. Wait a while and try again.",
    "password_refused": "That is not your password. Nothing was changed.",
    "password_invalid": DOOR_FAILURES["password_invalid"],
    "handle_not_typed": "Type your handle to delete this account.",
    "avatar_missing": "Choose a picture first.",
    "avatar_unreadable": "This file is no picture we can read. Choose a PNG, JPEG, WebP or AVIF.",
    "avatar_too_large": "This file is too large. Choose a smaller one.",
}
