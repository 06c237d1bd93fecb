"""One real server for the whole suite, with two people on it and a picture of one of them."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest

from tests.serving import Served, a_client, a_server, register


@dataclass(frozen=True)
class Person:
    handle: str
    cookie: str


@pytest.fixture(scope="session")
def server() -> Iterator[Served]:
    folder = Path(tempfile.mkdtemp(prefix="ps-attacks-"))
    # Whoever sends everything to every handler comes with more sockets than an address may open in a minute; that wall is tried apart.
    with a_server(folder, SOCKETS_PER_ADDRESS="1000") as served:
        yield served
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def proof() -> Iterator[Served]:
    """The same server, whose walls can be taken out one by one."""
    folder = Path(tempfile.mkdtemp(prefix="ps-proof-"))
    with a_server(folder, module="tests.attacks.unwalled") as served:
        yield served
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def nora(proof: Served) -> Person:
    """A member there."""
    with a_client(proof) as client:
        return Person("nora", register(client, "nora"))


@pytest.fixture(scope="session")
def ines(server: Served) -> Person:
    with a_client(server) as client:
        return Person("ynez", register(client, "ynez"))


@pytest.fixture(scope="session")
def marc(server: Served) -> Person:
    with a_client(server) as client:
        return Person("marc", register(client, "marc"))


def rows(server: Served, query: str) -> list[tuple[object, ...]]:
    """What the database says, read from outside."""
    connection = sqlite3.connect(f"file:{server.folder}/data/pixelstudio.db?mode=ro", uri=True)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def checksum(server: Served) -> dict[str, str]:
    """One number for each table, over every row; but for whose turn it is to look after the house, which comes round every minute, and for
    how many pages were opened today, which looking at one changes.
    """
    named = "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%' AND name NOT IN ('q_turn', 'footfall_day')"
    tables = [str(name) for (name,) in rows(server, named)]
    return {name: sha256(repr(sorted(map(repr, rows(server, f'SELECT * FROM "{name}"')))).encode()).hexdigest() for name in tables}
