"""What the stand-in has been told to do wrong, request by request, and what it remembers: requests received, pictures charged."""

from __future__ import annotations

import dataclasses
from collections import deque
from dataclasses import dataclass, field
from typing import Any

FAULTS = {
    # answered or broken off before anything is drawn: never charged
    "throttled": "429 rate_limit_exceeded; `retry_after` (seconds or a date) and `retry_after_ms` become headers",
    "insufficient_quota": "429 insufficient_quota with x-should-retry: false",
    "billing_limit": "400 billing_hard_limit_reached",
    "unauthorised": "401 invalid_api_key",
    "forbidden": "403, the organisation is not verified",
    "not_found": "404 model_not_found",
    "moderation_blocked": "400 moderation_blocked; `stage` input or output",
    "invalid": "400 invalid_value, `param` names the field",
    "server_error": "`status` (500) with a JSON error",
    "html_error": "`status` (502) with a proxy's HTML page",
    "redirect": "302 to another host",
    "reset_before": "the connection is reset when the request has been read",
    "silent": "nothing is ever answered",
    # drawn, so charged, and then something goes wrong
    "reset_after": "the connection is reset instead of an answer",
    "drip": "the answer comes one byte every `pause_s` seconds",
    "endless": "the answer never ends",
    "garbage_json": "200 with something that is no JSON",
    "wrong_shape": "200 with JSON of another shape",
    "html": "200 with an HTML page",
    "gzip_bomb": "200 with 100 MB of zeros in 100 KB, compressed though nobody asked",
    "truncated_base64": "the picture's base64 is cut in the middle",
    "sse_error": "the event stream tells an error with this `code` after its first partial picture",
    "sse_stops": "the event stream breaks off after its first partial picture",
    "sse_ends_early": "the event stream ends properly without a finished picture",
    "sse_ignored": "answers plain JSON although a stream was asked for",
    "model_failed": "drawn elsewhere: the model fails while it draws",
    "soft_refusal": "drawn elsewhere: the safety check holds the picture back at the end, in the provider's own way",
    "policy_at_result": "fal: the refusal comes with the result",
    "aborted": "Replicate: its deadline passed before it began",
    "prefer_trap": "Replicate: the prediction is still processing with its output filled",
    "result_gone": "Replicate: drawn, and not kept any more",
    "gone": "drawn elsewhere, with `at` picture: there is nothing at the picture's address any more",
    "deaf": "drawn elsewhere, with `at` cancel: it says that it was told to stop, and draws on",
    "duplicate_partials": "every partial picture comes twice, and the first once more at the end",
}


@dataclass(frozen=True)
class Step:
    """How one request is treated. All fields are optional; none means: answer properly."""

    fault: str = ""
    delay_s: float = 0.0
    """Before anything is answered."""
    pause_s: float = 0.0
    """Between partial pictures, or between bytes."""
    stage_s: float = 0.08
    """The least that a stage lasts of what is looked at while it is drawn."""
    retry_after: str = ""
    retry_after_ms: str = ""
    status: int = 0
    code: str = ""
    param: str = "size"
    stage: str = "input"
    picture: str = ""
    """A name of `pictures.HOSTILE` or `UNUSUAL`, or of the corpus in `tests/imaging`, to be sent as the finished picture."""
    partial_picture: str = ""
    """The same for the partial ones."""
    partials: int | None = None
    """How many partial pictures come, instead of as many as asked."""
    count: int | None = None
    """How many pictures come, instead of as many as asked."""
    at: str = "submit"
    """For what is drawn elsewhere: at which moment of it, `submit`, `status`, `history`, `result`, `picture` or `cancel`."""
    waits: float = 1 / 3
    """Which part of its time something drawn elsewhere waits before it is begun."""
    times: int = 1
    """How often, at a later moment than the first."""
    webhook: str = ""
    """How its end is told: `lost`, `doubled`, `early` (before the first request is answered), `forged`, or `begun` (Replicate: its beginning too)."""
    when: str = ""
    """Only for a request whose prompt contains this: the order of the others does not matter then. `check`: for the free question that tests a key."""

    def of_moment(self, moment: str) -> Step:
        """The same, if this is its moment; otherwise everything goes well."""
        return self if self.at == moment else dataclasses.replace(self, fault="", delay_s=0.0)

    @property
    def wait_headers(self) -> dict[str, str]:
        """How long whoever asks is told to wait, where they are told at all."""
        return {"retry-after": self.retry_after} if self.retry_after else {}

    @classmethod
    def of(cls, wish: dict[str, Any]) -> Step:
        """From JSON; raises ValueError for a fault or field that does not exist, because a typo would test nothing."""
        unknown = set(wish) - {f.name for f in dataclasses.fields(cls)}
        fault = wish.get("fault", "")
        if unknown or (fault and fault not in FAULTS):
            raise ValueError(f"unknown: {sorted(unknown) or fault}")
        return cls(**wish)


@dataclass
class Journal:
    """The script still to be played, and what has happened."""

    steps: deque[Step] = field(default_factory=deque)
    otherwise: Step = field(default_factory=Step)
    requests: list[dict[str, Any]] = field(default_factory=list)
    charges: list[dict[str, Any]] = field(default_factory=list)

    def next_step(self, prompt: str) -> Step:
        """The next of the script that is meant for this prompt, or what is done when there is none."""
        step = next((step for step in self.steps if step.when in prompt), None)
        if step is None:
            return self.otherwise
        self.steps.remove(step)
        return step

    def aside(self, path: str) -> Step:
        """A step meant for just this path; those for drawings stay where they are."""
        step = next((step for step in self.steps if step.when == path), Step())
        if step in self.steps:
            self.steps.remove(step)
        return step

    def clear(self) -> None:
        """Forget everything."""
        self.steps.clear()
        self.requests.clear()
        self.charges.clear()
        self.otherwise = Step()
