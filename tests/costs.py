"""What tests cost, in seconds of a core: `python -m pytest -p tests.costs -n 2` says it by folder, and of the dearest tests.

Counted is what a test and all that it starts uses: servers, children, browsers, and its Postgres. What is started once for many tests
is counted where it works.
"""

from __future__ import annotations

import contextlib
import itertools
from collections import Counter
from typing import TYPE_CHECKING, Any

import psutil
import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from _pytest.terminal import TerminalReporter

FOLDERS, DEAREST = 30, 30
_began: list[float] = []
_scratch: list[Path] = []


def pytest_runtest_logstart() -> None:
    _began[:] = [_used_s()]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if call.when == "teardown":
        report.user_properties.append(("cpu_s", _used_s() - _began[0]))
    return report


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any]) -> Generator[None, Any, Any]:
    made = yield
    if fixturedef.argname == "scratch":
        _scratch[:] = [made]
    return made


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    costs = Counter[str]()
    for report in itertools.chain.from_iterable(terminalreporter.stats.values()):
        costs[getattr(report, "nodeid", "")] += dict(getattr(report, "user_properties", ())).get("cpu_s", 0.0)
    folders = Counter[str]()
    for name, cost_s in costs.items():
        folders["/".join(name.split("/")[:2])] += cost_s
    terminalreporter.section(f"{costs.total():.0f} seconds of a core")
    for name, cost_s in [*folders.most_common(FOLDERS), *costs.most_common(DEAREST)]:
        terminalreporter.write_line(f"{cost_s:7.1f}  {name}")


def _used_s() -> float:
    """What this process, all below it and those that have ended there have used so far."""
    used_s = 0.0
    for process in _family():
        with contextlib.suppress(psutil.Error):
            used_s += sum(process.cpu_times()[:4])
    return used_s


def _family() -> Iterator[psutil.Process]:
    me = psutil.Process()
    yield from (me, *me.children(recursive=True))
    for folder in _scratch:  # Postgres is nobody's child
        with contextlib.suppress(OSError, psutil.Error):
            postgres = psutil.Process(int((folder / "pg" / "postmaster.pid").read_text().split()[0]))
            yield from (postgres, *postgres.children(recursive=True))
