"""Zips, sent as they are made: one picture in memory at a time, stored as it is, and the length known before the first byte.

Pictures are compressed already. Sizes and checks stand before each file and not behind it, which every unpacker takes.
Source: PKWARE APPNOTE.TXT 6.3.10, sections 4.3.7 (local header), 4.3.12 (central directory) and 4.3.16 (its end).
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from datetime import datetime

    from pixelstudio.storage.contract import Storage

_LOCAL: Final = struct.Struct("<4s5H3I2H")
_CENTRAL: Final = struct.Struct("<4s6H3I5H2I")
_END: Final = struct.Struct("<4s4H2IH")
_VERSION: Final = 20
_READABLE: Final = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class Zipped:
    """One file of a zip: its ASCII name, and where its bytes are."""

    name: str
    digest: str
    size_bytes: int


def size_of(files: Sequence[Zipped]) -> int:
    """The length of the zip in bytes; under 4 GiB and 65,535 files it needs no extension."""
    return _END.size + sum(_LOCAL.size + _CENTRAL.size + 2 * len(file.name) + file.size_bytes for file in files)


async def zipped(storage: Storage, files: Sequence[Zipped], at: datetime) -> AsyncIterator[bytes]:
    """The bytes of the zip, in order. Ends in an error, and so in a broken download, when bytes are not what their row says."""
    moment, day = at.hour << 11 | at.minute << 5 | at.second // 2, (at.year - 1980) << 9 | at.month << 5 | at.day
    directory: list[bytes] = []
    offset = 0
    for file in files:
        data, name = await storage.get(file.digest), file.name.encode("ascii")
        if len(data) != file.size_bytes:
            msg = "stored bytes have another length than their row says"
            raise ValueError(msg)
        facts = (moment, day, zlib.crc32(data), len(data), len(data), len(name), 0)
        yield _LOCAL.pack(b"PK\x03\x04", _VERSION, 0, 0, *facts) + name
        yield data
        made_on_unix = 3 << 8 | _VERSION
        directory.append(_CENTRAL.pack(b"PK\x01\x02", made_on_unix, _VERSION, 0, 0, *facts, 0, 0, 0, _READABLE, offset) + name)
        offset += _LOCAL.size + len(name) + len(data)
    listing = b"".join(directory)
    yield listing + _END.pack(b"PK\x05\x06", 0, 0, len(files), len(files), len(listing), offset, 0)
