"""The four kinds of failure and what the job layer may conclude from each."""

from __future__ import annotations

import pytest

from pixelstudio.core.errors import PixelStudioError
from pixelstudio.providers.errors import Misconfigured, ProviderError, Refused, Throttled, Unavailable


@pytest.mark.parametrize(("kind", "may_retry"), [(Refused, False), (Throttled, True), (Unavailable, True), (Misconfigured, False)])
def test_each_kind_has_a_code_a_sentence_and_an_answer_to_may_i_retry(kind, may_retry):
    error = kind()

    assert isinstance(error, ProviderError)
    assert isinstance(error, PixelStudioError)
    assert error.may_retry is may_retry
    assert error.code.startswith("provider_")
    assert error.sentence.endswith(".")


@pytest.mark.parametrize("kind", [Throttled, Unavailable])
def test_what_may_be_tried_again_does_not_promise_it(kind):
    assert "itself" not in kind().sentence
    assert "again" not in kind().sentence


def test_codes_are_different():
    assert len({kind.default_code for kind in (Refused, Throttled, Unavailable, Misconfigured)}) == 4


def test_throttling_says_how_long_when_the_provider_did():
    assert Throttled(retry_after_s=12.5).retry_after_s == 12.5
    assert Throttled().retry_after_s is None


def test_an_adapter_can_say_it_in_its_own_words_and_leave_fields_for_the_log():
    error = Refused("Not this one.", code="policy", status_code=400)

    assert (error.sentence, error.code, error.fields) == ("Not this one.", "policy", {"status_code": 400})
