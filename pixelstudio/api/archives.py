"""A zip archive as a stream: each file goes out while it is read, so that an archive of any size takes little memory."""

from __future__ import annotations

import zipfile
from collections.abc import AsyncIterator
from datetime import UTC
from typing import IO, TYPE_CHECKING, cast

if TYPE_CHECKING:
    from datetime import datetime

    from pixelstudio.features.belongings.export import ExportedFile


class _Pipe:
    """What the archive writes to: it cannot go back, and hands on what came."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        pass

    def taken(self) -> bytes:
        """Everything since the last time."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


async def zipped(files: AsyncIterator[ExportedFile], at: datetime) -> AsyncIterator[bytes]:
    """The archive in pieces, its files dated `at`. Texts are compressed; pictures are so already."""
    pipe = _Pipe()
    with zipfile.ZipFile(cast("IO[bytes]", pipe), "w") as archive:  # it needs no more of a file than this
        async for file in files:
            about = zipfile.ZipInfo(file.name, at.astimezone(UTC).timetuple()[:6])
            about.compress_type = zipfile.ZIP_DEFLATED if file.is_text else zipfile.ZIP_STORED
            about.external_attr = 0o600 << 16
            with archive.open(about, "w") as entry:
                async for piece in file.pieces:
                    entry.write(piece)
                    if came := pipe.taken():
                        yield came
    yield pipe.taken()
