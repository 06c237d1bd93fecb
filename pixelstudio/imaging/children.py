"""The pool of warm, confined child processes in which everything about foreign bytes and drawing happens.

Two kinds of seats. `size` general ones draw; one urgent seat decodes finished pictures, so that "drawn" becomes "on screen" while
drawings occupy every general seat, and no drawing gives up its place for it. Within a kind, whoever asked first is served first.
Children start on first use, are replaced after a number of tasks or when they have grown, and are killed, never asked, when a caller
turns away early or a limit is reached.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from pixelstudio.core.errors import Invalid, Unavailable
from pixelstudio.imaging import frames
from pixelstudio.imaging.child_handle import Child, json_fact, name_of_signal
from pixelstudio.imaging.confinement import NICENESS, Limits

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

URGENT_NICENESS: Final = 5
START_WALL_S: Final = 30.0
STEPS_MAX: Final = 10_000
GENERAL_PRELOAD: Final = ("numpy", "cv2", "PIL.Image")
URGENT_PRELOAD: Final = ("pixelstudio.imaging.darkroom",)
TASK_PREFIXES: Final = ("pixelstudio.",)


class ChildDied(Unavailable):
    """The child ended in the middle of the task, or broke the agreement on frames; the task may be tried again."""

    default_code = "child_died"


class ChildLimit(Unavailable):
    """The task reached a limit: `fields["limit"]` is wall, cpu, memory or steps. Trying the same again will end the same."""

    default_code = "child_limit"


class TaskFailed(Unavailable):
    """The task raised something unforeseen: a fault of ours; `fields` carry its type, message and place for the log."""

    default_code = "task_failed"


@dataclass(frozen=True, slots=True)
class ChildStep:
    """What a task yields: JSON facts and raw bytes. To be judged like any other foreign input."""

    facts: frames.Facts
    blobs: list[bytes]


@dataclass(slots=True)
class _Bench:
    """The seats of one kind, who lives there and who of them is idle. The semaphore hands seats out in order of asking."""

    size: int
    limits: Limits
    preload: tuple[str, ...]
    seats: asyncio.Semaphore
    alive: set[Child] = field(default_factory=set[Child])
    idle: list[Child] = field(default_factory=list[Child])


class ChildPool:
    """Runs tasks named "pixelstudio.module:function" in children. Belongs to one event loop; `close` ends every child."""

    def __init__(  # noqa: PLR0913  each is a limit with a name, and all have a default
        self,
        size: int = 2,
        *,
        urgent_size: int = 1,
        memory_mb: int = 2048,
        cpu_s: int = 30,
        wall_s: float = 60.0,
        tasks_max: int = 200,
        growth_max_mb: float = 512,
        preload: Sequence[str] = GENERAL_PRELOAD,
        prefixes: Sequence[str] = TASK_PREFIXES,
        python: str = sys.executable,
    ) -> None:
        """`python` is the interpreter of every child, when it is not ours."""
        self._wall_s = wall_s
        self._tasks_max = tasks_max
        self._growth_max_mb = growth_max_mb
        self._general = _Bench(size, Limits(memory_mb, cpu_s, NICENESS), tuple(preload), asyncio.Semaphore(size))
        urgent_limits = Limits(memory_mb, cpu_s, URGENT_NICENESS)
        self._urgent = _Bench(urgent_size, urgent_limits, URGENT_PRELOAD, asyncio.Semaphore(urgent_size))
        self._prefixes = tuple(prefixes)
        self._python = python
        self._closed = False

    async def warm(self) -> None:
        """Start every child that is missing and wait until all have done their imports (about half a second)."""
        benches = (self._general, self._urgent)
        await asyncio.gather(*[self._warm_one(bench) for bench in benches for _ in range(bench.size - len(bench.alive))])

    async def call(
        self, task: str, arguments: frames.Facts, blobs: Sequence[bytes] = (), *, urgent: bool = False, wall_s: float | None = None
    ) -> ChildStep:
        """Run a task to its end and return its last step (an empty one when it yields none). Raises as `stream` does."""
        last = ChildStep({}, [])
        async with aclosing(self.stream(task, arguments, blobs, urgent=urgent, wall_s=wall_s)) as steps:
            async for step in steps:
                last = step
        return last

    async def stream(
        self, task: str, arguments: frames.Facts, blobs: Sequence[bytes] = (), *, urgent: bool = False, wall_s: float | None = None
    ) -> AsyncGenerator[ChildStep]:
        """Run a task and yield its steps as they come. Leaving early kills the child: wrap in `contextlib.aclosing`.

        `urgent` is for short work on the way to somebody's screen. `wall_s` bounds the time spent waiting for the child, not the time
        the caller takes between steps. Raises Invalid as the task raised it, ChildLimit, ChildDied or TaskFailed.
        """
        request = frames.Frame("run", {"task": task, "arguments": arguments}, tuple(blobs))
        async with self._child(urgent=urgent) as child:
            remaining_s = self._wall_s if wall_s is None else wall_s
            for count in range(STEPS_MAX):
                before = _loop_time()
                frame = await _exchange(child, request, remaining_s, first=count == 0)
                remaining_s -= _loop_time() - before
                if frame.kind != "step":
                    _raise_unless_end(frame, self._prefixes)
                    return
                yield ChildStep(frame.facts, list(frame.blobs))
            raise ChildLimit("The picture took too many steps.", limit="steps")

    def memory_mb(self) -> dict[int, float]:
        """Resident memory of each living child by its process id."""
        return {child.pid: child.rss_mb() for bench in (self._general, self._urgent) for child in bench.alive}

    async def close(self) -> None:
        """Kill every child and wait until the system has buried them. Safe to repeat; later calls raise Unavailable."""
        self._closed = True
        for bench in (self._general, self._urgent):
            for child in list(bench.alive):
                await self._end(bench, child)

    async def _warm_one(self, bench: _Bench) -> None:
        async with bench.seats:
            if len(bench.alive) < bench.size:
                bench.idle.append(await self._start(bench))

    def _bench_for(self, *, urgent: bool) -> _Bench:
        if urgent and self._urgent.size and (not self._urgent.seats.locked() or self._general.seats.locked()):
            return self._urgent
        return self._general

    @asynccontextmanager
    async def _child(self, *, urgent: bool) -> AsyncGenerator[Child]:
        """Lend a ready child. It goes back to its seat only after a task that ended in order."""
        bench = self._bench_for(urgent=urgent)
        async with bench.seats:
            child = await self._idle_or_new(bench)
            try:
                yield child
            except (Invalid, TaskFailed):
                await self._seat_again(bench, child)
                raise
            except BaseException:
                await self._end(bench, child)
                raise
            await self._seat_again(bench, child)

    async def _idle_or_new(self, bench: _Bench) -> Child:
        while bench.idle:
            child = bench.idle.pop()
            if child.ended_by() is None:
                return child
            await self._end(bench, child)
        return await self._start(bench)

    async def _start(self, bench: _Bench) -> Child:
        if self._closed:
            raise Unavailable("The studio is closing; try again in a moment.")
        try:
            child = Child.start(bench.limits, bench.preload, self._prefixes, self._python)
        except OSError as error:
            raise _not_started(error.errno) from error
        bench.alive.add(child)
        try:
            async with asyncio.timeout(START_WALL_S):
                await child.wait_ready()
        except BaseException as error:
            status = await self._end(bench, child)
            if isinstance(error, (TimeoutError, frames.FrameBroken, OSError)):
                raise _not_started(status) from error
            raise
        return child

    async def _seat_again(self, bench: _Bench, child: Child) -> None:
        child.tasks += 1
        grown_mb = child.rss_mb() - child.rss_mb_when_ready
        if self._closed or child.tasks >= self._tasks_max or grown_mb > self._growth_max_mb:
            await self._end(bench, child)
        else:
            bench.idle.append(child)

    @staticmethod
    async def _end(bench: _Bench, child: Child) -> int | None:
        child.kill()
        bench.alive.discard(child)
        return await child.reap()


async def _exchange(child: Child, request: frames.Frame, remaining_s: float, *, first: bool) -> frames.Frame:
    """Send the request if it is still to be sent, and receive the next frame; outside failures become ours here."""
    try:
        async with asyncio.timeout(remaining_s):
            if first:
                await child.send(request)
            return await child.receive()
    except TimeoutError as error:
        raise ChildLimit("The picture took too long.", limit="wall") from error
    except (OSError, frames.FrameBroken) as error:
        child.kill()
        raise _death(await child.reap()) from error


def _not_started(status: int | None) -> ChildDied:
    return ChildDied("The picture workshop could not be opened; try again in a moment.", code="child_not_started", status=status)


def _death(status: int | None) -> ChildDied | ChildLimit:
    if status == -signal.SIGXCPU:
        return ChildLimit("The picture took too much work.", limit="cpu")
    return ChildDied("The picture workshop stopped in the middle; try again.", ended_by=name_of_signal(status))


def _raise_unless_end(frame: frames.Frame, prefixes: tuple[str, ...]) -> None:
    match frame.kind:
        case "end":
            return
        case "refused":
            raise _invalid(frame.facts, prefixes)
        case "memory":
            raise ChildLimit("The picture needs too much memory.", limit="memory")
        case "failed":
            message = "The picture could not be made; this is our fault. Try again."
            fields = {key: json_fact(frame.facts, key, 500) for key in ("error", "message", "where")}
            raise TaskFailed(message, **fields)
        case _:
            raise ChildDied("The picture workshop stopped in the middle; try again.", ended_by="unknown frame")


def _invalid(facts: frames.Facts, prefixes: tuple[str, ...]) -> Invalid:
    """Rebuild an error of ours. Only classes below Invalid that are already loaded here can be named, so a child cannot pick code."""
    module, _, name = json_fact(facts, "error", 200).partition(":")
    named: Any = getattr(sys.modules.get(module), name, None) if module.startswith(prefixes) else None
    kind = named if isinstance(named, type) and issubclass(named, Invalid) else Invalid
    sentence = json_fact(facts, "sentence", 500) or "This picture cannot be used."
    reason = {"reason": said} if (said := json_fact(facts, "reason", 500)) else {}
    return kind(sentence, code=json_fact(facts, "code", 100) or None, field=json_fact(facts, "field", 100) or None, **reason)


def _loop_time() -> float:
    return asyncio.get_running_loop().time()
