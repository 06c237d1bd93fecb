"""The fingerprint of a picture: 64 bits of what it looks like, which change little when it is made smaller, re-encoded or stripped.

The perceptual hash of Zauner (Implementation and Benchmarking of Perceptual Image Hash Functions, 2010): 32 x 32 grey values, their
discrete cosine transform, and for each of the 64 lowest frequencies but the mean whether it lies above their median. `likeness` makes
them, in a child; here they are compared.
"""

from __future__ import annotations

from typing import Final

BITS: Final = 64
NEAR: Final = 10
"""Two pictures are taken for copies up to so many different bits: re-encoded ones differ in 0 to 6, unrelated ones in 20 to 44."""
FLAT: Final = 0
"""The fingerprint of a picture without anything to tell it by."""


def distance(one: int, other: int) -> int:
    """In how many of the 64 bits two fingerprints differ."""
    return (one ^ other).bit_count()


def as_column(bits: int) -> int:
    """64 bits as the signed number a database keeps."""
    return bits - (1 << BITS) if bits >> (BITS - 1) else bits


def from_column(number: int) -> int:
    """The reverse of `as_column`."""
    return number % (1 << BITS)
