"""The one tree of errors a person can meet. Raised where known, caught only at the edges.

PixelStudioError
 |- Invalid 422            the request itself is wrong; `field` names the form field when there is one
 |- NotSignedIn 401        `field` names the one to look at first when a form was sent
 |- NotAllowed 403
 |- NotFound 404           also everything a viewer may not see: private answers exactly like missing
 |- Conflict 409
 |- NotEnoughCredits 402
 |- TooMany 429            `retry_after_s` says when to come back
 '- Unavailable 503
"""

from __future__ import annotations

from typing import ClassVar


class PixelStudioError(Exception):
    """A failure with a stable `code`, a `sentence` for the person, and `fields` for the log."""

    status: ClassVar[int] = 500
    default_code: ClassVar[str] = "error"

    def __init__(self, sentence: str, *, code: str | None = None, **fields: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code or self.default_code
        self.fields = fields


class Invalid(PixelStudioError):
    """What was sent cannot be accepted; the sentence says what to change."""

    status = 422
    default_code = "invalid"

    def __init__(self, sentence: str, *, code: str | None = None, field: str | None = None, **fields: object) -> None:
        super().__init__(sentence, code=code, **fields)
        self.field = field


class NotSignedIn(PixelStudioError):
    """Nobody is signed in and somebody has to be."""

    status = 401
    default_code = "not_signed_in"

    def __init__(self, sentence: str = "Sign in to go on.", *, code: str | None = None, field: str | None = None, **fields: object) -> None:
        super().__init__(sentence, code=code, **fields)
        self.field = field


class NotAllowed(PixelStudioError):
    """The person is known and may not do this."""

    status = 403
    default_code = "not_allowed"


class NotFound(PixelStudioError):
    """There is no such thing, or this viewer may not know that there is."""

    status = 404
    default_code = "not_found"

    def __init__(
        self, sentence: str = "This does not exist, or is not shared with you.", *, code: str | None = None, **fields: object
    ) -> None:
        super().__init__(sentence, code=code, **fields)


class Conflict(PixelStudioError):
    """Somebody or something was first."""

    status = 409
    default_code = "conflict"

    def __init__(self, sentence: str, *, code: str | None = None, field: str | None = None, **fields: object) -> None:
        super().__init__(sentence, code=code, **fields)
        self.field = field


class NotEnoughCredits(PixelStudioError):
    """The price is above what is available; nothing was charged."""

    status = 402
    default_code = "not_enough_credits"


class TooMany(PixelStudioError):
    """A limit is reached; it opens again after `retry_after_s` seconds."""

    status = 429
    default_code = "too_many"

    def __init__(self, sentence: str, *, retry_after_s: float, code: str | None = None, **fields: object) -> None:
        super().__init__(sentence, code=code, **fields)
        self.retry_after_s = retry_after_s


class Unavailable(PixelStudioError):
    """Something we depend on cannot answer now; trying again later is right."""

    status = 503
    default_code = "unavailable"
