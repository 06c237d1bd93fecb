"""A finding: how one thing stands, in a sentence, and what mends it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["ok", "look", "wrong"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`look`: it works, but somebody should know. `wrong`: people will meet it. Never holds a secret."""

    verdict: Verdict
    about: str
    said: str
    mend: str = ""

    @property
    def line(self) -> str:
        """As it is printed."""
        return f"{self.verdict:<6} {self.about:<10} {self.said}" + (f" Mend: {self.mend}" if self.mend else "")


def ok(about: str, said: str) -> Finding:
    """All is well."""
    return Finding("ok", about, said)


def look(about: str, said: str, mend: str) -> Finding:
    """It works, but somebody should know."""
    return Finding("look", about, said, mend)


def wrong(about: str, said: str, mend: str) -> Finding:
    """Something does not work."""
    return Finding("wrong", about, said, mend)
