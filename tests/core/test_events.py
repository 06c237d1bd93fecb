"""The bus: by topic, once each, never blocking, never silently losing."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest

from pixelstudio.core.events import Bus, Event, Resync, event_kind, rebuild


@event_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class DoorOpened(Event):
    """A fact of these tests."""

    name = "door.opened"
    door: int

    def topics(self) -> tuple[str, ...]:
        return ("doors", f"door:{self.door}")


@event_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class GuestArrived(Event):
    """A fact of these tests that somebody waits for."""

    name = "guest.arrived"
    is_awaited = True

    def topics(self) -> tuple[str, ...]:
        return ("doors",)


async def test_a_listener_to_two_topics_hears_a_fact_once() -> None:
    bus = Bus()
    with bus.subscribe("doors", "door:1") as subscription:
        bus.publish(DoorOpened(door=1))

        assert await subscription.get_batch(0) == [DoorOpened(door=1)]


async def test_a_listener_hears_nothing_of_other_topics() -> None:
    bus = Bus()
    with bus.subscribe("door:2") as subscription:
        bus.publish(DoorOpened(door=1))

        with pytest.raises(TimeoutError):
            await asyncio.wait_for(subscription.get_batch(0), 0.05)


async def test_a_full_queue_becomes_one_resync() -> None:
    bus = Bus()
    with bus.subscribe("doors", capacity=3) as subscription:
        for n in range(4):
            bus.publish(DoorOpened(door=n))

        assert await subscription.get_batch(0) == [Resync()]


async def test_the_first_fact_comes_at_once_and_the_next_are_gathered() -> None:
    bus = Bus()
    loop = asyncio.get_running_loop()
    with bus.subscribe("doors") as subscription:
        bus.publish(DoorOpened(door=0))
        begun = loop.time()
        await subscription.get_batch(5)
        assert loop.time() - begun < 2.5

        bus.publish(DoorOpened(door=1))
        loop.call_later(0.05, bus.publish, DoorOpened(door=2))
        assert await subscription.get_batch(0.2) == [DoorOpened(door=1), DoorOpened(door=2)]


async def test_what_somebody_waits_for_comes_at_once_with_all_that_was_held_back() -> None:
    bus = Bus()
    with bus.subscribe("doors") as subscription:
        bus.publish(DoorOpened(door=0))
        await subscription.get_batch(600)

        bus.publish(DoorOpened(door=1))
        asyncio.get_running_loop().call_later(0.02, bus.publish, GuestArrived())
        assert await asyncio.wait_for(subscription.get_batch(600), 30) == [DoorOpened(door=1), GuestArrived()]

        bus.publish(DoorOpened(door=2))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(subscription.get_batch(600), 0.05)


def test_nobody_is_left_listening_after_the_block() -> None:
    bus = Bus()
    with bus.subscribe("doors"):
        assert bus.has_listeners("doors")

    assert not bus.has_listeners("doors")


def test_a_fact_survives_the_outbox() -> None:
    fact = DoorOpened(door=4)

    assert rebuild("door.opened", {**fact.to_json(), "added_by_a_newer_release": 1}) == fact
    assert rebuild("door.unknown", {}) is None


def test_a_name_belongs_to_one_kind() -> None:
    with pytest.raises(ValueError, match="taken"):

        @event_kind
        @dataclass(frozen=True, slots=True, kw_only=True)
        class Impostor(Event):
            name = "door.opened"
