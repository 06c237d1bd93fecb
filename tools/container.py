"""What the Dockerfile says, for machines without Docker: its instructions by stage, and what .dockerignore lets into the build.

`python3 tools/container.py commands build` prints one RUN line after the other; `context` prints the paths that are copied in.
Standard library alone: it is run by a bare system Python.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent


class Instruction(NamedTuple):
    """One instruction of a stage; the unnamed stage, which becomes the image, is called `image`."""

    stage: str
    name: str
    text: str


def instructions(dockerfile: str) -> list[Instruction]:
    """Every instruction in order, continued lines joined."""
    lines = re.sub(r"\\\n\s*", "", re.sub(r"^\s*#.*\n", "", dockerfile, flags=re.MULTILINE)).splitlines()
    found: list[Instruction] = []
    stage = ""
    for line in filter(str.strip, lines):
        name, _, text = line.strip().partition(" ")
        if name == "FROM":
            stage = text.partition(" AS ")[2] or "image"
        found.append(Instruction(stage, name, text.strip()))
    return found


def context(dockerignore: str) -> list[str]:
    """The paths let through; everything else stays outside."""
    return [line.removeprefix("!") for line in dockerignore.splitlines() if line.startswith("!")]


def health_command(dockerfile: str) -> list[str]:
    """What the health check runs."""
    text = next(found.text for found in instructions(dockerfile) if found.name == "HEALTHCHECK")
    return json.loads(text[text.index("[") :])


def main(*words: str) -> None:
    """Print one thing to a line, for a shell to read."""
    dockerfile = (ROOT / "Dockerfile").read_text()
    if words[:1] == ("commands",):
        lines = [found.text for found in instructions(dockerfile) if found.stage == words[1] and found.name == "RUN"]
    else:
        lines = context((ROOT / ".dockerignore").read_text())
    sys.stdout.write("".join(f"{line}\n" for line in lines))


if __name__ == "__main__":
    main(*sys.argv[1:])
