"""Prints what is written in the code and wanted on paper: ARCHITECTURE.md, docs/reference/ and .env.example.

`make map` writes the files; tests/architecture keeps them equal to what this module prints.
"""

from __future__ import annotations

import argparse
import ast
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

from tools.codes import assigned, codes_in

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "pixelstudio"

_OPENING = """# How Pixel Studio is laid out

Printed from the code by `make map`, and kept equal to it by a test: change a docstring, not this file.

**Slices below, surfaces above.** What the product *does* lives in `pixelstudio/features/<slice>/`, free of any web framework.
How the outside gets in lives in `ui/`, `api/`, `worker/` and `cli/`. Surfaces repeat the slices' names. Modules are named
after nouns of the field ([glossary](docs/glossary.md)). Why things are so: [docs/decisions](docs/decisions).

Inside a slice the same few names recur: `tables.py` (rows, private to the slice), nouns (what can be done), `views.py`
(frozen dataclasses that may leave the slice), `events.py` (facts, in the past tense), `jobs.py` (its kinds of job).
"""

_JOURNEY = """## A prompt's journey

```
 Generate -> ui/create/create_state.py          the guard has found the actor and validated the arguments; one feature call
   features/generation/generations.submit       validate -> price -> credits.ledger.hold -> rows of the set
     -> jobs.queue.enqueue -> tx.publish(GenerationQueued)                                   ONE COMMIT
 jobs/claim -> jobs/runner                      attempt, lease, beat, fence
   features/generation/jobs.RenderJob           provider -> picture bytes, previews on the way   no transaction open
     imaging/ingest                             foreign bytes are decoded in a confined child; recipe, renditions, placeholder
     storage.put                                under the digest of the bytes: bytes first, rows second
     image row, fence checked, job done, credits.ledger.capture, tx.publish(PictureDrawn)    ONE COMMIT
 after the commit -> the in-process bus; other processes read db/outbox
   -> ui/live                                   the listener of each tab: the skeleton becomes a picture
```
"""


def architecture() -> str:
    """ARCHITECTURE.md: the annotated tree, the directions of imports, the journey of a prompt."""
    return f"{_OPENING}\n## Tree\n\n```\n{_tree()}```\n\n{_directions()}\n{_JOURNEY}"


def _tree() -> str:
    lines = [(0, "pixelstudio/", _first_line(PACKAGE / "__init__.py")), *_entries(PACKAGE, 1)]
    return "".join(f"{'  ' * depth + name:<32} {line}".rstrip() + "\n" for depth, name, line in lines)


def _entries(folder: Path, depth: int) -> Iterator[tuple[int, str, str]]:
    for path in sorted(folder.iterdir(), key=lambda path: (path.is_dir(), path.name)):
        if path.is_dir() and (path / "__init__.py").exists():
            yield depth, f"{path.name}/", _first_line(path / "__init__.py")
            yield from _entries(path, depth + 1)
        elif path.is_dir() and any(path.glob("*.py")):
            yield depth, f"{path.name}/", ""
            yield from _entries(path, depth + 1)
        elif path.suffix == ".py" and path.name != "__init__.py":
            yield depth, path.name, _first_line(path)


def _first_line(path: Path) -> str:
    return (ast.get_docstring(ast.parse(path.read_text())) or "").partition("\n")[0]


def _directions() -> str:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    present = (_present(layer) for layer in layers)
    drawn = "\n".join(f"  {layer}" for layer in present if layer)
    others = "\n".join(f"- {contract['name']}." for contract in contracts if contract["type"] != "layers")
    return (
        "## Directions\n\nWhat stands higher may import what stands lower, never the reverse; a bar separates what never imports\n"
        f"each other. `lint-imports` proves it.\n\n```\n{drawn}\n```\n\nAnd further:\n\n{others}\n"
    )


def _present(layer: str) -> str:
    names = (name.strip("() ") for name in layer.split("|"))
    return " | ".join(name for name in names if (PACKAGE / name).is_dir() or (PACKAGE / f"{name}.py").exists())


def settings_reference() -> str:
    """docs/reference/settings.md: every setting, its default and what it does."""
    parts = "".join(
        f"\n## {title}\n\n| variable | default | what it does |\n|---|---|---|\n"
        + "".join(f"| `{name}` | `{default or ' '}` | {description} |\n" for name, default, description in settings)
        for title, settings in _settings()
    )
    return (
        "# Settings\n\nEnvironment variables, or lines of a file `.env` beside the checkout. Every one has a default that works on a\n"
        "laptop with no account anywhere. Faults are listed all at once at the start. Printed by `make map`.\n"
        f"{parts}"
    )


def env_example() -> str:
    """.env.example: every setting, commented out, at its default."""
    lines = "".join(
        f"\n\n## {title}\n" + "".join(f"\n# {description}\n# {name}={default}\n" for name, default, description in settings)
        for title, settings in _settings()
    )
    return f"# Copy to .env and uncomment what should differ. Printed by `make map`; explained in docs/reference/settings.md.\n{lines}"


def _settings() -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    """The title of each group, and its settings: name, default, description."""
    from pixelstudio.core.settings import Settings

    for group in reversed(Settings.__bases__):
        if issubclass(group, BaseSettings):
            yield group.model_config.get("title") or "", [_setting(name, field) for name, field in group.model_fields.items()]


def _setting(name: str, field: FieldInfo) -> tuple[str, str, str]:
    default = field.get_default(call_default_factory=True)
    shown = default.get_secret_value() if hasattr(default, "get_secret_value") else default
    return name.upper(), str(shown).lower() if isinstance(shown, bool) else str(shown), field.description or ""


def errors_reference() -> str:
    """docs/reference/errors.md: every code a person or a program can meet, with its status and where it is raised."""
    rows = "".join(
        f"| `{code}` | {status} | {', '.join(f'`{path}`' for path in sorted(paths))} |\n" for (code, status), paths in codes_in(PACKAGE)
    )
    return (
        "# Errors\n\nEvery refusal has a sentence for the person, a stable code for programs and an HTTP status. As JSON:\n"
        '`{"code": "...", "sentence": "...", "field": "...", "status": 422}`. Printed by `make map`.\n\n'
        f"| code | status | raised in |\n|---|---|---|\n{rows}"
    )


def events_reference() -> str:
    """docs/reference/events.md: every fact, its fields and what it says."""
    rows = "".join(f"| `{name}` | {fields} | {sentence} | `{path}` |\n" for name, fields, sentence, path in sorted(_events()))
    return (
        "# Events\n\nFacts, in the past tense: written in the commit they tell of, handed to listeners after it. Printed by `make map`.\n\n"
        f"| event | fields | what happened | declared in |\n|---|---|---|---|\n{rows}"
    )


def _events() -> Iterator[tuple[str, str, str, str]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef) and any(isinstance(base, ast.Name) and base.id == "Event" for base in node.bases):
                fields = [s.target.id for s in node.body if isinstance(s, ast.AnnAssign) and isinstance(s.target, ast.Name)]
                sentence = (ast.get_docstring(node) or "").partition("\n")[0]
                shown = ", ".join(f"`{field}`" for field in fields if field != "name")
                yield str(assigned(node, "name")), shown, sentence, path.relative_to(PACKAGE).as_posix()


def commands_reference() -> str:
    """docs/reference/commands.md: what `python -m pixelstudio` can be told."""
    from pixelstudio.cli.main import _parser

    # argparse tells its grammar to nobody but its own help.
    commands = next(action for action in _parser()._actions if isinstance(action, argparse._SubParsersAction))  # noqa: SLF001
    rows = "".join(f"| `{_usage(commands.choices[choice.dest])}` | {choice.help} |\n" for choice in commands._get_subactions())  # noqa: SLF001
    return (
        "# Commands\n\n`make` alone lists the everyday ones; these are what they call. Printed by `make map`.\n\n"
        f"| command | does |\n|---|---|\n{rows}"
    )


def _usage(command: argparse.ArgumentParser) -> str:
    return command.format_usage().removeprefix("usage: ").replace(" [-h]", "").strip()


DOCUMENTS = {
    "ARCHITECTURE.md": architecture,
    ".env.example": env_example,
    "docs/reference/settings.md": settings_reference,
    "docs/reference/errors.md": errors_reference,
    "docs/reference/events.md": events_reference,
    "docs/reference/commands.md": commands_reference,
}


def main() -> None:
    """Write every document anew."""
    for name, printed in DOCUMENTS.items():
        path = ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(printed())
        sys.stdout.write(f"{name}\n")


if __name__ == "__main__":
    main()
