"""Every provider and everything that may happen, through the queue and the books: what the person gets, and what it costs them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from pixelstudio.features.credits.audit import audit
from pixelstudio.features.credits.ledger import Balance
from pixelstudio.jobs.job import FINAL, JobState
from pixelstudio.providers.errors import Spent, Unanswered
from tests.contracts.behaviours import BEHAVIOURS, Behaviour
from tests.contracts.providers import OUTSIDE, Entry, wanted_at
from tests.factories import a_studio, a_user
from tests.paying import asked, balance, seen, until_settled

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

CREDITS = 195
BRIEF = {"picture": "small", "partial_picture": "small", "stage_s": 0.01}
NO_PICTURE = {"cut_picture", "no_picture"}
UNKNOWN_WHEN_QUEUED = {"broken_json", "wrong_shape", "hotel_network"}
"""There the answer to the request is only a name: without it nobody can say what was begun."""
PATIENT = tuple(behaviour for behaviour in BEHAVIOURS if not behaviour.is_hasty and behaviour.name != "throttled_for_a_day")


def played_by(entry: Entry) -> list[Behaviour]:
    return [behaviour for behaviour in PATIENT if entry.differs.get(behaviour.name, behaviour.step) is not None]


def end_of(entry: Entry, behaviour: Behaviour) -> str:
    """What becomes of the picture: what may be tried again is, and then comes."""
    if behaviour.name in NO_PICTURE:
        return "failed"
    if behaviour.fails_with is None or behaviour.fails_with.may_retry:
        return "done"
    if not entry.charges and issubclass(behaviour.fails_with, Spent):  # it is simply drawn again, or asked for again
        return "failed" if behaviour.name in entry.hopeless else "done"
    is_unknown = behaviour.fails_with is Unanswered or (not entry.streams and not entry.is_silent and behaviour.name in UNKNOWN_WHEN_QUEUED)
    return "unknown" if is_unknown else "failed"


def briefly(step: Mapping[str, Any]) -> dict[str, Any]:
    """As soon as may be. On Postgres a lane's pause passes by the server's own clock, which goes no faster here than elsewhere."""
    return {**BRIEF, **step, **({"retry_after": "1"} if "retry_after" in step else {})}


@pytest.mark.parametrize("entry", OUTSIDE, ids=lambda entry: entry.name)
async def test_each_picture_ends_as_it_must_and_nobody_pays_for_what_did_not_come(entry, database, clock, children, stand_in):
    ines = await a_user(database, credits=CREDITS)
    behaviours = played_by(entry)
    stand_in.always(**BRIEF)  # the queue and the books are looked at, not the pictures and how they come about
    stand_in.script(*({**briefly(entry.differs.get(b.name, b.step)), "when": f"[{b.name}]"} for b in behaviours))

    async with entry.opened(wanted_at(stand_in)) as provider:
        studio, model = a_studio(database, clock, children, provider), provider.models[0]
        width, height, _ = min(model.sizes, key=lambda size: size.width * size.height)
        views = {}
        for behaviour in behaviours:
            wish = {"prompt": f"a boat [{behaviour.name}]", "model": model.id, "width": width, "height": height, "seed": None}
            views[behaviour.name] = await asked(studio, ines, **wish)
        await until_settled(studio, clock, times=20.0, states=(*FINAL, JobState.UNKNOWN), within_s=150.0)
        states = {name: (await seen(studio, ines, view)).slots[0].state for name, view in views.items()}
        left = await balance(studio, ines)

    expected = {behaviour.name: end_of(entry, behaviour) for behaviour in behaviours}
    assert states == expected
    ends, price = list(expected.values()), model.price_credits
    held = price * ends.count("unknown")
    assert left == Balance(available=CREDITS + 5 - price * ends.count("done") - held, held=held)
    async with database.reader() as reader:
        assert (await audit(reader)).faults == {}
