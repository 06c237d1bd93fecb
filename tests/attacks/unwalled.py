"""The real server, started as always, in which any one wall can be taken out while it runs: `python -m tests.attacks.unwalled serve`.

A test that a wall holds is worth something when the same attack goes through without it. The tests say which wall is out by writing its
name into a file and knocking; this process answers by writing it into another. Nothing here is a wall: each entry replaces one by nothing.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from queue import SimpleQueue
from typing import Any
from unittest.mock import patch

from pixelstudio.cli import main, serve
from pixelstudio.core.settings import load_settings

ASKED, ANSWERED, KNOCK = "wall-out", "wall-out-now", signal.SIGUSR1
# Shorter than the product's, so that an attack does not take half a minute; the product's own are compared with the limits elsewhere.
HEAD_DEADLINE_S, BODY_GRACE_S, ANSWER_GRACE_S = 1.5, 1.5, 0.5

known: dict[str, Any] = {}


def as_it_is(value: Any, *_others: Any, **_more: Any) -> Any:
    return value


class Everything:
    """Contains whatever is asked for."""

    def __contains__(self, _name: object) -> bool:
        return True


@contextlib.contextmanager
def without_wall(kind: str, name: str) -> Iterator[None]:
    edge = known["edge"]
    walls = tuple(wall for wall in getattr(edge, kind) if wall.__name__ != name)
    with patch.object(edge, kind, walls):
        yield


@contextlib.contextmanager
def with_talkative_log() -> Iterator[None]:
    root, server = logging.getLogger(), logging.getLogger("uvicorn.error")
    filters = [list(handler.filters) for handler in root.handlers]
    with patch.object(server, "level", logging.INFO), patch.object(root, "level", logging.INFO), patch.object(server, "filters", []):
        server._cache.clear()  # type: ignore[attr-defined]  # what is logged at which level is remembered
        for handler in root.handlers:
            handler.filters.clear()
        yield
    for handler, kept in zip(root.handlers, filters, strict=True):
        handler.filters.extend(kept)
    server._cache.clear()  # type: ignore[attr-defined]


@contextlib.contextmanager
def with_failures_told() -> Iterator[None]:
    """As Reflex handles failures by itself in development; of a handler that nobody declared."""
    from reflex.app import default_backend_exception_handler

    app = known["app"]
    with (
        patch.object(app.event_processor, "backend_exception_handler", default_backend_exception_handler),
        patch.dict(os.environ, {"REFLEX_ENV_MODE": "dev"}),
        patch.object(app.event_namespace, "_callable", Everything()),
    ):
        yield


@contextlib.contextmanager
def all_of(*parts: AbstractContextManager[Any]) -> Iterator[None]:
    with contextlib.ExitStack() as stack:
        for part in parts:
            stack.enter_context(part)
        yield


def walls() -> dict[str, Callable[[], AbstractContextManager[Any]]]:
    """Every wall by name, and how to take it out. Made when everything is imported."""
    from pixelstudio.api import auth
    from pixelstudio.core import buckets, lag
    from pixelstudio.edge import answers, bodies, connections, crowd, door
    from pixelstudio.ui import arguments, session, sockets

    edge, lines = known["edge"], known["lines"]
    return {
        "guard": lambda: patch.object(session, "_admitted", lambda _role, actor: actor),
        "names": lambda: patch.object(known["app"].event_namespace, "_callable", Everything()),
        "names and alarm": lambda: all_of(
            patch.object(known["app"].event_namespace, "_callable", Everything()), patch.object(lag.LoopLag, "note", as_it_is)
        ),
        "payloads": lambda: patch.object(sockets, "_payload", lambda _name, payload: payload),
        "arguments": lambda: patch.object(arguments.Arguments, "validated", lambda _self, sent: dict(sent)),
        "tree": lambda: patch.object(sockets.Sockets, "_tree_of", lambda _self, token, _environ: token),
        "uuid": lambda: patch.object(sockets, "_is_uuid", lambda _token: True),
        "one bucket": lambda: patch.object(sockets, "_bucket_of", lambda _environ: buckets.Bucket(20, 40)),
        "member's sockets": lambda: patch.object(sockets, "SOCKETS_PER_MEMBER", 10_000),
        "address's sockets": lambda: patch.object(crowd.Crowd, "socket_wait_s", lambda _self, _address: 0.0),
        "event rate": lambda: patch.object(buckets.Bucket, "take", lambda _self, _cost=1: True),
        "messages": lambda: patch.object(door, "few_short_messages", as_it_is),
        "path": lambda: patch.object(session, "safe_path", as_it_is),
        "next": lambda: patch.object(auth, "safe_next", as_it_is),
        "handshake": lambda: patch.object(door, "_needed", as_it_is),
        "headers": lambda: patch.object(door, "dressed", as_it_is),
        "closed": lambda: patch.object(door, "is_closed", lambda _path: False),
        "origin": lambda: all_of(without_wall("_http_walls", "own_pages"), without_wall("_socket_walls", "own_pages")),
        "host": lambda: all_of(without_wall("_http_walls", "known_host"), without_wall("_http_walls", "one_host")),
        "place": lambda: all_of(
            without_wall("_http_walls", "change_has_a_place"), patch.object(bodies, "body_bound", lambda _path: 1 << 30)
        ),
        "size": lambda: patch.object(bodies, "body_bound", lambda _path: 1 << 30),
        "patience": lambda: all_of(
            patch.object(edge, "_patience", bodies.Patience(9e3, 1, 9e3)), patch.object(lines, "head_deadline_s", 9e3)
        ),
        "slow readers": lambda: patch.object(lines, "answer_grace_s", 9e3),
        "address's connections": lambda: patch.object(connections.Lines, "is_full", lambda _self, _key: False),
        "leaving": lambda: patch.object(sockets.Sockets, "_forget", lambda _self, _sid: None),
        "foreign readers": lambda: patch.object(answers, "_is_unwanted", lambda _name: False),
        "failures": with_failures_told,
        "log": with_talkative_log,
    }


def watch(folder: Path, knocks: SimpleQueue[int]) -> None:
    """Take out what is asked for, one at a time, whenever somebody knocks."""
    table, asked, answered = walls(), folder / ASKED, folder / ANSWERED
    with contextlib.ExitStack() as out:
        while knocks.get():
            wanted = asked.read_text()
            out.pop_all().close()
            if wanted:
                out.enter_context(table[wanted]())
            answered.write_text(wanted)


def before_the_pages(folder: Path) -> None:
    """Let strays in, open Reflex's upload, which the product never mounts, and let Reflex itself show everything to every origin."""
    from pixelstudio.ui import framework

    ours = framework.configuration

    def open_to_all() -> Any:
        configured = ours()
        configured.cors_allowed_origins = ("*",)
        return configured

    patch.object(framework, "configuration", open_to_all).start()
    from reflex._upload import UploadedFilesHeadersMiddleware, upload
    from reflex.app import App
    from starlette.routing import Mount, Route
    from starlette.staticfiles import StaticFiles

    import tests.attacks.stray  # noqa: F401  # registers itself
    from pixelstudio.edge import door
    from pixelstudio.ui import handlers

    is_stray, uploads = handlers._is_stray, folder / "uploads"
    uploads.mkdir(parents=True, exist_ok=True)
    (uploads / "planted.svg").write_text("<svg/>")

    def open_upload(app: Any) -> None:
        read = Mount("/_upload", UploadedFilesHeadersMiddleware(StaticFiles(directory=uploads)))
        app._api.routes[:0] = [Route("/_upload", upload(app), methods=["POST"]), read]  # before the pages, which answer whatever is left

    def remembered(edge: Any, *arguments: Any, made: Any = door.Edge.__init__, **options: Any) -> None:
        made(edge, *arguments, **options, patience=door.Patience(grace_s=BODY_GRACE_S))
        known["edge"] = edge

    patch.object(App, "_add_optional_endpoints", open_upload).start()
    patch.object(handlers, "_is_stray", lambda name, registered: "tests___attacks" not in name and is_stray(name, registered)).start()
    patch.object(door.Edge, "__init__", remembered).start()


def run(arguments: list[str]) -> int:
    """As `python -m pixelstudio`, prepared for having its walls taken out."""
    folder = load_settings().data_dir
    prepare, configuration = serve._prepare_reflex, serve._configuration

    def prepared() -> None:
        prepare()
        before_the_pages(folder)

    def configured(*given: Any) -> Any:
        from pixelstudio.pixelstudio import app

        made: Any = configuration(*given)
        known["app"], known["lines"] = app, made.http.lines
        known["lines"].head_deadline_s, known["lines"].answer_grace_s = HEAD_DEADLINE_S, ANSWER_GRACE_S
        knocks = SimpleQueue[int]()
        signal.signal(KNOCK, lambda number, _frame: knocks.put(number))
        threading.Thread(target=watch, args=(folder, knocks), daemon=True).start()
        return made

    with patch.object(serve, "_prepare_reflex", prepared), patch.object(serve, "_configuration", configured):
        return main.main(arguments)


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
