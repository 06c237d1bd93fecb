"""What a job's `run` raises to say how it ended; anything else it raises means: unexpected, try again later."""

from __future__ import annotations

from pixelstudio.core.errors import PixelStudioError


class RetryLater(PixelStudioError):
    """It may work later, and trying again pays nothing twice. `after_s` overrides the backoff when the other side said when to come back."""

    default_code = "try_later"

    def __init__(self, sentence: str, code: str | None = None, after_s: float | None = None) -> None:
        super().__init__(sentence, code=code)
        self.after_s = after_s


class GiveUp(PixelStudioError):
    """It will never work: refused, misconfigured, not wanted any more. The job fails at once."""

    default_code = "given_up"

    def __init__(self, sentence: str, code: str | None = None) -> None:
        super().__init__(sentence, code=code)


class AnswerLost(PixelStudioError):
    """It was sent to somebody who charges, and no whole answer came: whether it was done is not known. The job becomes `unknown`."""

    default_code = "answer_lost"

    def __init__(self, sentence: str, code: str | None = None) -> None:
        super().__init__(sentence, code=code)


class LeaseLost(PixelStudioError):
    """Somebody else holds this job now: whatever this attempt wanted to write must not be written."""

    default_code = "lease_lost"

    def __init__(self) -> None:
        super().__init__("This attempt was overtaken by another one.")
