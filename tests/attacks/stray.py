"""A state full of mistakes, for a server whose check before the start was taken out: what Reflex opens to browsers by itself."""

from __future__ import annotations

import time

import reflex as rx


class Stray(rx.State):
    """Nobody guarded anything here."""

    credits: int = 0
    plan: str = "free"
    theme: str = rx.LocalStorage("light")
    _purse: str = "of nobody's business"

    def mint(self, n: int) -> None:
        """A helper somebody forgot to hide."""
        self.credits += n

    @rx.event
    def pay_in(self, n: int) -> None:
        """Reflex was told of it, and nobody else."""
        self.credits += n

    def set_plan(self, plan: str) -> None:
        """What `setvar` reaches."""
        self.plan = plan

    def block(self, seconds: float) -> None:
        """Plain, so everybody waits."""
        time.sleep(seconds)

    def explode(self, word: str) -> None:
        """Fails, and says what it was given."""
        raise RuntimeError(word)
