"""The codes of errors, read from the source: each with its HTTP status, and where it is raised."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

RAISED_BY = {"within": ("pixelstudio.core.errors", "Invalid")}
"""Checks that raise an error in the name of whoever calls them."""

Named: TypeAlias = "ast.ClassDef | tuple[str, str]"
"""What a name stands for in a module: a class of its own, or a name of another module."""


def codes_in(package: Path) -> list[tuple[tuple[str, int], set[str]]]:
    """Every code and its status, with the modules that state it, in the order of the codes."""
    trees = {path.relative_to(package).as_posix(): ast.parse(path.read_text()) for path in sorted(package.rglob("*.py"))}
    kinds = Kinds({_module_of(package.name, path): tree for path, tree in trees.items()})
    found: dict[tuple[str, int], set[str]] = {}
    for path, tree in trees.items():
        for node in ast.walk(tree):
            for code, status in (*_codes_of(node, _module_of(package.name, path), kinds), *_refused(node)):
                found.setdefault((code, status), set()).add(path)
    return sorted(found.items())


class Kinds:
    """Error classes as each module names them: two may have the same name."""

    def __init__(self, trees: Mapping[str, ast.Module]) -> None:
        """`trees` by the dotted names of their modules."""
        self._scopes = {module: dict(_names_in(tree)) for module, tree in trees.items()}

    def status(self, module: str, named: ast.expr) -> int | None:
        """The HTTP status of the error that an expression names; None for what is no error of ours."""
        match named:
            case ast.Name(id=name) if name in RAISED_BY:
                return self._status(*RAISED_BY[name])
            case ast.Name(id=name):
                return self._status(module, name)
            case ast.Attribute(value=ast.Name(id=alias), attr=name) if isinstance(other := self._scopes[module].get(alias), tuple):
                return self._status(".".join(other), name)
            case _:
                return None

    def _status(self, module: str, name: str) -> int | None:
        """Of an error class, its own or inherited."""
        match self._scopes.get(module, {}).get(name):
            case ast.ClassDef() as kind:
                own = assigned(kind, "status")
                return own if isinstance(own, int) else next(filter(None, (self.status(module, base) for base in kind.bases)), None)
            case (other, original):
                return self._status(other, original)
            case _:
                return None


def assigned(kind: ast.ClassDef, name: str) -> object:
    """The constant a class gives to a name of its own; None when it gives none."""
    for statement in kind.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        value = getattr(statement, "value", None)
        if any(isinstance(target, ast.Name) and target.id == name for target in targets) and isinstance(value, ast.Constant):
            return value.value
    return None


def _module_of(package: str, path: str) -> str:
    return f"{package}.{path.removesuffix('.py').removesuffix('/__init__').replace('/', '.')}"


def _names_in(tree: ast.Module) -> Iterator[tuple[str, Named]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield node.name, node
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((alias.asname or alias.name, (node.module, alias.name)) for alias in node.names)


def _codes_of(node: ast.AST, module: str, kinds: Kinds) -> Iterator[tuple[str, int]]:
    """The code that an error's class, a call of it or a check that raises it states, with the status of that class."""
    if (
        isinstance(node, ast.ClassDef)
        and (code := assigned(node, "default_code"))
        and (status := kinds.status(module, ast.Name(node.name)))
    ):
        yield str(code), status
    elif isinstance(node, ast.Call):
        codes = [each.value.value for each in node.keywords if each.arg == "code" and isinstance(each.value, ast.Constant)]
        if codes and (status := kinds.status(module, node.func)):
            yield from ((str(code), status) for code in codes)


def _refused(node: ast.AST) -> Iterator[tuple[str, int]]:
    """The code and status of a refusal of the edge, which raises nothing."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refusal":
        status, code = (argument.value if isinstance(argument, ast.Constant) else None for argument in node.args[:2])
        yield str(code), int(str(status))
