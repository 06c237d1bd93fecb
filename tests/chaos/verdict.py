"""The verdict: what the payee wrote down, our rows, the ledger and the folder of pictures, held against each other rule by rule."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from pixelstudio.core.clock import FrozenClock
from pixelstudio.features.credits.audit import audit
from pixelstudio.features.images.forgetting import SCRAPS_KEEP_S, collect_orphans, sweep_scraps
from pixelstudio.jobs.job import FINAL, JobState
from pixelstudio.jobs.unknown import decide, unknown_jobs
from tests.chaos.journal import notes
from tests.chaos.provider import LANE_MAX, PRICE, picture_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pixelstudio.studio import Studio

_SLOTS = """
SELECT g.id, g.prompt, s.seed, s.outcome, s.image_id, j.id AS job_id, j.state, j.phase, j.attempt, j.fence, j.worker, j.lane
FROM generation_slot s JOIN generation g ON g.id = s.generation_id LEFT JOIN q_job j ON j.id = s.job_id"""
_BALANCES = """
SELECT account_id, sum(available_delta), sum(held_delta), sum(CASE WHEN kind = 'grant' THEN available_delta ELSE 0 END)
FROM credit_entry GROUP BY account_id"""
_OWNERS = "SELECT g.account_id, s.outcome, j.state FROM generation_slot s JOIN generation g ON g.id = s.generation_id JOIN q_job j ON j.id = s.job_id"
_LANES = """
SELECT l.id, l.held_since, (SELECT count(*) FROM q_job j WHERE j.lane = l.id AND j.state IN (3, 4)),
 (SELECT count(*) FROM q_job j WHERE j.lane = l.id AND j.state IN (3, 4) AND j.started >= l.held_since) FROM q_lane l"""


@dataclass(frozen=True)
class Watched:
    """What was seen while it stormed: the most jobs held in each lane, jobs held that its count overlooked, deadlocks in the server's log."""

    most_held: Counter[str]
    overlooked: dict[int, dict[str, Any]]
    deadlocks: int


@dataclass
class Evidence:
    """Everything there is to judge by. `slots` are wanted pictures by name, `calls` what the payee heard of each, in order."""

    slots: dict[str, dict[str, Any]]
    calls: dict[str, list[dict[str, Any]]]
    strikes: list[dict[str, Any]]
    attempts: list[dict[str, Any]]
    balances: list[tuple[Any, ...]]
    owners: list[tuple[Any, ...]]
    lanes: list[tuple[Any, ...]]
    books: dict[str, int]
    watched: Watched
    promised: set[str]
    named: set[str]
    stored: set[str]
    collected: int
    """Files whose rows a kill prevented (decision 8), and which upkeep has taken away a day later."""
    scraps: int
    held_after_decision: int
    ends: Counter[str] = field(default_factory=Counter)

    @property
    def asked(self) -> int:
        return sum(call["event"] == "asked" for calls in self.calls.values() for call in calls)

    @property
    def charged(self) -> int:
        return sum(call["event"] == "charged" for calls in self.calls.values() for call in calls)

    @classmethod
    async def gathered(cls, studio: Studio, folder: Path, promised: set[str], watched: Watched) -> Evidence:
        """Read it all, when upkeep has swept as it would a day later; then decide what is unknown."""
        a_day_later = replace(studio, clock=FrozenClock(studio.clock.now() + timedelta(seconds=SCRAPS_KEEP_S)))
        await sweep_scraps(a_day_later)
        collected = await collect_orphans(a_day_later)
        calls: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for call in notes(folder / "payee"):
            if "picture" in call:
                calls[call["picture"]].append(call)
        async with studio.db.reader() as reader:

            async def rows(question: str) -> list[tuple[Any, ...]]:
                return [tuple(row) for row in await reader.exec(text(question))]

            slots = [dict(row) for row in (await reader.exec(text(_SLOTS))).mappings()]
            attempts = [dict(row) for row in (await reader.exec(text("SELECT * FROM q_attempt ORDER BY job_id, attempt"))).mappings()]
            named = {row[0] for row in await rows("SELECT digest FROM image UNION SELECT digest FROM rendition")}
            evidence = cls(
                slots={picture_of(slot["prompt"], slot["seed"]): slot for slot in slots},
                calls=calls,
                strikes=notes(folder / "strikes"),
                attempts=attempts,
                balances=await rows(_BALANCES),
                owners=await rows(_OWNERS),
                lanes=await rows(_LANES),
                books=(await audit(reader)).faults,
                watched=watched,
                promised=promised,
                named=named,
                stored={digest async for digest in studio.storage.digests()},
                collected=collected,
                scraps=sum(1 for path in (folder / "objects").rglob(".*") if path.is_file()),
                held_after_decision=0,
                ends=Counter(JobState(slot["state"]).name.lower() for slot in slots),
            )
        evidence.held_after_decision = await _held_after_decision(studio)
        return evidence


async def _held_after_decision(studio: Studio) -> int:
    while True:
        async with studio.db.reader() as reader:
            unknown = await unknown_jobs(reader)
            held = (await reader.exec(text("SELECT coalesce(sum(held_delta), 0) FROM credit_entry"))).scalar_one()
        if not unknown:
            return int(held)
        await decide(studio.db, studio.kinds, [found.job for found in unknown])


def nobody_is_charged_twice(evidence: Evidence) -> Iterator[tuple[str, str]]:
    for picture, calls in evidence.calls.items():
        times = sum(call["event"] == "charged" for call in calls)
        if times > 1:
            yield picture, f"was charged {times} times"


def nothing_is_sent_again_without_proof(evidence: Evidence) -> Iterator[tuple[str, str]]:
    """Proof is a refusal, or that the payee says it knows nothing of that key. With a key that it keeps it is the same request."""
    for picture, calls in evidence.calls.items():
        unproved: set[str] = set()
        for call in calls:
            if call["event"] == "refused" or call.get("standing") == "lost":
                unproved.discard(call["key"])
            elif call["event"] == "asked":
                if unproved and not (call["kind"] == "key" and unproved == {call["key"]}):
                    yield picture, "was sent again although nobody had said that the first had failed"
                unproved.add(call["key"])


def every_job_ends_or_is_honestly_unknown(evidence: Evidence) -> Iterator[tuple[str, str]]:
    for picture, slot in evidence.slots.items():
        state = JobState(slot["state"])
        if state is JobState.UNKNOWN and not slot["phase"]:
            yield picture, "is called unknown although it was never marked as sent"
        if state not in {*FINAL, JobState.UNKNOWN}:
            yield picture, f"is still {state.name.lower()}"
        if (slot["outcome"] is None) != (state is JobState.UNKNOWN):
            yield picture, f"has the outcome {slot['outcome']} while its job is {state.name.lower()}"


def what_was_promised_is_there(evidence: Evidence) -> Iterator[tuple[str, str]]:
    for lost in evidence.promised - {slot["id"] for slot in evidence.slots.values()}:
        yield lost, "was accepted and is gone"


def who_pays_has_a_picture(evidence: Evidence) -> Iterator[tuple[str, str]]:
    """A picture that came was charged once; one that failed or was called off was not charged at all."""
    for picture, slot in evidence.slots.items():
        times = sum(call["event"] == "charged" for call in evidence.calls.get(picture, ()))
        if slot["outcome"] == "done" and times != 1:
            yield picture, f"came and was charged {times} times"
        if slot["outcome"] in {"failed", "cancelled"} and times:
            yield picture, f"{slot['outcome']}, and was charged all the same"


def the_ledger_sums_up(evidence: Evidence) -> Iterator[tuple[str, str]]:
    for fault, times in evidence.books.items():
        yield "the ledger", f"{fault}: {times}"
    done, unknown = Counter[str](), Counter[str]()
    for account, outcome, state in evidence.owners:
        done[account] += outcome == "done"
        unknown[account] += state == JobState.UNKNOWN
    for account, available, held, granted in evidence.balances:
        if held != PRICE * unknown[account]:
            yield account, f"has {held} credits held for {unknown[account]} unknown pictures"
        if available + held != granted - PRICE * done[account]:
            yield account, f"was given {granted}, has {done[account]} pictures, and {available} and {held} credits"
    if evidence.held_after_decision:
        yield "the ledger", f"still holds {evidence.held_after_decision} credits when everything is decided"


def no_lane_is_fuller_than_it_may_be(evidence: Evidence) -> Iterator[tuple[str, str]]:
    for lane, _, held, counted in evidence.lanes:
        if held or counted != held:
            yield lane, f"holds {held} jobs at the end and counts {counted}"
    for job in evidence.watched.overlooked.values():
        yield job["lane"], f"overlooked one that it holds: {job}"
    for lane, held in evidence.watched.most_held.items():
        if held > LANE_MAX:
            yield lane, f"held {held} jobs at once, and {LANE_MAX} are allowed"


def every_picture_has_its_files(evidence: Evidence) -> Iterator[tuple[str, str]]:
    for digest in evidence.named - evidence.stored:
        yield digest, "is named by a row, and there is no such file"
    for digest in evidence.stored - evidence.named:
        yield digest, "is a file that no row names, and the sweep left it"
    if evidence.scraps:
        yield "the folder", f"has {evidence.scraps} files half written after the sweep"


def nobody_waits_in_a_circle(evidence: Evidence) -> Iterator[tuple[str, str]]:
    if evidence.watched.deadlocks:
        yield "Postgres", f"had to break {evidence.watched.deadlocks} deadlocks"


RULES = (
    nobody_is_charged_twice,
    nothing_is_sent_again_without_proof,
    every_job_ends_or_is_honestly_unknown,
    what_was_promised_is_there,
    who_pays_has_a_picture,
    the_ledger_sums_up,
    no_lane_is_fuller_than_it_may_be,
    every_picture_has_its_files,
    nobody_waits_in_a_circle,
)


def broken(evidence: Evidence) -> str | None:
    """The story of the first rule that does not hold; None when all do."""
    for rule in RULES:
        for subject, what in rule(evidence):
            return f"BROKEN: {rule.__name__.replace('_', ' ')}\n{subject} {what}\n{_story(evidence, subject)}"
    return None


def _story(evidence: Evidence, picture: str) -> str:
    """What is known of one picture: its row, its attempts, and by time what the payee heard and what was struck meanwhile."""
    slot = evidence.slots.get(picture)
    calls = evidence.calls.get(picture, [])
    lines = [f"row: {slot}"] if slot else []
    lines += [f"attempt: {attempt}" for attempt in evidence.attempts if slot and attempt["job_id"] == slot["job_id"]]
    if calls:
        first, last = calls[0]["at"] - 1, calls[-1]["at"] + 1
        around = [*calls, *(strike for strike in evidence.strikes if first < strike["at"] < last)]
        lines += [
            f"{entry['at']:.3f}  {entry['event']:10} {entry.get('place') or entry.get('key')} {entry.get('pid', '')}"
            for entry in sorted(around, key=lambda entry: entry["at"])
        ]
    return "\n".join(lines)
