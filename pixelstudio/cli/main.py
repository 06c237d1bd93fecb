"""The command line: which command, its options, and how a failure is said."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from pixelstudio.core.collection import collect_seldom
from pixelstudio.core.errors import PixelStudioError
from pixelstudio.core.log import set_up_logging
from pixelstudio.core.settings import Settings, SettingsFault, load_settings

Command = Callable[[Settings, argparse.Namespace], int]


def run() -> None:
    """The `pixelstudio` command of an installed wheel."""
    sys.exit(main(sys.argv[1:]))


def main(arguments: Sequence[str]) -> int:
    """Run one command. Faults of the settings and of the installation end with a sentence, not a traceback."""
    collect_seldom()
    options = _parser().parse_args(arguments)
    overrides: dict[str, object] = {"port": options.port} if getattr(options, "port", None) is not None else {}
    try:
        settings = load_settings(**overrides)
        set_up_logging(settings.log_level, as_json=settings.log_json)
        # Each command imports what it needs: migrating loads no pages, serving no Alembic.
        run: Command = import_module(f"pixelstudio.cli.{options.command}").run
        return run(settings, options)
    except SettingsFault as fault:
        if options.command == "doctor":
            return import_module("pixelstudio.cli.doctor").run_without_settings(fault, options)
        return _give_up(str(fault))
    except PixelStudioError as failure:
        return _give_up(failure.sentence)
    except KeyboardInterrupt:
        return 130


def say(line: str) -> None:
    """One line for the person at the terminal."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _give_up(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m pixelstudio", description="A studio where a prompt becomes a picture.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    serve = commands.add_parser("serve", help="serve the pages, and draw unless told otherwise")
    serve.add_argument("--no-worker", action="store_true", help="leave the drawing to `worker` processes")
    serve.add_argument("--no-ui", action="store_true", help="serve the API alone, without pages")
    serve.add_argument("--port", type=int, help="port to listen on (default: PORT, or 3000)")
    commands.add_parser("worker", help="draw only; any number of these may run beside a server")
    commands.add_parser("migrate", help="bring the database up to this release")
    commands.add_parser("claim", help="print a fresh link that makes a member the maintainer")
    password = commands.add_parser("password", help="print a link by which somebody who forgot their password chooses another")
    password.add_argument("handle", metavar="HANDLE", help="whose password")
    settle = commands.add_parser("settle", help="list pictures nobody can say the end of, and give back the credits they hold")
    settle.add_argument("sets", nargs="*", metavar="SET", help="only these sets")
    settle.add_argument("--give-back", action="store_true", help="count them as not drawn, now instead of after a day")
    doctor = commands.add_parser(
        "doctor", help="say what is configured, what is wrong, and what mends it; status 1 when something is wrong"
    )
    doctor.add_argument("--json", action="store_true", help="for programs")
    return parser
