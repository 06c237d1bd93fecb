"""Bytes of an answer in each of its forms, as they are and compressed, and the validator of each: made once, sent often."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final, Literal

PAGES_KEPT: Final = 256
_LEVEL: Final = 6
_ETAG_CHARACTERS: Final = 22


@dataclass(frozen=True)
class Encoded:
    """What is sent to whoever takes it compressed, and to everybody else. A form is None where it gains nothing."""

    plain: bytes
    digest: str
    brotli: bytes | None = None

    @classmethod
    def of(cls, plain: bytes, brotli: bytes | None = None) -> Encoded:
        """Brotli, a sixth smaller than gzip, only who built the pages can have made."""
        digest = hashlib.sha256(plain).hexdigest()[:_ETAG_CHARACTERS]
        return cls(plain, digest, _smaller(brotli, plain) if brotli else None)

    @cached_property
    def packed(self) -> bytes | None:
        """Made when somebody first asks for it: where there is Brotli hardly anybody does, and all at once they would hold up a start."""
        return _smaller(gzip.compress(self.plain, _LEVEL, mtime=0), self.plain)

    def form_for(self, accept_encoding: str) -> tuple[bytes, dict[str, str]]:
        """The bytes for a browser that says so, and their headers: the encoding, and an ETag, for one form is not the other."""
        if self.brotli is not None and takes(accept_encoding, "br"):
            return self.brotli, {"ETag": f'"{self.digest}-br"', "Vary": "Accept-Encoding", "Content-Encoding": "br"}
        if takes(accept_encoding, "gzip") and self.packed is not None:
            return self.packed, {"ETag": f'"{self.digest}-gz"', "Vary": "Accept-Encoding", "Content-Encoding": "gzip"}
        varies = {} if self.brotli is None and self.packed is None else {"Vary": "Accept-Encoding"}
        return self.plain, {"ETag": f'"{self.digest}"', **varies}


@lru_cache(maxsize=PAGES_KEPT)
def encoded_page(html: str) -> Encoded:
    """`html` in both forms. The pages asked for last are not packed again."""
    return Encoded.of(html.encode())


def takes(accept_encoding: str, coding: Literal["gzip", "br"]) -> bool:
    """Whether a browser that sent this header takes a coding; one it gives no weight to it does not."""
    for entry in accept_encoding.lower().split(","):
        name, _, weight = entry.partition(";")
        if name.strip() == coding:
            return weight.replace(" ", "").rstrip("0.") != "q="
    return False


def _smaller(packed: bytes, than: bytes) -> bytes | None:
    return packed if len(packed) < len(than) else None
