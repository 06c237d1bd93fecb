"""Striking a process at its waits: a coroutine is driven step by step, and at every `await` that really waits somebody may end it.

A wait has two sides, and both are struck: what was asked for has been handed over and is not done yet, or it is done and nobody has
looked at the answer. So no point between a job's claim and its last commit needs to be named to be tried.
"""

from __future__ import annotations

import types
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Generator

R = TypeVar("R")
_ROOT = Path(__file__).resolve().parents[2]
OURS = {_ROOT / "pixelstudio", _ROOT / "pixelstudio" / "features", _ROOT / "tests"}


@types.coroutine
def watched(work: Coroutine[Any, Any, R], at_wait: Callable[[str], None]) -> Generator[Any, Any, R]:
    """Await `work`, and call `at_wait` with the place on both sides of each of its waits."""
    answer, raised = None, None
    while True:
        try:
            waited_for = work.send(answer) if raised is None else work.throw(raised)
        except StopIteration as end:
            return end.value
        place = place_of(work)
        at_wait(f"in {place}")
        answer, raised = None, None
        try:
            answer = yield waited_for
        except GeneratorExit:
            work.close()
            raise
        except BaseException as error:  # noqa: BLE001  # a cancellation on its way to the work, which decides what becomes of it
            raised = error
        at_wait(f"after {place}")


def place_of(work: Any) -> str:
    """Who of the queue or the drawing waits, and for which function of ours; as far as the chain of awaits can be followed."""
    waiting, names, last = work, list[str](), ""
    while (code := getattr(waiting, "cr_code", None)) is not None:
        path = Path(code.co_filename)
        if OURS & {path.parent, path.parent.parent}:
            last = code.co_qualname
        if path.parent.name in {"jobs", "generation", "chaos"}:
            names = [code.co_qualname]
        waiting = waiting.cr_await
    return ": ".join(dict.fromkeys([*names, last])) or "?"
