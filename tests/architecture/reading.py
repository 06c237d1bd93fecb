"""A module read as syntax, and what rules ask about it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Module:
    """A source file: its path from the root of the checkout, with slashes, and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Everything in the tree, walked once for all rules."""
        return tuple(ast.walk(self.tree))

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in self.nodes if isinstance(node, ast.Call))

    def dotted(self) -> Iterator[tuple[str, int]]:
        """Every dotted name that is read, `a.b.c` whole and each of its beginnings, with its line."""
        for node in self.nodes:
            if isinstance(node, ast.Attribute | ast.Name) and (name := name_of(node)):
                yield name, node.lineno

    def imported(self) -> Iterator[tuple[str, int]]:
        """Every imported thing by its full name, `from a import b` as `a.b`, with its line."""
        for node in self.nodes:
            if isinstance(node, ast.Import):
                yield from ((alias.name, node.lineno) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)

    def classes(self) -> Iterator[ast.ClassDef]:
        return (node for node in self.nodes if isinstance(node, ast.ClassDef))


def name_of(node: ast.AST) -> str:
    """`a.b.c` of a chain of attributes, "" for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (before := name_of(node.value)):
        return f"{before}.{node.attr}"
    return ""


@cache
def modules(*folders: str) -> tuple[Module, ...]:
    """All modules below the folders, in a fixed order."""
    found = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py") if "__pycache__" not in path.parts)
    return tuple(Module(path.relative_to(ROOT).as_posix(), path.read_text()) for path in found)
