"""What browsers may call and what they are sent, as the code says: `python -m tests.attacks.exposed` renews the two committed lists."""

from __future__ import annotations

import functools
import json
import subprocess
import sys
from pathlib import Path

HANDLERS = Path(__file__).with_name("handlers.txt")
WIRE = Path(__file__).with_name("wire.txt")

_ASK = """
import json, reflex as rx, pixelstudio.pixelstudio
from reflex_base.registry import RegistrationContext
from pixelstudio.ui.handlers import declared_handlers
handlers = {name: [d.role, list(d.arguments)] for name, d in declared_handlers().items()}
states = {name: sorted(set(state.base_vars) | set(state.computed_vars)) for name, state in RegistrationContext.get().base_states.items()}
print(json.dumps([handlers, states]))
"""


@functools.cache
def ask(preface: str = "") -> subprocess.CompletedProcess[str]:
    """Assemble the real application in a process of its own, after running `preface`, and let it say what it exposes. Asked once."""
    return subprocess.run([sys.executable, "-c", preface + _ASK], capture_output=True, text=True, check=False, timeout=120)


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
