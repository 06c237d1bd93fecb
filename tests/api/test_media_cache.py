"""What is remembered of pictures that were handed out: never longer than it is true, whoever heard that it is not."""

from __future__ import annotations

import pytest

from pixelstudio.api.media_cache import MediaCache
from pixelstudio.core.events import Bus
from pixelstudio.features.images.events import ImageVisibilityChanged
from pixelstudio.features.images.views import StoredBytes

SMALL = StoredBytes("digest", "image/webp", 9, 256, 256, is_public=True, title="a harbour")


@pytest.fixture
def bus():
    return Bus()


@pytest.fixture
def cache(bus):
    opened = MediaCache(bus)
    yield opened
    opened.close()


def hidden(image_id):
    return ImageVisibilityChanged(image_id=image_id, owner_id="ines", visibility="private")


def test_a_picture_is_forgotten_for_everybody_and_the_others_are_not(bus, cache):
    for viewer, image_id in ((None, "harbour"), ("bob", "harbour"), (None, "dunes")):
        cache.remember(viewer, image_id, "256", SMALL, since=bus.heard)

    bus.publish(hidden("harbour"))

    assert cache.known(None, "harbour", "256") is cache.known("bob", "harbour", "256") is None
    assert cache.known(None, "dunes", "256") == SMALL


def test_who_read_slowly_does_not_bring_back_what_another_has_heard_is_hidden(bus, cache):
    since = bus.heard
    bus.publish(hidden("harbour"))
    assert cache.known("bob", "dunes", "256") is None  # somebody else asks, and hears it first

    cache.remember(None, "harbour", "256", SMALL, since=since)

    assert cache.known(None, "harbour", "256") is None


def test_what_is_read_afterwards_is_remembered_again(bus, cache):
    bus.publish(hidden("dunes"))

    cache.remember(None, "harbour", "256", SMALL, since=bus.heard)

    assert cache.known(None, "harbour", "256") == SMALL
