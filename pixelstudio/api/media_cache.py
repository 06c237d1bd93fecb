"""What this process remembers of pictures it handed out: who may see which bytes, and the bytes of small renditions."""

from __future__ import annotations

from collections import OrderedDict
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

from pixelstudio.core.events import CACHES_TOPIC, Resync
from pixelstudio.features.gallery.events import PostPublished
from pixelstudio.features.images.events import ImageDeleted, ImageVisibilityChanged

if TYPE_CHECKING:
    from pixelstudio.core.events import Bus
    from pixelstudio.core.ids import UserId
    from pixelstudio.features.images.views import StoredBytes

ENTRIES_MAX: Final = 4_096
BYTES_MAX: Final = 16 * 1024 * 1024
ITEM_MAX: Final = 256 * 1024


class MediaCache:
    """Answers of `rendition_for` by viewer, image and variant. It forgets a picture before it answers anybody after the fact."""

    def __init__(self, bus: Bus) -> None:
        self._listening = ExitStack()
        self._bus = bus
        self._facts = self._listening.enter_context(bus.subscribe(CACHES_TOPIC, capacity=1024))
        self._forgot_at = 0
        """How many facts this process had heard when it last forgot a picture."""
        self._entries: OrderedDict[tuple[UserId | None, str, str], StoredBytes] = OrderedDict()
        self._bytes: OrderedDict[str, bytes] = OrderedDict()
        self._bytes_held = 0

    def known(self, viewer: UserId | None, image_id: str, variant: str) -> StoredBytes | None:
        """What was allowed before and is still true."""
        self._catch_up()
        key = (viewer, image_id, variant)
        entry = self._entries.get(key)
        if entry is not None:
            self._entries.move_to_end(key)
        return entry

    def remember(self, viewer: UserId | None, image_id: str, variant: str, stored: StoredBytes, *, since: int) -> None:
        """Keep what was read from a view of the database that was opened when this process had heard `since` facts (`Reader.heard`).

        Nothing is kept when a picture was forgotten meanwhile, for whomever: it may be this one.
        """
        self._catch_up()
        if self._forgot_at > since:
            return
        self._entries[viewer, image_id, variant] = stored
        while len(self._entries) > ENTRIES_MAX:
            self._entries.popitem(last=False)

    def bytes_of(self, digest: str) -> bytes | None:
        """Bytes kept in memory; the digest says what they are, so they never grow old."""
        data = self._bytes.get(digest)
        if data is not None:
            self._bytes.move_to_end(digest)
        return data

    def keep_bytes(self, digest: str, data: bytes) -> None:
        """Keep small bytes, and let the longest unused go."""
        if len(data) > ITEM_MAX or digest in self._bytes:
            return
        self._bytes[digest] = data
        self._bytes_held += len(data)
        while self._bytes_held > BYTES_MAX:
            self._bytes_held -= len(self._bytes.popitem(last=False)[1])

    def close(self) -> None:
        """Stop listening."""
        self._listening.close()

    def _catch_up(self) -> None:
        for fact in self._facts.take():
            match fact:
                case Resync():
                    self._forgot_at = self._bus.heard
                    self._entries.clear()
                case ImageDeleted(image_id=image_id) | ImageVisibilityChanged(image_id=image_id) | PostPublished(image_id=image_id):
                    self._forgot_at = self._bus.heard
                    for key in [key for key in self._entries if key[1] == image_id]:
                        del self._entries[key]
                case _:
                    pass
