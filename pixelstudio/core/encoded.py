"""Bytes of an answer in both forms, as they are and compressed, and the validator of each: made once, sent often."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

PAGES_KEPT: Final = 256
_LEVEL: Final = 6
_ETAG_CHARACTERS: Final = 22


@dataclass(frozen=True, slots=True)
class Encoded:
    """What is sent to whoever takes it compressed, and to everybody else. `packed` is None where packing gains nothing."""

    plain: bytes
    packed: bytes | None
    digest: str

    @classmethod
    def of(cls, plain: bytes) -> Encoded:
        """Pack `plain` unless that makes it no smaller."""
        packed = gzip.compress(plain, _LEVEL, mtime=0)
        return cls(plain, packed if len(packed) < len(plain) else None, hashlib.sha256(plain).hexdigest()[:_ETAG_CHARACTERS])

    def form_for(self, accept_encoding: str) -> tuple[bytes, dict[str, str]]:
        """The bytes for a browser that says so, and their headers: the encoding, and an ETag, for one form is not the other."""
        if self.packed is None:
            return self.plain, {"ETag": f'"{self.digest}"'}
        if not takes_gzip(accept_encoding):
            return self.plain, {"ETag": f'"{self.digest}"', "Vary": "Accept-Encoding"}
        return self.packed, {"ETag": f'"{self.digest}-gz"', "Vary": "Accept-Encoding", "Content-Encoding": "gzip"}


@lru_cache(maxsize=PAGES_KEPT)
def encoded_page(html: str) -> Encoded:
    """`html` in both forms. The pages asked for last are not packed again."""
    return Encoded.of(html.encode())


def takes_gzip(accept_encoding: str) -> bool:
    """Whether a browser that sent this header takes gzip; one it gives no weight to it does not."""
    for entry in accept_encoding.lower().split(","):
        name, _, weight = entry.partition(";")
        if name.strip() == "gzip":
            return weight.replace(" ", "").rstrip("0.") != "q="
    return False
