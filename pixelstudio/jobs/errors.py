"""What a job's `run` raises to say how it ended; anything else it raises means: unexpected, try again later."""

from __future__ import annotations

from pixelstudio.core.errors import PixelStudioError


class RetryLater(PixelStudioError):
    """It may work later, and trying again pays nothing twice. `after_s` overrides the backoff when the other side said when to come back."""

    default_code = "try_later"

    def __init__(self, sentence: str, code: str | None = None, after_s: float | None = None) -> None:
        super().__init__(sentence, code=code)
        self.after_s = after_s


class SlowDown(RetryLater):
    """The other side wants fewer requests: its lane pauses for everybody, for `after_s` or as long as this job waits, and goes on slower."""

    default_code = "slow_down"


class Away(RetryLater):
    """The other side is not there, and nothing was paid. So many in a row open its lane's breaker."""

    default_code = "away"


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


class CalledOff(PixelStudioError):
    """Somebody called the job off after it was sent, and whoever was asked has stopped, or never began. The job ends as cancelled."""

    default_code = "called_off"

    def __init__(self) -> None:
        super().__init__("This was called off.")


class LeaseLost(PixelStudioError):
    """Somebody else holds this job now: whatever this attempt wanted to write must not be written."""

    default_code = "lease_lost"

    def __init__(self) -> None:
        super().__init__("This attempt was overtaken by another one.")
