"""The four ways a provider says no. The job layer reads the kind; the person reads the sentence.

ProviderError
 |- Refused          this request will never be drawn: do not try again, nothing is charged
 |- Throttled        too fast: try again after `retry_after_s`
 |- Unavailable      it did not work this time: try again with backoff
 '- Misconfigured    key, balance or address is wrong: do not try again, a maintainer has to act
"""

from __future__ import annotations

from typing import ClassVar

from pixelstudio.core.errors import PixelStudioError


class ProviderError(PixelStudioError):
    """Base of the four; `may_retry` says whether the same request can succeed later."""

    status = 503
    default_code = "provider_error"
    may_retry: ClassVar[bool] = False


class Refused(ProviderError):
    """The provider will not draw this, today or tomorrow."""

    status = 422
    default_code = "provider_refused"

    def __init__(
        self,
        sentence: str = "The provider refused this prompt. Change the words and try again.",
        *,
        code: str | None = None,
        **fields: object,
    ) -> None:
        super().__init__(sentence, code=code, **fields)


class Throttled(ProviderError):
    """The provider asks for a pause; `retry_after_s` is None when it did not say how long."""

    status = 429
    default_code = "provider_throttled"
    may_retry = True

    def __init__(
        self,
        sentence: str = "The provider is busy. The picture goes on by itself in a moment.",
        *,
        retry_after_s: float | None = None,
        code: str | None = None,
        **fields: object,
    ) -> None:
        super().__init__(sentence, code=code, **fields)
        self.retry_after_s = retry_after_s


class Unavailable(ProviderError):
    """The provider did not answer, or broke off."""

    status = 503
    default_code = "provider_unavailable"
    may_retry = True

    def __init__(
        self,
        sentence: str = "The provider did not answer. The picture is tried again by itself.",
        *,
        code: str | None = None,
        **fields: object,
    ) -> None:
        super().__init__(sentence, code=code, **fields)


class Misconfigured(ProviderError):
    """Nothing the person does will help; whoever runs this studio has to."""

    status = 503
    default_code = "provider_misconfigured"

    def __init__(
        self, sentence: str = "This model is not set up correctly here. Choose another one.", *, code: str | None = None, **fields: object
    ) -> None:
        super().__init__(sentence, code=code, **fields)
