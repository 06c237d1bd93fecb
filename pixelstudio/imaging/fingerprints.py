"""The fingerprint of a picture: 64 bits of what it looks like, which change little when it is made smaller, re-encoded or stripped.

The perceptual hash of Zauner (Implementation and Benchmarking of Perceptual Image Hash Functions, 2010): 32 x 32 grey values, their
discrete cosine transform, and for each of the 64 lowest frequencies but the mean whether it lies above their median. `likeness` makes
them, in a child; here they are compared, and cut into bands: of two that differ in at most `NEAR` of 64 bits, one of four bands differs in
at most two of its sixteen, so that an index over bands finds all of them by looking up a few hundred values (Norouzi, Punjani and Fleet,
Fast Exact Search in Hamming Space with Multi-Index Hashing, 2014).
"""

from __future__ import annotations

import itertools
from typing import Final

BITS: Final = 64
NEAR: Final = 10
"""Two pictures are taken for copies up to so many different bits: re-encoded ones differ in 0 to 6, unrelated ones in 20 to 44."""
FLAT: Final = 0
"""The fingerprint of a picture without anything to tell it by."""
BANDS: Final = 4
_BAND_BITS: Final = BITS // BANDS
_OFF: Final = tuple(
    sum(1 << at for at in places) for count in range(NEAR // BANDS + 1) for places in itertools.combinations(range(_BAND_BITS), count)
)
"""How a band of sixteen bits may be off by none, one or two of them: 137 ways."""


def distance(one: int, other: int) -> int:
    """In how many of the 64 bits two fingerprints differ."""
    return (one ^ other).bit_count()


def as_column(bits: int) -> int:
    """64 bits as the signed number a database keeps."""
    return bits - (1 << BITS) if bits >> (BITS - 1) else bits


def from_column(number: int) -> int:
    """The reverse of `as_column`."""
    return number % (1 << BITS)


def bands_of(bits: int) -> tuple[int, ...]:
    """The four bands of a fingerprint, the highest first; each 0 to 65,535."""
    return tuple(bits >> shift & (1 << _BAND_BITS) - 1 for shift in range(BITS - _BAND_BITS, -1, -_BAND_BITS))


def bands_near(band: int) -> list[int]:
    """Every value this band may have in a picture that is near."""
    return [band ^ off for off in _OFF]
