"""What a look gets to work with: chance, a palette, and the words it may take a hint from."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from pixelstudio.providers.sketch.colour import Palette, palette_for
from pixelstudio.providers.sketch.words import tokens

Stroke = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Subject:
    """The same words, seed and look give the same subject."""

    rng: np.random.Generator
    palette: Palette
    words: frozenset[str]
    prompt: str
    aside: np.random.Generator
    """Chance for what only some words ask for: taken from here, it leaves every other picture as it always was."""

    def speaks_of(self, *hints: str) -> bool:
        """Whether any of the words is one of `hints`, also in the plural."""
        return any(word in hints or word.removesuffix("s") in hints for word in self.words)


def subject_of(prompt: str, seed: int, look: str) -> Subject:
    """Chance begins with SHA-256 over prompt, seed and look."""
    digest = hashlib.sha256(f"{prompt}\0{seed}\0{look}".encode("utf-8", "surrogatepass")).digest()
    rng = np.random.default_rng(int.from_bytes(digest[:16], "big"))
    aside = np.random.default_rng(int.from_bytes(digest[16:], "big"))
    return Subject(rng, palette_for(prompt, rng), frozenset(tokens(prompt)), prompt, aside)
