"""The rules. Each takes one module and yields what breaks it there: the line and a sentence."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache

from tests.architecture.reading import Module, modules, name_of

Breach = tuple[int, str]
Rule = Callable[[Module], Iterator[Breach]]

ROLE_NAMES = {"service", "services", "util", "utils", "helper", "helpers", "common", "misc", "manager", "managers"}
CLOCK_READS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns", "datetime.datetime.now"}

# Where a failure of any kind is turned into something said: pages, API, job runner, live relay; and the child's own outer rim.
EDGES = {
    "pixelstudio/ui/session.py",
    "pixelstudio/ui/live.py",
    "pixelstudio/api/problems.py",
    "pixelstudio/jobs/attempt.py",
    "pixelstudio/jobs/runner.py",
    "pixelstudio/jobs/upkeep.py",
    "pixelstudio/imaging/child.py",
}

# What of Reflex may be used. Everything missing here is missing on purpose: most of `rx` draws with Radix Themes (+160 KB a page),
# and backend toasts, scripts, downloads and the clipboard reach the browser as text to be evaluated, which the policy forbids.
REFLEX = {
    "App", "Component", "Config", "EventHandler", "RestProp", "State", "Var", "asset", "color_mode", "cond", "constants", "el", "event",
    "foreach", "fragment", "match", "memo", "plugins", "redirect", "var",
}  # fmt: skip


def no_commit_but_one(module: Module) -> Iterator[Breach]:
    """`commit()` is called in db/transaction.py alone: whoever opens a transaction closes it. A driver's own `commit` may hand on to its parent's."""
    if module.path != "pixelstudio/db/transaction.py":
        for call in module.calls():
            if isinstance(call.func, ast.Attribute) and call.func.attr == "commit" and ast.unparse(call.func.value) != "super()":
                yield call.lineno, "commits by itself; the transaction's context manager does that"


def one_clock(module: Module) -> Iterator[Breach]:
    """The date and time are read in core/clock.py alone."""
    if module.path != "pixelstudio/core/clock.py":
        yield from (
            (line, f"reads the machine's clock by {name}; take the Clock you were handed")
            for name, line in module.dotted()
            if name in CLOCK_READS
        )
        yield from (
            (line, "imports time.time; take the Clock") for name, line in module.imported() if name in {"time.time", "time.time_ns"}
        )


def one_place_for_settings(module: Module) -> Iterator[Breach]:
    """The environment is read in core/settings.py and rxconfig.py alone."""
    if module.path not in {"pixelstudio/core/settings.py", "rxconfig.py"}:
        reads = {"os.environ", "os.getenv", "os.putenv", "os.environb"}
        yield from (
            (line, f"uses {name}; settings are read in core/settings.py")
            for name, line in (*module.dotted(), *module.imported())
            if name in reads
        )


def broad_excepts_at_the_edges(module: Module) -> Iterator[Breach]:
    """`except Exception` that does not raise again stands at the edges alone."""
    if module.path in EDGES:
        return
    for node in module.nodes:
        if (
            isinstance(node, ast.ExceptHandler)
            and _is_broad(node.type)
            and not any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
        ):
            yield node.lineno, "swallows every failure; catch what can happen, or let the edge catch it"


def _is_broad(caught: ast.expr | None) -> bool:
    if caught is None:
        return True
    names = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(name_of(name) in {"Exception", "BaseException"} for name in names)


def a_first_line(module: Module) -> Iterator[Breach]:
    """Every module says in its docstring's first line what lives here."""
    first = (ast.get_docstring(module.tree) or "").partition("\n")[0]
    if module.text.strip() and (len(first) < 15 or first[-1] not in ".:,;"):
        yield 1, "has no docstring whose first line says what lives here"


def nouns_not_roles(module: Module) -> Iterator[Breach]:
    """Modules and packages are named after nouns of the field, never after a role."""
    roles = ROLE_NAMES.intersection(re.split(r"[/_.]", module.path))
    if roles:
        yield 1, f"is named after a role ({', '.join(roles)}); which noun of the field lives here?"


def one_seam(module: Module) -> Iterator[Breach]:
    """The installed Studio is read in ui/session.py alone, and installed by bootstrap alone."""
    if module.path == "pixelstudio/ui/session.py":
        return
    for name, line in (*module.dotted(), *module.imported()):
        if name.endswith("session._installed"):
            yield line, "reads the seam; take the studio the guard hands to the handler"
        elif name.endswith("ui.session.install") or (name == "session.install" and module.path != "pixelstudio/bootstrap/app.py"):
            yield line, "installs a Studio; bootstrap does that"


def guarded_handlers(module: Module) -> Iterator[Breach]:
    """Every public method of a State is exposed by the guard, or is a computed var."""
    if not module.path.startswith("pixelstudio/ui/"):
        return
    states = _state_names([*modules("pixelstudio/ui"), module])
    for kind in module.classes():
        if kind.name in states:
            for method in kind.body:
                if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef) and not _is_closed(method):
                    yield (
                        method.lineno,
                        f"{kind.name}.{method.name} can be called by any browser; put @guarded on it or begin its name with _",
                    )
    if module.path != "pixelstudio/ui/session.py":
        yield from ((call.lineno, "makes a handler without the guard") for call in module.calls() if name_of(call.func) == "rx.event")


def _state_names(all_modules: list[Module]) -> set[str]:
    """Classes that are States or mixins of States, by name, however far down."""
    bases = {name: of for module in all_modules for name, of in _bases_of(module).items()}
    states: set[str] = {"rx.State", "State"}
    while more := {name for name, of in bases.items() if of & states} - states:
        states |= more
    return states


@cache
def _bases_of(module: Module) -> dict[str, set[str]]:
    """The classes of a module and what each is made from. Every module of the pages asks for those of all others."""
    return {kind.name: {name_of(base) for base in kind.bases} for kind in module.classes()}


def _is_closed(method: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    decorators = {name_of(d.func if isinstance(d, ast.Call) else d) for d in method.decorator_list}
    return method.name.startswith("_") or bool(decorators & {"guarded", "session.guarded", "rx.var", "staticmethod"})


def our_own_elements(module: Module) -> Iterator[Breach]:
    """Pages are made of rx.el and a short list of Reflex's own words; no Radix, nothing the browser would have to evaluate."""
    for name, line in module.dotted():
        parts = name.split(".")
        if parts[0] == "rx" and len(parts) == 2 and parts[1] not in REFLEX:
            yield line, f"uses {name}; pages are made of rx.el and of what tests/architecture/rules.py lists"
    for name, line in module.imported():
        if name.startswith("reflex.") and name.split(".")[1] in {"toast", "call_script", "call_function", "download", "set_clipboard"}:
            yield line, f"imports {name}, which the browser would have to evaluate"
        if "radix" in name:
            yield line, f"imports {name}; no Radix component anywhere"


def redirects_stay(module: Module) -> Iterator[Breach]:
    """A page leads to an address written in the code; what is put into it has gone through `safe_path`."""
    for call in module.calls():
        if name_of(call.func) in {"rx.redirect", "reflex.redirect", "redirect"} and module.path.startswith("pixelstudio/ui/"):
            target = call.args[0] if call.args else None
            parts = target.values if isinstance(target, ast.JoinedStr) else [target]
            first = parts[0] if parts else None
            begins_here = isinstance(first, ast.Constant) and re.match(r"/(?![/\\\\])\w*", str(first.value))
            if not begins_here or not all(_is_safe_part(part) for part in parts):
                yield call.lineno, "redirects to a text that is not written here; begin with an own path and put values through safe_path"


def _is_safe_part(part: ast.expr | None) -> bool:
    if isinstance(part, ast.FormattedValue):
        return isinstance(part.value, ast.Call) and name_of(part.value.func) in {"safe_path", "session.safe_path"}
    return isinstance(part, ast.Constant)


def owned_tasks(module: Module) -> Iterator[Breach]:
    """Every task is owned: by a task group, or by an object that keeps it and ends it."""
    for node in module.nodes:
        if (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Call)
            and name_of(node.value.func) in {"asyncio.create_task", "asyncio.ensure_future"}
        ):
            yield node.lineno, "starts a task nobody owns; use a task group"


# For code that is served. Tests and tools may read the clock and the environment.
PRODUCT: tuple[Rule, ...] = (
    no_commit_but_one,
    one_clock,
    one_place_for_settings,
    broad_excepts_at_the_edges,
    a_first_line,
    nouns_not_roles,
    one_seam,
    guarded_handlers,
    our_own_elements,
    redirects_stay,
    owned_tasks,
)
EVERYWHERE: tuple[Rule, ...] = (a_first_line, nouns_not_roles)
