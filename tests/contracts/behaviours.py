"""What may happen when a provider is asked for a picture: a step of the script, and what has to come of it for the job and the money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pixelstudio.providers.errors import Misconfigured, OutOfMoney, ProviderError, Refused, Spent, Throttled, Unanswered, Unavailable


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One of them. `fails_with` None: the picture comes. `codes` are the codes that may be told; any when empty."""

    name: str
    step: Mapping[str, Any]
    fails_with: type[ProviderError] | None = None
    codes: frozenset[str] = frozenset()
    pause_s: float | None = None
    is_hasty: bool = False


def _fails(
    name: str, fails_with: type[ProviderError], *codes: str, pause_s: float | None = None, hasty: bool = False, **step: Any
) -> Behaviour:
    return Behaviour(name, {"fault": name, **step}, fails_with, frozenset(codes), pause_s, hasty)


BEHAVIOURS = (
    Behaviour("at_once", {}),
    Behaviour("late_answer", {"delay_s": 0.3}),
    Behaviour("slow_drawing", {"pause_s": 0.4}),
    Behaviour("too_many_pictures", {"count": 3}),
    Behaviour("cut_picture", {"picture": "truncated"}),  # foreign bytes are handed on; whoever takes them in refuses them
    Behaviour("no_picture", {"picture": "html"}),
    _fails("throttled", Throttled),
    _fails("throttled_for_a_while", Throttled, pause_s=7.0, fault="throttled", retry_after="7"),
    _fails("throttled_for_a_day", Throttled, pause_s=3600.0, fault="throttled", retry_after="86400"),
    _fails("server_error", Unavailable),
    _fails("overloaded", Unavailable, fault="server_error", status=503),
    _fails("overloaded_for_a_while", Throttled, pause_s=3.0, fault="server_error", status=503, retry_after="3"),
    _fails("gateway", Unanswered, "provider_gateway", fault="html_error", status=502),
    _fails("gateway_timeout", Unanswered, "provider_gateway", fault="html_error", status=504),
    _fails("away", Unavailable, fault="html_error", status=503),
    _fails("unauthorised", Misconfigured),
    _fails("forbidden", Misconfigured),
    _fails("not_found", Misconfigured),
    _fails("redirect", Misconfigured),
    _fails("insufficient_quota", OutOfMoney),
    _fails("moderation_blocked", Refused, "prompt_refused"),
    _fails("held_back", Refused, "prompt_refused", fault="soft_refusal"),
    _fails("invalid", Refused, "request_not_accepted"),
    _fails("failing_model", Spent, "provider_failed", fault="model_failed"),
    _fails("reset_before", Unanswered, "provider_broke_off"),
    _fails("reset_after", Unanswered, "provider_broke_off"),
    _fails("broken_json", Spent, "provider_answer_unusable", fault="garbage_json"),
    _fails("wrong_shape", Spent, "provider_answer_unusable"),
    _fails("hotel_network", Spent, "provider_answer_unusable", fault="html"),
    _fails("bomb", Spent, "provider_answer_unusable", fault="gzip_bomb"),
    _fails("endless", Spent, "provider_answer_unusable"),
    _fails("too_few_pictures", Spent, "provider_answer_unusable", fault="sse_ignored", count=0),
    _fails("silent", Spent, "provider_broke_off", hasty=True),
    Behaviour("drip", {"fault": "drip", "pause_s": 0.05}, Spent, frozenset({"provider_broke_off"}), is_hasty=True),
    _fails("picture_gone", Spent, "provider_result_gone", fault="gone", at="picture"),
    _fails("picture_late", Unavailable, "picture_not_fetched", fault="server_error", at="picture", status=503),
)
