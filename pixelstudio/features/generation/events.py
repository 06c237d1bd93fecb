"""Facts about sets and slots; all of them are heard by their owner alone."""

from __future__ import annotations

from dataclasses import dataclass

from pixelstudio.core.events import Event, event_kind


@event_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationQueued(Event):
    """A set was submitted."""

    name = "generation.queued"
    generation_id: str
    account_id: str
    count: int

    def topics(self) -> tuple[str, ...]:
        return (f"user:{self.account_id}",)


@event_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class PictureDrawn(Event):
    """A slot became a picture."""

    name = "generation.picture_drawn"
    is_awaited = True
    generation_id: str
    account_id: str
    slot: int
    image_id: str

    def topics(self) -> tuple[str, ...]:
        return (f"user:{self.account_id}",)


@event_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class SlotEnded(Event):
    """A slot ended without a picture: `outcome` is failed or cancelled. Nothing was charged for it."""

    name = "generation.slot_ended"
    is_awaited = True
    generation_id: str
    account_id: str
    slot: int
    outcome: str

    def topics(self) -> tuple[str, ...]:
        return (f"user:{self.account_id}",)


@event_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class SlotUnknown(Event):
    """Nobody can say whether the provider drew a slot: its credits stay held until that is decided, at the latest a day later."""

    name = "generation.slot_unknown"
    is_awaited = True
    generation_id: str
    account_id: str
    slot: int

    def topics(self) -> tuple[str, ...]:
        return (f"user:{self.account_id}",)


@event_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class SlotRecalled(Event):
    """Whoever draws a slot that was called off has been asked to stop, or could not be asked. It has not ended by that."""

    name = "generation.slot_recalled"
    is_awaited = True
    generation_id: str
    account_id: str
    slot: int

    def topics(self) -> tuple[str, ...]:
        return (f"user:{self.account_id}",)


@event_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationEnded(Event):
    """The last slot of a set ended: so many pictures came, so many credits were used and given back."""

    name = "generation.ended"
    generation_id: str
    account_id: str
    pictures: int
    credits_used: int
    credits_returned: int

    def topics(self) -> tuple[str, ...]:
        return (f"user:{self.account_id}",)


@event_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class AskedAgain(Event):
    """What a set did not bring, or some of it, was asked for again, in another set."""

    name = "generation.asked_again"
    generation_id: str
    account_id: str

    def topics(self) -> tuple[str, ...]:
        return (f"user:{self.account_id}",)
