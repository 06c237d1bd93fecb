"""The program of one child: takes tasks from its standard input, answers over the same socket.

A task is a plain generator function of ours, named "package.module:function"; each step it yields is sent at once. The child ends
when its parent closes the channel or dies.
"""

from __future__ import annotations

import importlib
import json
import os
import socket
from typing import TYPE_CHECKING, Any, cast

from pixelstudio.core.collection import collect_seldom
from pixelstudio.core.errors import Invalid
from pixelstudio.imaging import frames
from pixelstudio.imaging.confinement import Limits, allow_cpu, confine, die_with, give_way, leave_the_network

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Task = Callable[[frames.Facts, list[bytes]], Iterator[tuple[frames.Facts, list[bytes]]]]


def main(argument: str) -> None:
    """Warm up, say `ready`, then answer tasks one after the other until the channel closes."""
    collect_seldom()
    start = json.loads(argument)
    die_with(int(start["parent_pid"]))
    leave_the_network()
    limits = Limits(int(start["memory_mb"]), int(start["cpu_s"]), int(start["niceness"]))
    has_given_way = give_way(limits.niceness)
    channel = _take_channel()
    prefixes = tuple(cast("list[str]", start["prefixes"]))
    _preload(cast("list[str]", start["preload"]))
    if not has_given_way:
        give_way(limits.niceness)
    confine(limits)
    frames.send(channel, frames.Frame("ready"))
    while (request := frames.receive(channel)) is not None:
        allow_cpu(limits.cpu_s)
        if not _answer(channel, request, prefixes):
            return


def _take_channel() -> socket.socket:
    """Keep the socket for ourselves: a library that reads or prints must not get between the frames."""
    channel = socket.socket(fileno=os.dup(0))
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    channel.setblocking(True)  # noqa: FBT003  the flag is the whole of this standard call
    return channel


def _preload(modules: list[str]) -> None:
    for name in modules:
        module = importlib.import_module(name)
        if name == "cv2":
            cast("Any", module).setNumThreads(1)  # two cores, several children: threads inside one only cost


def _answer(channel: socket.socket, request: frames.Frame, prefixes: tuple[str, ...]) -> bool:
    """Run one task; False when the child should end afterwards because its memory is spent."""
    try:
        task = _task_of(str(request.facts["task"]), prefixes)
        for facts, blobs in task(request.facts["arguments"], list(request.blobs)):
            frames.send(channel, frames.Frame("step", facts, tuple(blobs)))
    except Invalid as error:
        frames.send(channel, frames.Frame("refused", _facts_of(error)))
    except MemoryError:
        frames.send(channel, frames.Frame("memory"))
        return False
    except Exception as error:  # noqa: BLE001  the edge of this process: the parent decides what a failure means
        frames.send(channel, _failure(error))
    else:
        frames.send(channel, frames.Frame("end"))
    return True


def _task_of(task: str, prefixes: tuple[str, ...]) -> Task:
    module, _, function = task.partition(":")
    if not module.startswith(prefixes):
        raise LookupError(f"not one of our tasks: {task[:100]}")
    return cast("Task", getattr(importlib.import_module(module), function))


def _facts_of(error: Invalid) -> frames.Facts:
    kind, reason = type(error), str(error.fields.get("reason", ""))[:500]
    told = {"sentence": error.sentence, "code": error.code, "field": error.field, "reason": reason}
    return {"error": f"{kind.__module__}:{kind.__qualname__}", **told}


def _failure(error: Exception) -> frames.Frame:
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    where = f"{last.tb_frame.f_globals.get('__name__')}:{last.tb_lineno}" if last else ""
    return frames.Frame("failed", {"error": type(error).__name__, "message": str(error)[:500], "where": where})
