"""What browsers may call and what they are sent, as the code says: `python -m tests.attacks.exposed` renews the two committed lists."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

from tests.nursery import ROOT, ended

HANDLERS = Path(__file__).with_name("handlers.txt")
WIRE = Path(__file__).with_name("wire.txt")

_ASK = "from tests.attacks.exposed import say; say()"


def say() -> None:
    """Print what the application exposes, which is assembled for that."""
    import_module("pixelstudio.pixelstudio")
    from reflex_base.registry import RegistrationContext

    from pixelstudio.ui.handlers import declared_handlers

    handlers = {name: [d.role, list(d.arguments)] for name, d in declared_handlers().items()}
    states = {
        name: sorted(set(state.base_vars) | set(state.computed_vars)) for name, state in RegistrationContext.get().base_states.items()
    }
    sys.stdout.write(f"{json.dumps([handlers, states])}\n")
    sys.stdout.flush()


@functools.cache
def ask(preface: str = "") -> subprocess.CompletedProcess[str]:
    """Let the real application say in a process of its own what it exposes; assembled there after `preface`, where there is one. Asked once."""
    if not preface:
        return ended(say, environment=os.environ)
    return subprocess.run([sys.executable, "-c", preface + _ASK], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)


def handlers() -> dict[str, tuple[str, list[str]]]:
    """Full name -> role and argument names of every guarded handler."""
    return {name: (role, arguments) for name, (role, arguments) in json.loads(ask().stdout)[0].items()}


def lines() -> tuple[str, str]:
    """The two lists as committed."""
    declared, states = json.loads(ask().stdout)
    roots = "reflex___state____state"
    names = [f"{role:10} {name.removeprefix(roots + '.')} {' '.join(arguments)}".rstrip() for name, (role, arguments) in declared.items()]
    sent = [f"{name.removeprefix(roots).lstrip('.') or 'root'}.{var}" for name, variables in states.items() for var in variables]
    return "\n".join(sorted(names)) + "\n", "\n".join(sorted(sent)) + "\n"


if __name__ == "__main__":
    for path, text in zip((HANDLERS, WIRE), lines(), strict=True):
        path.write_text(text)
