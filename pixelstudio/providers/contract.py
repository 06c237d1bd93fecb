"""What a provider is: its models as data, a request, a handle on the drawing, and five verbs.

One shape fits three ways of working. A provider that streams (sketch, partial images over SSE) yields from `progress`. A provider that
is asked (`poll`) or that calls back (webhooks) answers `submit` at once with a handle that survives a restart, so the job can park;
its `progress` may yield nothing. `fetch` gives the bytes in every case.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, Protocol

from pixelstudio.core import limits

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from pixelstudio.imaging.stencils import MaskForm

Delivery = Literal["stream", "poll", "webhook"]
Standing = Literal["waiting", "drawing", "done", "cancelled", "lost"]
Idempotency = Literal["none", "key", "query"]

STRENGTH_USUAL: Final = 0.6
_NOTHING: Mapping[str, str] = MappingProxyType({})


class Size(NamedTuple):
    """One size a model offers, in pixels, with the words the form shows."""

    width: int
    height: int
    label: str


class Span(NamedTuple):
    """A number a person may choose for a drawing: the least, the most, and what is taken when nobody chooses."""

    least: float
    most: float
    usual: float


@dataclass(frozen=True, slots=True)
class LaneTerms:
    """What an account allows in one lane: calls at a time, and calls a minute; None when only the first is limited."""

    concurrency: int
    per_minute: int | None = None
    is_remote: bool = True
    """Whether somebody else is asked, who may be away: only then it helps to stop asking."""

    @property
    def burst(self) -> int:
        """How many may begin at once: a quarter of a minute's calls, so that most of the minute is not spent waiting for the next."""
        return max(1, min(self.concurrency, (self.per_minute or 0) // 4))

    @property
    def rate(self) -> float | None:
        """Calls a second. With the burst on top of it no minute has more than were allowed (of two or more)."""
        return None if self.per_minute is None else max(self.per_minute - self.burst, self.per_minute / 2) / 60


SKETCHES: Final = "sketch-"
"""What the ids of the studio's own looks begin with, and no other's: by it a picture tells that no AI drew it, also once its model is gone."""


@dataclass(frozen=True, slots=True)
class ImageModel:
    """One model, all that may be asked of it, and what a picture costs."""

    id: str
    provider: str
    title: str
    maker: str
    note: str
    """A few words shown beside the title, e.g. that this is not AI."""
    sizes: tuple[Size, ...]
    """The first one is the default."""
    lane: str
    """The queue lane its jobs wait in; models of one account share one."""
    lane_concurrency: int
    price_credits: int
    """Whole credits for one delivered picture."""
    steps: int
    """The largest number of steps `progress` will speak of; 0 when the provider tells nothing before the end."""
    subjects: str = ""
    """What it draws, in a few words such as "landscapes, sea and sky"; "" where it draws whatever is named."""
    lane_per_minute: int | None = None
    """How many calls a minute the account allows in that lane; None when it does not say."""
    max_images: int = limits.IMAGES_MAX
    images_per_call: int = 1
    prompt_max: int = limits.PROMPT_MAX
    any_size: bool = False
    """Whether every width and height between the bounds is drawn, not only the listed sizes."""
    supports_seed: bool = True
    why_no_seed: str = ""
    supports_negative_prompt: bool = False
    why_no_negative_prompt: str = ""
    """Shown instead of the field when it is not supported, so that nothing is dropped silently."""
    guidance_offered: Span | None = None
    """How closely the words may be told to be followed; None when that cannot be chosen."""
    steps_offered: Span | None = None
    """How many steps it may be told to take, in whole numbers; None when that cannot be chosen. Not what `steps` speaks of."""
    supports_reference: bool = False
    """Whether it may be given a picture to go by."""
    why_no_reference: str = ""
    supports_strength: bool = False
    """Whether it may be told how far to leave that picture."""
    supports_mask: bool = False
    """Whether it may be told to draw a part of that picture anew and leave the rest."""
    why_no_mask: str = ""
    mask_form: MaskForm = "white"
    """How it is told which part that is."""
    draws_transparency: bool = False
    """Whether it leaves the ground of a picture out when asked to."""
    price_source: str = ""
    """Who says what a picture costs at the provider, and how that became credits."""
    price_checked: str = ""
    """The day somebody looked, as 2026-11-28."""
    is_drawn_here: bool = False
    """Whether its bytes come from our own code in our own children; everybody else's are re-made there before a browser sees them."""
    delivery: Delivery = "stream"
    idempotency: Idempotency = "none"
    """What may be done when a request left and its answer never came: `none`, nobody can say what became of it; `key`, `submit` with the
    same `DrawRequest.key` is charged once; `query`, the key names the drawing there, and `poll` of a handle with it as reference tells.
    """
    stopped_by: str = ""
    """Whom to tell, as people call them, that a drawing shall stop which waits or is drawn there: whoever knows its name may, long after
    `submit`. "" where nobody can be told.
    """
    timeout_s: float = 60.0

    @property
    def lane_terms(self) -> LaneTerms:
        """What its account allows."""
        return LaneTerms(self.lane_concurrency, self.lane_per_minute, is_remote=not self.is_drawn_here)

    def draws(self, width: int, height: int) -> bool:
        """Whether this size may be asked for."""
        if self.any_size:
            return all(limits.SIDE_MIN <= side <= limits.SIDE_MAX for side in (width, height))
        return any((size.width, size.height) == (width, height) for size in self.sizes)

    def price_of(self, count: int) -> int:
        """Whole credits for `count` delivered pictures."""
        return self.price_credits * count


class Room(Protocol):
    """A place for the bytes of one drawing, of which this process has few: whoever has none leaves them in the network."""

    async def take(self) -> None:
        """Wait for a place and have it; at once for whoever has it already."""
        ...

    def leave(self) -> None:
        """Have it no more. Safe to repeat."""
        ...


@dataclass(frozen=True, slots=True)
class DrawRequest:
    """One call to a provider. `model` is an `ImageModel.id`; `count` never exceeds its `images_per_call`."""

    model: str
    prompt: str
    negative_prompt: str
    seed: int
    width: int
    height: int
    count: int = 1
    guidance: float | None = None
    steps: int | None = None
    """None leaves this and the guidance to the model."""
    reference: bytes | None = field(default=None, repr=False)
    """A picture to go by: PNG, JPEG or WebP of at most `limits.REFERENCE_MAX_BYTES`."""
    strength: float = STRENGTH_USUAL
    """How far the drawing may leave that picture: 0 keeps it, 1 forgets it."""
    mask: bytes | None = field(default=None, repr=False)
    """Which part of that picture is drawn anew: a PNG of the same size, in the model's `mask_form`."""
    is_transparent: bool = False
    key: str = ""
    """Names this call and nothing else in the world; a call that is made again has the same. Used as `ImageModel.idempotency` says."""
    callback_url: str = ""
    """Where a provider with `delivery="webhook"` reports the end; ignored by the others."""
    before_sending: Callable[[], Awaitable[None]] | None = field(default=None, repr=False, compare=False)
    """Awaited by whoever charges, once, when the connection stands and no byte of the request has left. If it raises, none leaves."""
    room: Room | None = field(default=None, repr=False, compare=False)
    """Taken by whoever stays on the line, once its answer has begun and before the picture in it is read; left by whoever asked."""


@dataclass(frozen=True, slots=True)
class Handle:
    """A drawing that was asked for. The reference is all that outlives this process; what else is known of it may be kept in `facts`."""

    provider: str
    model: str
    reference: str
    facts: Mapping[str, str] = field(default_factory=lambda: _NOTHING)


@dataclass(frozen=True, slots=True)
class Health:
    """What a provider said when it was asked, free of charge: models of ours it does not know, and how long the answer took; 0 when
    nobody outside was asked.
    """

    not_offered: tuple[str, ...] = ()
    seconds: float = 0.0
    balance: str = ""
    """What is left of the account there, in its own words such as "64 credits"; "" where it does not say."""


@dataclass(frozen=True, slots=True)
class Progress:
    """One real step: `1 <= step <= steps`, and a small picture of it (WebP, PNG or JPEG) when there is one."""

    step: int
    steps: int
    preview: bytes | None = None


class Provider(Protocol):
    """Draws pictures. Every method may raise one of the kinds in `providers.errors` and nothing else of its own."""

    @property
    def name(self) -> str:
        """The same word as in `ImageModel.provider`."""
        ...

    @property
    def models(self) -> tuple[ImageModel, ...]:
        """What it offers, in the order to show."""
        ...

    async def submit(self, request: DrawRequest) -> Handle:
        """Ask for the pictures. Returns without waiting for them. Not safe to repeat unless `request.key` is honoured."""
        ...

    def progress(self, handle: Handle) -> AsyncIterator[Progress]:
        """The steps as they happen, until the drawing ends; closing the iterator gives the drawing up."""
        ...

    async def poll(self, handle: Handle) -> Standing:
        """Where the drawing stands; `lost` when this provider no longer knows it, then it has to be submitted again."""
        ...

    async def cancel(self, handle: Handle) -> None:
        """Have it stopped if it still can be. Safe to repeat, and on a drawing that has ended or is unknown.

        Whether it was stopped is told by `poll`, at once or a little later: that this returns says only that the wish was heard.
        """
        ...

    async def fetch(self, handle: Handle) -> list[bytes]:
        """The pictures as files, in order, waiting for them if need be. Once only: the provider may forget them afterwards."""
        ...

    async def check(self) -> Health:
        """Ask the cheapest honest question there is, never one that is charged: is it reached, is the key good, are the models there?

        Answers within seconds; a failure's kind says what is wrong, and `Unavailable` with code `provider_slow` that it took too long.
        """
        ...
