"""The ways a provider says no. The job layer reads the kind; the person reads the sentence.

ProviderError
 |- Refused          this request will never be drawn: do not try again, nothing is charged
 |   '- Stopped      it was called off before it was finished, and there is no picture of it
 |- Throttled        too fast: try again after `retry_after_s`
 |- Unavailable      it did not work this time and cost nothing: try again with backoff
 |- Spent            it was asked, was paid for all we know, and no usable picture came: never ask again by itself
 |   '- Unanswered   it was asked, and no whole answer came: nobody can say whether it drew and charged
 '- Misconfigured    key or address is wrong: do not try again, a maintainer has to act
     '- OutOfMoney   the studio's balance there is used up: the same

Where it may be tried again the sentence says what happened and not what follows: the queue tells that, and may have given up.
"""

from __future__ import annotations

from typing import ClassVar

from pixelstudio.core.errors import PixelStudioError


class ProviderError(PixelStudioError):
    """Base of all; `may_retry` says whether the same request may be sent again: it can succeed, and was not paid for yet."""

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


class Stopped(Refused):
    """The drawing was called off where it was drawn, by us or by somebody else."""

    default_code = "drawing_stopped"

    def __init__(self, **fields: object) -> None:
        super().__init__("This drawing was stopped before it was finished.", code=None, **fields)


class Throttled(ProviderError):
    """The provider asks for a pause; `retry_after_s` is None when it did not say how long."""

    status = 429
    default_code = "provider_throttled"
    may_retry = True

    def __init__(
        self,
        sentence: str = "The provider is busy.",
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
        sentence: str = "The provider did not answer.",
        *,
        code: str | None = None,
        **fields: object,
    ) -> None:
        super().__init__(sentence, code=code, **fields)


class Spent(ProviderError):
    """The provider may have drawn and charged, and there is nothing to show for it. Only a person may decide to ask again."""

    status = 502
    default_code = "provider_spent"

    def __init__(
        self,
        sentence: str = "The provider broke off after it was asked. It is not asked again by itself.",
        *,
        code: str | None = None,
        **fields: object,
    ) -> None:
        super().__init__(sentence, code=code, **fields)


class Unanswered(Spent):
    """The provider was asked and its answer never came, or broke off: what is held for the picture stays held until that is decided."""

    default_code = "provider_unanswered"

    def __init__(
        self,
        sentence: str = "The provider broke off: it may have drawn and charged for this picture.",
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


class OutOfMoney(Misconfigured):
    """The provider wants this studio to pay first."""

    default_code = "provider_out_of_money"

    def __init__(
        self,
        sentence: str = "This studio has no money left at the provider, and whoever runs it has been told. Choose another model.",
        *,
        code: str | None = None,
        **fields: object,
    ) -> None:
        super().__init__(sentence, code=code, **fields)


def not_offered_any_more(model: str) -> Misconfigured:
    """A model that was chosen while it was still offered."""
    return Misconfigured("This model is not offered any more. Choose another one.", code="unknown_model", model=model[:80])


def not_its_protocol(maker: str) -> Misconfigured:
    """Somebody answers at a provider's address, and is not that provider; whoever asked to have the key tested reads it."""
    return Misconfigured(f"What answers at the address set for {maker} does not speak its protocol.", code="provider_not_its_protocol")
