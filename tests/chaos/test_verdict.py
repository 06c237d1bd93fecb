"""Each rule finds what it is there for, and has nothing to say about a campaign in which all went well."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from pixelstudio.jobs.job import JobState
from tests.chaos.provider import LANE_MAX, PRICE
from tests.chaos.verdict import Evidence, Watched, broken

SLOT = {"id": "set", "outcome": "done", "state": JobState.DONE, "phase": 1, "job_id": 1}
LANE = "payee-none"
WATCHED = Watched(Counter({LANE: LANE_MAX}), {}, deadlocks=0)


def heard(*events: str, key: str = "k1", kind: str = "none") -> list[dict[str, Any]]:
    return [{"at": float(n), "event": event, "key": key, "kind": kind} for n, event in enumerate(events)]


def all_went_well() -> Evidence:
    return Evidence(
        slots={"a 7": SLOT},
        calls={"a 7": heard("asked", "refused", "asked", "charged")},
        strikes=[{"at": 1.0, "event": "killed", "pid": 4, "place": "from outside"}],
        attempts=[],
        balances=[("ines", 10 - PRICE, 0, 10)],
        owners=[("ines", "done", JobState.DONE)],
        lanes=[(LANE, 0.0, 0, 0)],
        books={},
        watched=WATCHED,
        promised={"set"},
        named={"digest"},
        stored={"digest"},
        collected=1,
        scraps=0,
        held_after_decision=0,
    )


def test_when_all_went_well_nothing_is_broken() -> None:
    assert broken(all_went_well()) is None


def test_the_same_key_again_is_the_same_request_for_who_keeps_keys() -> None:
    assert broken(replace(all_went_well(), calls={"a 7": heard("asked", "charged", "asked", kind="key")})) is None


def test_a_payee_that_knows_nothing_of_a_key_has_proved_that_it_may_be_asked_again() -> None:
    told = {"at": 2.0, "event": "told", "key": "k1", "kind": "query", "standing": "lost"}
    calls = [*heard("asked", "broken off", kind="query"), told, *heard("asked", "charged", kind="query")]

    assert broken(replace(all_went_well(), calls={"a 7": calls})) is None


def test_what_is_unknown_is_honest_while_its_credits_are_held() -> None:
    unknown = {**SLOT, "outcome": None, "state": JobState.UNKNOWN}

    kept = {"balances": [("ines", 10 - PRICE, PRICE, 10)], "owners": [("ines", None, JobState.UNKNOWN)]}

    assert broken(replace(all_went_well(), slots={"a 7": unknown}, **kept)) is None


@pytest.mark.parametrize(
    ("rule", "changed"),
    [
        ("nobody is charged twice", {"calls": {"a 7": heard("asked", "charged", "refused", "asked", "charged")}}),
        ("nothing is sent again without proof", {"calls": {"a 7": heard("asked", "broken off", "asked", "charged")}}),
        (
            "nothing is sent again without proof",
            {"calls": {"a 7": heard("asked", "charged", kind="key") + heard("asked", key="k2", kind="key")}},
        ),
        ("every job ends or is honestly unknown", {"slots": {"a 7": {**SLOT, "outcome": None, "state": JobState.READY}}}),
        ("every job ends or is honestly unknown", {"slots": {"a 7": {**SLOT, "outcome": None, "state": JobState.UNKNOWN, "phase": 0}}}),
        ("every job ends or is honestly unknown", {"slots": {"a 7": {**SLOT, "outcome": None}}}),
        ("what was promised is there", {"promised": {"set", "another set"}}),
        ("who pays has a picture", {"calls": {}}),
        ("who pays has a picture", {"slots": {"a 7": {**SLOT, "outcome": "failed", "state": JobState.FAILED}}}),
        ("the ledger sums up", {"books": {"accounts below zero": 1}}),
        ("the ledger sums up", {"balances": [("ines", 10, 0, 10)]}),
        ("the ledger sums up", {"balances": [("ines", 10 - 2 * PRICE, PRICE, 10)]}),
        ("the ledger sums up", {"held_after_decision": PRICE}),
        ("no lane is fuller than it may be", {"lanes": [(LANE, 9.0, 1, 0)]}),
        ("no lane is fuller than it may be", {"watched": replace(WATCHED, most_held=Counter({LANE: LANE_MAX + 1}))}),
        ("no lane is fuller than it may be", {"watched": replace(WATCHED, overlooked={1: {"lane": LANE}})}),
        ("every picture has its files", {"stored": set()}),
        ("every picture has its files", {"stored": {"digest", "an orphan"}}),
        ("every picture has its files", {"scraps": 1}),
        ("nobody waits in a circle", {"watched": replace(WATCHED, deadlocks=1)}),
    ],
)
def test_a_broken_rule_is_found_and_told(rule: str, changed: dict[str, Any]) -> None:
    told = broken(replace(all_went_well(), **changed))

    assert told is not None
    assert told.startswith(f"BROKEN: {rule}\n")


def test_the_story_tells_in_order_what_was_heard_and_struck() -> None:
    strikes = [{"at": 0.5, "event": "killed", "pid": 4, "place": "from outside"}]

    told = broken(replace(all_went_well(), calls={"a 7": heard("asked", "charged", "charged")}, strikes=strikes))

    assert told is not None
    assert [line.split()[1] for line in told.splitlines()[-4:]] == ["asked", "killed", "charged", "charged"]
