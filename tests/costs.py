"""What tests cost, in seconds of a core: `python -m pytest -p tests.costs -n 2` says it by folder, and of the dearest tests.

Counted is what a test and all that it starts uses: servers, children, browsers, and its Postgres. What is started once for many tests
is counted where it works, and what it does between two tests with the second. Read from `/proc`, on Linux only.
"""

from __future__ import annotations

import contextlib
import itertools
import os
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from _pytest.terminal import TerminalReporter

FOLDERS, DEAREST = 30, 30
_began: list[float] = []
_scratch: list[Path] = []


def pytest_runtest_logstart() -> None:
    if not _began:
        _began[:] = [_used_s()]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if call.when == "teardown":
        used_s = _used_s()
        # With a server or a browser that ends as somebody else's child, what it has ever used is gone.
        report.user_properties.append(("cpu_s", max(0.0, used_s - _began[0])))
        _began[:] = [used_s]
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
    processes = dict(_processes())
    children = defaultdict[int, list[int]](list)
    for pid, (parent, _) in processes.items():
        children[parent].append(pid)
    family = [os.getpid(), *_postgres()]
    for pid in family:
        family += children[pid]
    return sum(processes[pid][1] for pid in family if pid in processes) / os.sysconf("SC_CLK_TCK")


def _processes() -> Iterator[tuple[int, tuple[int, int]]]:
    """Of every process on the machine its parent, and the ticks of it and of its children that have ended. One look takes two milliseconds."""
    for folder in os.scandir("/proc"):
        if folder.name.isdecimal():
            with contextlib.suppress(OSError):
                told = Path(folder.path, "stat").read_bytes().rpartition(b")")[2].split()
                yield int(folder.name), (int(told[1]), sum(map(int, told[11:15])))


def _postgres() -> Iterator[int]:
    """It is nobody's child."""
    for folder in _scratch:
        with contextlib.suppress(OSError):
            yield int((folder / "pg" / "postmaster.pid").read_text().split()[0])
