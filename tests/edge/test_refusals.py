"""Every refusal of the edge stands in the reference of errors, and what stands there is really answered."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from pixelstudio.edge.bodies import Patience
from pixelstudio.edge.crowd import Allowance
from pixelstudio.edge.door import Edge
from pixelstudio.edge.walls import HTTP_WALLS, SOCKET_WALLS, Rules
from tests.architecture.reading import ROOT
from tests.edge.caller import Inside, call, shake_hands
from tests.edge.test_door import ATTACKS, OWN, SOCKET_ATTACKS

PROGRAM = {"Accept": "application/json"}


async def answered() -> set[tuple[str, int]]:
    """Provoke each wall, and each way a body can be wrong."""
    found: set[tuple[str, int]] = set()

    def note(body: bytes) -> None:
        problem = json.loads(body)
        assert problem.keys() == {"code", "sentence", "field", "status"}
        assert problem["sentence"].endswith(".")
        found.add((problem["code"], problem["status"]))

    for wall in HTTP_WALLS:
        edge = Edge(Inside(), Rules(allowance=Allowance(requests_per_second=1)))
        answers = [await call(edge, **_asked_by_a_program(attack)) for attack in ATTACKS[wall.__name__]]
        note(answers[-1].body)
    for wall in SOCKET_WALLS:
        edge = Edge(Inside(), Rules(allowance=Allowance(sockets=2)))
        sent = [await shake_hands(edge, accept="application/json", extended=True, **attack) for attack in SOCKET_ATTACKS[wall.__name__]]
        note(sent[-1][1]["body"])
    note((await _post(Edge(Inside(), Rules()), [b"x" * 1_000_000])).body)
    note((await _post(Edge(Inside(), Rules(), patience=Patience(grace_s=0.0)), [b"x", b""], pause_s=0.01)).body)
    return found


def _asked_by_a_program(attack: dict[str, Any]) -> dict[str, Any]:
    return {**attack, "headers": {**attack.get("headers", {}), **PROGRAM}}


async def _post(edge: Edge, body: list[bytes], pause_s: float = 0.0) -> Any:
    return await call(edge, "POST", "/auth/sign-in", headers={"Origin": OWN, **PROGRAM}, body=body, pause_s=pause_s)


@pytest.fixture
def listed() -> set[tuple[str, int]]:
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \| (.*) \|$", (ROOT / "docs/reference/errors.md").read_text(), re.MULTILINE)
    return {(code, int(status)) for code, status, where in rows if "`edge/" in where}


async def test_the_reference_lists_what_the_edge_answers_and_no_more(listed: set[tuple[str, int]]) -> None:
    assert await answered() == listed
